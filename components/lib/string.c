// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory and string functions, among them those gcc calls on its own.
 * There are no vector registers here: long copies use the string
 * instructions, short ones, whose start-up would cost more, a loop of words.
 */
#include <stdint.h>

#include "string.h"

#define REP_FROM 64u	/* bytes from which a string instruction is worth its start */

/* Unaligned words, of no effective type. */
typedef uint64_t __attribute__((may_alias, aligned(1))) word;

static void copy_words(char *dst, const char *src, size_t words)
{
	for (size_t i = 0; i < words; i++)
		((word *)dst)[i] = ((const word *)src)[i];
}

void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	char *d = dst;
	const char *s = src;
	size_t words = n / 8;

	if (n < 8) {
		for (size_t i = 0; i < n; i++)
			d[i] = s[i];
		return dst;
	}
	/* The last word may overlap what comes before it: written twice, equal. */
	*(word *)(d + n - 8) = *(const word *)(s + n - 8);
	if (n < REP_FROM)
		copy_words(d, s, words);
	else
		__asm__ volatile("rep movsq" : "+D"(d), "+S"(s), "+c"(words) : : "memory");
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	char *d = dst;
	const char *s = src;

	if ((uintptr_t)d - (uintptr_t)s >= n)
		/* No byte is overwritten before it is read, going upwards. */
		for (size_t i = 0; i < n; i++)
			d[i] = s[i];
	else
		while (n--)
			d[n] = s[n];
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
	uint64_t pattern = 0x0101010101010101ull * (uint8_t)c;
	char *d = dst;
	size_t words = n / 8;

	if (n < 8) {
		for (size_t i = 0; i < n; i++)
			d[i] = (char)c;
		return dst;
	}
	*(word *)(d + n - 8) = pattern;
	if (n < REP_FROM)
		for (size_t i = 0; i < words; i++)
			((word *)d)[i] = pattern;
	else
		__asm__ volatile("rep stosq" : "+D"(d), "+c"(words) : "a"(pattern) : "memory");
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;
	size_t i = 0;

	while (i + 8 <= n && *(const word *)(x + i) == *(const word *)(y + i))
		i += 8;
	for (; i < n; i++)
		if (x[i] != y[i])
			return x[i] - y[i];
	return 0;
}

void *memchr(const void *s, int c, size_t n)
{
	const unsigned char *p = s;

	for (size_t i = 0; i < n; i++)
		if (p[i] == (unsigned char)c)
			return (void *)(uintptr_t)(p + i);
	return NULL;
}

size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

size_t strlen(const char *s)
{
	return strnlen(s, SIZE_MAX);
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i] != b[i] || !a[i])
			return (unsigned char)a[i] - (unsigned char)b[i];
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

char *strchr(const char *s, int c)
{
	return memchr(s, c, strlen(s) + 1);
}
