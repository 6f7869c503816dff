// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A host at the other end of the wire, in a process of its own: it speaks
 * Ethernet in UDP datagrams as QEMU does, asks for our MAC address before it
 * answers, echoes UDP (fragmented if need be) and answers pings. On demand it
 * loses, repeats or harms what it sends.
 */
#ifndef REPLAY_PEER_H
#define REPLAY_PEER_H

#include <stdint.h>
#include <sys/types.h>

#define PEER_MAC "52:54:00:12:34:56"
#define PEER4 "10.0.2.15"
#define PEER6 "fd00:2::15"

struct replay_peer {
	/* Every so many-th UDP reply is treated so; 0: never. */
	unsigned int lose, repeat, alter, spoil_checksum, stray;
	unsigned int deaf_ping;		/* answers no ping */
	pid_t pid;
	uint16_t port, tool_port;	/* of the peer; for the tool */
};

/* Starts it with the faults given. */
void peer_start(struct replay_peer *p);
void peer_stop(struct replay_peer *p);

/* What an answering socket has no time for on a busy machine must not be lost. */
void peer_room(int fd);

#endif
