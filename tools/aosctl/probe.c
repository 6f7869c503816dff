// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * probe - packets as steering sees them.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cosnet/xdp/steer.h"
#include "probe.h"

#define ETHER_HEADER	14u
#define VLAN_TAG	4u
#define ETHER_VLAN	0x8100
#define ETHER_QINQ	0x88a8
#define IPV4_HEADER	20u
#define IPV6_HEADER	40u
#define ECHO_IPV4	8
#define ECHO_IPV6	128
#define DEFAULT_LENGTH	128u	/* of a packet of which only addresses are known */

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

/* ---- from a recorded packet -------------------------------------------------------- */

static void see_transport(struct probe *probe, const uint8_t *p, size_t size)
{
	bool icmp = probe->protocol == (probe->family == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);

	if (probe->fragment)
		return;
	if (icmp && size)
		probe->echo = p[0] == (probe->family == 4 ? ECHO_IPV4 : ECHO_IPV6);
	if ((probe->protocol != IPPROTO_UDP && probe->protocol != IPPROTO_TCP) || size < 4)
		return;
	probe->has_ports = true;
	probe->sport = get16(p);
	probe->dport = get16(p + 2);
}

static bool see_ipv4(struct probe *probe, const uint8_t *p, size_t size)
{
	size_t header = size ? (size_t)(p[0] & 15) * 4 : 0;

	if (size < IPV4_HEADER || header < IPV4_HEADER)
		return false;
	probe->family = 4;
	probe->protocol = p[9];
	probe->fragment = get16(p + 6) & 0x3fff;
	probe->length = get16(p + 2);
	memcpy(probe->src, p + 12, 4);
	memcpy(probe->dst, p + 16, 4);
	if (header <= size)
		see_transport(probe, p + header, size - header);
	return true;
}

/* Those that the steering programs look through; a fragment's header ends it. */
static bool is_walked(uint8_t next)
{
	return next == IPPROTO_HOPOPTS || next == IPPROTO_ROUTING || next == IPPROTO_DSTOPTS;
}

static size_t walk_extensions(struct probe *probe, const uint8_t *p, size_t size)
{
	size_t at = IPV6_HEADER;

	for (int i = 0; i < STEER_EXTENSIONS && is_walked(probe->protocol); i++) {
		if (size - at < 8)
			return size;
		probe->protocol = p[at];
		at += 8 * (1 + (size_t)p[at + 1]);
		if (at > size)
			return size;
	}
	if (probe->protocol == IPPROTO_FRAGMENT && size - at >= 8) {
		probe->fragment = true;
		probe->protocol = p[at];
	}
	return at;
}

static bool see_ipv6(struct probe *probe, const uint8_t *p, size_t size)
{
	size_t at;

	if (size < IPV6_HEADER)
		return false;
	probe->family = 6;
	probe->protocol = p[6];
	probe->length = IPV6_HEADER + get16(p + 4);
	memcpy(probe->src, p + 8, 16);
	memcpy(probe->dst, p + 24, 16);
	at = walk_extensions(probe, p, size);
	see_transport(probe, p + at, size - at);
	return true;
}

bool probe_packet(struct probe *probe, const uint8_t *packet, size_t size)
{
	memset(probe, 0, sizeof(*probe));
	probe->to_us = true;
	if (size && packet[0] >> 4 == 4)
		return see_ipv4(probe, packet, size);
	return size && packet[0] >> 4 == 6 && see_ipv6(probe, packet, size);
}

bool probe_frame(struct probe *probe, const uint8_t *frame, size_t size,
		 const uint8_t *own)
{
	bool to_us, good = false;
	uint16_t type;
	size_t at = ETHER_HEADER;
	int vlan = 0;

	memset(probe, 0, sizeof(*probe));
	if (size < ETHER_HEADER)
		return false;
	to_us = !own || !memcmp(frame, own, 6);
	type = get16(frame + 12);
	if ((type == ETHER_VLAN || type == ETHER_QINQ) && size >= at + VLAN_TAG) {
		vlan = get16(frame + at) & 0xfff;
		type = get16(frame + at + 2);
		at += VLAN_TAG;
	}
	if (size > at && (type == 0x0800 ? frame[at] >> 4 == 4 :
			  type == 0x86dd && frame[at] >> 4 == 6))
		good = probe_packet(probe, frame + at, size - at);
	probe->to_us = to_us;
	probe->vlan = vlan;
	return good;
}

/* ---- from words ------------------------------------------------------------------------ */

/* "A.B.C.D:PORT", "[ADDRESS]:PORT", or without port. */
static const char *take_end(struct probe *probe, const char *word, bool with_port,
			    uint8_t *address, uint16_t *port)
{
	char text[INET6_ADDRSTRLEN + 8], *colon, *end = NULL, *from = text;
	unsigned long number;

	if (strlen(word) >= sizeof(text))
		return word;
	strcpy(text, word);
	colon = with_port ? strrchr(text, ':') : NULL;
	if (with_port && !colon)
		return word;
	if (colon) {
		*colon = '\0';
		number = strtoul(colon + 1, &end, 10);
		if (end == colon + 1 || *end || number > UINT16_MAX)
			return word;
		*port = (uint16_t)number;
	}
	if (*from == '[' && from[strlen(from) - 1] == ']') {
		from[strlen(from) - 1] = '\0';
		from++;
	}
	if (inet_pton(AF_INET, from, address) == 1 && probe->family != 6)
		probe->family = 4;
	else if (inet_pton(AF_INET6, from, address) == 1 && probe->family != 4)
		probe->family = 6;
	else
		return word;
	return NULL;
}

static bool take_number(const char *word, long least, long most, long *number)
{
	char *end = NULL;

	*number = word ? strtol(word, &end, 10) : 0;
	return word && end != word && !*end && *number >= least && *number <= most;
}

static const char *take_option(struct probe *probe, const char *word, const char *value)
{
	long number;

	if (!strcmp(word, "dev") && value && config_name_valid(value)) {
		strcpy(probe->dev, value);
		return NULL;
	}
	if (!strcmp(word, "vlan") && take_number(value, 1, 4094, &number)) {
		probe->vlan = (int)number;
		return NULL;
	}
	if (!strcmp(word, "length") && take_number(value, IPV4_HEADER, 65535, &number)) {
		probe->length = (uint32_t)number;
		return NULL;
	}
	return word;
}

static bool take_protocol(struct probe *probe, const char *word)
{
	if (!strcmp(word, "udp"))
		probe->protocol = IPPROTO_UDP;
	else if (!strcmp(word, "tcp"))
		probe->protocol = IPPROTO_TCP;
	else if (!strcmp(word, "icmp"))
		probe->echo = true;
	else
		return false;
	probe->has_ports = !probe->echo;
	return true;
}

const char *probe_words(struct probe *probe, char *const *words, int n)
{
	const char *bad;

	memset(probe, 0, sizeof(*probe));
	probe->to_us = true;
	probe->length = DEFAULT_LENGTH;
	if (n < 3 || !take_protocol(probe, words[0]))
		return n ? words[0] : "";
	bad = take_end(probe, words[1], probe->has_ports, probe->src, &probe->sport);
	if (!bad)
		bad = take_end(probe, words[2], probe->has_ports, probe->dst, &probe->dport);
	for (int i = 3; i < n && !bad; i += 2)
		bad = take_option(probe, words[i], i + 1 < n ? words[i + 1] : NULL);
	if (bad)
		return bad;
	if (probe->echo)
		probe->protocol = probe->family == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	return NULL;
}

/* ---- to words ----------------------------------------------------------------------------- */

static const char *protocol_text(const struct probe *probe, char *text, size_t room)
{
	switch (probe->protocol) {
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return probe->echo ? "icmp echo" : "icmp";
	default:
		snprintf(text, room, "protocol %u", probe->protocol);
		return text;
	}
}

static void end_text(const struct probe *probe, const uint8_t *address, uint16_t port,
		     char *text, size_t room)
{
	char ip[INET6_ADDRSTRLEN] = "?";

	inet_ntop(probe->family == 4 ? AF_INET : AF_INET6, address, ip, sizeof(ip));
	if (!probe->has_ports)
		snprintf(text, room, "%s", ip);
	else
		snprintf(text, room, probe->family == 4 ? "%s:%u" : "[%s]:%u", ip, port);
}

const char *probe_text(const struct probe *probe, char *text)
{
	char protocol[32], from[64], to[64];

	if (!probe->family) {
		snprintf(text, PROBE_TEXT, "no IP packet");
		return text;
	}
	end_text(probe, probe->src, probe->sport, from, sizeof(from));
	end_text(probe, probe->dst, probe->dport, to, sizeof(to));
	snprintf(text, PROBE_TEXT, "%s %s > %s%s",
		 protocol_text(probe, protocol, sizeof(protocol)), from, to,
		 probe->fragment ? ", a fragment" : "");
	return text;
}
