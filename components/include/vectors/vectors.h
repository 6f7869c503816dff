/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interfaces of two test components: `vectors`, a server with vector registers
 * (fp = true), and `vecpeek`, one that only looks at them.
 */
#ifndef VECTORS_VECTORS_H
#define VECTORS_VECTORS_H

#include "vectors/state.h"

/**
 * vectors_serve() - look, calculate in floating point, and return with a
 * pattern in every register.
 * Return: 0, or 1 if the registers were not initial, or the sum was wrong.
 */
int64_t vectors_serve(uint64_t seed);

/** vecpeek_serve() - 0, or 1 if there was anything in the registers. */
int64_t vecpeek_serve(void);

#endif
