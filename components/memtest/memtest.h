/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tests of memory, run inside the AOS; the host reads the verdict from the counters. */
#ifndef MEMTEST_MEMTEST_H
#define MEMTEST_MEMTEST_H

#include "aos.h"

/** expect() - one check: counted, and logged if it fails. */
void expect(const char *what, int64_t wanted, int64_t found);

void test_managed(void);	/* managed.c: the memory manager */
void test_remade(void);	/* remade.c: a component that is made anew */
void test_host(void);		/* host.c: memory of the host process */

#endif
