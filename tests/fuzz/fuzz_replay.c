// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes as a capture file (first byte even), and as frames that come from
 * the wire (odd): each with a length of two bytes in front. What is accepted
 * must hold what the rest of the tool relies on.
 */
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "capture.h"
#include "wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_capture(const struct capture *c)
{
	uint64_t before = 0;

	for (uint64_t i = 0; i < c->count; i++) {
		const struct datagram *d = &c->list[i];

		if (d->time < before || d->flow >= c->flows.count ||
		    d->length > TRANSPORT_MAX || !d->packet ||
		    d->packet > c->packets ||
		    d->hash != bytes_hash(0, d->payload, d->length) ||
		    c->flows.flows[d->flow].source.address.family != d->family)
			abort();
		before = d->time;
	}
	if (c->found4 + c->found6 < c->count || c->largest < c->smallest)
		abort();
}

static void try_capture(const uint8_t *data, size_t size)
{
	static const struct capture_limits limits = {
		.want4 = true, .want6 = true, .max_gap = 1000000000 };
	struct capture c;
	char error[512] = "";
	FILE *in = size ? fmemopen((void *)(uintptr_t)data, size, "rb") : NULL;

	if (!in)
		return;
	if (!capture_read_stream(&c, in, "fuzz", &limits, error,
				 sizeof(error)))
		check_capture(&c);
	else if (!strstr(error, "fuzz: "))
		abort();
	capture_free(&c);
}

static struct wire *wire_new(void)
{
	static struct sources sources = { .count = 4, .first_port = 20000 };
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	struct wire *w = calloc(1, sizeof(*w));

	address_parse("10.0.2.2", &sources.base4);
	address_parse("fd00:2::2", &sources.base6);
	w->fd = -1;
	w->sources = sources;
	w->neighbours.own = &w->sources;
	memcpy(w->link.source, mac, sizeof(mac));
	memcpy(w->neighbours.mac, mac, sizeof(mac));
	address_parse("10.0.2.15", &w->neighbours.hop4.address);
	address_parse("fd00:2::15", &w->neighbours.hop6.address);
	w->reassembly = reassembly_new(4, 1000000000);
	return w;
}

static void check_message(const struct message *m)
{
	static volatile uint32_t read;

	if (m->kind != MESSAGE_UDP && m->kind != MESSAGE_DAMAGED)
		return;
	if (m->length > TRANSPORT_MAX)
		abort();
	/* Every byte must be there to be read. */
	read = bytes_hash(read, m->payload, m->length);
}

static void try_frames(const uint8_t *data, size_t size)
{
	struct wire *w = wire_new();
	struct message m = { .stamp = 1 };

	while (size >= 2) {
		size_t length = get16(data) % 2048;
		uint8_t *frame;

		data += 2;
		size -= 2;
		if (length > size)
			length = size;
		/* A copy of its own, so that one byte too far is seen. */
		frame = malloc(length ? length : 1);
		memcpy(frame, data, length);
		if (wire_frame_take(w, frame, length, &m))
			check_message(&m);
		free(frame);
		m.stamp += 100000000;
		data += length;
		size -= length;
	}
	reassembly_free(w->reassembly);
	free(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (data[0] & 1)
		try_frames(data + 1, size - 1);
	else
		try_capture(data + 1, size - 1);
	return 0;
}
