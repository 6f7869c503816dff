/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings_reload - the settings of a boot image into the AOS that runs another one. */
#ifndef AOSCTL_SETTINGS_RELOAD_H
#define AOSCTL_SETTINGS_RELOAD_H

#include "check.h"
#include "settings.h"
#include "state.h"

struct settings_reload {
	bool looked;			/* it may run with other settings */
	struct composition now, image;
	struct wishes wanted;
};

/*
 * What is to change; asks the AOS only if `state` says that it may have other settings than
 * the image, and notes there that nobody knows until settings_reload_note().  Before
 * change_begin().  0, or -1 and has said why.
 */
int settings_reload_plan(struct settings_reload *plan, struct state *state,
			 const struct appliance *appliance);

/* Part of a change: records what the AOS will have.  0 or -1. */
int settings_reload_note(const struct settings_reload *plan, struct state *state,
			 const struct appliance *appliance);

/* Part of a change: all at once.  0, or -1 and has said why. */
int settings_reload_apply(const struct settings_reload *plan, struct state *state);

/*
 * Settings as they were before the change in `state`, whoever made it and however far it came.
 * 0, or -1 and has said why.
 */
int settings_reload_recover(const struct state *state);

#endif
