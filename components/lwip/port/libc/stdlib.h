/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of <stdlib.h> that the lwIP files we build mention. */
#ifndef PORT_LIBC_STDLIB_H
#define PORT_LIBC_STDLIB_H

/* For netif_find(), which takes names such as "vn0" apart. */
static inline int atoi(const char *s)
{
	int n = 0;

	for (; *s >= '0' && *s <= '9'; s++)
		n = n * 10 + (*s - '0');
	return n;
}

#endif
