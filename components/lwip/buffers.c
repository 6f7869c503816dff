/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lent buffers, see buffers.h.  pkt_in is hostile: each entry is read once. */
#include "aos.h"
#include "buffers.h"
#include "ordering.h"
#include "packet/packet.h"

static struct {
	uint32_t slots;
	uint32_t lent;		/* entries of the list */
	uint32_t next;		/* entries of the list not looked at yet */
	uint32_t nspare;	/* taken, and given back */
	uint32_t nout;
	struct packet_answer answer;	/* of the next packet out */
	uint32_t spare[PACKET_OUT_MAX];
} buffers;

void buffers_init(uint32_t slots)
{
	buffers.slots = slots;
}

void buffers_begin(void)
{
	const struct packet_in *in = AOS_REGION(pkt_in);
	uint32_t lent = READ_ONCE(in->nlent);

	buffers.lent = lent < PACKET_OUT_MAX ? lent : PACKET_OUT_MAX;
	buffers.next = buffers.lent;
	buffers.nspare = 0;
	buffers.nout = 0;
	buffers.answer.flow = 0;
}

uint32_t buffers_end(uint32_t next_tick_ms)
{
	struct packet_out *out = AOS_REGION(pkt_out);

	WRITE_ONCE(out->taken, buffers.lent - buffers.next);
	WRITE_ONCE(out->next_tick_ms, next_tick_ms);
	return buffers.nout;
}

/* At most PACKET_OUT_MAX are given out, so neither array overflows. */
int32_t buffer_take(void)
{
	const struct packet_in *in = AOS_REGION(pkt_in);
	uint32_t buf;

	if (buffers.nspare)
		return (int32_t)buffers.spare[--buffers.nspare];
	while (buffers.next) {
		buf = READ_ONCE(in->lent[--buffers.next]);
		if (buf < buffers.slots)
			return (int32_t)buf;
	}
	return -1;
}

void buffer_return(uint32_t buf)
{
	buffers.spare[buffers.nspare++] = buf;
}

void buffer_send(uint32_t buf, uint16_t off, uint16_t len)
{
	struct packet_out *out = AOS_REGION(pkt_out);

	out->answer[buffers.nout] = buffers.answer;
	buffers.answer.flow = 0;
	out->packet[buffers.nout++] = (struct packet){ .buf = buf, .off = off, .len = len };
}

void buffers_answer(uint8_t flow, uint8_t packet)
{
	buffers.answer = (struct packet_answer){ .flow = flow, .packet = packet };
}

uint8_t *buffer_address(uint32_t buf)
{
	return (uint8_t *)AOS_REGION(ring_tx) + (size_t)buf * RING_BUF_SIZE;
}

uint32_t buffers_left(void)
{
	return buffers.next + buffers.nspare;
}
