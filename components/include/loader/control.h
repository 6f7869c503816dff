/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the loader does for whoever the composition lets import it: the
 * component `ctl`.
 */
#ifndef LOADER_CONTROL_H
#define LOADER_CONTROL_H

#include "aos.h"
#include "string.h"

/* The name's 16 bytes as two words. */
int64_t loader_restart_words(uint64_t first, uint64_t second);
int64_t loader_stop_words(uint64_t first, uint64_t second);

/* What the loader's counter down.NAME says. */
#define LOADER_DOWN_TOO_OFTEN	1u	/* restarted too often */
#define LOADER_DOWN_STOPPED	2u	/* somebody asked for it */

/**
 * loader_restart() - make a component anew, soon: the loader's own thread does it
 * @name: ABI_NAME_LEN bytes, zeroes behind its end
 * Return: 0; -AOS_ENOENT: no such component; -AOS_EPERM: its composition does not restart it.
 */
static inline int64_t loader_restart(const char *name)
{
	uint64_t word[2];

	memcpy(word, name, sizeof(word));
	return loader_restart_words(word[0], word[1]);
}

/**
 * loader_stop() - stop a component, soon, until somebody asks for its restart
 * @name: ABI_NAME_LEN bytes, zeroes behind its end
 * Return: 0; -AOS_ENOENT: no such component; -AOS_EPERM: its composition does not restart it,
 * so nobody could; -AOS_EBUSY: whoever asks is it, or needs it.
 */
static inline int64_t loader_stop(const char *name)
{
	uint64_t word[2];

	memcpy(word, name, sizeof(word));
	return loader_stop_words(word[0], word[1]);
}

#endif
