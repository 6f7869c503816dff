// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The life of an instance: set up, entered by its Linux thread, left,
 * dead.  It can die at any moment and in three ways that may all happen at
 * once (the thread is killed, its memory goes, its last file is closed), so
 * the end is one idempotent function, host_teardown().
 */
#include <linux/cpu.h>
#include <linux/device.h>
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/mutex.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <asm/fsgsbase.h>
#include <asm/msr.h>
#include <asm/pkru.h>
#include "abi/image.h"
#include "hijack/hijack.h"

DEFINE_MUTEX(hijack_lock);
static LIST_HEAD(instances);

/* ---- finding ---- */

/* hijack_lock held.  An empty name means the only instance there is. */
static struct hijack_instance *instance_find(const char *name)
{
	struct hijack_instance *inst;

	if (!name[0])
		return list_is_singular(&instances) ?
			list_first_entry(&instances, struct hijack_instance, list) : NULL;
	list_for_each_entry(inst, &instances, list)
		if (!strncmp(inst->name, name, sizeof(inst->name)))
			return inst;
	return NULL;
}

/* With a reference, or NULL. */
struct hijack_instance *host_find(const char *name)
{
	struct hijack_instance *inst;

	mutex_lock(&hijack_lock);
	inst = instance_find(name);
	if (inst)
		host_get(inst);
	mutex_unlock(&hijack_lock);
	return inst;
}

u32 host_count_instances(void)
{
	struct hijack_instance *inst;
	u32 n = 0;

	mutex_lock(&hijack_lock);
	list_for_each_entry(inst, &instances, list)
		n++;
	mutex_unlock(&hijack_lock);
	return n;
}

/* Does an AOS hold this CPU?  For CPU hotplug. */
bool host_cpu_in_use(unsigned int cpu)
{
	struct hijack_instance *inst;
	bool used = false;

	mutex_lock(&hijack_lock);
	list_for_each_entry(inst, &instances, list)
		used |= inst->cpu == cpu && inst->state == HIJACK_STATE_RUNNING;
	mutex_unlock(&hijack_lock);
	return used;
}

/* ---- references ---- */

static void instance_free(struct kref *kref)
{
	struct hijack_instance *inst = container_of(kref, struct hijack_instance, kref);

	log_free(&inst->log);
	kfree(inst);
}

void host_get(struct hijack_instance *inst)
{
	kref_get(&inst->kref);
}

void host_put(struct hijack_instance *inst)
{
	kref_put(&inst->kref, instance_free);
}

/* ---- what an AOS needs of Linux as a whole ---- */

/*
 * Taking the CPU offline has to be refused before the scheduler drives its
 * threads away: by the time that main.c is asked, ours would be elsewhere.
 */
static void cpu_keep(unsigned int cpu, bool keep)
{
	struct hijack_cpu *hc = per_cpu_ptr(&hijack_cpu, cpu);
	struct device *dev = get_cpu_device(cpu);

	if (!dev)			/* unplugged: ENTER will find it offline */
		return;
	device_lock(dev);
	if (keep && !hc->kept++) {
		hc->was_permanent = dev->offline_disabled;
		dev->offline_disabled = true;
	}
	if (!keep && hc->kept && !--hc->kept)
		dev->offline_disabled = hc->was_permanent;
	device_unlock(dev);
}

/* Without hijack_lock: CPU hotplug's locks come before it. */
static void host_needs(unsigned int cpu)
{
	cpu_keep(cpu, true);
	preempt_notifier_inc();
}

static void host_needs_no_more(unsigned int cpu)
{
	preempt_notifier_dec();
	cpu_keep(cpu, false);
}

/* ---- the end ---- */

/* AOS CPU, interrupts off. */
static void forget_here(void *arg)
{
	struct hijack_instance *inst = arg;

	scope_forget(&inst->scope);
}

/* hijack_lock held: STATUS and mmap look at these. */
static void free_parts(struct hijack_instance *inst)
{
	inst->scope.personality->teardown(inst);
	mem_free(&inst->mem);
	fpu_free(inst);
	vfree(inst->image);
	inst->image = NULL;
	if (inst->task)
		put_task_struct(inst->task);
	inst->task = NULL;
}

/*
 * After this nothing of the instance is left but its log and its name.
 * Process context, sleeps; any task; any number of times.  The order: nobody
 * enters again, the AOS CPU has left, no event is under way, memory.
 */
static void host_teardown(struct hijack_instance *inst)
{
	bool claimed;

	mutex_lock(&hijack_lock);
	if (inst->torn_down) {
		mutex_unlock(&hijack_lock);
		return;
	}
	inst->torn_down = true;
	inst->scope.dead = true;
	/* A thread that has left the AOS lives on. */
	if (inst->state == HIJACK_STATE_RUNNING && inst->task != current)
		send_sig(SIGKILL, inst->task, 1);
	smp_call_function_single(inst->cpu, forget_here, inst, 1);
	inst->state = HIJACK_STATE_ENDED;
	mutex_unlock(&hijack_lock);

	channel_detach(inst);
	hrtimer_cancel(&inst->timer);
	irq_work_sync(&inst->kill_work);
	/*
	 * Nobody asks for upcall_ipi() any more.  A call that was queued runs in
	 * the same interrupt as this one or before, the scheduler's walk of the
	 * notifiers without preemption: a grace period sees the end of both.
	 */
	smp_call_function_single(inst->cpu, forget_here, inst, 1);
	synchronize_rcu();
	host_pages_release(inst);
	mutex_lock(&hijack_lock);
	claimed = inst->task;
	free_parts(inst);
	mutex_unlock(&hijack_lock);
	if (claimed)
		host_needs_no_more(inst->cpu);
}

/* The host process's memory goes: kill, exec, or its own exit. */
static void mn_release(struct mmu_notifier *mn, struct mm_struct *mm)
{
	host_teardown(container_of(mn, struct hijack_instance, mn));
}

static const struct mmu_notifier_ops mn_ops = { .release = mn_release };

/* The last descriptor of the instance's file is closed. */
void host_release(struct hijack_instance *inst)
{
	host_teardown(inst);
	mutex_lock(&hijack_lock);
	list_del_init(&inst->list);
	mutex_unlock(&hijack_lock);
	if (inst->mn_registered)
		mmu_notifier_unregister(&inst->mn, inst->mm);
	host_put(inst);
}

/* Hard interrupt. */
static void kill_work(struct irq_work *work)
{
	struct hijack_instance *inst = container_of(work, struct hijack_instance, kill_work);

	pr_err("hijack: %s: the AOS was ended: %s\n", inst->name, inst->kill_reason);
	send_sig(SIGKILL, inst->task, 1);
}

void host_kill_async(struct hijack_instance *inst, const char *why)
{
	inst->kill_reason = why;
	irq_work_queue(&inst->kill_work);
}

/* ---- set up ---- */

static int copy_image(struct hijack_instance *inst, const struct hijack_setup *setup)
{
	inst->image = vmalloc(setup->image_size);
	if (!inst->image)
		return -ENOMEM;
	inst->image_size = setup->image_size;
	if (copy_from_user(inst->image, u64_to_user_ptr(setup->image), setup->image_size) ||
	    copy_from_user(&inst->info, u64_to_user_ptr(setup->bootinfo), sizeof(inst->info)))
		return -EFAULT;
	return 0;
}

/* All at once: somebody may already have attached, and map counters. */
static int give_frames(struct hijack_instance *inst, u32 nframes)
{
	struct hijack_memory mem = { 0 };
	int err = mem_alloc(&mem, nframes);

	if (err)
		return err;
	mutex_lock(&hijack_lock);
	inst->mem = mem;
	mutex_unlock(&hijack_lock);
	return 0;
}

static int check_bootinfo(const struct bootinfo *info)
{
	if (info->magic != BOOTINFO_MAGIC || info->revision != BOOTINFO_REVISION)
		return -EPROTO;
	if (info->nchannels > BOOTINFO_CHANNELS || info->naddresses > BOOTINFO_ADDRESSES ||
	    info->nservices > BOOTINFO_SERVICES)
		return -EINVAL;
	return 0;
}

static int check_setup(const struct hijack_setup *setup)
{
	if (setup->size != sizeof(*setup) || setup->revision != HIJACK_REVISION)
		return -EPROTO;
	if (setup->flags || !setup->name[0] || setup->name[HIJACK_NAME_LEN - 1] ||
	    setup->cpu >= nr_cpu_ids || !setup->image_size ||
	    setup->poll_us > HIJACK_MAX_POLL_US || setup->reserved ||
	    setup->image_size > IMAGE_MAX_SIZE || setup->frames < HIJACK_MIN_FRAMES ||
	    setup->frames > HIJACK_MAX_FRAMES)
		return -EINVAL;
	return cpu_online(setup->cpu) ? 0 : -ENODEV;
}

static struct hijack_instance *instance_new(const struct hijack_setup *setup)
{
	struct hijack_instance *inst = kzalloc(sizeof(*inst), GFP_KERNEL_ACCOUNT);

	if (!inst)
		return NULL;
	kref_init(&inst->kref);
	INIT_LIST_HEAD(&inst->list);
	memcpy(inst->name, setup->name, sizeof(inst->name));
	inst->cpu = setup->cpu;
	inst->poll_ns = setup->poll_us * NSEC_PER_USEC;
	inst->state = HIJACK_STATE_SET_UP;
	inst->mn.ops = &mn_ops;
	init_irq_work(&inst->kill_work, kill_work);
	timer_init(inst);
	upcall_init(inst);
	scope_init(&inst->scope, &hijack_component_os);
	inst->scope.cpu = setup->cpu;
	return inst;
}

/* One instance per name, and per CPU. */
static int instance_add(struct hijack_instance *inst)
{
	struct hijack_instance *other;
	int err = 0;

	mutex_lock(&hijack_lock);
	list_for_each_entry(other, &instances, list)
		if (!strncmp(other->name, inst->name, sizeof(inst->name)) ||
		    (other->cpu == inst->cpu && other->state != HIJACK_STATE_ENDED))
			err = -EBUSY;
	if (!err)
		list_add_tail(&inst->list, &instances);
	mutex_unlock(&hijack_lock);
	return err;
}

/*
 * On success the caller's file owns *out.  On failure *out may be set as
 * well: an instance that is over, but whose log says why.
 */
int host_setup(const struct hijack_setup *setup, struct hijack_instance **out)
{
	struct hijack_instance *inst;
	int err = check_setup(setup);

	if (err)
		return err;
	inst = instance_new(setup);
	if (!inst)
		return -ENOMEM;
	err = log_init(&inst->log);
	if (!err)
		err = instance_add(inst);
	if (err) {
		host_put(inst);
		return err;
	}
	*out = inst;
	err = copy_image(inst, setup);
	if (!err)
		err = check_bootinfo(&inst->info);
	if (!err)
		err = give_frames(inst, setup->frames);
	if (!err)
		err = fpu_alloc(inst);
	if (!err)
		err = channel_attach(inst);
	if (!err)
		err = inst->scope.personality->setup(inst, &inst->start_regs);
	if (err)
		host_teardown(inst);
	return err;
}

/* ---- enter and leave ---- */

static void thread_prepare(struct hijack_instance *inst)
{
	inst->saved.regs = *task_pt_regs(current);
	inst->saved.robust_list = current->robust_list;
	inst->saved.clear_child_tid = current->clear_child_tid;
	current->robust_list = NULL;
	current->clear_child_tid = NULL;
#ifdef CONFIG_RSEQ
	inst->saved.rseq = current->rseq;
	current->rseq = NULL;
#endif
	inst->saved.was_no_setaffinity = current->flags & PF_NO_SETAFFINITY;
	current->flags |= PF_NO_SETAFFINITY;
}

/* Not under hijack_lock: the memory map's lock comes before it (mmap of /dev/hijack). */
static int watch_memory(struct hijack_instance *inst)
{
	int err;

	if (inst->mn_registered)
		return 0;
	err = mmu_notifier_register(&inst->mn, current->mm);
	if (err)
		return err;
	inst->mm = current->mm;
	inst->mn_registered = true;
	return 0;
}

/* hijack_lock held. */
static int claim_thread(struct hijack_instance *inst)
{
	int err;

	if (inst->state != HIJACK_STATE_SET_UP || inst->torn_down || inst->mm != current->mm)
		return -EBUSY;
	err = refuse_thread(inst->cpu);
	if (err)
		return err;
	inst->task = get_task_struct(current);
	inst->state = HIJACK_STATE_RUNNING;
	return 0;
}

/*
 * The calling thread becomes the AOS: the registers it returns to ring 3 with
 * are the AOS's, and from here on its entry points are.  The value returned
 * lands in ax, which the first AOS context does not read.
 */
long host_enter(struct hijack_instance *inst, int fd)
{
	int err = watch_memory(inst);

	if (err)
		return err;
	host_needs(inst->cpu);
	mutex_lock(&hijack_lock);
	err = claim_thread(inst);
	mutex_unlock(&hijack_lock);
	if (err) {
		host_needs_no_more(inst->cpu);
		return err;
	}

	inst->fd = fd;
	thread_prepare(inst);
	preempt_notifier_register(&inst->scope.preempt);
	local_irq_disable();
	/* It was not barred from moving when refuse_thread() looked. */
	if (smp_processor_id() != inst->cpu) {
		scope_end(&inst->scope, "it was moved to another CPU");
		local_irq_enable();
		return -EBUSY;
	}
	current->thread.fsbase = 0;
	current->thread.gsbase = 0;
	inst->saved.fsbase = rdfsbase();
	rdmsrl(MSR_KERNEL_GS_BASE, inst->saved.gsbase);
	wrfsbase(0);
	wrmsrl(MSR_KERNEL_GS_BASE, 0);
	inst->saved.pkru = read_pkru();
	write_pkru(0);
	fpu_enter(inst);
	inst->in_linux = true;
	scope_enter(&inst->scope);
	*task_pt_regs(current) = inst->start_regs;
	local_irq_enable();
	return 0;
}

/* Linux's own pointers, limits and registers of this thread, as before ENTER. */
static void thread_restore(const struct hijack_saved *saved)
{
	current->robust_list = saved->robust_list;
	current->clear_child_tid = saved->clear_child_tid;
#ifdef CONFIG_RSEQ
	current->rseq = saved->rseq;
#endif
	if (!saved->was_no_setaffinity)
		current->flags &= ~PF_NO_SETAFFINITY;
	current->thread.fsbase = saved->fsbase;
	current->thread.gsbase = saved->gsbase;
	current->thread.pkru = saved->pkru;
	wrfsbase(saved->fsbase);
	wrmsrl(MSR_KERNEL_GS_BASE, saved->gsbase);
	write_pkru(saved->pkru);
}

/* ioctl by the AOS thread, its last: back to Linux for good. */
long host_leave(struct hijack_instance *inst)
{
	int status = inst->stop_wanted ? HIJACK_EXIT_STOPPED : inst->exit_status;
	struct pt_regs *regs = task_pt_regs(current);

	local_irq_disable();
	scope_forget(&inst->scope);
	thread_restore(&inst->saved);
	fpu_leave(inst);
	inst->exit_status = status;
	inst->state = HIJACK_STATE_ENDED;
	*regs = inst->saved.regs;
	regs->ax = status;
	local_irq_enable();
	return status;
}

/*
 * ioctl by the AOS thread: a page of its process, for the AOS.  An ioctl's
 * result is an int, and all of rax is ring 3's: so the way back is a fault, at
 * an address where nothing is ever mapped, and that puts the registers right.
 * Events stay pending until then.
 */
long host_pin(struct hijack_instance *inst)
{
	struct pt_regs *regs = task_pt_regs(current);

	if (inst->stop_wanted)
		return host_leave(inst);
	inst->host_pages.failed = host_pages_pin(inst);
	regs->ip = 0;
	regs->sp = 0;
	return 0;
}

/*
 * An operator wants the AOS to end.  Under the lock: the event must be on its
 * way before host_teardown() waits for such.
 */
void host_stop(struct hijack_instance *inst)
{
	mutex_lock(&hijack_lock);
	if (!inst->torn_down) {
		inst->stop_wanted = true;
		hijack_event(inst, 0);
	}
	mutex_unlock(&hijack_lock);
}
