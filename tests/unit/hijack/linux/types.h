/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's names for types, over the system's own header. */
#ifndef TEST_LINUX_TYPES_H
#define TEST_LINUX_TYPES_H

#include_next <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

typedef long long s64;
typedef unsigned long long u64;

#endif
