// SPDX-License-Identifier: GPL-2.0-or-later
/* Response-time analysis. */
#include "response.h"

/* More steps than this are not worth the wait: there is no bound, we say. */
#define STEPS 1000000

/* Sums of at most 32 budgets of an hour each stay far below this. */
#define TOO_LONG (INT64_MAX / 4)

static int64_t divide_up(int64_t a, int64_t b)
{
	return a / b + (a % b > 0);
}

int64_t response_supplied_within(struct response_supply supply, int64_t work)
{
	int64_t gap = supply.period - supply.budget, periods;

	if (!supply.period)
		return work;
	/* The budget was used up at once, then comes as late as it can. */
	periods = divide_up(work, supply.budget);
	if (periods >= TOO_LONG / supply.period)
		return RESPONSE_NONE;
	return work + gap * (periods + 1);
}

bool response_delays(const struct response_task *tasks, unsigned int other,
		     unsigned int index)
{
	return other != index && tasks[other].period &&
	       tasks[other].priority <= tasks[index].priority;
}

int64_t response_blocking(const struct response_task *tasks, unsigned int n,
			  unsigned int index)
{
	int64_t sum = 0;

	for (unsigned int i = 0; i < n; i++)
		if (tasks[i].priority > tasks[index].priority)
			sum += tasks[i].critical;
	return sum;
}

/* What the task and those that delay it want in a window of that length. */
static int64_t demand(const struct response_task *tasks, unsigned int n, unsigned int index,
		      int64_t window)
{
	int64_t sum = tasks[index].budget + response_blocking(tasks, n, index);

	for (unsigned int i = 0; i < n; i++) {
		int64_t releases;

		if (!response_delays(tasks, i, index))
			continue;
		releases = divide_up(window + tasks[i].jitter, tasks[i].period);
		if (releases >= TOO_LONG / 32 / tasks[i].budget)
			return TOO_LONG;
		sum += releases * tasks[i].budget + tasks[i].overdraw;
	}
	return sum;
}

/* From below to the first window that is long enough for what it brings. */
int64_t response_time(const struct response_task *tasks, unsigned int n, unsigned int index,
		      struct response_supply supply, int64_t limit)
{
	int64_t window = tasks[index].budget;

	for (int step = 0; step < STEPS && window <= limit; step++) {
		int64_t wanted = demand(tasks, n, index, window);
		int64_t next = response_supplied_within(supply, wanted);

		if (next <= window)
			return window;
		window = next;
	}
	return RESPONSE_NONE;
}
