/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a UDP service implements: one function.  See doc.md beside this file,
 * and components/udpapp/README.md for where to put a new one.
 */
#ifndef APP_APP_H
#define APP_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define APP_NO_REPLY	(-1)
#define APP_REPLY_MAX	65507u	/* what a datagram carries; over IPv6, the stack sends 65487 */

/* A datagram.  All of it stays as it is until datagram() returns. */
struct app_request {
	const uint8_t *data;	/* payload, read-only */
	uint32_t len;
	uint16_t port;		/* of the sender, host order */
	uint8_t family;		/* 4 or 6 */
	uint8_t from[16];	/* sender's address, network order */
	uint8_t to[16];		/* the address it was sent to */
	uint64_t published;	/* TSC when Linux handed it over; 0: it came in fragments */
	uint64_t taken;		/* TSC when udpapp got it, and all of its batch */
};

/* Room for the reply, which goes back to the sender from the address `to`. */
struct app_reply {
	uint8_t *data;		/* write the reply here */
	uint32_t room;		/* bytes; enough for any packet that is not fragmented */
};

struct app_service {
	const char *name;	/* as in the configuration */
	/*
	 * Answer one datagram: bytes written to reply->data (0 is a reply,
	 * too), or APP_NO_REPLY.  Must not block.
	 */
	int (*datagram)(const struct app_request *request, struct app_reply *reply);
};

/*
 * Make room for a reply of len bytes, if there is not enough: changes
 * reply->data and reply->room.  What was written before is lost.  False: too
 * long, or long replies to other datagrams have used the space up.
 */
bool app_reply_grow(struct app_reply *reply, uint32_t len);

#endif
