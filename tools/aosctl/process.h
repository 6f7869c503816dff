/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process that may be gone, its number reused: known by number and start. */
#ifndef AOSCTL_PROCESS_H
#define AOSCTL_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/* Clock ticks since boot at which it started; 0: there is none. */
unsigned long long process_start(pid_t pid);

/* Seconds since it started. */
double process_age(pid_t pid);

/* Is it alive (no zombie), and the one that started then? */
bool process_alive(pid_t pid, unsigned long long start);

/* Waits until it has ended; false if that took longer than the seconds. */
bool process_wait_end(pid_t pid, unsigned long long start, double seconds);

double process_clock(void);	/* monotonic seconds */
void process_pause(void);	/* 20 ms */

#endif
