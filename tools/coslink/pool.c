// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory of one run. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pool.h"

struct pool_block {
	struct pool_block *next;
	_Alignas(max_align_t) unsigned char bytes[];
};

static _Noreturn void pool_exhausted(void)
{
	fputs("coslink: out of memory\n", stderr);
	abort();
}

void *pool_alloc(struct pool *pool, size_t count, size_t size)
{
	struct pool_block *block;
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) ||
	    __builtin_add_overflow(bytes, sizeof(*block), &bytes))
		pool_exhausted();
	block = calloc(1, bytes);
	if (!block)
		pool_exhausted();
	block->next = pool->blocks;
	pool->blocks = block;
	return block->bytes;
}

char *pool_strdup(struct pool *pool, const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(pool_alloc(pool, 1, size), text, size);
}

char *pool_printf(struct pool *pool, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0)
		pool_exhausted();
	text = pool_alloc(pool, 1, (size_t)len + 1);
	va_start(ap, fmt);
	vsnprintf(text, (size_t)len + 1, fmt, ap);
	va_end(ap);
	return text;
}

void pool_free(struct pool *pool)
{
	while (pool->blocks) {
		struct pool_block *next = pool->blocks->next;

		free(pool->blocks);
		pool->blocks = next;
	}
}
