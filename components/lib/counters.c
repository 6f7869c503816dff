// SPDX-License-Identifier: GPL-2.0-or-later
/* Naming counters in the page that the host reads. */
#include "aos.h"

/* Where a counter counts for which the page had no room. */
static struct counter nobody;

static bool has_name(const struct counter *c, const char *name)
{
	return strncmp(c->name, name, COUNTER_NAME_LEN - 1) == 0;
}

struct counter *aos_counter(const char *name)
{
	struct counters *page = aos_counters_page();
	struct counter *c;

	for (uint32_t i = 0; i < page->n && i < COUNTERS_MAX; i++)
		if (has_name(&page->counter[i], name))
			return &page->counter[i];
	if (page->n >= COUNTERS_MAX)
		return &nobody;
	c = &page->counter[page->n];
	memcpy(c->name, name, strnlen(name, COUNTER_NAME_LEN - 1));
	/* A reader that sees the new n also sees the name. */
	__atomic_store_n(&page->n, page->n + 1, __ATOMIC_RELEASE);
	return c;
}
