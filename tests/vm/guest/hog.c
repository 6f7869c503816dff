// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hog BUSY-US IDLE-US - compute and rest in turn, for ever, and look all the
 * time whether the registers hold what they were given: whoever preempts this
 * process must not be seen in them.  Status 1 if one did not.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 20000

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* How many registers have changed. */
static uint64_t changed(uint64_t seed)
{
	uint64_t wrong;

	__asm__ volatile(
		"movq %1, %%rax\n\t"
		"leaq 1(%%rax), %%rdx\n\tleaq 2(%%rax), %%rsi\n\tleaq 3(%%rax), %%rdi\n\t"
		"leaq 4(%%rax), %%r8\n\tleaq 5(%%rax), %%r9\n\tleaq 6(%%rax), %%r10\n\t"
		"leaq 7(%%rax), %%r11\n\tleaq 8(%%rax), %%r12\n\tleaq 9(%%rax), %%r13\n\t"
		"leaq 10(%%rax), %%r14\n\tleaq 11(%%rax), %%r15\n\t"
		"movq %%rax, %%xmm0\n\tmovq %%rdx, %%xmm15\n\t"
		"movl %2, %%ecx\n"
		"1:\tdecl %%ecx\n\tjnz 1b\n\t"
		"xorl %%ebx, %%ebx\n\t"
#define LOOK(register, offset)				\
		"leaq " #offset "(%%rax), %%rcx\n\t"	\
		"cmpq %%rcx, %%" #register "\n\t"	\
		"je 2f\n\tincq %%rbx\n2:\t"
		LOOK(rdx, 1) LOOK(rsi, 2) LOOK(rdi, 3) LOOK(r8, 4) LOOK(r9, 5) LOOK(r10, 6)
		LOOK(r11, 7) LOOK(r12, 8) LOOK(r13, 9) LOOK(r14, 10) LOOK(r15, 11)
		"movq %%xmm0, %%rdx\n\t" LOOK(rdx, 0)
		"movq %%xmm15, %%rdx\n\t" LOOK(rdx, 1)
		"movq %%rbx, %0\n\t"
		: "=m"(wrong) : "m"(seed), "i"(ROUNDS)
		: "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12",
		  "r13", "r14", "r15", "xmm0", "xmm15", "cc");
	return wrong;
}

int main(int argc, char **argv)
{
	uint64_t busy, idle, seed = (uint64_t)getpid() << 40;

	if (argc != 3)
		return 2;
	busy = strtoul(argv[1], NULL, 0);
	idle = strtoul(argv[2], NULL, 0);
	for (;;) {
		uint64_t end = now_us() + busy;

		do {
			if (changed(seed += 12345)) {
				fprintf(stderr, "hog: registers changed\n");
				return 1;
			}
		} while (now_us() < end);
		if (idle)
			usleep((useconds_t)idle);
	}
}
