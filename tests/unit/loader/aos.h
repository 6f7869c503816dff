/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands in for components/include/aos.h where the loader's settings are tested alone. */
#ifndef AOS_H
#define AOS_H

#include <string.h>

#include "abi/bootinfo.h"
#include "abi/counters.h"
#include "abi/errno.h"
#include "abi/image.h"
#include "abi/syscall.h"
#include "abi/types.h"

enum { CAP_faults = AOS_SLOT_FIRST };

#define AOS_CAP(name)		CAP_##name
#define AOS_EXPORT(fn)		_Static_assert(sizeof(&(fn)) == 8, #fn)

/* Of the test. */
uint32_t aos_caller(void);
int64_t aos_event_signal(uint32_t endpoint);
struct counter *aos_counter(const char *name);
void aos_log(const char *fmt, ...);

static inline const char *aos_error(int64_t err)
{
	(void)err;
	return "refused";
}

static inline void counter_inc(struct counter *c)
{
	c->value++;
}

#endif
