/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private copies of packets: a fixed pool, see copies.h. */
#include "aos.h"
#include "abi/ring.h"
#include "copies.h"
#include "fate.h"
#include "lwip/pbuf.h"

/* What both reassemblies may hold, and the packet being looked at. */
#define NCOPIES		(2 * IP_REASS_MAX_PBUFS + 1)
/* lwIP looks at the length byte of an IPv6 option before it checks its place. */
#define COPY_SLACK	16

struct copy {
	struct pbuf_custom pbuf;	/* first: lwIP hands it back to us */
	struct copy *next;		/* free ones */
	bool held;
	uint8_t data[RING_BUF_SIZE + COPY_SLACK] __attribute__((aligned(8)));
};

static struct {
	struct copy copy[NCOPIES];
	struct copy *free;
	uint32_t held;
} copies;

static void copy_free(struct pbuf *p)
{
	struct copy *copy = (struct copy *)p;

	copy->held = false;
	copy->next = copies.free;
	copies.free = copy;
	copies.held--;
	fate_copy_freed();
}

void copies_init(void)
{
	uint32_t i;

	for (i = 0; i < NCOPIES; i++) {
		copies.copy[i].pbuf.custom_free_function = copy_free;
		copies.copy[i].next = copies.free;
		copies.free = &copies.copy[i];
	}
}

struct copy *copy_make(const void *packet, uint16_t len)
{
	struct copy *copy = copies.free;

	if (!copy)
		return NULL;
	copies.free = copy->next;
	copies.held++;
	copy->held = true;
	memcpy(copy->data, packet, len);
	memset(copy->data + len, 0, COPY_SLACK);
	/* PBUF_RAM: lwIP may write into it, and move the payload back */
	pbuf_alloced_custom(PBUF_RAW, len, PBUF_RAM, &copy->pbuf, copy->data, len);
	return copy;
}

struct pbuf *copy_pbuf(struct copy *copy)
{
	return &copy->pbuf.pbuf;
}

bool copy_held(const struct copy *copy)
{
	return copy->held;
}

uint32_t copies_held(void)
{
	return copies.held;
}
