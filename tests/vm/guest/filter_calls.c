// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filter_calls - what becomes of system calls under a filter, and what /dev/kmux
 * refuses.  Prints verdicts as a guest test does; its name is in $TEST.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>

#include "filter.h"

static struct kmux_rules rules;

static bool next_record(int kmux, struct kmux_record *record)
{
	return read(kmux, record, sizeof(*record)) == (ssize_t)sizeof(*record);
}

static const char *errno_and_log(void)
{
	const long arguments[6] = { 11, -22, 33, 44, 55, 66 };
	struct kmux_record r;
	int kmux;

	rules_init(&rules, 0);
	rules_refuse(&rules, SYS_mremap);
	kmux = kmux_attach(&rules);
	if (kmux < 0)
		return "cannot attach";
	if (syscall(SYS_mremap, 11l, -22l, 33l, 44l, 55l, 66l) != -1 || errno != REFUSED_ERROR)
		return "not refused";
	if (!next_record(kmux, &r))
		return "no record";
	if (memcmp(r.argument, arguments, sizeof(arguments)))
		return "the arguments are others";
	if (r.sequence != 1 || r.call != SYS_mremap || r.action != KMUX_ERRNO ||
	    r.error != REFUSED_ERROR || r.thread != (uint32_t)syscall(SYS_gettid) ||
	    r.process != (uint32_t)getpid() || !r.ip || !r.time || r.reserved)
		return "the record is wrong";
	return read(kmux, &r, sizeof(r)) ? "a second record" : NULL;
}

static const char *allowed_and_logged(void)
{
	struct kmux_record r;
	int kmux;

	rules_init(&rules, 0);
	rules.rule[SYS_getppid].log = 1;
	kmux = kmux_attach(&rules);
	if (kmux < 0)
		return "cannot attach";
	if (syscall(SYS_getppid) != getppid())
		return "the result is wrong";
	if (!next_record(kmux, &r) || r.call != SYS_getppid || r.action != KMUX_ALLOW || r.error)
		return "no record, or a wrong one";
	return NULL;
}

/* Every register but rax, rcx and r11, the flags, and FS's and GS's bases. */
static const char *registers(long call)
{
	unsigned long before[11], after[11], flags, gs;
	int i, different = 0;

	for (i = 0; i < 11; i++)
		before[i] = 0x1111111111111111ul * (unsigned long)(i + 1);
	syscall(SYS_arch_prctl, 0x1001, 0x123450ul);	/* ARCH_SET_GS */
	__asm__ volatile(
		"push %%rbp\n\t"
		"push %[after]\n\t"
		"mov 0(%[before]), %%rdi\n\t"
		"mov 8(%[before]), %%rsi\n\t"
		"mov 16(%[before]), %%rdx\n\t"
		"mov 24(%[before]), %%r10\n\t"
		"mov 32(%[before]), %%r8\n\t"
		"mov 40(%[before]), %%r9\n\t"
		"mov 48(%[before]), %%rbp\n\t"
		"mov 56(%[before]), %%r12\n\t"
		"mov 64(%[before]), %%r13\n\t"
		"mov 72(%[before]), %%r14\n\t"
		"mov 80(%[before]), %%r15\n\t"
		"push $0x240ed7\n\t"		/* ID AC OF DF IF SF ZF AF PF CF */
		"popf\n\t"
		"syscall\n\t"
		"pushf\n\t"
		"pop %%rcx\n\t"
		"cld\n\t"
		"pop %%r11\n\t"
		"mov %%rdi, 0(%%r11)\n\t"
		"mov %%rsi, 8(%%r11)\n\t"
		"mov %%rdx, 16(%%r11)\n\t"
		"mov %%r10, 24(%%r11)\n\t"
		"mov %%r8, 32(%%r11)\n\t"
		"mov %%r9, 40(%%r11)\n\t"
		"mov %%rbp, 48(%%r11)\n\t"
		"mov %%r12, 56(%%r11)\n\t"
		"mov %%r13, 64(%%r11)\n\t"
		"mov %%r14, 72(%%r11)\n\t"
		"mov %%r15, 80(%%r11)\n\t"
		"pop %%rbp\n\t"
		"push $0x202\n\t"
		"popf"
		: "+a"(call), "=&c"(flags)
		: [before] "b"(before), [after] "1"(after)
		: "rdi", "rsi", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
		  "memory", "cc");
	for (i = 0; i < 11; i++)
		different += before[i] != after[i];
	if (different)
		return "registers changed";
	if (flags != 0x240ed7)
		return "flags changed";
	syscall(SYS_arch_prctl, 0x1004, &gs);		/* ARCH_GET_GS */
	return gs == 0x123450ul ? NULL : "GS's base changed";
}

static const char *registers_refused(void)
{
	return attach_refusing(0) < 0 ? "cannot attach" : registers(SYS_getpgid);
}

static const char *registers_allowed(void)
{
	return attach_refusing(0) < 0 ? "cannot attach" : registers(SYS_getppid);
}

static const char *registers_logged(void)
{
	rules_init(&rules, 0);
	rules.rule[SYS_getppid].log = 1;
	return kmux_attach(&rules) < 0 ? "cannot attach" : registers(SYS_getppid);
}

static long raw_call(unsigned long rax)
{
	__asm__ volatile("syscall" : "+a"(rax) : "D"(0), "S"(0) : "rcx", "r11", "memory");
	return (long)rax;
}

/* Linux looks at eax alone: so must the filter. */
static const char *high_half(void)
{
	if (attach_refusing(0) < 0)
		return "cannot attach";
	if (raw_call(1ul << 32 | SYS_getpgid) != -REFUSED_ERROR)
		return "refused by the lower half, and went through";
	if (raw_call(0xdeadul << 48 | SYS_getppid) != getppid())
		return "allowed by the lower half, and did not go through";
	return NULL;
}

static const char *beyond_table(void)
{
	static const unsigned long numbers[] = {
		KMUX_CALLS, 0x40000000 | SYS_getpgid, 0x40000000 | 520, 0x7fffffff, 0x80000000,
		0xffffffff, ~0ul,
	};
	struct kmux_record r;
	int kmux = attach_refusing(0);
	size_t i;

	if (kmux < 0)
		return "cannot attach";
	for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		if (raw_call(numbers[i]) != -ENOSYS)
			return "something answered";
		if (!next_record(kmux, &r) || r.call != (int)numbers[i] || r.error != ENOSYS)
			return "no record, or a wrong one";
	}
	return NULL;
}

static int die_by_filter(void *directory)
{
	rules_init(&rules, 0);
	rules.rule[SYS_mkdir].action = KMUX_KILL;
	if (kmux_attach(&rules) < 0)
		return 1;
	syscall(SYS_mkdir, directory, 0700);
	return 0;
}

static const char *killed(void)
{
	char directory[] = "/tmp/filter_calls.killed";
	int status = child_status(die_by_filter, directory);

	if (!WIFEXITED(status) || WEXITSTATUS(status) != KMUX_EXIT_KILLED)
		return "it lives, or ended otherwise";
	return access(directory, F_OK) ? NULL : "the call was made";
}

/* ---- what ATTACH and NARROW refuse ---- */

static bool wrong(int error)
{
	return kmux_attach(&rules) < 0 && errno == error;
}

#define WRONG(error, change) do {				\
	rules_init(&rules, 0);					\
	change;							\
	if (!wrong(error))					\
		return "not " #error " for " #change;		\
} while (0)

static const char *wrong_rules(void)
{
	WRONG(EPROTO, rules.size--);
	WRONG(EPROTO, rules.revision++);
	WRONG(EINVAL, rules.flags = 4);
	WRONG(EINVAL, rules.flags = 1u << 31);
	WRONG(EINVAL, rules.threads = 0);
	WRONG(EINVAL, rules.threads = KMUX_MAX_THREADS + 1);
	WRONG(EINVAL, rules.rule[7].action = KMUX_KILL + 1);
	WRONG(EINVAL, rules.rule[7].action = KMUX_ERRNO);
	WRONG(EINVAL, rules.rule[7].error = 1);
	WRONG(EINVAL, rules.rule[7].log = 2);
	WRONG(EINVAL, rules_refuse(&rules, SYS_exit));
	WRONG(EINVAL, rules_refuse(&rules, SYS_exit_group));
	WRONG(EINVAL, rules_refuse(&rules, SYS_rt_sigreturn));
	WRONG(EINVAL, rules.rule[SYS_restart_syscall].action = KMUX_KILL);
	WRONG(EINVAL, rules_refuse(&rules, KMUX_CALLS - 1);
		      rules.rule[KMUX_CALLS - 1].error = KMUX_MAX_ERROR + 1);
	if (ioctl(kmux_open(), KMUX_ATTACH, 8) != -1 || errno != EFAULT)
		return "not EFAULT for a bad address";
	return is_allowed() ? NULL : "it is under a filter all the same";
}

static const char *twice(void)
{
	int first = attach_refusing(0), second = kmux_open();

	rules_init(&rules, 0);
	if (ioctl(second, KMUX_ATTACH, &rules) != -1 || errno != EALREADY)
		return "not EALREADY";
	if (!fork()) {		/* without KMUX_INHERIT: it is free to try */
		if (ioctl(first, KMUX_ATTACH, &rules) != -1 || errno != EBUSY)
			puts("not EBUSY for a file that has a filter");
		_exit(0);
	}
	wait(NULL);
	return is_refused() ? NULL : "the filter was lifted";
}

static void *sleeps(void *arg)
{
	pause();
	return arg;
}

static const char *other_threads(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, sleeps, NULL);
	rules_init(&rules, 0);
	if (!wrong(EBUSY))
		return "not EBUSY";
	return is_allowed() ? NULL : "it is under a filter all the same";
}

static int try_sharing(void *arg)
{
	rules_init(&rules, 0);
	*(int *)arg = wrong(EBUSY) ? 1 : 2;
	return 0;
}

static const char *shared_memory(void)
{
	static char stack[65536];
	int answer = 0;
	pid_t pid = clone(try_sharing, stack + sizeof(stack), CLONE_VM | SIGCHLD, &answer);

	waitpid(pid, NULL, 0);
	return answer == 1 ? NULL : "not EBUSY";
}

static const char *privilege(void)
{
	int kmux = kmux_open();

	rules_init(&rules, 0);
	rules_refuse(&rules, SYS_getpgid);
	if (setgid(65534) || setuid(65534))
		return "cannot become nobody";
	if (ioctl(kmux, KMUX_ATTACH, &rules) != -1 || errno != EPERM)
		return "not EPERM without privilege";
	if (ioctl(kmux, KMUX_WATCH, getppid()) != -1 || errno != EPERM)
		return "not EPERM for WATCH";
	if (open("/dev/kmux", O_RDWR) != -1 || errno != EACCES)
		return "the device is open to all";
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (ioctl(kmux, KMUX_ATTACH, &rules))
		return "refused with no_new_privs";
	return is_refused() ? NULL : "no filter";
}

static const char *narrowing(void)
{
	int kmux = attach_refusing(0), other = kmux_open(), i;
	struct kmux_record r;

	if (kmux < 0)
		return "cannot attach";
	rules_init(&rules, 0);
	rules.threads = 0;
	rules_refuse(&rules, SYS_getppid);
	rules.rule[SYS_getpgid] = (struct kmux_rule){ .action = KMUX_ERRNO, .error = EDOM };
	if (ioctl(other, KMUX_NARROW, &rules))
		return "NARROW failed";
	if (syscall(SYS_getppid) != -1 || errno != REFUSED_ERROR)
		return "not narrower";
	if (!is_refused())
		return "the older rule is gone";
	if (!next_record(kmux, &r) || r.call != SYS_getppid)
		return "the log is another";
	if (read(other, &r, sizeof(r)) != -1 || errno != ENODATA)
		return "who narrows reads a log";
	rules.rule[SYS_getppid] = (struct kmux_rule){ 0 };
	for (i = 0; i < 62; i++)
		if (ioctl(other, KMUX_NARROW, &rules))
			return "NARROW failed later";
	if (ioctl(other, KMUX_NARROW, &rules) != -1 || errno != ENOSPC)
		return "without end";
	return syscall(SYS_getppid) == -1 && is_refused() ? NULL : "a rule was lifted";
}

static const char *narrow_without(void)
{
	rules_init(&rules, 0);
	rules.threads = 0;
	if (ioctl(kmux_open(), KMUX_NARROW, &rules) != -1 || errno != ESRCH)
		return "not ESRCH";
	return NULL;
}

/* ---- the log ---- */

static const char *full_log(void)
{
	const unsigned int calls = KMUX_LOG_RECORDS + 1000;
	int kmux = attach_refusing(0);
	struct kmux_status st;
	struct kmux_record r;
	unsigned int i;
	uint64_t n = 0;

	if (kmux < 0)
		return "cannot attach";
	for (i = 0; i < calls; i++)
		if (!is_refused())
			return "a call went through";
	if (ioctl(kmux, KMUX_STATUS, &st) || st.refused != calls ||
	    st.logged != KMUX_LOG_RECORDS || st.dropped != 1000 || st.threads != 1)
		return "the counters are wrong";
	while (next_record(kmux, &r))
		if (r.sequence != ++n)
			return "records out of order";
	if (n != KMUX_LOG_RECORDS)
		return "records are missing";
	return is_refused() && next_record(kmux, &r) && r.sequence == n + 1 ? NULL :
		"it does not go on";
}

static const char *wrong_reads(void)
{
	int kmux = attach_refusing(0);
	struct kmux_record r;
	char byte;

	if (kmux < 0 || !is_refused())
		return "cannot attach";
	if (read(kmux, &byte, 1) != -1 || errno != EINVAL)
		return "not EINVAL for a short read";
	if (syscall(SYS_read, kmux, 8, sizeof(r)) != -1 || errno != EFAULT)
		return "not EFAULT";
	return next_record(kmux, &r) && r.sequence == 1 ? NULL : "a record was lost";
}

static const char *watching(void)
{
	int kmux = kmux_open();
	struct kmux_record r;
	int go[2];
	pid_t pid;

	if (pipe(go) || ioctl(kmux, KMUX_STATUS, &r) != -1 || errno != ENODATA)
		return "STATUS of nothing";
	pid = fork();
	if (!pid) {
		char byte = attach_refusing(0) >= 0 && is_refused();

		(void)!write(go[1], &byte, 1);
		pause();
	}
	(void)!read(go[0], &r, 1);
	if (ioctl(kmux, KMUX_WATCH, pid))
		return "cannot watch";
	if (!next_record(kmux, &r) || r.process != (uint32_t)pid)
		return "no record";
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (ioctl(kmux_open(), KMUX_WATCH, getpid()) != -1 || errno != ESRCH)
		return "not ESRCH for a thread under no filter";
	return NULL;
}

/* ---- beside Linux's own ---- */

static const char *seccomp_too(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EDOM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 4, code };

	if (attach_refusing(0) < 0)
		return "cannot attach";
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		return "no seccomp";
	if (syscall(SYS_getppid) != -1 || errno != EDOM)
		return "seccomp's filter is not asked";
	return is_refused() ? NULL : "kmux's filter is not asked";
}

static const struct test_case cases[] = {
	{ "a refused call returns the errno, and is logged with its arguments", errno_and_log },
	{ "a call that is allowed and logged", allowed_and_logged },
	{ "registers across a refused call", registers_refused },
	{ "registers across an allowed call", registers_allowed },
	{ "registers across an allowed call that is logged", registers_logged },
	{ "the number is eax, as Linux takes it", high_half },
	{ "numbers beyond the table", beyond_table },
	{ "a call that kills", killed },
	{ "wrong rules", wrong_rules },
	{ "a second ATTACH", twice },
	{ "a process with other threads", other_threads },
	{ "a process that shares its memory", shared_memory },
	{ "without CAP_SYS_ADMIN", privilege },
	{ "a filter is narrowed, and never lifted", narrowing },
	{ "NARROW under no filter", narrow_without },
	{ "a full log counts what it drops", full_log },
	{ "wrong reads lose nothing", wrong_reads },
	{ "another's log is watched", watching },
	{ "seccomp beside it", seccomp_too },
};

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		run_case(&cases[i]);
	return 0;
}
