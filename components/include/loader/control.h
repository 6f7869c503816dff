/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the loader does for whoever the composition lets import it: the
 * component `ctl`.
 */
#ifndef LOADER_CONTROL_H
#define LOADER_CONTROL_H

#include "abi/control.h"
#include "aos.h"
#include "string.h"

/* The name's 16 bytes as two words. */
int64_t loader_restart_words(uint64_t first, uint64_t second);
int64_t loader_stop_words(uint64_t first, uint64_t second);

/**
 * loader_set() - wish a setting of the composition
 * @setting: enum control_setting
 * @index: of the component, or of the thread where it is a thread's
 * Return: 0: noted, until loader_commit() or loader_forget(); -AOS_ENOENT: no such index;
 * -AOS_EINVAL: no such setting, or value; -AOS_EPERM: the loader's or a scheduler's
 * own, or a period, budget or deadline for a thread that has none; -AOS_EBUSY: the thread of
 * whoever asks; -AOS_EAGAIN: somebody else is at it, or what was committed is being done.
 */
int64_t loader_set(uint64_t setting, uint64_t index, uint64_t value);

/** loader_forget() - all that was wished, by whomever.  0, -AOS_EAGAIN. */
int64_t loader_forget(void);

/**
 * loader_commit() - make all wishes true, soon: the loader's own thread does it
 * Return: 0: its counter `settings` tells when, or `settings_refused`; -AOS_EINVAL: the
 * image would be refused with them: they are forgotten, and the log says why; -AOS_EAGAIN.
 */
int64_t loader_commit(void);

/* What loader_look() tells, beside enum control_setting. */
enum loader_fact {
	LOADER_CALLS = 16,		/* of a component: bit per component it invokes */
	LOADER_SCHEDULER,		/* index of the one that schedules its threads */
	LOADER_OVERHEAD,		/* ns of one switch of threads; of any component */
	LOADER_THREAD_COMPONENT,	/* of a thread: index of its component */
	LOADER_THREAD_SERVER,		/* enum image_server */
	LOADER_THREAD_CRITICAL,		/* ns of its longest critical section */
	LOADER_THREAD_NAME,		/* its first 8 bytes */
	LOADER_THREAD_NAME_END		/* the rest */
};

/** loader_look() - a setting or fact as it is.  -AOS_ENOENT: no such index; -AOS_EINVAL. */
int64_t loader_look(uint64_t what, uint64_t index);

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
