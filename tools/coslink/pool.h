/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of one run: everything is taken from a pool and goes back at once,
 * so no error path has anything to free.
 */
#ifndef COSLINK_POOL_H
#define COSLINK_POOL_H

#include <stddef.h>

struct pool_block;

struct pool {
	struct pool_block *blocks;
};

/* Zeroed; never NULL (out of memory ends the program: there is no output yet). */
void *pool_alloc(struct pool *pool, size_t count, size_t size);
char *pool_strdup(struct pool *pool, const char *text);
char *pool_printf(struct pool *pool, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void pool_free(struct pool *pool);

#define POOL_ARRAY(pool, type, count) \
	((type *)pool_alloc((pool), (count), sizeof(type)))

#endif
