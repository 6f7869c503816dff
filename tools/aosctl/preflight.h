/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Can this host run the AOS, and if not, precisely why not?  Reads only.
 */
#ifndef AOSCTL_PREFLIGHT_H
#define AOSCTL_PREFLIGHT_H

#include <stdbool.h>

#include "config.h"

enum verdict {
	VERDICT_GOOD,
	VERDICT_REMARK,		/* works, could be better, or cannot be told */
	VERDICT_BLOCKS
};

struct preflight {
	const char *root;	/* "" or, for tests, where /proc, /sys, /boot are */
	const char *modules;	/* directory of hijack.ko, or NULL */
	int cpu;		/* the AOS CPU */
	int frames;		/* of memory, 0: not known */
	void (*found)(struct preflight *p, enum verdict verdict, const char *what,
		      const char *remedy);
	void *context;		/* of `found` */
	unsigned int blocks;	/* findings so far that block */
};

void preflight_run(struct preflight *p);

/* For those who look: what they find, and a file's text below p->root (0 or -errno). */
void preflight_found(struct preflight *p, enum verdict verdict, const char *remedy,
		     const char *format, ...) __attribute__((format(printf, 4, 5)));
int preflight_read(const struct preflight *p, const char *path, char *text, size_t room);

/* Is the word in the text, between blanks? */
bool preflight_has_word(const char *text, const char *word);

/* Prints what blocks; true if anything does. */
bool preflight_blocks(const struct config *config, const char *modules);

#endif
