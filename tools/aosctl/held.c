// SPDX-License-Identifier: GPL-2.0-or-later
/* held - see held.h */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "held.h"

#define IP4_HEADER	20
#define IP6_HEADER	40

void held_init(struct held_queue *queue)
{
	queue->first = NULL;
	queue->last = &queue->first;
	queue->strange = 0;
}

bool held_add(struct held_queue *queue, const struct pcapng_packet *packet, unsigned int ifindex,
	      double now)
{
	struct held *held = malloc(sizeof(*held) + packet->size);

	if (!held)
		return false;
	*held = (struct held){ .packet = *packet, .ifindex = ifindex, .came = now };
	memcpy(held->bytes, packet->bytes, packet->size);
	held->packet.bytes = held->bytes;
	*queue->last = held;
	queue->last = &held->next;
	return true;
}

/* Where the checksum of its UDP or TCP lies; or its end. */
static size_t checksum_at(const uint8_t *ip, size_t size)
{
	size_t header;
	uint8_t protocol;

	if (size >= IP4_HEADER && ip[0] >> 4 == 4) {
		header = (ip[0] & 15u) * 4u;
		protocol = ip[9];
	} else if (size >= IP6_HEADER && ip[0] >> 4 == 6) {
		header = IP6_HEADER;
		protocol = ip[6];
	} else {
		return size;
	}
	if (protocol == IPPROTO_UDP)
		return header + 6;
	return protocol == IPPROTO_TCP ? header + 16 : size;
}

static bool is_same(const struct held *held, const struct dropped *drop)
{
	size_t size = drop->size < held->packet.size ? drop->size : held->packet.size;
	size_t at = checksum_at(drop->bytes, size), behind = at + 2;

	if (held->ifindex != drop->ifindex || held->packet.length != drop->length || !size)
		return false;
	if (behind > size)
		return !memcmp(held->bytes, drop->bytes, size);
	return !memcmp(held->bytes, drop->bytes, at) &&
	       !memcmp(held->bytes + behind, drop->bytes + behind, size - behind);
}

void held_dropped(struct held_queue *queue, const struct dropped *drop)
{
	for (struct held *held = queue->first; held && drop->n == 1; held = held->next) {
		if (!held->packet.out || held->why || !is_same(held, drop))
			continue;
		held->why = drop->why;
		held->place = drop->place;
		held->process = drop->process;
		return;
	}
	queue->strange += drop->n;
}

struct held *held_take(struct held_queue *queue, double before)
{
	struct held *held = queue->first;

	if (!held || held->came >= before)
		return NULL;
	queue->first = held->next;
	if (!queue->first)
		queue->last = &queue->first;
	return held;
}
