/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Provided by whatever the AOS kernel is linked into (Linux, libc). */
#ifndef AOS_STRING_H
#define AOS_STRING_H

#include <stddef.h>

void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
size_t strlen(const char *s);

#endif
