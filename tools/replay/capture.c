// SPDX-License-Identifier: GPL-2.0-or-later
/* Captures: libpcap gives packets, this file makes UDP datagrams of them. */
#include "capture.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "link.h"
#include "packet.h"
#include "reassembly.h"

#define CHUNK_SIZE (1u << 20)
#define FRAGMENTED_AT_A_TIME 256
#define REASSEMBLY_TIMEOUT (30 * NS_PER_S)

struct chunk {
	struct chunk *next;
	size_t used;
	uint8_t data[CHUNK_SIZE];
};

/* What one run over the file needs besides its result. */
struct reader {
	struct capture *c;
	const struct capture_limits *limits;
	struct reassembly *reassembly;
	int link;
	bool out_of_memory;
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

static void datagram_add(struct reader *r, const struct ip_packet *ip,
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

static void skip(struct reader *r, enum capture_skip reason)
{
	r->c->skipped[reason]++;
}

/* A whole IP packet of protocol UDP. */
static void datagram_take(struct reader *r, const struct ip_packet *ip,
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

static void fragment_take(struct reader *r, const struct ip_packet *ip,
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

static void packet_take(struct reader *r, const struct pcap_pkthdr *header,
			const uint8_t *data, uint64_t packet)
{
	uint64_t time = (uint64_t)header->ts.tv_sec * NS_PER_S +
			(uint64_t)header->ts.tv_usec;
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

/*
 * Times relative to the first datagram. A clock that was set back while
 * recording must not stop the replay, nor reorder it: time stands still.
 */
static void times_settle(struct capture *c, uint64_t max_gap)
{
	uint64_t before = c->count ? c->list[0].time : 0;
	uint64_t now = 0;

	for (uint64_t i = 0; i < c->count; i++) {
		uint64_t stamp = c->list[i].time;
		uint64_t gap = stamp > before ? stamp - before : 0;

		if (stamp < before)
			c->backwards++;
		if (max_gap && gap > max_gap) {
			gap = max_gap;
			c->shortened++;
		}
		now += gap;
		c->list[i].time = now;
		before = stamp;
	}
}

static bool packets_read(struct reader *r, pcap_t *file)
{
	uint64_t most = r->limits->datagrams;
	struct pcap_pkthdr *header;
	const uint8_t *data;
	int status = 1;

	while ((!most || r->c->count < most) && !r->out_of_memory) {
		status = pcap_next_ex(file, &header, &data);
		if (status != 1)
			break;
		packet_take(r, header, data, ++r->c->packets);
	}
	r->c->cut_short = status == PCAP_ERROR;
	/* A run that stops early leaves fragments waiting; no fault of theirs. */
	if (status != 1)
		r->c->skipped[SKIP_INCOMPLETE] =
			reassembly_incomplete(r->reassembly);
	r->c->skipped[SKIP_OVERLAP] = reassembly_spoilt(r->reassembly);
	return !r->out_of_memory;
}

static pcap_t *file_open(const char *path, char *error, size_t size)
{
	char why[PCAP_ERRBUF_SIZE];
	FILE *stream = strcmp(path, "-") ? fopen(path, "rb") : stdin;
	pcap_t *file;
	int first;

	if (!stream) {
		snprintf(error, size, "%s: %s - give the path of a pcap or "
			 "pcapng file", path, strerror(errno));
		return NULL;
	}
	first = getc(stream);
	if (first == EOF) {
		snprintf(error, size, "%s: %s - record again, e.g. with "
			 "tcpdump -w", path,
			 ferror(stream) ? "cannot be read" : "empty file");
		fclose(stream);
		return NULL;
	}
	ungetc(first, stream);
	file = pcap_fopen_offline_with_tstamp_precision(
		stream, PCAP_TSTAMP_PRECISION_NANO, why);
	if (!file) {
		snprintf(error, size, "%s: no capture (%s) - give a pcap or "
			 "pcapng file, e.g. from tcpdump -w", path, why);
		fclose(stream);
	}
	return file;
}

/* A capture without anything to send is an error, and says which kind. */
static int capture_check(const struct capture *c, const char *path,
			 char *error, size_t size)
{
	if (c->count)
		return 0;
	if (c->skipped[SKIP_FAMILY4] + c->skipped[SKIP_FAMILY6])
		snprintf(error, size, "%s: all its UDP datagrams are %s - add "
			 "%s", path, c->skipped[SKIP_FAMILY4] ? "IPv4" : "IPv6",
			 c->skipped[SKIP_FAMILY4] ? "--to4" : "--to6");
	else if (c->skipped[SKIP_SNAPPED])
		snprintf(error, size, "%s: no whole UDP datagram, %llu packets "
			 "recorded only in part - record again with "
			 "tcpdump -s 0", path,
			 (unsigned long long)c->skipped[SKIP_SNAPPED]);
	else if (c->packets && c->skipped[SKIP_NOT_IP] == c->packets)
		snprintf(error, size, "%s: none of its %llu packets is IP - "
			 "record UDP traffic", path,
			 (unsigned long long)c->packets);
	else
		snprintf(error, size, "%s: no UDP datagram among %llu packets"
			 "%s - record UDP traffic, e.g. tcpdump -w FILE udp",
			 path, (unsigned long long)c->packets,
			 c->cut_short ? " before the file breaks off" : "");
	return -1;
}

static int capture_read_open(struct reader *r, pcap_t *file, const char *path,
			     char *error, size_t size)
{
	r->link = pcap_datalink(file);
	if (!link_known(r->link)) {
		const char *name = pcap_datalink_val_to_name(r->link);

		snprintf(error, size, "%s: link type %s (%d) is not supported "
			 "- record on Ethernet, \"any\", loopback or a raw IP "
			 "device", path, name ? name : "unknown", r->link);
		return -1;
	}
	r->reassembly = reassembly_new(FRAGMENTED_AT_A_TIME,
				       REASSEMBLY_TIMEOUT);
	if (!r->reassembly || !packets_read(r, file)) {
		snprintf(error, size, "%s: out of memory after %llu packets - "
			 "use --limit", path,
			 (unsigned long long)r->c->packets);
		return -1;
	}
	times_settle(r->c, r->limits->max_gap);
	return capture_check(r->c, path, error, size);
}

int capture_read(struct capture *c, const char *path,
		 const struct capture_limits *limits, char *error,
		 size_t error_size)
{
	struct reader r = { .c = c, .limits = limits };
	pcap_t *file = file_open(path, error, error_size);
	int status;

	memset(c, 0, sizeof(*c));
	if (!file)
		return -1;
	status = capture_read_open(&r, file, path, error, error_size);
	reassembly_free(r.reassembly);
	pcap_close(file);
	return status;
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
