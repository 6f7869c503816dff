/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private copies of packets.  lwIP writes into what it reassembles and into
 * echo requests, and the ring's buffers are read-only to us and leave us
 * when the call ends; so those packets are copied on arrival.
 */
#ifndef LWIP_COPIES_H
#define LWIP_COPIES_H

#include <stdbool.h>
#include <stdint.h>

struct pbuf;
struct copy;

void copies_init(void);

/* A copy of a packet, or NULL: all are in use. */
struct copy *copy_make(const void *packet, uint16_t len);
struct pbuf *copy_pbuf(struct copy *copy);
/* Does the stack still keep it? */
bool copy_held(const struct copy *copy);

/* Copies in use. */
uint32_t copies_held(void);

#endif
