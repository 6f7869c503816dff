/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The component's own counters page, where the linker says it is. */
#ifndef COUNTERS_PAGE_H
#define COUNTERS_PAGE_H

#include "aos.h"

static inline struct counters *counters_page(void)
{
	struct counters *page;

	__asm__("movabsq $__counters, %0" : "=r"(page));
	return page;
}

#endif
