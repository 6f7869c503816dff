/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The UDP services: datagrams of a batch to udpapp, its replies to lwIP. */
#ifndef LWIP_SERVER_H
#define LWIP_SERVER_H

#include <stdbool.h>
#include <stdint.h>

struct bootinfo;

/* One UDP port per service; false: none could be had. */
bool server_init(const struct bootinfo *info);

/* Around a batch: forget the last one; have udpapp answer this one. */
void server_begin(void);
void server_answer(void);

/* Which packet of the batch lwIP gets next. */
void server_packet(uint8_t packet);

#endif
