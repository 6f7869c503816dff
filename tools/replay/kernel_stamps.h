// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's own time stamps of one UDP socket (SO_TIMESTAMPING, software):
 * when the driver was given a packet, and when one came out of it. The kernel
 * takes them from CLOCK_REALTIME; here they are turned into clock_ns(), which
 * is right to a microsecond as long as nobody sets the time of day in between.
 */
#ifndef REPLAY_KERNEL_STAMPS_H
#define REPLAY_KERNEL_STAMPS_H

#include <sys/types.h>

#include "transport.h"

/* Packets whose stamp may still come; the kernel gives it while sending. */
#define KERNEL_STAMPS_KEPT 256

struct kernel_stamps {
	int fd;
	bool on;
	uint32_t next;		/* the kernel's number for the next packet */
	uint32_t pending;	/* stamps that have not come */
	struct {
		uint32_t number;
		uint64_t tag;
	} sent[KERNEL_STAMPS_KEPT];
};

/* Asks for them, if @wanted; a kernel that has none is no error. */
void kernel_stamps_init(struct kernel_stamps *k, int fd, bool wanted);

/* After every send() on the socket: it left with this tag, or it failed. */
void kernel_stamps_sent(struct kernel_stamps *k, uint64_t tag);
void kernel_stamps_failed(struct kernel_stamps *k);

/* Takes one stamp of a packet with a tag: @m is a MESSAGE_LEFT. Never waits. */
bool kernel_stamps_take(struct kernel_stamps *k, struct message *m);

/* recv() without waiting; fills in the stamps of @m. */
ssize_t kernel_stamps_receive(const struct kernel_stamps *k, void *data,
			      size_t size, struct message *m);

#endif
