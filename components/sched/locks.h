/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks with priority inheritance.  A lock is of the component that made it:
 * only threads that come from there take it.  Whoever holds one is as urgent
 * as the most urgent thread that waits for it, and so on along the chain of
 * those who wait; a wait that would close the chain to a ring is refused, so
 * there is none.  Released, a lock goes to its most urgent waiter at once.
 */
#ifndef LOCKS_H
#define LOCKS_H

#include "runqueue.h"

#define LOCKS_MAX		32u
#define LOCKS_PER_COMPONENT	8u

/* Not an error: the thread has to wait, and is held back. */
#define LOCK_WAIT		1

struct lock {
	bool used;
	uint8_t component;
	uint8_t owner;		/* thread, or RUNQUEUE_NONE */
	uint32_t waiters;	/* bit per thread */
};

struct locks {
	struct lock lock[LOCKS_MAX];
	uint8_t waits_for[AOS_MAX_THREADS];	/* lock + 1, or 0 */
};

/** locks_make() - a new lock's number; -AOS_ENOSPC: no room, or none for @component. */
int64_t locks_make(struct locks *l, uint32_t component);

/**
 * locks_take() - thread @tid of @component wants lock @id.
 * @until: end of its patience, ns; 0: none
 * Return: 0: it holds it; LOCK_WAIT; -AOS_ENOENT: no such lock of @component;
 * -AOS_EDEADLK: it holds it already, or holds one that its holder waits for.
 */
int64_t locks_take(struct locks *l, struct runqueue *q, uint64_t id, uint32_t component,
		   uint32_t tid, uint64_t until);

/** locks_release() - 0, -AOS_ENOENT, or -AOS_EPERM: @tid does not hold it. */
int64_t locks_release(struct locks *l, struct runqueue *q, uint64_t id, uint32_t component,
		      uint32_t tid);

/** locks_set_base() - @tid has another priority of its own; what it inherits stays. */
void locks_set_base(struct locks *l, struct runqueue *q, uint32_t tid, uint32_t priority);

/** locks_give_up() - @tid waits no longer. */
void locks_give_up(struct locks *l, struct runqueue *q, uint32_t tid);

/** locks_thread_gone() - @tid holds nothing and waits for nothing any more. */
void locks_thread_gone(struct locks *l, struct runqueue *q, uint32_t tid);

/** locks_component_gone() - its locks are no more; who waited for one goes on. */
void locks_component_gone(struct locks *l, struct runqueue *q, uint32_t component);

/** locks_has() - does @tid hold lock @id?  Any @id. */
bool locks_has(const struct locks *l, uint64_t id, uint32_t tid);

/** locks_held() - does @tid hold any lock? */
bool locks_held(const struct locks *l, uint32_t tid);

#endif
