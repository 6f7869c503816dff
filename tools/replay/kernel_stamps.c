// SPDX-License-Identifier: GPL-2.0-or-later
/* SO_TIMESTAMPING of one UDP socket; see Documentation/networking/timestamping.rst. */
#include "kernel_stamps.h"

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"

#define CONTROL_SIZE 256

/*
 * Only the stamp comes back, not the packet, and with it the packet's number.
 * A device's own stamps are taken if there are any, and never asked for.
 */
#define STAMP_FLAGS (SOF_TIMESTAMPING_TX_SOFTWARE | \
		     SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE | \
		     SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY | \
		     SOF_TIMESTAMPING_OPT_CMSG | \
		     SOF_TIMESTAMPING_RAW_HARDWARE)

static bool flags_set(int fd, int flags)
{
	return !setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &flags,
			   sizeof(flags));
}

void kernel_stamps_init(struct kernel_stamps *k, int fd, bool wanted)
{
	memset(k, 0, sizeof(*k));
	k->fd = fd;
	k->on = wanted && flags_set(fd, STAMP_FLAGS);
}

void kernel_stamps_sent(struct kernel_stamps *k, uint64_t tag)
{
	if (!k->on)
		return;
	k->sent[k->next % KERNEL_STAMPS_KEPT].number = k->next;
	k->sent[k->next % KERNEL_STAMPS_KEPT].tag = tag;
	k->next++;
	k->pending++;
}

/*
 * Whether a packet that could not be sent has used up a number depends on
 * where it failed: asking anew makes the kernel count from 0.
 */
void kernel_stamps_failed(struct kernel_stamps *k)
{
	struct message gone;

	if (!k->on)
		return;
	while (kernel_stamps_take(k, &gone))
		;
	flags_set(k->fd, 0);
	kernel_stamps_init(k, k->fd, true);
}

/*
 * CLOCK_REALTIME goes to clock_ns() by the distance of the two right now. Of
 * three tries the one with the least between its readings is believed.
 */
static uint64_t monotonic_of(const struct timespec *stamp)
{
	uint64_t best = UINT64_MAX, distance = 0;

	for (int i = 0; i < 3; i++) {
		uint64_t before = clock_ns();
		uint64_t day = clock_read(CLOCK_REALTIME);
		uint64_t between = clock_ns() - before;

		if (between >= best)
			continue;
		best = between;
		distance = day - (before + between / 2);
	}
	return timespec_ns(stamp) - distance;
}

/* Reads what comes along with a packet: its stamps, 0 if there are none. */
static void control_read(struct msghdr *h, struct message *m, uint32_t *number)
{
	struct scm_timestamping stamps = { 0 };
	struct sock_extended_err error;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c)) {
		if (c->cmsg_level == SOL_SOCKET &&
		    c->cmsg_type == SCM_TIMESTAMPING) {
			memcpy(&stamps, CMSG_DATA(c), sizeof(stamps));
		} else if ((c->cmsg_level == IPPROTO_IP &&
			    c->cmsg_type == IP_RECVERR) ||
			   (c->cmsg_level == IPPROTO_IPV6 &&
			    c->cmsg_type == IPV6_RECVERR)) {
			memcpy(&error, CMSG_DATA(c), sizeof(error));
			if (error.ee_origin == SO_EE_ORIGIN_TIMESTAMPING)
				*number = error.ee_data;
		}
	}
	/* The first of three is the software stamp, the last the device's. */
	m->kernel = stamps.ts[0].tv_sec ? monotonic_of(&stamps.ts[0]) : 0;
	m->device = timespec_ns(&stamps.ts[2]);
}

static ssize_t message_read(int fd, int flags, void *data, size_t size,
			    struct message *m, uint32_t *number)
{
	_Alignas(struct cmsghdr) uint8_t control[CONTROL_SIZE];
	struct iovec part = { data, size };
	struct msghdr h = { .msg_iov = &part, .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &h, flags | MSG_DONTWAIT);

	m->kernel = m->device = 0;
	if (n >= 0)
		control_read(&h, m, number);
	return n;
}

bool kernel_stamps_take(struct kernel_stamps *k, struct message *m)
{
	uint32_t number = 0;
	uint8_t nothing;

	while (k->on && k->pending &&
	       message_read(k->fd, MSG_ERRQUEUE, &nothing, sizeof(nothing),
			    m, &number) >= 0) {
		size_t at = number % KERNEL_STAMPS_KEPT;

		/* A number of before kernel_stamps_failed() may still come. */
		if (number >= k->next || k->sent[at].number != number)
			continue;
		k->pending--;
		m->kind = MESSAGE_LEFT;
		m->tag = k->sent[at].tag;
		if (m->kernel && m->tag != TAG_NONE)
			return true;
	}
	return false;
}

ssize_t kernel_stamps_receive(const struct kernel_stamps *k, void *data,
			      size_t size, struct message *m)
{
	uint32_t number;
	ssize_t n;

	if (k->on) {
		n = message_read(k->fd, 0, data, size, m, &number);
	} else {
		n = recv(k->fd, data, size, MSG_DONTWAIT);
		m->kernel = m->device = 0;
	}
	m->stamp = clock_ns();
	return n;
}
