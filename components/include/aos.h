/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a component sees of the AOS: its system calls (calls.h), the
 * names the linker gives to capabilities and regions, boot information,
 * arguments, log and counters.  Freestanding: nothing but this folder, abi/
 * and the compiler's own headers stands behind it.
 *
 * Everything a component declares is hidden: a call to another component's
 * function goes to the stub that the linker puts in, never through a PLT.
 */
#ifndef AOS_H
#define AOS_H

#include <stdarg.h>

#include "abi/bootinfo.h"
#include "abi/counters.h"
#include "abi/errno.h"
#include "abi/image.h"
#include "abi/syscall.h"
#include "abi/types.h"
#include "calls.h"
#include "string.h"

#pragma GCC visibility push(hidden)

/* ---- names the linker defines ---- */

/** AOS_CAP() - slot of this component's endpoint, timer, doorbell or imported function. */
#define AOS_CAP(name) ({						\
	uint32_t aos_cap_slot;						\
	__asm__("movl $__cap_" #name ", %0" : "=r"(aos_cap_slot));	\
	aos_cap_slot;							\
})

/** AOS_REGION() - address of a shared region this component maps. */
#define AOS_REGION(name) ({						\
	void *aos_region_addr;						\
	__asm__("movabsq $__region_" #name ", %0" : "=r"(aos_region_addr)); \
	aos_region_addr;						\
})

/** AOS_REGION_SIZE() - bytes of address space kept for that region. */
#define AOS_REGION_SIZE(name) ({					\
	uint64_t aos_region_size;					\
	__asm__("movabsq $__region_" #name "_size, %0" : "=r"(aos_region_size)); \
	aos_region_size;						\
})

/** AOS_EXPORT() - at file level: other components may import this function. */
#define AOS_EXPORT(fn)							\
	__asm__(".pushsection .cosexport,\"\",@progbits\n\t"		\
		".asciz \"" #fn "\"\n\t"				\
		".popsection");						\
	/* A name without its function fails here, not in the linker. */ \
	_Static_assert(sizeof(&(fn)) == 8, #fn)

/** aos_heap() - the zeroed memory the composition gave; *size in bytes, 0 = none. */
static inline void *aos_heap(uint64_t *size)
{
	void *heap;

	__asm__("movabsq $__heap_start, %0" : "=r"(heap));
	__asm__("movabsq $__heap_size, %0" : "=r"(*size));
	return heap;
}

/* ---- what the component was given ---- */

static inline const struct bootinfo *aos_bootinfo(void)
{
	return (const struct bootinfo *)BOOTINFO_VADDR;
}

/** aos_args() - the component's `args` of the composition; "" if it has none. */
const char *aos_args(void);

/**
 * aos_channel() - the channel of packets that the component's `args` name, by its
 * interface; without args the first.
 * Return: index in bootinfo channel[], or BOOTINFO_CHANNELS: none of that name.
 */
uint32_t aos_channel(void);

/* ---- log ---- */

#define AOS_LOG_MAX 240u	/* characters of a line, the component's name included */

/**
 * aos_log() - write one line to the AOS's log, "component: " before it.
 * Knows %s %c %d %i %u %x %p %% with an optional 0, width and l, ll or z.
 * What exceeds AOS_LOG_MAX is cut; the newline at the end may be left out.
 */
__attribute__((format(printf, 1, 2))) void aos_log(const char *fmt, ...);

/** aos_format() - the same into @buf, NUL-terminated if @size > 0. -> length kept. */
__attribute__((format(printf, 3, 4))) size_t aos_format(char *buf, size_t size,
							const char *fmt, ...);
size_t aos_vformat(char *buf, size_t size, const char *fmt, va_list ap);

/** aos_error() - a negated AOS_E* in words. */
const char *aos_error(int64_t err);

/* ---- counters and histograms the host can read ---- */

/** aos_counters_page() - the component's own page, where the linker says it is. */
static inline struct counters *aos_counters_page(void)
{
	struct counters *page;

	__asm__("movabsq $__counters, %0" : "=r"(page));
	return page;
}

/**
 * aos_counter() - the counter of that name in the component's page, new or not.
 * Never NULL: when the page is full the counter counts for nobody.
 */
struct counter *aos_counter(const char *name);

/**
 * aos_histogram() - the component's histogram of that name, new or not: see histogram.h.
 * @kind: enum histogram_kind (abi/histogram.h)
 * Never NULL: when the pages are full it counts for nobody.  Not in the loader.
 */
struct histogram *aos_histogram(const char *name, uint32_t kind);

/* One instruction, so two threads of a component lose no count. */
static inline void counter_add(struct counter *c, uint64_t n)
{
	__asm__ volatile("addq %1, %0" : "+m"(c->value) : "er"(n) : "cc");
}

static inline void counter_inc(struct counter *c)
{
	counter_add(c, 1);
}

static inline void counter_set(struct counter *c, uint64_t value)
{
	__atomic_store_n(&c->value, value, __ATOMIC_RELAXED);
}

#endif
