// SPDX-License-Identifier: GPL-2.0-or-later
/* When to send. */
#include "schedule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Slower than this is no test, and its times would not fit 64 bits. */
#define SPEED_MIN 1e-3
#define SPEED_MAX 1e6
#define RATE_MIN 1e-3
#define RATE_MAX 1e7
/* Later than this is never: 292 years. */
#define DUE_MAX ((long double)INT64_MAX)

bool schedule_parse(struct schedule *s, const char *text)
{
	char *end;

	memset(s, 0, sizeof(*s));
	s->max = !strcmp(text, "max");
	if (s->max)
		return true;
	s->speed = strtod(text, &end);
	return end != text && !*end && isfinite(s->speed) &&
	       s->speed >= SPEED_MIN && s->speed <= SPEED_MAX;
}

bool schedule_rate_parse(struct schedule *s, const char *text)
{
	char *end;

	memset(s, 0, sizeof(*s));
	s->speed = 1;
	s->rate = strtod(text, &end);
	return end != text && (!*end || !strcmp(end, "/s")) &&
	       isfinite(s->rate) && s->rate >= RATE_MIN && s->rate <= RATE_MAX;
}

void schedule_start(struct schedule *s, uint64_t start, uint64_t span,
		    uint64_t count)
{
	s->start = start;
	s->round = span + (count > 1 ? span / (count - 1) : 0);
}

uint64_t schedule_due(const struct schedule *s, uint64_t round, uint64_t time)
{
	/* 80-bit arithmetic: a double would round long runs to whole us. */
	long double planned = (long double)round * s->round + time;

	if (s->max)
		return s->start;
	return s->start + (uint64_t)fminl(planned / s->speed + 0.5L, DUE_MAX);
}
