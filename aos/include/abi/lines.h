/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a component has said last: a ring of pieces of lines behind its counters
 * (abi/counters.h), for whoever reads that page.  The log of the host has all
 * lines in their order; here each component keeps its own, over its restarts too.
 *
 * A line is as many pieces as it needs, numbered one after another; the last
 * ends with '\n'.  Who writes takes its numbers by one atomic addition to `last`, so
 * threads of a component need no lock.  A piece says its number when it is whole:
 *
 *   writer   number = 0; fence; when, text; release: number = n
 *   reader   acquire: number == n; when, text; fence; number == n still
 *
 * A piece that says another number is overwritten, or not there yet: the reader
 * leaves it out, and the gap in the numbers tells.  A component may write what it
 * likes, and so may garble its own lines; one whose thread is held up in the middle
 * of a piece while LINES_PIECES others go by does so without meaning it.
 */
#ifndef ABI_LINES_H
#define ABI_LINES_H

#include "types.h"

#define LINES_PIECES	23u	/* as many as fit behind the counters */
#define LINES_PIECE_LEN	48u	/* characters: of one OP_LOG as well */

struct lines_piece {
	uint64_t number;		/* from 1; 0: it is being written */
	uint64_t when;			/* ns of OP_TIME, the same in all pieces of a line */
	char text[LINES_PIECE_LEN];	/* '\0' ends it early */
};
ABI_SIZE(struct lines_piece, 64);

struct lines {
	uint64_t last;			/* number of the last piece that was begun */
	struct lines_piece piece[LINES_PIECES];	/* n is at n % LINES_PIECES */
};
ABI_SIZE(struct lines, 8 + 64 * 23);

static inline void lines_write(struct lines *lines, uint64_t n, uint64_t when, const char *text,
			       size_t len)
{
	struct lines_piece *piece = &lines->piece[n % LINES_PIECES];

	__atomic_store_n(&piece->number, 0, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	piece->when = when;
	__builtin_memset(piece->text, 0, sizeof(piece->text));
	__builtin_memcpy(piece->text, text, len);
	__atomic_store_n(&piece->number, n, __ATOMIC_RELEASE);
}

/**
 * lines_add() - keep a line; of the component that owns the ring alone
 * @when: ns of OP_TIME
 * @text: @len bytes, the last of them '\n'
 */
static inline void lines_add(struct lines *lines, uint64_t when, const char *text, size_t len)
{
	size_t pieces = (len + LINES_PIECE_LEN - 1) / LINES_PIECE_LEN, at = 0;
	uint64_t n = __atomic_fetch_add(&lines->last, pieces, __ATOMIC_RELAXED);

	for (; at < len; at += LINES_PIECE_LEN)
		lines_write(lines, ++n, when, text + at,
			    len - at < LINES_PIECE_LEN ? len - at : LINES_PIECE_LEN);
}

/**
 * lines_read() - copy piece @n of a ring that its component may change meanwhile
 * Return: false: it is not there; then @to may hold anything.
 */
static inline bool lines_read(const struct lines *lines, uint64_t n, struct lines_piece *to)
{
	const struct lines_piece *piece = &lines->piece[n % LINES_PIECES];

	if (__atomic_load_n(&piece->number, __ATOMIC_ACQUIRE) != n)
		return false;
	__builtin_memcpy(to, piece, sizeof(*to));
	to->number = n;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return __atomic_load_n(&piece->number, __ATOMIC_RELAXED) == n;
}

#endif
