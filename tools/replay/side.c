// SPDX-License-Identifier: GPL-2.0-or-later
/* Side checks: pings and echoes to Linux itself. */
#include "side.h"

#include <string.h>

#include "bytes.h"
#include "clock.h"

#define PING_ID 0x7270
#define ECHO_MIN 16
#define ECHO_SIZES 400
#define ECHO_MAX (ECHO_MIN + ECHO_SIZES)

bool side_add(struct side *s, enum side_kind kind, const struct endpoint *to)
{
	if (s->count == SIDE_MAX)
		return false;
	s->checks[s->count++] = (struct side_check) { .kind = kind,
						      .to = *to };
	return true;
}

struct endpoint side_source(const struct side *s, unsigned int check,
			    const struct sources *sources)
{
	return source_service(sources, s->checks[check].to.address.family,
			      (uint16_t)(check + 1));
}

/* Every request differs in size and content; both follow from its number. */
static size_t echo_fill(uint8_t out[ECHO_MAX], uint32_t sequence)
{
	size_t size = ECHO_MIN + sequence * 37 % ECHO_SIZES;

	for (size_t i = 4; i < size; i++)
		out[i] = (uint8_t)(i * 7 + sequence);
	put32(out, sequence);
	return size;
}

static void check_send(struct side *s, unsigned int i, struct transport *t,
		       const struct sources *sources)
{
	struct side_check *c = &s->checks[i];
	struct endpoint from = side_source(s, i, sources);
	uint32_t sequence = (uint32_t)c->sent++;
	uint64_t stamp = clock_ns();
	uint8_t payload[ECHO_MAX];
	int status;

	if (c->kind == SIDE_PING)
		status = t->ops->ping(t, &c->to.address, (struct icmp_echo) {
			(uint16_t)(PING_ID + i), (uint16_t)sequence }, &stamp);
	else
		status = t->ops->send(t, &from, &c->to, payload,
				      echo_fill(payload, sequence), TAG_NONE,
				      &stamp);
	if (status < 0)
		c->error = status;
	c->waiting[sequence % SIDE_REMEMBERED] = stamp;
}

void side_tick(struct side *s, struct transport *t,
	       const struct sources *sources, uint64_t now)
{
	if (!s->count || now < s->next)
		return;
	for (unsigned int i = 0; i < s->count; i++)
		check_send(s, i, t, sources);
	s->next = (s->next ? s->next : now) + s->interval;
	/* After a long stall one round is enough. */
	if (s->next < now)
		s->next = now + s->interval;
}

static void check_answered(struct side_check *c, uint32_t sequence,
			   uint64_t stamp)
{
	uint64_t *sent = &c->waiting[sequence % SIDE_REMEMBERED];

	if (!*sent) {
		c->wrong++;	/* answered before, or never asked */
		return;
	}
	if (stamp - *sent > c->worst)
		c->worst = stamp - *sent;
	*sent = 0;
	c->answered++;
}

static bool ping_reply(struct side *s, const struct message *m)
{
	unsigned int i = (uint16_t)(m->echo.id - PING_ID);

	if (i < s->count && s->checks[i].kind == SIDE_PING &&
	    address_equal(&s->checks[i].to.address, &m->from.address))
		check_answered(&s->checks[i], m->echo.sequence, m->stamp);
	return true;
}

static void echo_reply(struct side_check *c, const struct message *m)
{
	uint8_t expected[ECHO_MAX];
	uint32_t sequence = m->length >= 4 ? get32(m->payload) : 0;

	if (m->kind != MESSAGE_UDP || m->length < ECHO_MIN ||
	    !endpoint_equal(&m->from, &c->to) || sequence >= c->sent ||
	    echo_fill(expected, sequence) != m->length ||
	    memcmp(expected, m->payload, m->length))
		c->wrong++;
	else
		check_answered(c, sequence, m->stamp);
}

bool side_reply(struct side *s, const struct sources *sources,
		const struct message *m)
{
	if (m->kind == MESSAGE_PONG)
		return ping_reply(s, m);
	for (unsigned int i = 0; i < s->count; i++) {
		struct endpoint from = side_source(s, i, sources);

		if (s->checks[i].kind != SIDE_ECHO ||
		    !endpoint_equal(&from, &m->to))
			continue;
		echo_reply(&s->checks[i], m);
		return true;
	}
	return false;
}

uint64_t side_open(const struct side *s)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < s->count; i++)
		n += s->checks[i].sent - s->checks[i].answered;
	return n;
}

bool side_passed(const struct side *s)
{
	for (unsigned int i = 0; i < s->count; i++)
		if (!s->checks[i].sent || s->checks[i].wrong ||
		    s->checks[i].answered != s->checks[i].sent)
			return false;
	return true;
}
