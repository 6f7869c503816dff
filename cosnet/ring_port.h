/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What ring_host.[ch] need from the world around it: single reads and writes
 * and the barriers of abi/ring.h, under the kernel's names, so that the same
 * source also compiles into the unit test.
 */
#ifndef COSNET_RING_PORT_H
#define COSNET_RING_PORT_H

#include "abi/types.h"

#ifdef __KERNEL__
#include <linux/compiler.h>
#include <linux/string.h>
#include <asm/barrier.h>
#else
#include <string.h>
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val)	(*(volatile __typeof__(x) *)&(x) = (val))
#define smp_load_acquire(p)	__atomic_load_n((p), __ATOMIC_ACQUIRE)
#define smp_store_release(p, v)	__atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define smp_mb()		__atomic_thread_fence(__ATOMIC_SEQ_CST)
#endif

#endif
