/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_FIB_H
#define AOSCTL_FIB_H

#include "explain.h"

/* A socket for fib_ask(), or -1 and says why not. */
int fib_open(void);

/*
 * Asks Linux where it would send such a packet, by all its own rules and checks
 * (rtnetlink).  Needs no rights.
 */
void fib_ask(int fd, const struct probe *probe, struct explain_route *route);

#endif
