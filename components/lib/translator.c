// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A component's end of a translator channel.  What the process writes is read
 * once and checked by abi/translator.h; its own side a component may believe,
 * and so goes on after a restart where it was.
 */
#include "abi/drop.h"
#include "ordering.h"
#include "translator/translator.h"

static const struct translator_host *host_of(const struct translator *t)
{
	return (const struct translator_host *)t->host;
}

static const struct translator_side *process_of(const struct translator *t)
{
	return (const struct translator_side *)(t->host + TRANSLATOR_PROCESS_OFF);
}

static struct translator_side *own(const struct translator *t)
{
	return (struct translator_side *)t->ctrl;
}

int64_t translator_open(struct translator *t, const void *host, void *ctrl, uint32_t event,
			uint32_t bell)
{
	const struct translator_host *h = host;

	*t = (struct translator){ .host = host, .ctrl = ctrl, .event = event, .bell = bell,
				  .to_aos = h->to_aos, .from_aos = h->from_aos };
	if (h->magic != TRANSLATOR_MAGIC || h->revision != TRANSLATOR_REVISION ||
	    !translator_bytes_valid(t->to_aos) || !translator_bytes_valid(t->from_aos))
		return -AOS_EINVAL;
	t->epoch = own(t)->epoch;
	t->prod = own(t)->prod;
	t->cons = own(t)->cons;
	t->log_prod = own(t)->log_prod;
	t->lies = aos_counter(drop_counter_name(DROP_TRANSLATOR_LIE));
	t->untold = aos_counter("drops_untold");
	return 0;
}

static bool epoch_moved(const struct translator *t)
{
	return LOAD_ACQUIRE(host_of(t)->epoch) != t->epoch;
}

/* A process that came starts at 0, and so do we; it believes our indices from then on. */
uint32_t translator_bound(struct translator *t)
{
	uint32_t epoch = LOAD_ACQUIRE(host_of(t)->epoch);

	if (epoch != t->epoch && epoch & 1) {
		t->prod = 0;
		t->cons = 0;
		WRITE_ONCE(own(t)->prod, 0);
		WRITE_ONCE(own(t)->cons, 0);
		STORE_RELEASE(own(t)->epoch, epoch);
	}
	t->epoch = epoch;
	return epoch & 1 ? epoch : 0;
}

/* ---- drops ---- */

bool translator_tells(const struct translator *t)
{
	return READ_ONCE(host_of(t)->tell) == 1;
}

void translator_report(struct translator *t, const struct drop_told *told, const void *packet)
{
	uint8_t *log = t->ctrl + TRANSLATOR_FROM_AOS_OFF + t->from_aos;
	uint32_t cons;

	if (!translator_tells(t))
		return;
	cons = LOAD_ACQUIRE(host_of(t)->log_cons[TRANSLATOR_COMPONENT]);
	if (!drop_log_put(log, &t->log_prod, cons, told, packet)) {
		counter_add(t->untold, told->n);
		return;
	}
	STORE_RELEASE(own(t)->log_prod, t->log_prod);
}

/* What another process left is no lie of this one. */
static int64_t lied(struct translator *t)
{
	if (epoch_moved(t))
		return -AOS_EAGAIN;
	counter_inc(t->lies);
	translator_report(t, &(struct drop_told){ .n = 1, .why = DROP_TRANSLATOR_LIE,
						  .place = DROP_AT_TRANSLATOR }, NULL);
	return -AOS_EAGAIN;
}

/* ---- messages ---- */

/* An index has been published: does the process sleep for that? */
static void tell(struct translator *t, uint32_t what)
{
	FULL_BARRIER();
	if (READ_ONCE(process_of(t)->want) & what)
		aos_doorbell(t->bell);
}

int64_t translator_next(struct translator *t, void *buf, uint32_t room)
{
	int32_t n;

	if (!translator_bound(t))
		return -AOS_ENOTCONN;
	n = translator_get(t->host + TRANSLATOR_TO_AOS_OFF, t->to_aos, &t->cons,
			   LOAD_ACQUIRE(process_of(t)->prod), buf, room);
	if (n == TRANSLATOR_EMPTY)
		return -AOS_EAGAIN;
	if (n == TRANSLATOR_LONG)
		return -AOS_EMSGSIZE;
	if (n != TRANSLATOR_LIE)
		return n;
	STORE_RELEASE(own(t)->cons, t->cons);
	return lied(t);
}

void translator_done(struct translator *t)
{
	STORE_RELEASE(own(t)->cons, t->cons);
	tell(t, TRANSLATOR_WANT_ROOM);
}

int64_t translator_recv(struct translator *t, void *buf, uint32_t room)
{
	int64_t n = translator_next(t, buf, room);

	if (n >= 0)
		translator_done(t);
	return n;
}

int64_t translator_add(struct translator *t, const void *data, uint32_t len)
{
	int32_t result;

	if (!translator_bound(t))
		return -AOS_ENOTCONN;
	t->full_at = LOAD_ACQUIRE(process_of(t)->cons);
	result = translator_put(t->ctrl + TRANSLATOR_FROM_AOS_OFF, t->from_aos, &t->prod,
				t->full_at, data, len);
	if (result == TRANSLATOR_FULL)
		return -AOS_EAGAIN;
	if (result == TRANSLATOR_LONG)
		return -AOS_EMSGSIZE;
	return result == TRANSLATOR_LIE ? lied(t) : 0;
}

void translator_publish(struct translator *t)
{
	STORE_RELEASE(own(t)->prod, t->prod);
	tell(t, TRANSLATOR_WANT_RECORD);
}

int64_t translator_send(struct translator *t, const void *data, uint32_t len)
{
	int64_t result = translator_add(t, data, len);

	if (!result)
		translator_publish(t);
	return result;
}

static bool may_go_on(const struct translator *t, uint32_t want)
{
	const struct translator_side *process = process_of(t);

	if (epoch_moved(t))
		return true;
	if (!(t->epoch & 1))
		return false;
	return (want & TRANSLATOR_WANT_RECORD && LOAD_ACQUIRE(process->prod) != t->cons) ||
	       (want & TRANSLATOR_WANT_ROOM && LOAD_ACQUIRE(process->cons) != t->full_at);
}

int64_t translator_wait(struct translator *t, uint32_t want)
{
	int64_t events = 0;

	WRITE_ONCE(own(t)->want, want);
	FULL_BARRIER();
	if (!may_go_on(t, want))
		events = aos_event_wait(t->event, 0, 0);
	WRITE_ONCE(own(t)->want, 0);
	return events;
}
