// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filter_doors - the ways into Linux beside the 64-bit SYSCALL, from a process
 * under a filter that refuses what is tried: none may lead in.  Prints verdicts
 * as a guest test does; its name is in $TEST.
 *
 * filter_doors open: those that Linux itself has, under no filter; else these
 * tests would say nothing.
 */
#include <setjmp.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "filter.h"

#define GETPID_32	20	/* in Linux's 32-bit table */
#define LOW_SIZE	8192

static sigjmp_buf back;
static volatile sig_atomic_t got;

static void catch(int number)
{
	got = number;
	siglongjmp(back, 1);
}

static void catch_all(void)
{
	static char stack[65536];
	const stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_handler = catch, .sa_flags = SA_ONSTACK };

	sigaltstack(&alternate, NULL);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGILL, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
}

/* What `enter` returned, or -1000 less the number of the signal it got. */
static long outcome(long (*enter)(void))
{
	got = 0;
	if (sigsetjmp(back, 1))
		return -1000 - got;
	return enter();
}

static long int80(void)
{
	long rax = GETPID_32;

	__asm__ volatile("int $0x80" : "+a"(rax) : : "memory", "r8", "r9", "r10", "r11");
	return rax;
}

static long sysenter(void)
{
	long rax = GETPID_32;

	__asm__ volatile("push %%rbp\n\tmov %%rsp, %%rbp\n\tsysenter\n\tpop %%rbp"
			 : "+a"(rax) : : "memory", "rcx", "rdx", "r11");
	return rax;
}

/*
 * Code for compatibility mode, below 4 GiB: makes the call by two bytes `door`
 * (INT 80h, SYSENTER or SYSCALL) and comes back to 64-bit mode by a far jump.
 */
static unsigned char *low;

static void low_code(unsigned char first, unsigned char second)
{
	unsigned char code[] = {
		0xb8, GETPID_32, 0, 0, 0,	/* mov $GETPID_32, %eax */
		0x89, 0xe5,			/* mov %esp, %ebp */
		first, second,
		0xea, 0, 0, 0, 0, 0x33, 0,	/* ljmp $0x33, $next */
		0xff, 0xe7,			/* 64-bit: jmp *%rdi */
	};
	uint32_t next;

	if (!low)
		low = mmap(NULL, LOW_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	next = (uint32_t)(uintptr_t)low + 16;
	memcpy(code + 10, &next, sizeof(next));
	memcpy(low, code, sizeof(code));
}

static struct {
	uint32_t offset;
	uint16_t selector;
} __attribute__((packed)) target = { .selector = 0x23 };	/* Linux's 32-bit code segment */

static uint64_t saved_sp;

/* This program lies below 4 GiB, so that rdi survives the 32-bit call. */
static long enter_low(void)
{
	long rax;

	target.offset = (uint32_t)(uintptr_t)low;
	__asm__ volatile(
		"push %%rbx\n\tpush %%rbp\n\tpush %%r12\n\tpush %%r13\n\tpush %%r14\n\tpush %%r15\n\t"
		"mov %%rsp, saved_sp(%%rip)\n\t"
		"mov %%rcx, %%rsp\n\t"
		"lea 1f(%%rip), %%rdi\n\t"
		"ljmp *target(%%rip)\n"
		"1:\n\t"
		"mov saved_sp(%%rip), %%rsp\n\t"
		"pop %%r15\n\tpop %%r14\n\tpop %%r13\n\tpop %%r12\n\tpop %%rbp\n\tpop %%rbx"
		: "=a"(rax), "+m"(saved_sp) : "c"(low + LOW_SIZE - 64), "m"(target)
		: "rdx", "rdi", "rsi", "r8", "r9", "r10", "r11", "memory", "cc");
	return (int)rax;
}

static long int80_low(void)
{
	low_code(0xcd, 0x80);
	return enter_low();
}

static long sysenter_low(void)
{
	low_code(0x0f, 0x34);
	return enter_low();
}

static long syscall_low(void)
{
	low_code(0x0f, 0x05);
	return enter_low();
}

static const struct {
	const char *what;
	long (*enter)(void);
	bool of_linux;		/* it leads into Linux, on Intel's CPUs, under no filter */
} doors[] = {
	{ "int $0x80", int80, true },
	{ "SYSENTER, in 64-bit mode", sysenter, false },
	{ "int $0x80, in compatibility mode", int80_low, true },
	{ "SYSENTER, in compatibility mode", sysenter_low, false },
	{ "SYSCALL, in compatibility mode", syscall_low, false },
};

#define DOORS (sizeof(doors) / sizeof(*doors))

/* In a child, since a door may lead anywhere. */
static int try(void *number)
{
	size_t i = (size_t)number;
	long result = outcome(doors[i].enter);

	if (result == getpid())
		return 1;
	if (result == -ENOSYS || (result < -1000 && result > -1065))
		return is_refused() ? 0 : 2;
	printf("door %zu: %ld\n", i, result);
	fflush(stdout);
	return 3;
}

static int open_doors(void)
{
	int bad = 0;

	for (size_t i = 0; i < DOORS; i++)
		if (doors[i].of_linux && WEXITSTATUS(child_status(try, (void *)i)) != 1) {
			printf("not ok %s: %s is no door of Linux's\n", getenv("TEST"),
			       doors[i].what);
			bad = 1;
		}
	return bad;
}

int main(int argc, char **argv)
{
	catch_all();
	if (argc == 2 && !strcmp(argv[1], "open"))
		return open_doors();
	if (attach_refusing(KMUX_INHERIT) < 0)
		return 1;
	for (size_t i = 0; i < DOORS; i++) {
		int status = child_status(try, (void *)i);

		printf("%s %s: shut: %s", status ? "not ok" : "ok", getenv("TEST"), doors[i].what);
		if (status)
			printf(": wait status %#x", (unsigned int)status);
		putchar('\n');
		fflush(stdout);
	}
	return 0;
}
