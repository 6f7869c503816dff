// SPDX-License-Identifier: GPL-2.0-or-later
/* Capture files: opening them, reading all packets, and what can be wrong. */
#include <errno.h>
#include <string.h>

#include "capture_reader.h"
#include "clock.h"
#include "link.h"

#define FRAGMENTED_AT_A_TIME 256
#define REASSEMBLY_TIMEOUT (30 * NS_PER_S)
/*
 * Several CPUs record packets out of order by less than this; a clock is not
 * set by so little, but slewed.
 */
#define DISORDER (100 * NS_PER_MS)

/* Where the recording's clock has got to, and where it was when it was set back. */
struct recording {
	uint64_t now, left;	/* left 0: never, or it has returned there */
};

/*
 * The time from all before to @stamp. A clock that was set back must not stop
 * the replay, nor reorder it: time stands still, and goes on from there. Who is
 * only out of order, or is the only one with such a stamp, adds nothing.
 */
static uint64_t gap_before(struct recording *r, uint64_t stamp)
{
	uint64_t gap;

	if (stamp < r->now) {
		if (r->now - stamp > DISORDER)
			*r = (struct recording) { stamp, r->now };
		return 0;
	}
	if (r->left && stamp >= r->left)
		*r = (struct recording) { r->left, 0 };
	gap = stamp - r->now;
	r->now = stamp;
	return gap;
}

static uint64_t gap_shorten(struct capture *c, uint64_t gap, uint64_t max_gap)
{
	if (!max_gap || gap <= max_gap)
		return gap;
	c->shortened++;
	return max_gap;
}

/* Times relative to the first datagram. */
static void times_settle(struct capture *c, uint64_t max_gap)
{
	struct recording r = { c->count ? c->list[0].time : 0, 0 };
	uint64_t before = r.now, now = 0;

	for (uint64_t i = 0; i < c->count; i++) {
		uint64_t stamp = c->list[i].time;
		uint64_t gap = gap_shorten(c, gap_before(&r, stamp), max_gap);

		c->backwards += stamp < before;
		if (gap > c->silence) {
			c->silence = gap;
			c->silence_at = c->list[i].packet;
		}
		/* Clocks that jump about by centuries fill 64 bits at last. */
		now += gap < CAPTURE_TIME_MAX - now ? gap : CAPTURE_TIME_MAX - now;
		c->list[i].time = now;
		before = stamp;
	}
}

static bool reading_stopped(const struct capture_limits *limits)
{
	return limits->stop && *limits->stop;
}

static bool packets_read(struct capture_reader *r, pcap_t *file)
{
	uint64_t most = r->limits->datagrams;
	struct pcap_pkthdr *header;
	const uint8_t *data;
	int status = 1;

	while ((!most || r->c->count < most) && !r->out_of_memory &&
	       !reading_stopped(r->limits)) {
		status = pcap_next_ex(file, &header, &data);
		if (status != 1)
			break;
		capture_packet(r, header, data, ++r->c->packets);
	}
	r->c->cut_short = status == PCAP_ERROR;
	if (r->c->cut_short)
		snprintf(r->c->cut_why, sizeof(r->c->cut_why), "%s",
			 pcap_geterr(file));
	/* A run that stops early leaves fragments waiting; no fault of theirs. */
	if (status != 1)
		r->c->skipped[SKIP_INCOMPLETE] =
			reassembly_incomplete(r->reassembly);
	r->c->skipped[SKIP_OVERLAP] = reassembly_spoilt(r->reassembly);
	return !r->out_of_memory;
}

static FILE *stream_open(const char *path, char *error, size_t size)
{
	FILE *stream = strcmp(path, "-") ? fopen(path, "rb") : stdin;

	if (!stream)
		snprintf(error, size, "%s: %s - give the path of a pcap or "
			 "pcapng file", path, strerror(errno));
	return stream;
}

/* What libpcap makes of a stream; closed if it is no capture. */
static pcap_t *file_open(FILE *stream, const char *path, char *error,
			 size_t size)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *file;
	int first;

	first = getc(stream);
	if (first == EOF) {
		snprintf(error, size, "%s: %s - record again, e.g. with "
			 "tcpdump -w", path,
			 ferror(stream) ? strerror(errno) : "empty file");
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
	else if (c->cut_short)
		snprintf(error, size, "%s: no UDP datagram among %llu packets "
			 "before the file breaks off (%s) - record again, e.g. "
			 "with tcpdump -w FILE udp", path,
			 (unsigned long long)c->packets, c->cut_why);
	else
		snprintf(error, size, "%s: no UDP datagram among %llu packets "
			 "- record UDP traffic, e.g. tcpdump -w FILE udp",
			 path, (unsigned long long)c->packets);
	return -1;
}

static int capture_read_open(struct capture_reader *r, pcap_t *file, const char *path,
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

int capture_read_stream(struct capture *c, FILE *stream, const char *path,
			const struct capture_limits *limits, char *error,
			size_t error_size)
{
	struct capture_reader r = { .c = c, .limits = limits };
	pcap_t *file = file_open(stream, path, error, error_size);
	int status = -1;

	memset(c, 0, sizeof(*c));
	if (file) {
		status = capture_read_open(&r, file, path, error, error_size);
		reassembly_free(r.reassembly);
		pcap_close(file);
	}
	/* Whatever it looked like: a pipe's reading fails, a file's just ends. */
	if (!reading_stopped(limits))
		return status;
	snprintf(error, error_size, "%s: interrupted after %llu packets - "
		 "nothing was sent", path, (unsigned long long)c->packets);
	return -1;
}

int capture_read(struct capture *c, const char *path,
		 const struct capture_limits *limits, char *error,
		 size_t error_size)
{
	FILE *stream = stream_open(path, error, error_size);

	memset(c, 0, sizeof(*c));
	if (!stream)
		return -1;
	return capture_read_stream(c, stream, path, limits, error, error_size);
}
