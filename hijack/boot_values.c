// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What tests and doctors look at, in /sys/kernel/debug/hijack.
 *
 * entry_points: for each online CPU what its entry
 * points are now and what they were when the module was loaded, read on that
 * CPU: "boot" if they are the same, else the name of the personality whose
 * thread is running at that instant, which the interrupt that reads them sees.
 */
#include <linux/cpu.h>
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <asm/desc.h>
#include <asm/msr.h>
#include "hijack/hijack.h"

struct now {
	u64 lstar, cstar, sysenter_cs;
	struct desc_ptr idt;
	const char *whose;
};

static struct dentry *debug_dir;

static void read_now(void *arg)
{
	const struct hijack_scope *scope = this_cpu_read(hijack_cpu.scope);
	struct now *now = arg;

	now->whose = scope ? scope->personality->name : "nobody";
	rdmsrl(MSR_LSTAR, now->lstar);
	rdmsrl(MSR_CSTAR, now->cstar);
	rdmsrl(MSR_IA32_SYSENTER_CS, now->sysenter_cs);
	store_idt(&now->idt);
}

static int entry_points_show(struct seq_file *m, void *v)
{
	unsigned int cpu;

	cpus_read_lock();
	for_each_online_cpu(cpu) {
		const struct hijack_cpu *boot = per_cpu_ptr(&hijack_cpu, cpu);
		struct now now;
		bool same;

		if (smp_call_function_single(cpu, read_now, &now, 1))
			continue;
		same = now.lstar == boot->lstar && now.cstar == boot->cstar &&
		       now.sysenter_cs == boot->sysenter_cs &&
		       now.idt.address == boot->idt.address && now.idt.size == boot->idt.size;
		seq_printf(m, "cpu %u %s lstar %llx cstar %llx sysenter_cs %llx idt %lx\n", cpu,
			   same ? "boot" : now.whose, now.lstar, now.cstar, now.sysenter_cs,
			   now.idt.address);
	}
	cpus_read_unlock();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(entry_points);

/* What hijack holds of Linux's: all zero when nobody uses it. */
static int accounting_show(struct seq_file *m, void *v)
{
	seq_printf(m, "instances %u\n", host_count_instances());
	seq_printf(m, "frames %ld\n", atomic_long_read(&mem_frames_given));
	seq_printf(m, "filtered_threads %u\n", kmux_count_threads());
	seq_printf(m, "channels %u\n", channel_count());
	seq_printf(m, "host_pages %ld\n", atomic_long_read(&host_pages_pinned));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(accounting);

int boot_values_init(void)
{
	debug_dir = debugfs_create_dir("hijack", NULL);
	debugfs_create_file("accounting", 0400, debug_dir, NULL, &accounting_fops);
	debugfs_create_file("entry_points", 0400, debug_dir, NULL, &entry_points_fops);
	return 0;
}

void boot_values_exit(void)
{
	debugfs_remove_recursive(debug_dir);
}
