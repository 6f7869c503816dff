// SPDX-License-Identifier: GPL-2.0-or-later
/* Our own addresses and ports. */
#include "source.h"

static const struct address *base_of(const struct sources *s, uint8_t family)
{
	return family == 4 ? &s->base4 : &s->base6;
}

uint64_t sources_capacity(const struct sources *s)
{
	return (uint64_t)(65536 - s->first_port) * s->count;
}

struct endpoint source_of(const struct sources *s, uint8_t family,
			  uint32_t flow)
{
	return (struct endpoint) {
		address_plus(base_of(s, family), flow % s->count),
		(uint16_t)(s->first_port + flow / s->count),
	};
}

int64_t source_flow(const struct sources *s, const struct endpoint *e)
{
	int64_t n = address_distance(base_of(s, e->address.family),
				     &e->address);

	if (n < 0 || n >= s->count || e->port < s->first_port)
		return -1;
	return (int64_t)(e->port - s->first_port) * s->count + n;
}

struct endpoint source_service(const struct sources *s, uint8_t family,
			       uint16_t n)
{
	return (struct endpoint) { *base_of(s, family),
				   (uint16_t)(s->first_port - 1 - n) };
}

bool sources_own(const struct sources *s, const struct address *a)
{
	int64_t n = address_distance(base_of(s, a->family), a);

	return n >= 0 && n < s->count;
}
