// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules checked once, and looked up ever after. */
#include <linux/errno.h>
#include <linux/nospec.h>
#include <linux/unistd.h>
#include "hijack/kmux/filter.h"

/* They end or continue what Linux has begun: refused, no program could go on or end. */
static bool call_is_vital(unsigned int call)
{
	return call == __NR_exit || call == __NR_exit_group ||
	       call == __NR_rt_sigreturn || call == __NR_restart_syscall;
}

static bool call_forks(unsigned int call)
{
	return call == __NR_clone || call == __NR_clone3 ||
	       call == __NR_fork || call == __NR_vfork;
}

static bool rule_is_valid(const struct kmux_rule *rule, unsigned int call)
{
	if (rule->action > KMUX_KILL || rule->log > 1)
		return false;
	if (rule->action != KMUX_ALLOW && call_is_vital(call))
		return false;
	if (rule->action != KMUX_ERRNO)
		return !rule->error;
	return rule->error && rule->error <= KMUX_MAX_ERROR;
}

int kmux_filter_make(struct kmux_filter *filter, const struct kmux_rules *rules)
{
	unsigned int call;

	if (rules->size != sizeof(*rules) || rules->revision != KMUX_REVISION)
		return -EPROTO;
	for (call = 0; call < KMUX_CALLS; call++) {
		const struct kmux_rule *rule = &rules->rule[call];

		if (!rule_is_valid(rule, call))
			return -EINVAL;
		filter->error[call] = rule->error;
		filter->verdict[call] = rule->action | (rule->log ? KMUX_LOG : 0) |
					(call_forks(call) ? KMUX_FORKS : 0);
	}
	return 0;
}

void kmux_filter_narrow(struct kmux_filter *filter, const struct kmux_filter *older)
{
	unsigned int call;

	for (call = 0; call < KMUX_CALLS; call++) {
		__u8 log = (filter->verdict[call] | older->verdict[call]) & KMUX_LOG;
		__u8 new = filter->verdict[call] & KMUX_ACTION_MASK;
		__u8 old = older->verdict[call] & KMUX_ACTION_MASK;

		/* Of two errors the first stays: what was promised is kept. */
		if (old >= new) {
			filter->verdict[call] = older->verdict[call];
			filter->error[call] = older->error[call];
		}
		filter->verdict[call] |= log;
	}
}

struct kmux_verdict kmux_filter_verdict(const struct kmux_filter *filter, __s32 call)
{
	struct kmux_verdict none = { .action = KMUX_ERRNO, .log = true, .error = ENOSYS };
	unsigned int index = call;
	__u8 verdict;

	if (index >= KMUX_CALLS)
		return none;
	index = array_index_nospec(index, KMUX_CALLS);
	verdict = filter->verdict[index];
	return (struct kmux_verdict){
		.action = verdict & KMUX_ACTION_MASK,
		.log = verdict & KMUX_LOG,
		.forks = verdict & KMUX_FORKS,
		.error = filter->error[index],
	};
}
