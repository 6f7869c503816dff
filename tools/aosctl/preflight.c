// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * preflight - can this host run the AOS, and if not, precisely why not?  The
 * last word is hijack.ko's own when it loads; this one is said earlier, and
 * names the remedy.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "file.h"
#include "host.h"
#include "preflight.h"
#include "say.h"
#include "tuning.h"

#define TEXT 65536

void preflight_found(struct preflight *p, enum verdict verdict, const char *remedy,
		     const char *format, ...)
{
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if (verdict == VERDICT_BLOCKS)
		p->blocks++;
	p->found(p, verdict, what, remedy);
}

int preflight_read(const struct preflight *p, const char *path, char *text, size_t room)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s%s", p->root, path);
	return file_read_line(full, text, room);
}

static bool exists(const struct preflight *p, const char *path)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s%s", p->root, path);
	return file_exists(full);
}

bool preflight_has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += n)
		if ((at == text || strchr(" \t\n", at[-1])) && strchr(" \t\n", at[n]))
			return true;
	return false;
}

/* ---- rights and modules ----------------------------------------------------- */

#define NEEDED_CAPS ((1ull << 12 /* NET_ADMIN */) | (1ull << 16 /* SYS_MODULE */) | \
		     (1ull << 21 /* SYS_ADMIN */) | (1ull << 23 /* SYS_NICE */))

static void look_at_rights(struct preflight *p)
{
	char text[4096], *caps;

	if (preflight_read(p, "/proc/self/status", text, sizeof(text)))
		return;
	caps = strstr(text, "CapEff:");
	if (caps && (strtoull(caps + 7, NULL, 16) & NEEDED_CAPS) == NEEDED_CAPS)
		preflight_found(p, VERDICT_GOOD, NULL, "rights: all capabilities 'up' needs");
	else
		preflight_found(p, VERDICT_BLOCKS, "run with sudo, outside unprivileged containers",
		      "rights: CAP_SYS_ADMIN, NET_ADMIN, SYS_MODULE or SYS_NICE is missing");
}

static void look_at_modules(struct preflight *p)
{
	char text[16] = "";

	if (exists(p, "/sys/module/hijack"))
		preflight_found(p, VERDICT_GOOD, NULL, "modules: hijack is loaded");
	else if (!exists(p, "/proc/modules"))
		preflight_found(p, VERDICT_BLOCKS, "boot a kernel with CONFIG_MODULES=y, e.g. the "
		      "distribution's own", "modules: this kernel has no loadable modules");
	else if (!preflight_read(p, "/proc/sys/kernel/modules_disabled", text, sizeof(text)) &&
		 !strcmp(text, "1"))
		preflight_found(p, VERDICT_BLOCKS, "reboot without setting kernel.modules_disabled",
		      "modules: loading is locked until the next boot");
	else
		preflight_found(p, VERDICT_GOOD, NULL, "modules: this kernel loads modules");
}

/* A module's vermagic stands in it as a string of its own. */
static bool read_vermagic(const char *path, char *magic, size_t room)
{
	static const char key[] = "vermagic=";
	const uint8_t *at, *end;
	uint8_t *bytes;
	size_t size;

	if (file_read_all(path, 64u << 20, &bytes, &size))
		return false;
	bytes[size] = '\0';
	end = bytes + size;
	for (at = bytes; (at = memmem(at, (size_t)(end - at), key, sizeof(key) - 1));
	     at++)
		if (at == bytes || !at[-1])
			break;
	if (at)
		snprintf(magic, room, "%s", (const char *)at + sizeof(key) - 1);
	free(bytes);
	return at;
}

static void look_at_vermagic(struct preflight *p)
{
	char path[PATH_MAX + 64], magic[256];
	struct utsname kernel;
	size_t n;

	if (!p->modules || exists(p, "/sys/module/hijack"))
		return;
	uname(&kernel);
	n = strlen(kernel.release);
	snprintf(path, sizeof(path), "%s/hijack.ko", p->modules);
	if (!read_vermagic(path, magic, sizeof(magic)))
		preflight_found(p, VERDICT_BLOCKS, "name the right directory with --modules",
		      "hijack.ko: %.120s is no kernel module", path);
	else if (strncmp(magic, kernel.release, n) || (magic[n] && magic[n] != ' '))
		preflight_found(p, VERDICT_BLOCKS, "build the modules for this kernel, with its "
		      "linux-headers", "hijack.ko: built for %.60s, this is %s", magic,
		      kernel.release);
	else
		preflight_found(p, VERDICT_GOOD, NULL, "hijack.ko: built for this kernel");
}

static void look_at_lockdown(struct preflight *p)
{
	char text[128];

	if (preflight_read(p, "/sys/kernel/security/lockdown", text, sizeof(text)))
		return;
	if (strstr(text, "[confidentiality]"))
		preflight_found(p, VERDICT_BLOCKS, "boot with lockdown=integrity or lockdown=none",
		      "lockdown: confidentiality forbids what hijack does");
	else if (strstr(text, "[integrity]"))
		preflight_found(p, VERDICT_REMARK, "sign the modules with an enrolled key",
		      "lockdown: integrity, signed modules only");
	else
		preflight_found(p, VERDICT_GOOD, NULL, "lockdown: none");
}

/* ---- the kernel's configuration ----------------------------------------------- */

static bool read_kernel_config(const struct preflight *p, char *text)
{
	struct utsname kernel;
	char path[256];

	uname(&kernel);
	snprintf(path, sizeof(path), "/boot/config-%s", kernel.release);
	if (!preflight_read(p, path, text, 16 * TEXT))
		return true;
	snprintf(path, sizeof(path), "/lib/modules/%s/config", kernel.release);
	if (!preflight_read(p, path, text, 16 * TEXT))
		return true;
	return exists(p, "/proc/config.gz") &&
	       !host_run(text, 16 * TEXT, "gzip", "-dc", "/proc/config.gz", NULL);
}

static void look_at_option(struct preflight *p, const char *config)
{
	if (preflight_has_word(config, "CONFIG_PREEMPT_NOTIFIERS=y"))
		preflight_found(p, VERDICT_GOOD, NULL, "kernel: CONFIG_PREEMPT_NOTIFIERS=y");
	else
		preflight_found(p, VERDICT_BLOCKS, "boot a kernel with CONFIG_KVM (it selects "
		      "CONFIG_PREEMPT_NOTIFIERS), e.g. the distribution's own",
		      "kernel: no preempt notifiers");
}

static void look_at_kernel_config(struct preflight *p)
{
	char *text = calloc(1, 16 * TEXT);

	if (!text)
		return;
	if (read_kernel_config(p, text)) {
		look_at_option(p, text);
		tuning_options(p, text);
	} else {
		preflight_found(p, VERDICT_REMARK, NULL, "kernel: its configuration is not readable "
		      "here, hijack.ko will tell");
	}
	free(text);
}

/* ---- the processor --------------------------------------------------------------- */

static void look_at_flags(struct preflight *p, const char *flags)
{
	static const char *const needed[] = { "syscall", "nx", "fsgsbase", "pat" };
	/* Linux shows these only where it uses them. */
	static const struct {
		const char *flag, *what, *remedy;
	} unwanted[] = {
		{ "fred", "FRED", "boot with fred=off" },
		{ "la57", "5-level paging", "boot with no5lvl" },
		{ "ibt", "indirect branch tracking", "boot with ibt=off" },
	};
	unsigned int missing = 0;

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!preflight_has_word(flags, needed[i])) {
			preflight_found(p, VERDICT_BLOCKS, "use an x86-64 machine of 2013 or later, or "
			      "pass this feature to the virtual machine",
			      "processor: no %s", needed[i]);
			missing++;
		}
	for (size_t i = 0; i < sizeof(unwanted) / sizeof(unwanted[0]); i++)
		if (preflight_has_word(flags, unwanted[i].flag)) {
			preflight_found(p, VERDICT_BLOCKS, unwanted[i].remedy, "processor: %s is on, "
			      "which hijack does not support", unwanted[i].what);
			missing++;
		}
	if (!preflight_has_word(flags, "nonstop_tsc") || !preflight_has_word(flags, "constant_tsc"))
		preflight_found(p, VERDICT_REMARK, NULL, "processor: no invariant TSC, times of the "
		      "AOS may drift");
	if (!missing)
		preflight_found(p, VERDICT_GOOD, NULL, "processor: has what is needed");
}

static void look_at_processor(struct preflight *p)
{
	static char text[TEXT];
	struct utsname kernel;
	char *flags, *end;

	uname(&kernel);
	if (strcmp(kernel.machine, "x86_64")) {
		preflight_found(p, VERDICT_BLOCKS, "use an x86-64 machine", "processor: %s",
		      kernel.machine);
		return;
	}
	if (preflight_read(p, "/proc/cpuinfo", text, sizeof(text)))
		return;
	flags = strstr(text, "\nflags");
	end = flags ? strchr(flags + 1, '\n') : NULL;
	if (!flags)
		return;
	if (end)
		*end = '\0';
	look_at_flags(p, flags);
}

static void look_at_cpu(struct preflight *p)
{
	char text[4096] = "";
	cpu_set_t set;

	preflight_read(p, "/sys/devices/system/cpu/online", text, sizeof(text));
	file_cpu_list(text, &set);
	if (CPU_COUNT(&set) && !CPU_ISSET((size_t)p->cpu, &set))
		preflight_found(p, VERDICT_BLOCKS, "choose another 'cpu' in the configuration",
		      "CPU %d: offline", p->cpu);
	else if (CPU_COUNT(&set) == 1)
		preflight_found(p, VERDICT_REMARK, "give it a second CPU",
		      "CPU %d: the only one, Linux and the AOS will share it", p->cpu);
	text[0] = '\0';
	preflight_read(p, "/sys/devices/system/cpu/nohz_full", text, sizeof(text));
	file_cpu_list(text, &set);
	if (CPU_ISSET((size_t)p->cpu, &set))
		preflight_found(p, VERDICT_BLOCKS, "take it out of nohz_full= on the kernel command "
		      "line (isolcpus= is fine), or choose another 'cpu'",
		      "CPU %d: nohz_full, which hijack does not support", p->cpu);
	text[0] = '\0';
	preflight_read(p, "/sys/devices/system/cpu/isolated", text, sizeof(text));
	file_cpu_list(text, &set);
	if (!CPU_ISSET((size_t)p->cpu, &set))
		preflight_found(p, VERDICT_REMARK, "for best latency boot with isolcpus=",
		      "CPU %d: not isolated", p->cpu);
}

/* An allocation that does not fit would let the kernel kill other programs. */
static void look_at_memory(struct preflight *p)
{
	unsigned long long want = (unsigned long long)p->frames * 4, available;
	char text[4096], *line;

	if (!p->frames || preflight_read(p, "/proc/meminfo", text, sizeof(text)))
		return;
	line = strstr(text, "MemAvailable:");
	if (!line)
		return;
	available = strtoull(line + strlen("MemAvailable:"), NULL, 10);
	if (want > available - available / 8)
		preflight_found(p, VERDICT_BLOCKS, "make 'frames' smaller, or end other programs",
		      "memory: %llu MiB wanted, %llu MiB available", want / 1024,
		      available / 1024);
	else
		preflight_found(p, VERDICT_GOOD, NULL, "memory: %llu MiB wanted, %llu MiB available",
		      want / 1024, available / 1024);
}

/* ---- tools ------------------------------------------------------------------------ */

static void look_at_tool(struct preflight *p, const char *tool, const char *package,
			 const char *argument, const char *sign)
{
	char output[512], path[128];

	if (!host_find(tool, path, sizeof(path)) ||
	    host_run(output, sizeof(output), tool, argument, NULL) < 0)
		preflight_found(p, VERDICT_BLOCKS, package, "tools: %s is missing", tool);
	else if (!strstr(output, sign))
		preflight_found(p, VERDICT_BLOCKS, package, "tools: %s is not the one that is needed",
		      path);
	else
		preflight_found(p, VERDICT_GOOD, NULL, "tools: %s", path);
}

void preflight_run(struct preflight *p)
{
	look_at_rights(p);
	look_at_modules(p);
	look_at_vermagic(p);
	look_at_lockdown(p);
	look_at_kernel_config(p);
	look_at_processor(p);
	look_at_cpu(p);
	look_at_memory(p);
	tuning_run(p);
	look_at_tool(p, "ip", "install the package iproute2", "-V", "iproute2");
	look_at_tool(p, "tc", "install the package iproute2", "-V", "tc utility");
	look_at_tool(p, "ethtool", "install the package ethtool", "--version", "ethtool");
	if (!p->modules && !exists(p, "/sys/module/hijack"))
		look_at_tool(p, "modprobe", "install the package kmod", "--help", "odprobe");
}

/* ---- saying it --------------------------------------------------------------------- */

static void say_blocking(struct preflight *p, enum verdict verdict, const char *what,
			 const char *remedy)
{
	(void)p;
	if (verdict == VERDICT_BLOCKS)
		say_error("%s: %s", what, remedy);
}

bool preflight_blocks(const struct config *config, const char *modules)
{
	struct preflight p = { .root = "", .modules = modules, .cpu = config->aos.cpu,
			       .frames = config->aos.frames, .found = say_blocking };

	preflight_run(&p);
	return p.blocks;
}
