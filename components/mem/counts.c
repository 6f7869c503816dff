// SPDX-License-Identifier: GPL-2.0-or-later
/* Quotas, and counters for the operator; each change is one instruction. */
#include "pages.h"

static struct {
	struct counter *frames, *frames_used, *tables, *served, *refused;
	struct counter *used[AOS_MAX_COMPONENTS], *grown[AOS_MAX_COMPONENTS];
} counts;

static struct counter *counter_of(const char *what, uint32_t component)
{
	char name[COUNTER_NAME_LEN];

	aos_format(name, sizeof(name), "%s.%s", what, mem_granted()->client[component].name);
	return aos_counter(name);
}

void counts_start(void)
{
	counts.frames = aos_counter("frames");
	counts.frames_used = aos_counter("frames_used");
	counts.tables = aos_counter("tables");
	counts.served = aos_counter("faults_served");
	counts.refused = aos_counter("faults_refused");
	counter_set(counts.frames, mem_granted()->frames);
	for (uint32_t i = 0; i < mem_granted()->clients; i++) {
		counts.used[i] = counter_of("used", i);
		counts.grown[i] = counter_of("grown", i);
	}
}

void count_frames(int64_t pages)
{
	counter_add(counts.frames_used, (uint64_t)pages);
}

void count_table(void)
{
	counter_inc(counts.tables);
}

void count_grown(uint32_t component, int64_t pages)
{
	counter_add(counts.grown[component], (uint64_t)pages);
}

void count_fault(bool served)
{
	counter_inc(served ? counts.served : counts.refused);
}

/* The counter is the account: what is used, never more than the quota. */
bool quota_take(uint32_t component, uint64_t pages)
{
	uint64_t quota = mem_granted()->client[component].quota_pages;
	uint64_t used = __atomic_load_n(&counts.used[component]->value, __ATOMIC_RELAXED);

	do {
		if (used > quota || pages > quota - used)
			return false;
	} while (!__atomic_compare_exchange_n(&counts.used[component]->value, &used, used + pages,
					      false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	return true;
}

void quota_put(uint32_t component, uint64_t pages)
{
	counter_add(counts.used[component], 0 - pages);
}

/* How many counters say other than what was found in the table. */
int64_t counts_check(const uint64_t *used, const uint64_t *grown, uint64_t tables)
{
	uint64_t all = tables;
	int64_t wrong = counts.tables->value != tables;

	for (uint32_t i = 0; i < mem_granted()->clients; i++) {
		wrong += counts.used[i]->value != used[i];
		wrong += counts.grown[i]->value != grown[i];
		all += used[i] + grown[i];
	}
	return wrong + (counts.frames_used->value != all);
}
