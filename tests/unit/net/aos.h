/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The component runtime's interface on the host, for tests of the data path:
 * regions are mappings of this process (those a component may only read are
 * read-only here, too), system calls are functions of world.c.
 */
#ifndef AOS_H
#define AOS_H

#include <stdarg.h>

#include "abi/bootinfo.h"
#include "abi/counters.h"
#include "abi/errno.h"
#include "abi/histogram.h"
#include "abi/ring.h"
#include "abi/syscall.h"
#include "abi/types.h"
#include "string.h"

#define WORLD_REGIONS(X)						\
	X(ring_host) X(ring_ctrl) X(ring_tx) X(pkt_in) X(pkt_out)	\
	X(dgram_in) X(dgram_out) X(dgram_copy) X(reply_copy)		\
	X(rx_host) X(rx_ctrl) X(pump)

#define WORLD_REGION(name) extern void *world_##name;
WORLD_REGIONS(WORLD_REGION)

extern uint64_t world_region_size;	/* of each; as much as anybody wants */

enum { WORLD_CAP_rx, WORLD_CAP_tick, WORLD_CAP_bell, WORLD_CAP_netstack_input,
       WORLD_CAP_app_input, WORLD_CAP_rx_bell };

#define AOS_REGION(name)	(world_##name)
#define AOS_REGION_SIZE(name)	(world_region_size)
#define AOS_CAP(name)		((uint32_t)WORLD_CAP_##name)
#define AOS_EXPORT(fn)		_Static_assert(sizeof(&(fn)) == 8, #fn)

int64_t aos_event_wait(uint32_t endpoint, uint32_t flags, uint32_t meanwhile);
int64_t aos_timer_set(uint32_t timer, uint64_t at);
int64_t aos_doorbell(uint32_t channel);
int64_t aos_fault_report(uint32_t import, uint64_t word);
uint64_t aos_time_ns(void);
uint64_t aos_tsc(void);
uint64_t aos_tsc_near(void);
_Noreturn void aos_abort(void);
_Noreturn void aos_thread_exit(void);
const struct bootinfo *aos_bootinfo(void);
__attribute__((format(printf, 1, 2))) void aos_log(const char *fmt, ...);
__attribute__((format(printf, 3, 4))) size_t aos_format(char *buf, size_t size,
							const char *fmt, ...);

static inline uint32_t aos_channel(void)
{
	return 0;
}

/* Which component this file belongs to: set by net.mk. */
#define aos_counter(name)	world_component_counter(WORLD_COMPONENT, name)
struct counter *world_component_counter(const char *component, const char *name);

#define aos_histogram(name, kind)	world_component_histogram(WORLD_COMPONENT, name, kind)
struct histogram *world_component_histogram(const char *component, const char *name,
					    uint32_t kind);

static inline void counter_add(struct counter *c, uint64_t n)
{
	c->value += n;
}

static inline void counter_inc(struct counter *c)
{
	c->value++;
}

static inline void counter_set(struct counter *c, uint64_t value)
{
	c->value = value;
}

#endif
