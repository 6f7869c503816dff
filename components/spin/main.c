// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A thread that keeps the AOS busy in one way, for ever, so that a test can
 * find it in that state at any moment.  Which way is the name of one of the
 * boot information's services; without such a name it sleeps.
 */
#include "aos.h"
#include "benchsrv/benchsrv.h"
#include "hostile/hostile.h"
#include "sched/sched.h"

#define NAP_NS	50000u

static volatile uint64_t scratch;

/* Ring 3, no system call ever. */
static void compute(void)
{
	for (int i = 0; i < 1000; i++)
		scratch += (uint64_t)i;
}

/* Looks whether registers keep their values while others have the CPU. */
static void registers(void)
{
	uint64_t wrong = 0;

	__asm__ volatile("movq %%rsp, %%rax\n\t"
			 "leaq 1(%%rax), %%rdx\n\tleaq 2(%%rax), %%rsi\n\t"
			 "leaq 3(%%rax), %%rdi\n\tleaq 4(%%rax), %%r8\n\t"
			 "leaq 5(%%rax), %%r9\n\tleaq 6(%%rax), %%r10\n\t"
			 "leaq 7(%%rax), %%r11\n\tleaq 8(%%rax), %%r12\n\t"
			 "leaq 9(%%rax), %%r13\n\tleaq 10(%%rax), %%r14\n\t"
			 "leaq 11(%%rax), %%r15\n\t"
			 "movl $20000, %%ecx\n"
			 "1:\tstc\n\tdecl %%ecx\n\tjnc 3f\n\tjnz 1b\n\t"
			 "xorl %%ebx, %%ebx\n\t"
#define LOOK(register, offset)					\
			 "leaq " #offset "(%%rax), %%rcx\n\t"	\
			 "cmpq %%rcx, %%" #register "\n\t"	\
			 "je 2f\n\tincq %%rbx\n2:\t"
			 LOOK(rsp, 0) LOOK(rdx, 1) LOOK(rsi, 2) LOOK(rdi, 3) LOOK(r8, 4)
			 LOOK(r9, 5) LOOK(r10, 6) LOOK(r11, 7) LOOK(r12, 8) LOOK(r13, 9)
			 LOOK(r14, 10) LOOK(r15, 11)
			 "jmp 4f\n"
			 "3:\tmovl $1, %%ebx\n"
			 "4:\tmovq %%rbx, %0"
			 : "=m"(wrong) : : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9",
			   "r10", "r11", "r12", "r13", "r14", "r15", "cc");
	if (wrong)
		aos_abort();
}

static void invoke(void)
{
	for (int i = 0; i < 100; i++)
		benchsrv_empty();
}

static void call(void)
{
	for (int i = 0; i < 100; i++)
		aos_null();
}

static void fault(void)
{
	if (hostile_attack(HOSTILE_ud2, 0) != -AOS_EFAULT)
		aos_abort();
}

static void nap(void)
{
	sched_sleep_until(aos_time_ns() + NAP_NS);
}

static void ring_bell(void)
{
	aos_doorbell(AOS_CAP(bell));
}

static void chatter(void)
{
	aos_log("so many rounds: %lu", scratch++);
}

static const struct {
	const char *name;
	void (*round)(void);
} ways[] = {
	{ "compute", compute },
	{ "registers", registers },
	{ "invoke", invoke },
	{ "call", call },
	{ "fault", fault },
	{ "nap", nap },
	{ "bell", ring_bell },
	{ "log", chatter },
};

static void (*find_way(void))(void)
{
	const struct bootinfo *info = aos_bootinfo();

	for (uint32_t s = 0; s < info->nservices; s++)
		for (uint32_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++)
			if (!strncmp(info->service[s].name, ways[w].name, ABI_NAME_LEN))
				return ways[w].round;
	return NULL;
}

void spin_main(uint64_t arg)
{
	struct counter *rounds = aos_counter("rounds");
	void (*round)(void) = find_way();

	(void)arg;
	while (!round)
		sched_block();
	for (;;) {
		round();
		counter_inc(rounds);
	}
}
