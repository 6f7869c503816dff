/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of <stdlib.h> that the lwIP files we build mention. */
#ifndef PORT_LIBC_STDLIB_H
#define PORT_LIBC_STDLIB_H

#include <stddef.h>

int atoi(const char *s);

#endif
