// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts of vectors/state.h that need no vector register. */
#include "vectors/state.h"

/* Offsets in FXSAVE's image (Intel SDM vol. 1, table 10-2). */
#define FCW		0
#define FTW		4
#define POINTERS	6	/* opcode, instruction and data pointer: up to MXCSR */
#define MXCSR		24
#define MXCSR_MASK	28
#define ST(i)		(32 + 16 * (i))
#define XMM(i)		(160 + 16 * (i))
#define UNUSED		416

#define FCW_INITIAL	0x37fu
#define MXCSR_INITIAL	0x1f80u
/* Rounding towards zero, flush to zero, other precision: no exception unmasked. */
#define FCW_ODD		0x0e7fu
#define MXCSR_ODD	0xff80u

static bool cpu_has_avx(void)
{
	uint32_t a = 1, b, c = 0, d;

	__asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	return (c >> 27 & 1) && (c >> 28 & 1);	/* OSXSAVE, AVX */
}

void vectors_init(struct vectors_state *s)
{
	memset(s, 0, sizeof(*s));
	s->avx = cpu_has_avx();
}

static void put16(struct vectors_state *s, uint32_t at, uint32_t value)
{
	s->legacy[at] = (uint8_t)value;
	s->legacy[at + 1] = (uint8_t)(value >> 8);
}

static uint32_t get16(const struct vectors_state *s, uint32_t at)
{
	return s->legacy[at] | (uint32_t)s->legacy[at + 1] << 8;
}

void vectors_pattern(struct vectors_state *s, uint64_t seed)
{
	for (uint32_t i = 0; i < 8; i++)
		for (uint32_t b = 0; b < 10; b++)
			s->legacy[ST(i) + b] = (uint8_t)(seed + 16 * i + b + 1);
	for (uint32_t i = 0; i < 16; i++)
		for (uint32_t b = 0; b < 16; b++) {
			s->legacy[XMM(i) + b] = (uint8_t)(seed * 7 + 16 * i + b + 1);
			s->upper[i][b] = s->avx ? (uint8_t)(seed * 13 + 16 * i + b + 1) : 0;
		}
	s->legacy[FTW] = 0xff;
	put16(s, FCW, FCW_ODD);
	put16(s, MXCSR, MXCSR_ODD);
}

static bool same_bytes(const uint8_t *a, const uint8_t *b, uint32_t n)
{
	while (n && *a == *b)
		a++, b++, n--;
	return !n;
}

/* Where an instruction was is not looked at: CPUs differ in when they tell. */
bool vectors_same(const struct vectors_state *a, const struct vectors_state *b)
{
	return same_bytes(a->legacy, b->legacy, POINTERS) &&
	       same_bytes(a->legacy + MXCSR, b->legacy + MXCSR, MXCSR_MASK - MXCSR) &&
	       same_bytes(a->legacy + ST(0), b->legacy + ST(0), UNUSED - ST(0)) &&
	       same_bytes(a->upper[0], b->upper[0], sizeof(a->upper));
}

static bool share_bytes(const uint8_t *a, const uint8_t *b, uint32_t n)
{
	static const uint8_t zero[16];

	return same_bytes(a, b, n) && !same_bytes(a, zero, n);
}

bool vectors_share(const struct vectors_state *a, const struct vectors_state *b)
{
	bool any = false;

	for (uint32_t i = 0; i < 8; i++)
		any |= share_bytes(a->legacy + ST(i), b->legacy + ST(i), 10);
	for (uint32_t i = 0; i < 16; i++)
		any |= share_bytes(a->legacy + XMM(i), b->legacy + XMM(i), 16) ||
		       share_bytes(a->upper[i], b->upper[i], 16);
	return any;
}

bool vectors_initial(const struct vectors_state *s)
{
	static const uint8_t zero[sizeof(s->upper)];

	return get16(s, FCW) == FCW_INITIAL && get16(s, MXCSR) == MXCSR_INITIAL &&
	       same_bytes(s->legacy + 2, zero, POINTERS - 2) &&
	       same_bytes(s->legacy + ST(0), zero, UNUSED - ST(0)) &&
	       same_bytes(s->upper[0], zero, sizeof(s->upper));
}
