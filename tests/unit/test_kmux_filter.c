// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules, what they become, and what narrowing makes of two of them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include <cmocka.h>

#include "hijack/kmux/filter.h"

static struct kmux_rules rules_good(void)
{
	return (struct kmux_rules){ .size = sizeof(struct kmux_rules),
				    .revision = KMUX_REVISION, .threads = 1 };
}

static void wrong_rules(void **state)
{
	(void)state;
	static const unsigned int vital[] = { SYS_exit, SYS_exit_group, SYS_rt_sigreturn,
					      SYS_restart_syscall };
	static const struct kmux_rule bad[] = {
		{ .action = KMUX_KILL + 1 }, { .action = 255 }, { .log = 2 },
		{ .action = KMUX_ERRNO }, { .action = KMUX_ERRNO, .error = KMUX_MAX_ERROR + 1 },
		{ .action = KMUX_ERRNO, .error = 65535 }, { .action = KMUX_KILL, .error = 1 },
		{ .error = 1 },
	};
	struct kmux_rules rules = rules_good();
	struct kmux_filter filter;
	size_t i;

	rules.size--;
	assert_int_equal(kmux_filter_make(&filter, &rules), -EPROTO);
	rules = rules_good();
	rules.revision++;
	assert_int_equal(kmux_filter_make(&filter, &rules), -EPROTO);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		rules = rules_good();
		rules.rule[0] = bad[i];
		assert_int_equal(kmux_filter_make(&filter, &rules), -EINVAL);
		rules = rules_good();
		rules.rule[KMUX_CALLS - 1] = bad[i];
		assert_int_equal(kmux_filter_make(&filter, &rules), -EINVAL);
	}
	for (i = 0; i < sizeof(vital) / sizeof(*vital); i++) {
		rules = rules_good();
		rules.rule[vital[i]] = (struct kmux_rule){ .action = KMUX_ERRNO, .error = 1 };
		assert_int_equal(kmux_filter_make(&filter, &rules), -EINVAL);
		rules.rule[vital[i]] = (struct kmux_rule){ .log = 1 };
		assert_int_equal(kmux_filter_make(&filter, &rules), 0);
	}
}

static bool forks(unsigned int call)
{
	return call == SYS_clone || call == SYS_clone3 || call == SYS_fork || call == SYS_vfork;
}

/* What entry.S passes by itself is what is allowed, not logged, and makes no thread. */
static void verdict_of_each(void **state)
{
	(void)state;
	struct kmux_rules rules = rules_good();
	struct kmux_filter filter;
	struct kmux_verdict v;
	int call;

	for (call = 0; call < KMUX_CALLS; call++) {
		rules.rule[call].log = call % 2;
		if (call % 3 == 1 && call != SYS_exit && call != SYS_exit_group &&
		    call != SYS_rt_sigreturn && call != SYS_restart_syscall)
			rules.rule[call] = (struct kmux_rule){ KMUX_ERRNO, call % 2, call + 1 };
	}
	assert_int_equal(kmux_filter_make(&filter, &rules), 0);
	for (call = 0; call < KMUX_CALLS; call++) {
		v = kmux_filter_verdict(&filter, call);
		assert_int_equal(v.action, rules.rule[call].action);
		assert_int_equal(v.error, rules.rule[call].error);
		assert_int_equal(v.log, rules.rule[call].log);
		assert_int_equal(v.forks, forks(call));
		assert_int_equal(!filter.verdict[call],
				 v.action == KMUX_ALLOW && !v.log && !v.forks);
	}
}

static void numbers_beyond(void **state)
{
	(void)state;
	static const int calls[] = { KMUX_CALLS, KMUX_CALLS + 1, 0x40000000, INT32_MAX,
				     INT32_MIN, -1, -KMUX_CALLS };
	struct kmux_rules rules = rules_good();
	struct kmux_filter filter;
	size_t i;

	assert_int_equal(kmux_filter_make(&filter, &rules), 0);
	for (i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		struct kmux_verdict v = kmux_filter_verdict(&filter, calls[i]);

		assert_int_equal(v.action, KMUX_ERRNO);
		assert_int_equal(v.error, ENOSYS);
		assert_true(v.log);
		assert_false(v.forks);
	}
}

static const struct kmux_rule kinds[] = {
	{ .action = KMUX_ALLOW }, { .action = KMUX_ALLOW, .log = 1 },
	{ .action = KMUX_ERRNO, .error = 5 }, { .action = KMUX_ERRNO, .log = 1, .error = 7 },
	{ .action = KMUX_KILL }, { .action = KMUX_KILL, .log = 1 },
};

static struct kmux_filter filter_of(const struct kmux_rule *rule, int call)
{
	struct kmux_rules rules = rules_good();
	struct kmux_filter filter;

	rules.rule[call] = *rule;
	assert_int_equal(kmux_filter_make(&filter, &rules), 0);
	return filter;
}

/* Every pair: no action becomes milder, no log is switched off. */
static void narrowing(void **state)
{
	(void)state;
	static const int calls[] = { SYS_getpid, SYS_fork, KMUX_CALLS - 1 };
	const size_t n = sizeof(kinds) / sizeof(*kinds);
	size_t i, c;

	for (i = 0; i < n * n; i++)
		for (c = 0; c < sizeof(calls) / sizeof(*calls); c++) {
			const struct kmux_rule *a = &kinds[i / n], *b = &kinds[i % n];
			struct kmux_filter older = filter_of(a, calls[c]);
			struct kmux_filter filter = filter_of(b, calls[c]);
			struct kmux_verdict v;

			kmux_filter_narrow(&filter, &older);
			v = kmux_filter_verdict(&filter, calls[c]);
			assert_int_equal(v.action, a->action > b->action ? a->action : b->action);
			assert_int_equal(v.error, a->action >= b->action ? a->error : b->error);
			assert_int_equal(v.log, a->log || b->log);
			assert_int_equal(v.forks, calls[c] == SYS_fork);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_rules),
		cmocka_unit_test(verdict_of_each),
		cmocka_unit_test(numbers_beyond),
		cmocka_unit_test(narrowing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
