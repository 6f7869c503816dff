/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Budgets: joins servers with what the kernel counts and enforces.  A thread
 * runs on what the kernel was told last, which is never more than its server
 * has; when that is used up the server is asked anew.  So a thread that
 * stays below its budget costs next to nothing, and no timer.
 */
#ifndef BUDGETS_H
#define BUDGETS_H

#include "aos.h"

#include "server.h"

/* What a thread that holds a lock gets at a time beyond its budget. */
#define OVERDRAFT_NS	50000u
/* Servers shorter than these would spend their time on switches. */
#define BUDGET_MIN_NS	10000u
#define PERIOD_MIN_NS	100000u

struct budget {
	struct server server;		/* kind: IMAGE_SERVER_NONE: no limit */
	uint64_t refill_at;		/* held back until then, ns; 0: it is not */
	uint64_t overdraft;		/* lent since its last refill */
	struct counter *depletions, *overdrafts, *used_us;
	uint64_t used;			/* ns, ever */
};

struct budgets {
	uint32_t waiting;		/* bit per thread that is held back */
	struct budget budget[AOS_MAX_THREADS];
};

/** budgets_admit() - a limit for thread @tid, or none; -AOS_EINVAL: too short. */
int64_t budgets_admit(uint32_t tid, uint32_t kind, uint64_t budget, uint64_t period);

/**
 * budgets_change() - another limit for a thread that has one; what it has used counts
 * against the new one.  -AOS_EINVAL: too short, nothing has changed.
 */
int64_t budgets_change(uint32_t tid, uint64_t budget, uint64_t period);

/** budgets_forget() - the thread is gone. */
void budgets_forget(uint32_t tid);

/** budgets_spent() - the kernel has stopped the thread: more, or hold it back. */
void budgets_spent(uint32_t tid);

/** budgets_refill() - let those go on whose time has come. */
void budgets_refill(uint64_t now);

/** budgets_lend() - who has become a lock's holder meanwhile goes on, on credit. */
void budgets_lend(void);

/** budgets_settle() - thread @tid has released a lock: is its credit over? */
void budgets_settle(uint32_t tid);

/** budgets_earliest() - when the next one may go on, ns, or 0. */
uint64_t budgets_earliest(void);

#endif
