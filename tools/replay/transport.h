// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How datagrams leave and come back. Two implementations: wire.c speaks
 * Ethernet with a virtual network card, socket.c uses the host's own stack.
 */
#ifndef REPLAY_TRANSPORT_H
#define REPLAY_TRANSPORT_H

#include "address.h"
#include "icmp.h"
#include "source.h"

enum message_kind {
	MESSAGE_UDP,
	MESSAGE_PONG,		/* an unharmed answer to ping() */
	MESSAGE_DAMAGED,	/* UDP for us with a wrong checksum */
	MESSAGE_LEFT,		/* no packet: the kernel says when @tag left */
};

/* For datagrams whose time of leaving nobody wants to know. */
#define TAG_NONE UINT64_MAX

struct message {
	enum message_kind kind;
	struct endpoint from, to;
	const uint8_t *payload;	/* valid until the next receive() */
	size_t length;
	struct icmp_echo echo;	/* for MESSAGE_PONG */
	uint64_t tag;		/* for MESSAGE_LEFT */
	uint64_t stamp;		/* clock_ns() right after it came */
	uint64_t kernel;	/* the same by the kernel, 0: not known */
	uint64_t device;	/* by the device it came from, in a clock of the
				 * device's own; 0: not known */
};

/* What the transport itself saw; names and numbers for the report. */
struct transport_counter {
	const char *name;
	uint64_t value;
};

/* What came, but found no room in our own socket: lost by us, not on the way. */
#define COUNTER_DROPS "dropped_by_our_own_sockets"

struct transport {
	const struct transport_ops *ops;
};

struct transport_ops {
	/*
	 * One step towards being able to send to this family, never waiting.
	 * 0: ready, -EAGAIN: call receive() and try again, else an error.
	 */
	int (*prepare)(struct transport *t, uint8_t family);

	/* Called once for each source before it sends. 0 or -errno. */
	int (*open_source)(struct transport *t, const struct endpoint *from,
			   const struct endpoint *to);

	/*
	 * Sends one datagram; @stamp is clock_ns() right before it left. A
	 * MESSAGE_LEFT with @tag may follow. Returns 0 or -errno.
	 */
	int (*send)(struct transport *t, const struct endpoint *from,
		    const struct endpoint *to, const void *payload,
		    size_t size, uint64_t tag, uint64_t *stamp);

	/* ICMP echo request; NULL if this transport cannot. */
	int (*ping)(struct transport *t, const struct address *to,
		    struct icmp_echo echo, uint64_t *stamp);

	/* 1: @m is filled, 0: nothing there, or -errno. Never waits. */
	int (*receive)(struct transport *t, struct message *m);

	/* For poll(): readable when receive() may have something. */
	int (*descriptor)(struct transport *t);

	/* Returns the number of counters, at most @room. */
	size_t (*counters)(struct transport *t, struct transport_counter *out,
			   size_t room);
	void (*close)(struct transport *t);
};

struct wire_config {
	uint16_t local_port, peer_port;	/* on 127.0.0.1 */
	const struct sources *sources;
	struct address gateway4, gateway6;
	uint8_t mac[6], peer_mac[6];
	bool peer_mac_given;
	uint16_t mtu;
	bool kernel_stamps;	/* ask for them */
};

/* Both return NULL and one line in @error on failure. */
struct transport *wire_open(const struct wire_config *config, char *error,
			    size_t error_size);
struct transport *socket_open(bool kernel_stamps, char *error,
			      size_t error_size);

#endif
