/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All vector and x87 registers of a Linux process, over a system call of its. */
#ifndef VECTORS_H
#define VECTORS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* FXSAVE's image (Intel SDM vol. 1, table 10-2), and what AVX adds. */
struct vectors {
	uint8_t legacy[512];
	uint8_t upper[16][16];
} __attribute__((aligned(64)));

/* Another value in each register for each seed; control words are odd ones. */
static inline void vectors_pattern(struct vectors *v, unsigned int seed)
{
	static const uint8_t head[28] = { 0x7f, 0x0e, 0, 0, 0xff, [24] = 0x80, 0xff };

	memset(v, 0, sizeof(*v));
	memcpy(v->legacy, head, sizeof(head));
	for (unsigned int i = 0; i < 8; i++)
		memset(v->legacy + 32 + 16 * i, (int)(seed + i + 1), 10);
	for (unsigned int i = 0; i < 16; i++) {
		memset(v->legacy + 160 + 16 * i, (int)(seed * 3 + i), 16);
		memset(v->upper[i], (int)(seed * 5 + i), 16);
	}
}

/* Where the x87's last instruction was is not looked at. */
static inline bool vectors_same(const struct vectors *a, const struct vectors *b)
{
	return !memcmp(a->legacy, b->legacy, 6) && !memcmp(a->legacy + 24, b->legacy + 24, 4) &&
	       !memcmp(a->legacy + 32, b->legacy + 32, 416 - 32) &&
	       !memcmp(a->upper, b->upper, sizeof(a->upper));
}

#define VECTORS_16(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) \
		      X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)
#define VECTORS_PUT(n) "vinsertf128 $1, 512+16*" #n "(%[in]), %%ymm" #n ", %%ymm" #n "\n\t"
#define VECTORS_GET(n) "vextractf128 $1, %%ymm" #n ", 512+16*" #n "(%[out])\n\t"
#define VECTORS_CLOBBER(n) "xmm" #n,

/* Load *in, let time pass, make system call nr, write what is there to *out -> rax. */
static inline long vectors_call(const struct vectors *in, struct vectors *out, long spins,
				long nr, long a, long b, long c)
{
	__asm__ volatile("fxrstor64 (%[in])\n\t"
			 VECTORS_16(VECTORS_PUT)
			 "1:\tdecq %[spins]\n\tjnz 1b\n\t"
			 "syscall\n\t"
			 "fxsave64 (%[out])\n\t"
			 VECTORS_16(VECTORS_GET)
			 "fninit\n\t"
			 "movl $0x1f80, -4(%%rsp)\n\tldmxcsr -4(%%rsp)\n\tvzeroupper"
			 : "+a"(nr), [spins] "+r"(spins)
			 : [in] "r"(in), [out] "r"(out), "D"(a), "S"(b), "d"(c)
			 : VECTORS_16(VECTORS_CLOBBER) "rcx", "r11", "memory", "cc");
	return nr;
}

#endif
