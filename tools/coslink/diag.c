// SPDX-License-Identifier: GPL-2.0-or-later
/* Errors, and the word that was probably meant. */
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"

#define DIAG_LINE_LEN 1024
#define DIAG_WORD_LEN 64

/* A message is one line, whatever names the input files contain. */
static void one_line(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

void diag_error(struct diag *diag, struct place at, const char *fmt, ...)
{
	char text[DIAG_LINE_LEN], where[DIAG_LINE_LEN];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	snprintf(where, sizeof(where), "%s", at.file);
	one_line(where);
	one_line(text);
	if (at.line)
		fprintf(diag->out, "%s:%u: %s\n", where, at.line, text);
	else
		fprintf(diag->out, "%s: %s\n", where, text);
	diag->errors++;
}

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int m = a < b ? a : b;

	return m < c ? m : c;
}

/* Levenshtein distance of the first DIAG_WORD_LEN characters. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[DIAG_WORD_LEN + 1];
	size_t la = strnlen(a, DIAG_WORD_LEN), lb = strnlen(b, DIAG_WORD_LEN);

	for (size_t j = 0; j <= lb; j++)
		row[j] = (unsigned int)j;
	for (size_t i = 1; i <= la; i++) {
		unsigned int diagonal = row[0];

		row[0] = (unsigned int)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned int above = row[j];

			row[j] = min3(above + 1, row[j - 1] + 1,
				      diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[lb];
}

const char *diag_nearest(const char *word, const char *const *words)
{
	unsigned int best = UINT_MAX;
	const char *nearest = NULL;

	for (; *words; words++) {
		unsigned int d = distance(word, *words);

		if (d < best) {
			best = d;
			nearest = *words;
		}
	}
	return nearest;
}
