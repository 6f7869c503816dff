/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interface of the mortal, which is made anew after a fault: it holds a lock,
 * grows, shares and dies when it is told to, so that its caller sees what is
 * left of it.  A test component.
 */
#ifndef MORTAL_MORTAL_H
#define MORTAL_MORTAL_H

#include "aos.h"

/** mortal_hold() - take its lock, which the calling thread keeps -> 0. */
int64_t mortal_hold(void);

/** mortal_heap() - touch page @page of its heap: -> what it held, and writes 1. */
int64_t mortal_heap(uint64_t page);

/** mortal_share() - a page of its own, shared with the victim: -> its address. */
int64_t mortal_share(void);

/** mortal_lives() - how many times it has been started, its own thread included. */
int64_t mortal_lives(void);

/** mortal_die() - by a fault. */
int64_t mortal_die(void);

#endif
