// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * prefix - IPv4 and IPv6 prefixes of a configuration: from text, to text,
 * and how they lie to each other.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prefix.h"

static unsigned int family_bits(const struct config_prefix *p)
{
	return p->family == 4 ? 32 : 128;
}

static int parse_address(struct config_prefix *p, const char *text)
{
	memset(p->addr, 0, sizeof(p->addr));
	p->family = strchr(text, ':') ? 6 : 4;
	if (inet_pton(p->family == 4 ? AF_INET : AF_INET6, text, p->addr) != 1)
		return -1;
	p->len = (uint8_t)family_bits(p);
	return 0;
}

static int parse_length(struct config_prefix *p, const char *text)
{
	char *end;
	unsigned long len;

	if (*text < '0' || *text > '9')
		return -1;
	len = strtoul(text, &end, 10);
	if (*end || len > family_bits(p))
		return -1;
	p->len = (uint8_t)len;
	return 0;
}

const char *prefix_parse(struct config_prefix *p, const char *text)
{
	char address[INET6_ADDRSTRLEN];
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);

	if (n >= sizeof(address))
		return "is not an IPv4 or IPv6 address";
	memcpy(address, text, n);
	address[n] = '\0';
	if (parse_address(p, address))
		return "is not an IPv4 or IPv6 address";
	if (slash && parse_length(p, slash + 1))
		return p->family == 4 ? "has a bad length: write /1 to /32"
				      : "has a bad length: write /1 to /128";
	return NULL;
}

bool prefix_covers(const struct config_prefix *outer,
		   const struct config_prefix *inner)
{
	unsigned int bytes = outer->len / 8, rest = outer->len % 8;
	uint8_t mask = (uint8_t)(0xff00u >> rest);

	if (outer->family != inner->family || outer->len > inner->len)
		return false;
	if (memcmp(outer->addr, inner->addr, bytes))
		return false;
	return !rest || !((outer->addr[bytes] ^ inner->addr[bytes]) & mask);
}

bool prefix_overlap(const struct config_prefix *a, const struct config_prefix *b)
{
	return prefix_covers(a, b) || prefix_covers(b, a);
}

bool prefix_same_address(const struct config_prefix *a,
			 const struct config_prefix *b)
{
	return a->family == b->family &&
	       !memcmp(a->addr, b->addr, sizeof(a->addr));
}

struct config_prefix prefix_network(const struct config_prefix *p)
{
	struct config_prefix net = *p;

	for (unsigned int bit = p->len; bit < 8 * sizeof(net.addr); bit++)
		net.addr[bit / 8] &= (uint8_t)~(0x80u >> bit % 8);
	return net;
}

static bool prefix_is_broadcast(const struct config_prefix *p)
{
	if (p->family != 4 || p->len > 30)
		return false;
	for (unsigned int bit = p->len; bit < 32; bit++)
		if (!(p->addr[bit / 8] & (0x80u >> bit % 8)))
			return false;
	return true;
}

static bool prefix_is_special(const struct config_prefix *p)
{
	static const struct config_prefix special[] = {
		{ .family = 4, .len = 8, .addr = { 0 } },	/* this network */
		{ .family = 4, .len = 8, .addr = { 127 } },	/* loopback */
		{ .family = 4, .len = 3, .addr = { 224 } },	/* multicast, reserved */
		{ .family = 6, .len = 96, .addr = { 0 } },	/* ::, ::1, IPv4-compatible */
		{ .family = 6, .len = 96, .addr = { [10] = 0xff, [11] = 0xff } },	/* mapped */
		{ .family = 6, .len = 10, .addr = { 0xfe, 0x80 } },	/* link-local */
		{ .family = 6, .len = 8, .addr = { 0xff } },	/* multicast */
	};

	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (prefix_overlap(&special[i], p))
			return true;
	return false;
}

const char *prefix_why_no_host(const struct config_prefix *p)
{
	struct config_prefix whole = *p, net = prefix_network(p);

	whole.len = (uint8_t)family_bits(p);
	if (!p->len)
		return "has length 0: give the length of its network";
	if (prefix_is_special(&whole))
		return "is no unicast address (loopback, multicast, link-local "
		       "or reserved)";
	if (p->len + 1u < family_bits(p) && prefix_same_address(&net, p))
		return "is the network itself, not a host in it";
	if (prefix_is_broadcast(p))
		return "is the broadcast address of its network";
	return NULL;
}

const char *prefix_why_no_network(const struct config_prefix *p)
{
	struct config_prefix net = prefix_network(p);

	if (!p->len)
		return "would take all traffic of this host: name the "
		       "addresses of the appliance";
	if (!prefix_same_address(&net, p))
		return "has bits set beyond its length";
	if (prefix_is_special(p))
		return "holds loopback, multicast, link-local or reserved "
		       "addresses";
	return NULL;
}

const char *prefix_address_text(const struct config_prefix *p, char *text)
{
	if (!inet_ntop(p->family == 4 ? AF_INET : AF_INET6, p->addr, text,
		       PREFIX_TEXT))
		text[0] = '\0';
	return text;
}

const char *prefix_text(const struct config_prefix *p, char *text)
{
	size_t n;

	prefix_address_text(p, text);
	n = strlen(text);
	snprintf(text + n, PREFIX_TEXT - n, "/%u", p->len);
	return text;
}
