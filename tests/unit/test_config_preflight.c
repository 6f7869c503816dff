// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hosts that cannot run the AOS, made up as directories with a /proc and a
 * /sys of their own: each is told precisely why.
 */
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "test_config.h"
#include "file.h"
#include "host.h"
#include "preflight.h"

#define GOOD_FLAGS "fpu pat syscall nx fsgsbase constant_tsc nonstop_tsc pti"

#define GOOD_OPTIONS "CONFIG_NET_CLS_BPF=m\n" \
	"CONFIG_NET_SCH_INGRESS=m\nCONFIG_BPF_SYSCALL=y\n" \
	"CONFIG_HIGH_RES_TIMERS=y\n"
#define SECURE_BOOT "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

static char root[] = "/tmp/test-aosctl.XXXXXX";
static char blocked[4096];
static char remarked[8192];

static void put(const char *path, const char *text)
{
	char full[256];
	FILE *out;

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (char *slash = full + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(full, 0700);
		*slash = '/';
	}
	out = fopen(full, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void put_flags(const char *flags)
{
	char text[512];

	snprintf(text, sizeof(text), "processor\t: 0\nvendor_id\t: GenuineIntel\n"
		 "flags\t\t: %s\nbugs\t\t: meltdown\n\nprocessor\t: 1\n", flags);
	put("/proc/cpuinfo", text);
}

static void put_config(const char *text)
{
	struct utsname kernel;
	char path[256];

	uname(&kernel);
	snprintf(path, sizeof(path), "/boot/config-%s", kernel.release);
	put(path, text);
}

static int good_host(void **state)
{
	(void)state;
	put("/proc/self/status", "Name:\tx\nCapEff:\t000001ffffffffff\n");
	put("/proc/modules", "x 1 0 - Live 0x0\n");
	put("/proc/sys/kernel/modules_disabled", "0\n");
	put("/sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
	put("/sys/devices/system/cpu/online", "0-3\n");
	put("/sys/devices/system/cpu/nohz_full", "\n");
	put("/sys/devices/system/cpu/isolated", "3\n");
	put("/proc/meminfo", "MemTotal: 900000 kB\nMemAvailable:  800000 kB\n");
	put_flags(GOOD_FLAGS);
	put_config("CONFIG_MODULES=y\nCONFIG_PREEMPT_NOTIFIERS=y\nCONFIG_KVM=m\n" GOOD_OPTIONS);
	put("/sys/devices/system/cpu/vulnerabilities/meltdown", "Mitigation: PTI\n");
	put(SECURE_BOOT, "\6   \0");
	put("/proc/sys/kernel/sched_rt_runtime_us", "-1\n");
	put("/proc/irq/9/smp_affinity_list", "0-2\n");
	put("/proc/irq/default_smp_affinity", "f\n");
	put("/proc/sys/net/ipv4/ip_forward", "1\n");
	put("/proc/sys/net/ipv4/conf/all/rp_filter", "0\n");
	return 0;
}

static int make_root(void **state)
{
	(void)state;
	return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
	(void)state;
	return host_run(NULL, 0, "rm", "-rf", root, NULL);
}

/* Tools are the real host's, and not the matter here. */
static void note(struct preflight *p, enum verdict verdict, const char *what,
		 const char *remedy)
{
	(void)p;
	if (verdict == VERDICT_REMARK) {
		strcat(remarked, what);
		strcat(remarked, remedy ? ": " : "");
		strcat(remarked, remedy ? remedy : "");
		strcat(remarked, "\n");
	}
	if (verdict != VERDICT_BLOCKS || !strncmp(what, "tools:", 6))
		return;
	assert_non_null(remedy);
	strcat(blocked, what);
	strcat(blocked, "\n");
}

static const char *look(int cpu, const char *modules)
{
	struct preflight p = { .root = root, .cpu = cpu, .modules = modules,
			       .frames = 8192, .found = note };

	blocked[0] = remarked[0] = '\0';
	preflight_run(&p);
	return blocked;
}

static void nothing(void **state)
{
	(void)state;
	assert_string_equal(look(3, NULL), "");
}

static void rights(void **state)
{
	(void)state;
	put("/proc/self/status", "CapEff:\t0000000000000000\n");
	assert_string_equal(look(3, NULL), "rights: CAP_SYS_ADMIN, NET_ADMIN, SYS_MODULE "
			    "or SYS_NICE is missing\n");
}

static void modules(void **state)
{
	char path[256];

	(void)state;
	put("/proc/sys/kernel/modules_disabled", "1\n");
	assert_string_equal(look(3, NULL), "modules: loading is locked until the next boot\n");
	snprintf(path, sizeof(path), "%s/proc/modules", root);
	unlink(path);
	assert_string_equal(look(3, NULL), "modules: this kernel has no loadable modules\n");
}

static void vermagic(void **state)
{
	struct utsname kernel;
	char text[256], dir[128];

	(void)state;
	uname(&kernel);
	snprintf(dir, sizeof(dir), "%s/mod", root);
	assert_non_null(strstr(look(3, dir), "is no kernel module"));
	put("/mod/hijack.ko", "\177ELF");
	assert_non_null(strstr(look(3, dir), "is no kernel module"));
	put("/mod/hijack.ko", "xvermagic=vermagic=5.4.0 SMP ");
	assert_non_null(strstr(look(3, dir), "is no kernel module"));
	put("/mod/hijack.ko", "vermagic=5.4.0 SMP ");
	assert_non_null(strstr(look(3, dir), "hijack.ko: built for 5.4.0 SMP , this is "));
	snprintf(text, sizeof(text), "vermagic=%s0 SMP", kernel.release);
	put("/mod/hijack.ko", text);
	assert_non_null(strstr(look(3, dir), "hijack.ko: built for"));
	snprintf(text, sizeof(text), "vermagic=%s SMP", kernel.release);
	put("/mod/hijack.ko", text);
	assert_string_equal(look(3, dir), "");
}

static void lockdown(void **state)
{
	(void)state;
	put("/sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
	assert_string_equal(look(3, NULL),
			    "lockdown: confidentiality forbids what hijack does\n");
	put("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	assert_string_equal(look(3, NULL), "");
}

static void kernel(void **state)
{
	(void)state;
	put_config("# CONFIG_PREEMPT_NOTIFIERS is not set\n");
	assert_string_equal(look(3, NULL), "kernel: no preempt notifiers\n");
}

static void processor(void **state)
{
	(void)state;
	put_flags("fpu pat syscall nx constant_tsc nonstop_tsc");
	assert_string_equal(look(3, NULL), "processor: no fsgsbase\n");
	put_flags(GOOD_FLAGS " la57");
	assert_string_equal(look(3, NULL), "processor: 5-level paging is on, which hijack "
			    "does not support\n");
	put_flags(GOOD_FLAGS " ibt fred");
	assert_string_equal(look(3, NULL),
			    "processor: FRED is on, which hijack does not support\n"
			    "processor: indirect branch tracking is on, which hijack does "
			    "not support\n");
}

static void cpu(void **state)
{
	(void)state;
	assert_string_equal(look(4, NULL), "CPU 4: offline\n");
	put("/sys/devices/system/cpu/nohz_full", "2-3\n");
	assert_string_equal(look(3, NULL),
			    "CPU 3: nohz_full, which hijack does not support\n");
	assert_string_equal(look(1, NULL), "");
	put("/sys/devices/system/cpu/nohz_full", "(null)\n");
	assert_string_equal(look(3, NULL), "");
}

static void memory(void **state)
{
	(void)state;
	put("/proc/meminfo", "MemTotal: 900000 kB\nMemAvailable:  36000 kB\n");
	assert_string_equal(look(3, NULL), "memory: 32 MiB wanted, 35 MiB available\n");
	put("/proc/meminfo", "MemTotal: 900000 kB\nMemAvailable:  38000 kB\n");
	assert_string_equal(look(3, NULL), "");
}

static void cpu_lists(void **state)
{
	cpu_set_t set;

	(void)state;
	file_cpu_list("0-1,5,7-8", &set);
	assert_int_equal(CPU_COUNT(&set), 5);
	assert_true(CPU_ISSET(8, &set));
	file_cpu_list("", &set);
	assert_int_equal(CPU_COUNT(&set), 0);
	file_cpu_list("0-99999999999999999999", &set);
	assert_int_equal(CPU_COUNT(&set), CPU_SETSIZE);
	file_cpu_list("5-1,x", &set);
	assert_int_equal(CPU_COUNT(&set), 0);
}

static void tools(void **state)
{
	char output[64];

	(void)state;
	assert_int_equal(host_run(output, sizeof(output), "no-such-tool", NULL), -2);
	assert_int_equal(host_run(output, sizeof(output), "echo", "a b", "$HOME;", NULL), 0);
	assert_string_equal(output, "a b $HOME;");	/* no shell in between */
	assert_int_equal(host_run(NULL, 0, "false", NULL), 1);
	assert_int_equal(host_run(output, 4, "echo", "0123456789", NULL), 0);
	assert_string_equal(output, "012");
	assert_int_equal(host_run(output, sizeof(output), "env", NULL), 0);
	assert_null(strstr(output, "HOME="));
}

/* Each alone, with the command that mends it. */
static void remarks(void **state)
{
	static const struct {
		const char *path, *text, *says;
	} cases[] = {
		{ "/sys/devices/system/cpu/vulnerabilities/meltdown", "Vulnerable\n",
		  "KPTI: off, though this processor needs it: boot without nopti" },
		{ SECURE_BOOT, "\6   \1", "Secure Boot: on, modules must be signed: sign them" },
		{ "/proc/sys/kernel/sched_rt_runtime_us", "950000\n",
		  "does not sleep for 950000 us of a period waits for the rest of it: sysctl -w" },
		{ "/proc/irq/9/smp_affinity_list", "0-3\n", "CPU 3: 1 interrupts may come here: boot" },
		{ "/proc/sys/net/ipv4/ip_forward", "0\n", "forwarding: off: only" },
		{ "/proc/sys/net/ipv4/conf/all/rp_filter", "1\n",
		  "sysctl -w net.ipv4.conf.all.rp_filter=0" },
		{ "/sys/devices/system/cpu/isolated", "\n", "CPU 3: not isolated" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		good_host(state);
		assert_string_equal(look(3, NULL), "");
		assert_string_equal(remarked, "");
		put(cases[i].path, cases[i].text);
		assert_string_equal(look(3, NULL), "");
		if (!strstr(remarked, cases[i].says))
			fail_msg("no '%s' in: %s", cases[i].says, remarked);
		assert_ptr_equal(strchr(remarked, '\n'), remarked + strlen(remarked) - 1);
	}
	good_host(state);
	put_config("CONFIG_PREEMPT_NOTIFIERS=y\n");
	look(3, NULL);
	assert_non_null(strstr(remarked, "CONFIG_NET_CLS_BPF=m: without it no modes \"redirect"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing, good_host),
		cmocka_unit_test_setup(rights, good_host),
		cmocka_unit_test_setup(modules, good_host),
		cmocka_unit_test_setup(vermagic, good_host),
		cmocka_unit_test_setup(lockdown, good_host),
		cmocka_unit_test_setup(kernel, good_host),
		cmocka_unit_test_setup(processor, good_host),
		cmocka_unit_test_setup(cpu, good_host),
		cmocka_unit_test_setup(memory, good_host),
		cmocka_unit_test(cpu_lists), cmocka_unit_test(remarks), cmocka_unit_test(tools),
	};

	return cmocka_run_group_tests_name("preflight", tests, make_root, remove_root);
}
