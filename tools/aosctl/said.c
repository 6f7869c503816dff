// SPDX-License-Identifier: GPL-2.0-or-later
/* Pieces of lines into lines: see said.h.  Pure. */
#include "said.h"

/* -> it ends the line */
static bool append(struct said *said, const char *text)
{
	for (unsigned int i = 0; i < LINES_PIECE_LEN && text[i]; i++) {
		if (text[i] == '\n')
			return true;
		said->text[said->len++] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	}
	return said->len >= SAID_MAX;
}

bool said_take(struct said *said, const struct lines_piece *piece)
{
	uint64_t missing = piece->number - said->number - 1;

	if (!said->pieces)
		said->lost = said->len = 0;
	if (missing) {
		said->lost += missing + said->pieces;
		said->pieces = said->len = 0;
	}
	said->number = piece->number;
	said->when = piece->when;
	said->pieces++;
	if (!append(said, piece->text))
		return false;
	said->text[said->len] = '\0';
	said->pieces = 0;
	return true;
}
