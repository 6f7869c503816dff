// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Linux's trace points sched_process_fork, _exec and _exit, and its preempt
 * notifiers: used only while there is an attachment, so that nobody pays for
 * them else.  kmux_lock held, but when the module comes and goes.
 */
#include <linux/binfmts.h>
#include <linux/preempt.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include "hijack/kmux/kmux.h"

/* Their arguments: include/trace/events/sched.h. */
static void on_fork(void *data, struct task_struct *parent, struct task_struct *child)
{
	kmux_thread_forked(parent, child);
}

static void on_exec(void *data, struct task_struct *task, pid_t old_pid,
		    struct linux_binprm *bprm)
{
	kmux_thread_execed();
}

static void on_exit(void *data, struct task_struct *task)
{
	kmux_thread_exits();
}

static struct hook {
	const char *name;
	void *probe;
	struct tracepoint *tp;
} hooks[] = {
	{ "sched_process_fork", on_fork },
	{ "sched_process_exec", on_exec },
	{ "sched_process_exit", on_exit },
};

static void hook_find(struct tracepoint *tp, void *data)
{
	struct hook *hook;

	for (hook = hooks; hook < hooks + ARRAY_SIZE(hooks); hook++)
		if (!strcmp(tp->name, hook->name))
			hook->tp = tp;
}

int kmux_hooks_find(void)
{
	unsigned int i;

	for_each_kernel_tracepoint(hook_find, NULL);
	for (i = 0; i < ARRAY_SIZE(hooks); i++)
		if (!hooks[i].tp) {
			pr_err("hijack: refused: the kernel has no trace point %s\n",
			       hooks[i].name);
			return -EOPNOTSUPP;
		}
	return 0;
}

static void hooks_off(unsigned int n)
{
	while (n--)
		tracepoint_probe_unregister(hooks[n].tp, hooks[n].probe, NULL);
	/* Nobody is in a probe any more: it may go, with its module. */
	tracepoint_synchronize_unregister();
	preempt_notifier_dec();
}

int kmux_hooks_on(void)
{
	unsigned int i;
	int err;

	preempt_notifier_inc();
	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		err = tracepoint_probe_register(hooks[i].tp, hooks[i].probe, NULL);
		if (err) {
			hooks_off(i);
			return err;
		}
	}
	return 0;
}

void kmux_hooks_off(void)
{
	hooks_off(ARRAY_SIZE(hooks));
}
