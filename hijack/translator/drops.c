// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Drops that the two ends of a translator channel tell of (abi/drop_log.h), as trace
 * events.  Both are hostile: what they say is shown and never counted, and each
 * speaks for itself alone.
 *
 * They tell while translator_host.tell says so.  It follows the trace point: 'wanted'
 * and who must hear of it are under drops_lock, inside of which translator.lock is
 * taken and no other.
 */
#include <linux/sched.h>
#include "hijack/translator/translator.h"

#define CREATE_TRACE_POINTS
#include "hijack/translator/trace.h"

#define LOOK_AGAIN	1	/* jiffies */

static DEFINE_MUTEX(drops_lock);
static LIST_HEAD(translators);
static bool wanted;		/* written under drops_lock */

/* ---- the two logs ---- */

static const struct translator_side *side_of(const struct translator *tr,
					     enum translator_end end)
{
	if (end == TRANSLATOR_PROCESS)
		return (void *)tr->host + TRANSLATOR_PROCESS_OFF;
	return hijack_channel_part(tr->channel, RING_PART_CTRL);
}

static const u8 *log_of(const struct translator *tr, enum translator_end end)
{
	if (end == TRANSLATOR_PROCESS)
		return (void *)tr->host + TRANSLATOR_TO_AOS_OFF + tr->to_aos;
	return hijack_channel_part(tr->channel, RING_PART_CTRL) + TRANSLATOR_FROM_AOS_OFF +
	       tr->from_aos;
}

static u32 told_until(const struct translator *tr, enum translator_end end)
{
	/* Acquire: entries are read after their index. */
	return smp_load_acquire(&side_of(tr, end)->log_prod);
}

/* lock held */
static void read_until(struct translator *tr, enum translator_end end, u32 cons)
{
	tr->log_cons[end] = cons;
	/* Release: entries are copied before their writer reuses them. */
	smp_store_release(&tr->host->log_cons[end], cons);
}

/* lock held.  No more at a time than a log holds: its writer may be at it for ever. */
static void take(struct translator *tr, enum translator_end end)
{
	u32 places = end == TRANSLATOR_PROCESS ? DROP_AT_TRANSLATOR : DROP_AT_COMPONENTS;
	u32 prod = told_until(tr, end), cons = tr->log_cons[end];
	struct drop_entry entry;
	int n;

	while ((n = drop_log_take(log_of(tr, end), &cons, prod, places, &entry)) >= 0)
		trace_translator_drop(tr, end, &entry, n);
	read_until(tr, end, cons);
}

/* lock held. */
static void take_both(struct translator *tr)
{
	if (!trace_translator_drop_enabled())
		return;
	take(tr, TRANSLATOR_COMPONENT);
	take(tr, TRANSLATOR_PROCESS);
}

static void look(struct work_struct *work)
{
	struct translator *tr = container_of(to_delayed_work(work), struct translator, look);

	mutex_lock(&tr->lock);
	take_both(tr);
	mutex_unlock(&tr->lock);
	if (READ_ONCE(wanted))
		queue_delayed_work(system_unbound_wq, &tr->look, LOOK_AGAIN);
}

/* The next one's index begins at 0, as its others do. */
void translator_drops_unbind(struct translator *tr)
{
	lockdep_assert_held(&tr->lock);
	take_both(tr);
	read_until(tr, TRANSLATOR_PROCESS, 0);
}

/* ---- who wants to know ---- */

/* lock held.  What was told to those who looked before is nobody's any more. */
static void forget(struct translator *tr)
{
	enum translator_end end;

	for (end = 0; end < TRANSLATOR_ENDS; end++)
		read_until(tr, end, told_until(tr, end));
}

/* drops_lock held. */
static void tell(struct translator *tr)
{
	mutex_lock(&tr->lock);
	if (wanted)
		forget(tr);
	WRITE_ONCE(tr->host->tell, wanted);
	mutex_unlock(&tr->lock);
	if (wanted)
		queue_delayed_work(system_unbound_wq, &tr->look, LOOK_AGAIN);
}

void translator_drops_join(struct translator *tr)
{
	INIT_DELAYED_WORK(&tr->look, look);
	mutex_lock(&drops_lock);
	list_add(&tr->tell, &translators);
	tell(tr);
	mutex_unlock(&drops_lock);
}

/* Out of the list nobody queues the work but itself, which is waited for. */
void translator_drops_leave(struct translator *tr)
{
	mutex_lock(&drops_lock);
	list_del(&tr->tell);
	mutex_unlock(&drops_lock);
	cancel_delayed_work_sync(&tr->look);
	mutex_lock(&tr->lock);
	take_both(tr);
	mutex_unlock(&tr->lock);
}

static void tell_all(bool on)
{
	struct translator *tr;

	mutex_lock(&drops_lock);
	WRITE_ONCE(wanted, on);
	list_for_each_entry(tr, &translators, tell)
		tell(tr);
	mutex_unlock(&drops_lock);
}

int translator_drops_wanted(void)
{
	tell_all(true);
	return 0;
}

void translator_drops_unwanted(void)
{
	tell_all(false);
}
