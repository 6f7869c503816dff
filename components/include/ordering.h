/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading and writing memory that somebody else writes or reads at the same
 * time: rings and shared regions.  READ_ONCE() is one load, so a value that
 * was checked is the value that is used.
 */
#ifndef ORDERING_H
#define ORDERING_H

#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, v)	__atomic_store_n(&(x), (v), __ATOMIC_RELAXED)
/* Pairs with the other side's STORE_RELEASE() of the same word. */
#define LOAD_ACQUIRE(x)		__atomic_load_n(&(x), __ATOMIC_ACQUIRE)
#define STORE_RELEASE(x, v)	__atomic_store_n(&(x), (v), __ATOMIC_RELEASE)
/* Between publishing one word and reading another of the peer's. */
#define FULL_BARRIER()		__atomic_thread_fence(__ATOMIC_SEQ_CST)

#endif
