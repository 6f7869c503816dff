// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads under a filter: how they come under it, what becomes of their
 * system calls, and how they end.
 *
 * Every thread that uses the memory of an attached process is in the scope,
 * with or without KMUX_INHERIT: its ring-3 root leads to the entry pages.
 */
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/signal.h>
#include <linux/timekeeping.h>
#include <linux/unistd.h>
#include "hijack/kmux/kmux.h"

static const struct hijack_personality kmux_personality;
static atomic_t threads;	/* of all attachments */

u32 kmux_count_threads(void)
{
	return atomic_read(&threads);
}

/* The current thread, if it is under a filter, or will be from its next exec on. */
struct kmux_thread *kmux_thread_current(void)
{
	struct hijack_scope *scope = scope_of_current();

	if (!scope || scope->personality != &kmux_personality)
		return NULL;
	return container_of(scope, struct kmux_thread, scope);
}

/* ---- places ---- */

/* Any context. */
static struct kmux_thread *place_take(struct kmux_attachment *at)
{
	unsigned long i;

	do {
		i = find_first_zero_bit(at->taken, at->nthreads);
		if (i >= at->nthreads)
			return NULL;
	} while (test_and_set_bit(i, at->taken));
	return &at->thread[i];
}

static void place_give_back(struct kmux_attachment *at, struct kmux_thread *place)
{
	WRITE_ONCE(place->task, NULL);
	/* Release: who takes it next finds it left. */
	clear_bit_unlock(place - at->thread, at->taken);
}

/* A place is a thread's from here on, and holds the attachment. */
static void thread_begin(struct kmux_thread *thread, struct kmux_attachment *at,
			 const struct kmux_filter *filter, const struct task_struct *task)
{
	scope_init(&thread->scope, &kmux_personality);
	thread->scope.context = (void *)filter;
	thread->attachment = at;
	thread->filter = filter;
	thread->room = NULL;
	thread->until_exec = false;
	WRITE_ONCE(thread->task, task);
	refcount_inc(&at->users);
	atomic_inc(&at->running);
	atomic_inc(&threads);
}

/* By the thread itself: it is Linux's alone again. */
static void thread_end(struct kmux_thread *thread)
{
	struct kmux_attachment *at = thread->attachment;
	unsigned long flags;

	local_irq_save(flags);
	scope_forget(&thread->scope);
	local_irq_restore(flags);
	if (thread->room)
		place_give_back(at, thread->room);
	place_give_back(at, thread);
	atomic_dec(&at->running);
	atomic_dec(&threads);
	kmux_attachment_put(at);
}

/* ---- system calls: interrupts off, Linux believes itself in user mode ---- */

/* Before a thread is made there must be a place for it: afterwards it is too late. */
static bool has_room(struct kmux_thread *thread)
{
	if (!thread->room)
		thread->room = place_take(thread->attachment);
	return thread->room;
}

static void log_call(struct kmux_thread *thread, const struct pt_regs *regs,
		     const struct kmux_verdict *verdict)
{
	const struct kmux_record record = {
		.time = ktime_get_mono_fast_ns(),
		.ip = regs->ip,
		.argument = { regs->di, regs->si, regs->dx, regs->r10, regs->r8, regs->r9 },
		.call = regs->ax,
		.thread = current->pid,
		.process = current->tgid,
		.error = verdict->error,
		.action = verdict->action,
	};

	kmux_log_write(&thread->attachment->log, &record);
}

static enum hijack_exit kmux_syscall(struct hijack_scope *scope, struct pt_regs *regs)
{
	struct kmux_thread *thread = container_of(scope, struct kmux_thread, scope);
	struct kmux_verdict verdict = kmux_filter_verdict(thread->filter, regs->ax);

	if (verdict.forks && verdict.action == KMUX_ALLOW && !has_room(thread)) {
		verdict.action = KMUX_ERRNO;
		verdict.error = EAGAIN;
	}
	if (verdict.log)
		log_call(thread, regs, &verdict);
	if (verdict.action == KMUX_ALLOW)
		return HIJACK_EXIT_LINUX;
	atomic64_inc(&thread->attachment->refused);
	if (verdict.action == KMUX_ERRNO) {
		regs->ax = -(long)verdict.error;
		return HIJACK_EXIT_IRET;
	}
	regs->ax = __NR_exit_group;
	regs->di = KMUX_EXIT_KILLED;
	return HIJACK_EXIT_LINUX;
}

static const struct hijack_personality kmux_personality = {
	.name = "kmux",
	.entry = kmux_entry_syscall,
	.entry_compat = kmux_entry_compat,
	.idt = hijack_idt_shut,
	.syscall = kmux_syscall,
};

/* ---- into it ---- */

static void enter_here(struct kmux_thread *thread)
{
	local_irq_disable();
	scope_enter(&thread->scope);
	local_irq_enable();
}

/* The calling thread; process context.  The caller holds the attachment, which is new. */
void kmux_thread_attach(struct kmux_attachment *at, bool at_exec)
{
	struct kmux_thread *thread = place_take(at);

	thread_begin(thread, at, kmux_attachment_filter(at), current);
	preempt_notifier_register(&thread->scope.preempt);
	if (!at_exec)
		enter_here(thread);
}

void kmux_thread_narrow(struct kmux_thread *thread, const struct kmux_filter *filter)
{
	local_irq_disable();
	thread->filter = filter;
	scope_set_context(&thread->scope, (void *)filter);
	local_irq_enable();
}

/* ---- Linux's hooks: current is the thread, preemption off, nothing may sleep ---- */

/*
 * The place for a child: the one kept when its parent made the call.  Only a
 * tracer can have put a call there that the filter did not see.  If there is
 * no place then, the child is under no filter, as is whatever the tracer
 * wants; but it may use tables of ours, so the module must stay for ever.
 */
static struct kmux_thread *place_for_child(struct kmux_thread *parent)
{
	struct kmux_thread *place;

	if (has_room(parent)) {
		place = parent->room;
		parent->room = NULL;
		return place;
	}
	__module_get(THIS_MODULE);
	return NULL;
}

/* The child is whole, but does not run yet. */
void kmux_thread_forked(struct task_struct *parent_task, struct task_struct *child)
{
	struct kmux_thread *parent = kmux_thread_current(), *thread;
	bool shares = child->mm == parent_task->mm;

	if (!parent || !parent->scope.entered)
		return;
	if (!shares && !parent->attachment->inherit)
		return;
	thread = place_for_child(parent);
	if (!thread)
		return;
	thread_begin(thread, parent->attachment, parent->filter, child);
	thread->until_exec = parent->until_exec ||
		(!parent->attachment->inherit && child->tgid != parent_task->tgid);
	thread->scope.entered = true;
	hlist_add_head(&thread->scope.preempt.link, &child->preempt_notifiers);
}

/* The new program's memory is there, ring 3 not yet. */
void kmux_thread_execed(void)
{
	struct kmux_thread *thread = kmux_thread_current();

	if (!thread)
		return;
	if (thread->until_exec)
		thread_end(thread);
	else if (!thread->scope.entered)
		enter_here(thread);
	else
		scope_map_process();
}

/* Ring 3 is over for it. */
void kmux_thread_exits(void)
{
	struct kmux_thread *thread = kmux_thread_current();

	if (thread)
		thread_end(thread);
}
