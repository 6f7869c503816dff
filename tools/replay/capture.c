// SPDX-License-Identifier: GPL-2.0-or-later
/* From packets to UDP datagrams in memory. */
#include <stdlib.h>
#include <string.h>

#include "capture_reader.h"
#include "clock.h"
#include "link.h"
#include "packet.h"

#define CHUNK_SIZE (1u << 20)

struct chunk {
	struct chunk *next;
	size_t used;
	uint8_t data[CHUNK_SIZE];
};

static const struct {
	const char *name, *text;
} skips[SKIP_COUNT] = {
	[SKIP_SNAPPED] = { "snapped",
		"packets recorded only in part (record with -s 0)" },
	[SKIP_NOT_IP] = { "not_ip", "packets without IP" },
	[SKIP_NOT_UDP] = { "not_udp", "IP packets without UDP" },
	[SKIP_TRUNCATED] = { "truncated",
		"packets shorter than their headers say" },
	[SKIP_MALFORMED] = { "malformed", "packets with impossible headers" },
	[SKIP_INCOMPLETE] = { "incomplete",
		"datagrams of which a fragment is missing" },
	[SKIP_OVERLAP] = { "overlap",
		"datagrams whose fragments contradict each other" },
	[SKIP_FAMILY4] = { "no_to4", "IPv4 datagrams, but no --to4 given" },
	[SKIP_FAMILY6] = { "no_to6", "IPv6 datagrams, but no --to6 given" },
};

const char *capture_skip_text(enum capture_skip reason)
{
	return skips[reason].text;
}

const char *capture_skip_name(enum capture_skip reason)
{
	return skips[reason].name;
}

/* Copies a payload to where it may stay. No payload is longer than a chunk. */
static const uint8_t *payload_keep(struct capture *c, const uint8_t *data,
				   size_t size)
{
	struct chunk *chunk = c->chunks;
	uint8_t *kept;

	if (!chunk || CHUNK_SIZE - chunk->used < size) {
		chunk = malloc(sizeof(*chunk));
		if (!chunk)
			return NULL;
		chunk->used = 0;
		chunk->next = c->chunks;
		c->chunks = chunk;
	}
	kept = chunk->data + chunk->used;
	memcpy(kept, data, size);
	chunk->used += size;
	return kept;
}

static struct datagram *datagram_new(struct capture *c)
{
	if (c->count == c->room) {
		uint64_t room = c->room ? c->room * 2 : 1024;
		struct datagram *list = realloc(c->list, room * sizeof(*list));

		if (!list)
			return NULL;
		c->list = list;
		c->room = room;
	}
	return &c->list[c->count];
}

static void sizes_note(struct capture *c, uint32_t length)
{
	if (!c->count || length < c->smallest)
		c->smallest = length;
	if (length > c->largest)
		c->largest = length;
	c->bytes += length;
}

static void datagram_add(struct capture_reader *r, const struct ip_packet *ip,
			 const struct udp_packet *udp, uint64_t time,
			 uint64_t packet)
{
	struct flow flow = { { ip->source, udp->source },
			     { ip->destination, udp->destination } };
	struct datagram *d = datagram_new(r->c);
	int64_t number = flow_number(&r->c->flows, &flow);
	const uint8_t *payload = payload_keep(r->c, udp->payload, udp->length);

	if (!d || number < 0 || !payload) {
		r->out_of_memory = true;
		return;
	}
	*d = (struct datagram) {
		.time = time,
		.packet = packet,
		.payload = payload,
		.length = (uint32_t)udp->length,
		.flow = (uint32_t)number,
		.hash = bytes_hash(0, udp->payload, udp->length),
		.family = ip->source.family,
	};
	sizes_note(r->c, d->length);
	r->c->count++;
}

static void skip(struct capture_reader *r, enum capture_skip reason)
{
	r->c->skipped[reason]++;
}

/* A whole IP packet of protocol UDP. */
static void datagram_take(struct capture_reader *r, const struct ip_packet *ip,
			  uint64_t time, uint64_t packet)
{
	bool four = ip->source.family == 4;
	struct udp_packet udp;
	enum packet_status status = udp_parse(ip->payload, ip->length, &udp);

	if (status != PACKET_OK) {
		skip(r, status == PACKET_TRUNCATED ? SKIP_TRUNCATED :
						     SKIP_MALFORMED);
		return;
	}
	if (four)
		r->c->found4++;
	else
		r->c->found6++;
	if (four ? !r->limits->want4 : !r->limits->want6)
		skip(r, four ? SKIP_FAMILY4 : SKIP_FAMILY6);
	else
		datagram_add(r, ip, &udp, time, packet);
}

static void fragment_take(struct capture_reader *r, const struct ip_packet *ip,
			  uint64_t time, uint64_t packet)
{
	struct ip_packet whole;
	/* The report names the packet in which the datagram began. */
	uint64_t tag = packet;

	if (reassembly_add(r->reassembly, ip, time, &tag, &whole) ==
	    REASSEMBLY_COMPLETE) {
		r->c->fragmented++;
		datagram_take(r, &whole, time, tag);
	}
}

/*
 * A pcap file has 32 bits of seconds, which libpcap takes for signed: until
 * 2038. A pcapng file has 64 bits of whatever it says; what does not fit is
 * as late as it can be.
 */
static uint64_t stamp_of(const struct timeval *ts)
{
	uint64_t seconds = ts->tv_sec < 0 ? (uint32_t)ts->tv_sec :
					    (uint64_t)ts->tv_sec;
	uint64_t ns = (uint64_t)ts->tv_usec;

	return seconds < CAPTURE_TIME_MAX / NS_PER_S && ns < CAPTURE_TIME_MAX -
		seconds * NS_PER_S ? seconds * NS_PER_S + ns : CAPTURE_TIME_MAX;
}

void capture_packet(struct capture_reader *r, const struct pcap_pkthdr *header,
		    const uint8_t *data, uint64_t packet)
{
	uint64_t time = stamp_of(&header->ts);
	enum packet_status status;
	enum link_status link;
	struct ip_packet ip;
	size_t at;

	if (header->caplen < header->len) {
		skip(r, SKIP_SNAPPED);
		return;
	}
	link = link_strip(r->link, data, header->caplen, &at);
	if (link != LINK_IP) {
		skip(r, link == LINK_NOT_IP ? SKIP_NOT_IP : SKIP_TRUNCATED);
		return;
	}
	status = ip_parse(data + at, header->caplen - at, &ip);
	if (status != PACKET_OK)
		skip(r, status == PACKET_TRUNCATED ? SKIP_TRUNCATED :
						     SKIP_MALFORMED);
	else if (ip.protocol != PROTOCOL_UDP)
		skip(r, SKIP_NOT_UDP);
	else if (ip.fragment)
		fragment_take(r, &ip, time, packet);
	else
		datagram_take(r, &ip, time, packet);
}

void capture_free(struct capture *c)
{
	while (c->chunks) {
		struct chunk *next = c->chunks->next;

		free(c->chunks);
		c->chunks = next;
	}
	free(c->list);
	flow_table_free(&c->flows);
	memset(c, 0, sizeof(*c));
}
