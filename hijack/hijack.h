/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hijack's own types, and what its files offer each other.
 *
 * LOCKING.  `hijack_lock` (mutex, host.c) guards the list of instances and
 * their state changes in process context.  What ring 3 and interrupts use
 * (`entered`, `in_linux`, struct aos) is touched on the instance's CPU with
 * interrupts off, by nobody else; `dead` is set by anyone, once, and read
 * there; `pending` is atomic.
 */
#ifndef HIJACK_H
#define HIJACK_H

#include <linux/atomic.h>
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mmu_notifier.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched/task_stack.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <asm/desc.h>
#include <asm/ptrace.h>

#include "abi/bootinfo.h"
#include "hijack/channel.h"
#include "hijack/personality.h"
#include "hijack/regs.h"
#include "hijack/uapi/hijack.h"

struct aos;
struct aos_frame;

/* Per CPU; entry.S knows the first three fields. */
struct hijack_cpu {
	void *context;			/* of the scope: what its fast path works on */
	unsigned long stack_top;	/* of the thread's kernel stack */
	unsigned long user_cr3;		/* for the way out, set before leaving C */

	struct hijack_scope *scope;	/* whose entry points are loaded, or NULL */
	unsigned long linux_cr3;	/* found when they were loaded */
	unsigned int kept;		/* AOSs that keep it online; its device's lock */
	bool was_permanent;
	/* Boot values of this CPU, read when the module was loaded. */
	u64 lstar, cstar, sysenter_cs;
	struct desc_ptr idt;
};
DECLARE_PER_CPU(struct hijack_cpu, hijack_cpu);

/* What an ending thread gets back: Linux's pointers into its old memory. */
struct hijack_saved {
	struct pt_regs regs;		/* of the ENTER call */
	struct robust_list_head __user *robust_list;
	int __user *clear_child_tid;
	struct rseq __user *rseq;
	unsigned long fsbase, gsbase;
	u32 pkru;
	unsigned int was_no_setaffinity;
};

#define HIJACK_LOG_SIZE (64u << 10)	/* power of two */

struct hijack_log {
	char *text;
	u32 head;			/* bytes ever written; written on the AOS CPU */
};

struct hijack_memory {
	struct page **chunk;		/* order-1 blocks: frames 2i and 2i+1 */
	u32 nframes;
	struct aos_frame *info;		/* the AOS's bookkeeping, one per frame */
};

/* A page of the host process that the AOS may map; pinned until the end. */
struct hijack_pin {
	unsigned long vaddr;
	struct page *page;
	bool write;
};

/*
 * Only the AOS thread touches it, in ring 0 with interrupts off or in its
 * HIJACK_PIN call; the teardown does when that thread is out.
 */
struct hijack_host_pages {
	struct hijack_pin *pin;		/* HIJACK_MAX_PINS of them, or NULL: none yet */
	u32 npins;
	bool wanted;			/* when the AOS kernel is left, go and pin */
	bool asked;			/* in HIJACK_PIN, or on the way back from it */
	unsigned long vaddr;		/* what is asked for */
	bool write;
	bool failed;			/* the answer, until the AOS has heard it */
	struct pt_regs regs;		/* ring 3's at the fault */
};

struct hijack_instance {
	struct list_head list;		/* hijack_lock */
	struct kref kref;
	char name[HIJACK_NAME_LEN];
	struct hijack_scope scope;	/* of its thread */
	unsigned int cpu;
	u64 poll_ns;			/* before it sleeps: idle.c */
	u64 polls;			/* that ended by an event; written by its thread */

	struct task_struct *task;	/* referenced from ENTER to the end */
	struct mm_struct *mm;
	int fd;				/* of this file in that task */
	bool mn_registered;
	struct mmu_notifier mn;
	struct hijack_saved saved;
	struct pt_regs start_regs;	/* ring 3's first, from the personality */

	bool in_linux;			/* in a Linux call of its own: hands off its registers */
	bool torn_down;
	bool idle_wanted, halt_wanted, stop_wanted;
	bool landing;			/* out of it, but Linux may still put its result into rax */
	struct {
		bool on;		/* ring 3 comes in at once: upcall.c */
		unsigned long ip, ax;	/* and goes on here then, with this */
	} detour;
	struct {
		unsigned long di, si, sp;
	} user;				/* ring 3's, while in a Linux call */
	int exit_status;
	u32 state;			/* enum hijack_state */

	atomic_t pending;		/* HAL_EVENT_* */
	struct irq_work kill_work;	/* SIGKILL from where no lock may be taken */
	const char *kill_reason;
	call_single_data_t csd;
	atomic_t called;		/* csd is on its way: nobody else may ask for it */
	struct hrtimer timer;

	struct hijack_memory mem;
	struct hijack_host_pages host_pages;
	struct hijack_log log;
	void *vectors;			/* saved vector registers: fpu.c */
	struct aos *aos;
	void *image;
	u32 image_size;
	struct bootinfo info;
	struct hijack_channel *channel[BOOTINFO_CHANNELS];

	u64 upcalls;
};

static inline struct hijack_instance *scope_instance(struct hijack_scope *scope)
{
	return container_of(scope, struct hijack_instance, scope);
}

/* component_os.c */
extern const struct hijack_personality hijack_component_os;

/* entry.S */
void hijack_entry_syscall(void);
void hijack_entry_compat(void);
void hijack_entry_text(void);
void hijack_entry_text_end(void);

/* kmux/entry.S */
void kmux_entry_syscall(void);
void kmux_entry_compat(void);
void kmux_entry_text(void);
void kmux_entry_text_end(void);

/* scope.c: entry points of a thread; interrupts off, on its CPU */
void scope_init(struct hijack_scope *scope, const struct hijack_personality *personality);
void scope_load(struct hijack_scope *scope);
void scope_unload(struct hijack_scope *scope);
bool scope_loaded(const struct hijack_scope *scope);
void scope_record_boot_values(void);
void scope_forget(struct hijack_scope *scope);
void scope_end(struct hijack_scope *scope, const char *why);
void scope_enter(struct hijack_scope *scope);
void scope_set_context(struct hijack_scope *scope, void *context);
void scope_map_process(void);
struct hijack_scope *scope_of_current(void);

/*
 * idt.c: a page each; under KPTI the ring-3 root maps these and the entry
 * text, no more.
 */
#define HIJACK_VECTORS 256

struct hijack_entry_data {
	/* [0..255] Linux's handlers, where ring-0 exceptions go on; [256] its LSTAR */
	u64 linux_entry[HIJACK_VECTORS + 1];
} __aligned(PAGE_SIZE);

extern gate_desc hijack_idt[HIJACK_VECTORS];		/* the AOS's */
extern gate_desc hijack_idt_shut[HIJACK_VECTORS];	/* Linux's handlers, INT refused */
extern struct hijack_entry_data hijack_entry_data;
int idt_init(void);
void idt_load(const gate_desc *table);

/* entry_pages.c */
int entry_pages_init(void);
void entry_pages_exit(void);
void entry_pages_root_init(u64 *kernel_root, u64 *user_root);
void entry_pages_map_process(struct mm_struct *mm);

/* upcall.c */
void hijack_event(struct hijack_instance *inst, u32 events);
void upcall_init(struct hijack_instance *inst);
u32 upcall_take(struct hijack_instance *inst);
int upcall_land(struct hijack_instance *inst);
bool upcall_detour_end(struct hijack_instance *inst, struct pt_regs *regs);

/* fpu.c: interrupts off in enter and leave */
void fpu_init(void);
int fpu_alloc(struct hijack_instance *inst);
void fpu_free(struct hijack_instance *inst);
void fpu_enter(struct hijack_instance *inst);
void fpu_leave(struct hijack_instance *inst);

/* timer.c */
void timer_init(struct hijack_instance *inst);
void timer_program(struct hijack_instance *inst, u64 deadline_ns);

/* mem.c */
int mem_alloc(struct hijack_memory *mem, u32 nframes);
void mem_free(struct hijack_memory *mem);
extern atomic_long_t mem_frames_given;	/* by all instances: 0 when none is left */
struct page *mem_frame_page(const struct hijack_memory *mem, u32 frame);

/* host_pages.c */
int host_pages_pin(struct hijack_instance *inst);
void host_pages_release(struct hijack_instance *inst);
extern atomic_long_t host_pages_pinned;	/* by all instances */

/* log.c */
int log_init(struct hijack_log *log);
void log_free(struct hijack_log *log);
void log_write(struct hijack_log *log, const char *text, u32 len);
ssize_t log_read(const struct hijack_log *log, char __user *buf, size_t len, loff_t *pos);

/* dispatch.c */
unsigned int hijack_syscall(struct pt_regs *regs);
unsigned int hijack_exception(struct pt_regs *regs, unsigned int vector);
void hijack_kernel_fault(void);
enum hijack_exit dispatch_leave(struct hijack_instance *inst, struct pt_regs *regs);
enum hijack_exit dispatch_leave_for_pin(struct hijack_instance *inst, struct pt_regs *regs);

/* host.c: an instance's life */
extern struct mutex hijack_lock;
int host_setup(const struct hijack_setup *setup, struct hijack_instance **out);
long host_enter(struct hijack_instance *inst, int fd);
long idle_until_event(struct hijack_instance *inst);
long host_pin(struct hijack_instance *inst);
long host_leave(struct hijack_instance *inst);
void host_stop(struct hijack_instance *inst);
void host_release(struct hijack_instance *inst);
struct hijack_instance *host_find(const char *name);
void host_get(struct hijack_instance *inst);
void host_put(struct hijack_instance *inst);
bool host_cpu_in_use(unsigned int cpu);
u32 host_count_instances(void);
void host_kill_async(struct hijack_instance *inst, const char *why);

/* hal.c */
void hal_flush_user_pcid(void);

/* refuse.c */
int refuse_host(void);
int refuse_thread(unsigned int cpu);
bool refuse_is_shared(void);

/* channel.c */
u32 channel_count(void);
struct hijack_channel *channel_new(const char *name, const u32 bytes[RING_PARTS],
				   const struct hijack_channel_ops *ops, void *priv);
void channel_own(struct hijack_channel *ch, void (*free)(void *priv));
struct hijack_channel *channel_get(struct hijack_instance *inst, u32 kind, const char *name);
void channel_put(struct hijack_channel *ch);
void *channel_priv(struct hijack_channel *ch);
bool channel_has_rings(struct hijack_channel *ch);
u64 channel_take_rings(struct hijack_channel *ch);
int channel_attach(struct hijack_instance *inst);
void channel_detach(struct hijack_instance *inst);
int channel_page_pfn(struct hijack_instance *inst, u32 channel, u32 part, u32 page,
		     unsigned long *pfn);
void channel_doorbell(struct hijack_instance *inst, u32 channel);
void channel_throttle(struct hijack_instance *inst, u32 channel, bool on);

/* boot_values.c */
int boot_values_init(void);
void boot_values_exit(void);

/* kmux/ */
int kmux_init(void);
void kmux_exit(void);
u32 kmux_count_threads(void);

/* translator/ */
int translator_init(void);
void translator_exit(void);

/* chardev.c */
int chardev_init(void);
void chardev_exit(void);

#endif
