/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All vector and x87 registers as ring 3 sees them, for tests that look for
 * what came across: to load, to hold for a while, to write down, to compare.
 * In lib/vectors.S, by hand, so components without vector registers can look.
 */
#ifndef VECTORS_STATE_H
#define VECTORS_STATE_H

#include "aos.h"

struct vectors_state {
	uint8_t legacy[512];		/* FXSAVE's format (Intel SDM vol. 1, 10.5.1) */
	uint8_t upper[16][16];		/* of ymm0..15; only if avx */
	uint64_t avx;			/* in: not 0 where the CPU has AVX */
} __attribute__((aligned(64)));

#define VECTORS_NO_CALL (~0ull)

/** vectors_init() - zero, and find out about AVX. */
void vectors_init(struct vectors_state *s);

/** vectors_pattern() - other values for each @seed, in every register; MXCSR
 * and x87 control word are odd ones as well.  @s: after vectors_init().
 */
void vectors_pattern(struct vectors_state *s, uint64_t seed);

/** vectors_load(), vectors_look() - registers from *@s, to *@s (with its avx). */
void vectors_load(const struct vectors_state *s);
void vectors_look(struct vectors_state *s);

/**
 * vectors_hold() - load *@in, let time pass, make a system call, let time
 * pass, and write what is there into *@out.
 * @call: AOS_CALL() but none that invokes or returns, or VECTORS_NO_CALL
 * Return: of the system call.
 */
int64_t vectors_hold(const struct vectors_state *in, struct vectors_state *out,
		     uint64_t spins, uint64_t call, uint64_t arg0);

/** vectors_same() - are all registers of *@a and *@b the same? */
bool vectors_same(const struct vectors_state *a, const struct vectors_state *b);

/** vectors_share() - is the value of any register of *@a also in *@b's, and not 0? */
bool vectors_share(const struct vectors_state *a, const struct vectors_state *b);

/** vectors_initial() - does *@s hold what a thread starts with? */
bool vectors_initial(const struct vectors_state *s);

#endif
