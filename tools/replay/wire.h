// SPDX-License-Identifier: GPL-2.0-or-later
/* What the two halves of the wire share: wire.c, and wire_in.c for reading. */
#ifndef REPLAY_WIRE_H
#define REPLAY_WIRE_H

#include "kernel_stamps.h"
#include "neighbour.h"
#include "reassembly.h"
#include "transport.h"

enum wire_count {
	COUNT_FRAMES_OUT, COUNT_FRAMES_IN, COUNT_FRAGMENTED_OUT,
	COUNT_FRAGMENTS_IN, COUNT_RUNT, COUNT_FOREIGN, COUNT_BAD_IP,
	COUNT_BAD_CHECKSUM, COUNT_ICMP_ERROR, COUNT_REFUSED, COUNT_KINDS
};

struct wire {
	struct transport transport;	/* first: the two are cast */
	int fd;
	struct sources sources;
	struct neighbours neighbours;
	struct frame_link link;
	struct reassembly *reassembly;
	uint64_t asked4, asked6;
	struct kernel_stamps stamps;
	uint64_t counts[COUNT_KINDS];
	uint8_t incoming[65536];
	uint8_t outgoing[TRANSPORT_MAX];
};

/* Writes one frame; with @tag a MESSAGE_LEFT may follow. 0 or -errno. */
int wire_frame_write(struct wire *w, const uint8_t *frame, size_t size,
		     uint64_t tag);

/*
 * Reads one frame that came: answers what it asks, counts what is not for us.
 * 1 if it (with the fragments before it) is a message, which @m then is.
 */
int wire_frame_take(struct wire *w, const uint8_t *frame, size_t size,
		    struct message *m);

#endif
