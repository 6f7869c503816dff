// SPDX-License-Identifier: GPL-2.0-or-later
/* Room for what comes while this program has no CPU, and what found none. */
#ifndef REPLAY_RECEIVE_ROOM_H
#define REPLAY_RECEIVE_ROOM_H

#include <stdint.h>

/* A wish, not a condition: what is more than this user may have is cut. */
void receive_room_ask(int fd, int bytes);

/* Packets that this socket has dropped; 0 also where the kernel does not say. */
uint64_t receive_room_drops(int fd);

#endif
