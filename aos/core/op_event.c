// SPDX-License-Identifier: GPL-2.0-or-later
/* System calls on endpoints and timers. */
#include "aos/call.h"

int64_t op_event_wait(struct call *c)
{
	struct aos_thread *meanwhile = NULL;
	struct aos_cap *cap;

	if (c->arg[0] & ~(uint64_t)AOS_WAIT_POLL)
		return -AOS_EINVAL;
	if (c->arg[1]) {
		cap = cap_lookup(c->comp, c->arg[1], CAP_THREAD);
		if (!cap)
			return -AOS_ENOENT;
		meanwhile = call_thread(c->aos, cap);
		if (!meanwhile)
			return -AOS_EAGAIN;
		if (!op_thread_gives_cpu(c, meanwhile))
			return -AOS_EPERM;
	}
	return event_wait(c->aos, &c->aos->endpoints[c->cap->id], c->arg[0], meanwhile);
}

int64_t op_event_signal(struct call *c)
{
	event_raise(c->aos, &c->aos->endpoints[c->cap->id]);
	return 0;
}

int64_t op_timer_set(struct call *c)
{
	/* Hosts count in signed 64 bits: what goes beyond is as late as can be. */
	uint64_t latest = (~0ull >> 1) - c->aos->time_base;
	uint64_t deadline = c->arg[0] < latest ? c->arg[0] : latest;

	if (deadline)
		deadline += c->aos->time_base;
	timer_set(c->aos, &c->aos->timers[c->cap->id], deadline);
	return 0;
}

int64_t op_time(struct call *c)
{
	return (int64_t)(hal_time(c->aos) - c->aos->time_base);
}
