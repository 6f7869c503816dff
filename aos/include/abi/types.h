/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fixed-width types for every header in abi/.  The only place that knows
 * whether the includer is the Linux side or the freestanding AOS side.
 */
#ifndef ABI_TYPES_H
#define ABI_TYPES_H

#ifdef __KERNEL__
#include <linux/types.h>
#include <linux/build_bug.h>
#include <linux/stddef.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#define ABI_SIZE(type, bytes) \
	_Static_assert(sizeof(type) == (bytes), #type " has changed its size")
#define ABI_OFFSET(type, field, bytes) \
	_Static_assert(offsetof(type, field) == (bytes), \
		       #type "." #field " has moved")

/* Names in shared structures: at most 15 characters and a NUL. */
#define ABI_NAME_LEN 16

#define ABI_PAGE_SIZE 4096u

#endif
