/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * settings - what of a composition may change while it runs: times and priorities of
 * threads, watchdogs, how often a component may be made anew.
 */
#ifndef AOSCTL_SETTINGS_H
#define AOSCTL_SETTINGS_H

#include "composition.h"

#define SETTINGS_MOST (4 * AOS_MAX_THREADS + 3 * AOS_MAX_COMPONENTS)

struct settings_wish {
	enum control_setting setting;
	uint32_t index;		/* of the thread, or component */
	uint32_t value;
};

struct wishes {
	unsigned int n;
	struct settings_wish wish[SETTINGS_MOST];
};

/*
 * From words: NAME KEY=VALUE..., as often as one likes; NAME is COMPONENT or
 * COMPONENT.THREAD.  A deadline that is the period follows it.  0, or -1 and has said why.
 */
int settings_parse(const struct composition *now, char *const *words, int nwords,
		   struct wishes *settings);

/*
 * What differs in `wanted`, which has the same components and threads; what is nobody's to
 * change is left out.
 */
void settings_differ(const struct composition *now, const struct composition *wanted,
		     struct wishes *settings);

/* One of `composition`, to be `value`.  False: there is no such setting, or no such index. */
bool settings_put(struct composition *composition, enum control_setting setting, uint32_t index,
		  uint32_t value);

/* What it is in `composition`, where `settings` would change it. */
uint32_t settings_value(const struct composition *composition, enum control_setting setting,
			uint32_t index);

/* The admission test on `now` with these.  0, or -1 and has said which thread would be late. */
int settings_admit(const struct composition *now, const struct wishes *settings);

/* What was noted and not committed is forgotten, what was committed is done.  0 or -1, said why. */
int settings_forget(struct control *control);

/* All of them at once, or none.  0, or -1 and has said why. */
int settings_apply(struct control *control, const struct composition *now,
		   const struct wishes *settings);

/* What `aosctl set` does. name: of the instance.  0, RUNNING_NOT_UP (running.h), or -1. */
int settings_set(const char *name, char *const *words, int nwords);

#endif
