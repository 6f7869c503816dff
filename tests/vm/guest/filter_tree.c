// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filter_tree - what a filter does as a process makes threads and children,
 * executes, gets signals, is traced and ends.  Prints verdicts as a guest test
 * does; its name is in $TEST.
 *
 * filter_tree refused|allowed: is getpgid()?  Status 0: yes.
 */
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/user.h>
#include <time.h>

#include "filter.h"

#define SELF "/proc/self/exe"

extern char **environ;

/* ---- threads and children ---- */

static void *thread_sees(void *refused)
{
	*(bool *)refused = is_refused();
	return NULL;
}

static const char *threads(void)
{
	bool refused[4] = { false };
	pthread_t thread[4];
	int i;

	if (attach_refusing(0) < 0)
		return "cannot attach";
	for (i = 0; i < 4; i++)
		if (pthread_create(&thread[i], NULL, thread_sees, &refused[i]))
			return "no thread";
	for (i = 0; i < 4; i++) {
		pthread_join(thread[i], NULL);
		if (!refused[i])
			return "a thread is under no filter";
	}
	return is_refused() ? NULL : "no longer refused";
}

static int body_refused(void *arg)
{
	(void)arg;
	return !is_refused();
}

static int body_allowed(void *arg)
{
	(void)arg;
	return !is_allowed();
}

static const char *fork_without(void)
{
	if (attach_refusing(0) < 0)
		return "cannot attach";
	return child_status(body_allowed, NULL) ? "a child is under the filter" : NULL;
}

static int body_grandchild(void *arg)
{
	return !is_refused() || child_status(body_refused, arg);
}

static const char *fork_inherit(void)
{
	if (attach_refusing(KMUX_INHERIT) < 0)
		return "cannot attach";
	return child_status(body_grandchild, NULL) ? "a child is under no filter" : NULL;
}

static int clone_sees(void *answer)
{
	*(int *)answer = is_refused() ? 1 : 2;
	return 0;
}

/* Who shares the memory is under the filter, inherited or not. */
static const char *clone_vm(void)
{
	static char stack[65536];
	int answer = 0;
	pid_t pid;

	if (attach_refusing(0) < 0)
		return "cannot attach";
	pid = clone(clone_sees, stack + sizeof(stack), CLONE_VM | SIGCHLD, &answer);
	waitpid(pid, NULL, 0);
	return answer == 1 ? NULL : "who shares the memory is under no filter";
}

/* posix_spawn() is vfork() and exec. */
static int spawned(const char *word)
{
	char *arguments[] = { "filter_tree", (char *)word, NULL };
	int status = -1;
	pid_t pid;

	if (posix_spawn(&pid, SELF, NULL, NULL, arguments, environ))
		return -1;
	return waitpid(pid, &status, 0) == pid ? status : -1;
}

static const char *spawn_without(void)
{
	if (attach_refusing(0) < 0)
		return "cannot attach";
	return spawned("allowed") ? "the new program is under the filter" :
		is_refused() ? NULL : "its parent no more";
}

static const char *spawn_inherit(void)
{
	if (attach_refusing(KMUX_INHERIT) < 0)
		return "cannot attach";
	return spawned("refused") ? "the new program is under no filter" : NULL;
}

static void *waits(void *arg)
{
	pause();
	return arg;
}

static const char *limit(void)
{
	struct kmux_rules rules;
	pthread_t first, second, none;
	int i, tries, status;

	rules_init(&rules, KMUX_INHERIT);
	rules.threads = 3;
	if (kmux_attach(&rules) < 0)
		return "cannot attach";
	if (pthread_create(&first, NULL, waits, NULL) ||
	    pthread_create(&second, NULL, waits, NULL))
		return "fewer than the limit";
	if (pthread_create(&none, NULL, waits, NULL) != EAGAIN || fork() != -1 ||
	    errno != EAGAIN || vfork() != -1 || errno != EAGAIN)
		return "more than the limit";
	pthread_cancel(first);
	pthread_join(first, NULL);
	for (i = 0, tries = 0; i < 100 && tries < 1000; tries++) {
		status = child_status(body_allowed, NULL);
		if (status > 0)
			return "a child failed";
		if (status < 0)		/* the thread is not quite gone */
			usleep(10000);
		else
			i++;
	}
	return i == 100 ? NULL : "no room again, though a thread has ended";
}

/* ---- exec ---- */

static int body_exec(void *path)
{
	execl(path, "filter_tree", "refused", NULL);
	return is_refused() ? 99 : 1;
}

static const char *exec_keeps(void)
{
	if (attach_refusing(KMUX_INHERIT) < 0)
		return "cannot attach";
	return child_status(body_exec, SELF) ? "lost by exec" : NULL;
}

static int body_at_exec(void *arg)
{
	(void)arg;
	if (attach_refusing(KMUX_AT_EXEC) < 0 || !is_allowed())
		return 1;
	execl("/nowhere", "nowhere", NULL);
	if (!is_allowed() || child_status(body_allowed, NULL))
		return 2;
	return body_exec(SELF);
}

static const char *at_exec(void)
{
	return child_status(body_at_exec, NULL) ? "not from exec on" : NULL;
}

static int exec_of(const char *path, const void *text, size_t length)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0700);

	if (fd < 0 || write(fd, text, length) != (ssize_t)length)
		return -1;
	close(fd);
	return child_status(body_exec, (void *)path);
}

/* An ELF file whose one segment lies where none can: fails when the old memory is gone. */
static int exec_of_broken_elf(const char *path)
{
	struct {
		unsigned char ident[16];
		uint16_t type, machine;
		uint32_t version;
		uint64_t entry, phoff, shoff;
		uint32_t flags;
		uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
		uint32_t p_type, p_flags;
		uint64_t p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_align;
	} elf = {
		.ident = "\177ELF\2\1\1", .type = 2, .machine = 62, .version = 1,
		.entry = 0x400000, .phoff = 64, .ehsize = 64, .phentsize = 56, .phnum = 1,
		.p_type = 1, .p_flags = 5, .p_vaddr = 0x7ffffffff000, .p_filesz = 120,
		.p_memsz = 120, .p_align = 4096,
	};

	return exec_of(path, &elf, sizeof(elf));
}

static const char *exec_fails(void)
{
	char path[] = "/tmp/filter_tree.broken";
	int status;

	if (attach_refusing(KMUX_INHERIT) < 0)
		return "cannot attach";
	if (WEXITSTATUS(child_status(body_exec, "/nowhere")) != 99)
		return "lost by an exec of nothing";
	if (WEXITSTATUS(exec_of(path, "nonsense", 8)) != 99)
		return "lost by an exec that failed early";
	status = exec_of_broken_elf(path);
	if (!WIFSIGNALED(status))
		return "an exec that failed late went on";
	unlink(path);
	return is_refused() ? NULL : "lost";
}

static void *exec_from_thread(void *arg)
{
	execl(SELF, "filter_tree", "refused", NULL);
	return arg;
}

static int body_threads_exec(void *arg)
{
	pthread_t thread;
	int i;

	for (i = 0; i < 3; i++)
		pthread_create(&thread, NULL, i == 2 ? exec_from_thread : waits, NULL);
	pause();
	(void)arg;
	return 1;
}

static const char *exec_in_thread(void)
{
	if (attach_refusing(KMUX_INHERIT) < 0)
		return "cannot attach";
	return child_status(body_threads_exec, NULL) ? "lost by a thread's exec" : NULL;
}

/* ---- signals ---- */

static volatile sig_atomic_t caught;

static void catch(int number)
{
	caught += is_refused() ? 1 : 100;
	(void)number;
}

static pid_t later(int number, pid_t whom, int times)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	while (times--) {
		usleep(50000);
		kill(whom, number);
	}
	_exit(0);
}

static const char *signals(void)
{
	struct sigaction action = { .sa_handler = catch, .sa_flags = SA_RESTART };
	char byte;
	int ends[2];
	pid_t pid;

	if (attach_refusing(0) < 0 || pipe(ends))
		return "cannot attach";
	sigaction(SIGUSR1, &action, NULL);
	pid = later(SIGUSR1, getpid(), 3);
	if (!fork()) {
		usleep(400000);
		(void)!write(ends[1], "x", 1);
		_exit(0);
	}
	if (read(ends[0], &byte, 1) != 1)
		return "read() was not restarted";
	waitpid(pid, NULL, 0);
	return caught == 3 ? NULL : "signals were lost, or a handler is under no filter";
}

/* Stopped and continued, nanosleep() goes on by restart_syscall(). */
static const char *restart(void)
{
	const struct timespec half = { .tv_nsec = 500000000 };
	struct timespec before, after;
	pid_t me = getpid();

	if (attach_refusing(0) < 0)
		return "cannot attach";
	if (!fork()) {
		usleep(100000);
		kill(me, SIGSTOP);
		usleep(100000);
		kill(me, SIGCONT);
		_exit(0);
	}
	clock_gettime(CLOCK_MONOTONIC, &before);
	if (nanosleep(&half, NULL))
		return "it was interrupted";
	clock_gettime(CLOCK_MONOTONIC, &after);
	after.tv_nsec += (after.tv_sec - before.tv_sec) * 1000000000;
	return after.tv_nsec - before.tv_nsec >= half.tv_nsec ? NULL : "it was too short";
}

static void trap(int number, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	(void)number, (void)info;
	if (++caught == 20)
		u->uc_mcontext.gregs[REG_EFL] &= ~0x100;
}

/* Single steps over refused and allowed calls, by the process itself. */
static const char *steps(void)
{
	struct sigaction action = { .sa_sigaction = trap, .sa_flags = SA_SIGINFO };
	bool good;

	if (attach_refusing(0) < 0)
		return "cannot attach";
	sigaction(SIGTRAP, &action, NULL);
	__asm__ volatile("pushf\n\torl $0x100, (%%rsp)\n\tpopf" : : : "cc", "memory");
	good = is_refused();
	good &= syscall(SYS_getppid) > 0;
	while (caught < 20)
		__asm__ volatile("nop");
	return good ? NULL : "a call went wrong";
}

/* ---- traced ---- */

static int body_traced(void *arg)
{
	(void)arg;
	if (attach_refusing(0) < 0)
		return 1;
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	if (!is_refused() || syscall(SYS_getppid) != getppid() || !is_refused())
		return 2;
	return 0;
}

/* Who traces sees what is allowed, and nothing of what is refused. */
static const char *traced(void)
{
	struct user_regs_struct regs;
	int status, refused = 0, allowed = 0;
	pid_t pid = fork();

	if (!pid)
		_exit(body_traced(NULL));
	waitpid(pid, &status, 0);
	while (WIFSTOPPED(status)) {
		if (!ptrace(PTRACE_GETREGS, pid, 0, &regs)) {
			refused += regs.orig_rax == SYS_getpgid;
			allowed += regs.orig_rax == SYS_getppid;
		}
		ptrace(PTRACE_SYSCALL, pid, 0, 0);
		waitpid(pid, &status, 0);
	}
	if (status)
		return "it ended otherwise";
	return !refused && allowed >= 2 ? NULL : "the tracer saw other calls";
}

static const char *stepped(void)
{
	int status, steps_made = 0;
	pid_t pid = fork();

	if (!pid)
		_exit(body_traced(NULL));
	waitpid(pid, &status, 0);
	while (WIFSTOPPED(status)) {
		ptrace(steps_made++ < 2000 ? PTRACE_SINGLESTEP : PTRACE_CONT, pid, 0, 0);
		waitpid(pid, &status, 0);
	}
	return status ? "it ended otherwise" : NULL;
}

static const struct test_case cases[] = {
	{ "threads are under the filter", threads },
	{ "fork without KMUX_INHERIT", fork_without },
	{ "fork with KMUX_INHERIT", fork_inherit },
	{ "who shares the memory is under the filter", clone_vm },
	{ "posix_spawn without KMUX_INHERIT: until exec", spawn_without },
	{ "posix_spawn with KMUX_INHERIT", spawn_inherit },
	{ "the limit of threads", limit },
	{ "exec keeps the filter", exec_keeps },
	{ "from exec on", at_exec },
	{ "an exec that fails, early and late", exec_fails },
	{ "exec from a thread", exec_in_thread },
	{ "signal handlers, and a read that is restarted", signals },
	{ "nanosleep across stop and continue", restart },
	{ "the trap flag", steps },
	{ "a tracer from outside", traced },
	{ "single steps by a tracer", stepped },
};

int main(int argc, char **argv)
{
	if (argc == 2)
		return !(strcmp(argv[1], "refused") ? is_allowed() : is_refused());
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		run_case(&cases[i]);
	return 0;
}
