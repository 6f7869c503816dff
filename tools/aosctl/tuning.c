// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tuning - what on this host could be better.
 */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "tuning.h"

#define SECURE_BOOT	"/sys/firmware/efi/efivars/" \
			"SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define EFI_ATTRIBUTES	4	/* bytes before an EFI variable's value */

/* ---- the kernel ------------------------------------------------------------------ */

void tuning_options(struct preflight *p, const char *config)
{
	static const struct {
		const char *option, *module, *without;
	} options[] = {
		{ "CONFIG_NET_CLS_BPF=y", "CONFIG_NET_CLS_BPF=m", "modes \"redirect\", \"xdp\"" },
		{ "CONFIG_NET_SCH_INGRESS=y", "CONFIG_NET_SCH_INGRESS=m",
		  "modes \"redirect\", \"xdp\"" },
		{ "CONFIG_BPF_SYSCALL=y", "CONFIG_BPF_SYSCALL=y",
		  "modes \"redirect\", \"xdp\"" },
		{ "CONFIG_HIGH_RES_TIMERS=y", "CONFIG_HIGH_RES_TIMERS=y", "exact timers" },
	};
	unsigned int missing = 0;

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (preflight_has_word(config, options[i].option) ||
		    preflight_has_word(config, options[i].module))
			continue;
		missing++;
		preflight_found(p, VERDICT_REMARK, "boot a kernel that has it, e.g. the "
				"distribution's own", "kernel: no %s: without it no %s",
				options[i].module, options[i].without);
	}
	if (!missing)
		preflight_found(p, VERDICT_GOOD, NULL, "kernel: has all that steering needs");
}

static void look_at_kpti(struct preflight *p)
{
	char text[128];

	if (preflight_read(p, "/sys/devices/system/cpu/vulnerabilities/meltdown", text,
			   sizeof(text)))
		return;
	if (strstr(text, "PTI"))
		preflight_found(p, VERDICT_GOOD, NULL, "KPTI: on, as this processor needs it; "
				"entries and invocations cost more");
	else if (strstr(text, "Vulnerable"))
		preflight_found(p, VERDICT_REMARK, "boot without nopti and mitigations=off",
				"KPTI: off, though this processor needs it");
	else
		preflight_found(p, VERDICT_GOOD, NULL, "KPTI: not needed");
}

static void look_at_secure_boot(struct preflight *p)
{
	char path[PATH_MAX];
	uint8_t *bytes;
	size_t size;

	snprintf(path, sizeof(path), "%s" SECURE_BOOT, p->root);
	if (file_read_all(path, 64, &bytes, &size))
		return;
	if (size > EFI_ATTRIBUTES && bytes[EFI_ATTRIBUTES] == 1)
		preflight_found(p, VERDICT_REMARK, "sign them (kmodsign sha512 KEY CERT "
				"hijack.ko, cosnet.ko) and enrol the key (mokutil --import CERT)",
				"Secure Boot: on, modules must be signed");
	else
		preflight_found(p, VERDICT_GOOD, NULL, "Secure Boot: off");
	free(bytes);
}

/* ---- the AOS CPU --------------------------------------------------------------------- */

static void look_at_throttling(struct preflight *p)
{
	char text[32];

	if (preflight_read(p, "/proc/sys/kernel/sched_rt_runtime_us", text, sizeof(text)))
		return;
	if (!strcmp(text, "-1"))
		preflight_found(p, VERDICT_GOOD, NULL, "real-time throttling: off");
	else
		preflight_found(p, VERDICT_REMARK, "sysctl -w kernel.sched_rt_runtime_us=-1",
				"real-time throttling: an AOS that does not sleep for %s us of a "
				"period waits for the rest of it", text);
}

static bool comes_to(const struct preflight *p, const char *irq)
{
	char path[64], text[512];
	cpu_set_t set;

	snprintf(path, sizeof(path), "/proc/irq/%.16s/smp_affinity_list", irq);
	if (preflight_read(p, path, text, sizeof(text)))
		return false;
	file_cpu_list(text, &set);
	return CPU_ISSET((size_t)p->cpu, &set);
}

static void look_at_interrupts(struct preflight *p)
{
	char path[PATH_MAX];
	unsigned int n = 0;
	struct dirent *irq;
	DIR *irqs;

	snprintf(path, sizeof(path), "%s/proc/irq", p->root);
	irqs = opendir(path);
	if (!irqs)
		return;
	while ((irq = readdir(irqs)))
		n += *irq->d_name >= '0' && *irq->d_name <= '9' && comes_to(p, irq->d_name);
	closedir(irqs);
	if (n)
		preflight_found(p, VERDICT_REMARK, "boot with irqaffinity= and the other CPUs, "
				"or write those into /proc/irq/*/smp_affinity_list (some cannot "
				"be moved; stop irqbalance)",
				"CPU %d: %u interrupts may come here", p->cpu, n);
	else
		preflight_found(p, VERDICT_GOOD, NULL, "CPU %d: no interrupts of devices",
				p->cpu);
}

/* ---- the network ------------------------------------------------------------------------ */

static void look_at_forwarding(struct preflight *p)
{
	char text[16];

	if (preflight_read(p, "/proc/sys/net/ipv4/ip_forward", text, sizeof(text)))
		return;
	if (strcmp(text, "0"))
		preflight_found(p, VERDICT_GOOD, NULL, "forwarding: on");
	else
		preflight_found(p, VERDICT_REMARK, "host.forwarding = true in the configuration "
				"does it, or: sysctl -w net.ipv4.ip_forward=1",
				"forwarding: off: only this host itself reaches the AOS");
}

/* The stricter of "all" and the interface's own counts. */
static void look_at_reverse_path(struct preflight *p)
{
	char text[16];

	if (preflight_read(p, "/proc/sys/net/ipv4/conf/all/rp_filter", text, sizeof(text)))
		return;
	if (strcmp(text, "1"))
		preflight_found(p, VERDICT_GOOD, NULL, "reverse-path check: as each interface "
				"has it");
	else
		preflight_found(p, VERDICT_REMARK, "sysctl -w net.ipv4.conf.all.rp_filter=0",
				"reverse-path check: strict everywhere, which drops what the AOS "
				"sends from an address without a rule of mode \"route\"");
}

void tuning_run(struct preflight *p)
{
	look_at_kpti(p);
	look_at_secure_boot(p);
	look_at_throttling(p);
	look_at_interrupts(p);
	look_at_forwarding(p);
	look_at_reverse_path(p);
}
