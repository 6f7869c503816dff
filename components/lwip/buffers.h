/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The from_aos buffers that vnic lends for a call, and the packets in them. */
#ifndef LWIP_BUFFERS_H
#define LWIP_BUFFERS_H

#include <stdint.h>

/* slots: of the channel; nothing beyond is touched. */
void buffers_init(uint32_t slots);

/* Around a call. */
void buffers_begin(void);
uint32_t buffers_end(uint32_t next_tick_ms);	/* -> packets to send */

/* A lent buffer, or -1.  It goes out by buffer_send(), or comes back. */
int32_t buffer_take(void);
void buffer_return(uint32_t buf);
void buffer_send(uint32_t buf, uint16_t off, uint16_t len);
uint8_t *buffer_address(uint32_t buf);

/* What the next packet that goes out is an answer to: packet_answer; flow 0: nothing. */
void buffers_answer(uint8_t flow, uint8_t packet);

/* Most buffers that buffer_take() can still give. */
uint32_t buffers_left(void);

#endif
