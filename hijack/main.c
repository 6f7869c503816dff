// SPDX-License-Identifier: GPL-2.0-or-later
/* hijack.ko: the ladder up, and its mirror down. */
#include <linux/cpuhotplug.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/smp.h>
#include "hijack/hijack.h"

static int hp_state;

static int cpu_came(unsigned int cpu)
{
	scope_record_boot_values();
	return 0;
}

static int cpu_goes(unsigned int cpu)
{
	if (!host_cpu_in_use(cpu))
		return 0;
	pr_err("hijack: CPU %u runs an AOS and stays online (stop the AOS first)\n", cpu);
	return -EBUSY;
}

static int __init hijack_init(void)
{
	int err = refuse_host();

	if (err)
		return err;
	fpu_init();
	err = idt_init();
	if (err)
		return err;
	err = entry_pages_init();
	if (err)
		return err;
	hp_state = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "hijack:online", cpu_came, cpu_goes);
	if (hp_state < 0) {
		err = hp_state;
		goto undo_entry_pages;
	}
	err = boot_values_init();
	if (err)
		goto undo_hotplug;
	err = kmux_init();
	if (err)
		goto undo_boot_values;
	err = translator_init();
	if (err)
		goto undo_kmux;
	err = chardev_init();
	if (err)
		goto undo_translator;
	return 0;

undo_translator:
	translator_exit();
undo_kmux:
	kmux_exit();
undo_boot_values:
	boot_values_exit();
undo_hotplug:
	cpuhp_remove_state_nocalls(hp_state);
undo_entry_pages:
	entry_pages_exit();
	return err;
}

static void __exit hijack_exit(void)
{
	chardev_exit();
	translator_exit();
	kmux_exit();
	boot_values_exit();
	cpuhp_remove_state_nocalls(hp_state);
	entry_pages_exit();
}

module_init(hijack_init);
module_exit(hijack_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Run a component OS inside a Linux thread");
MODULE_VERSION(__stringify(HIJACK_REVISION));	/* of its door: `aosctl version` */
