// SPDX-License-Identifier: GPL-2.0-or-later
#include "aos_test.h"

void rig_broken(const char *why)
{
	fail_msg("%s", why);
}

static int setup(void **state, bool kpti)
{
	struct rig *rig = malloc(sizeof(*rig));

	if (!rig)
		return -1;
	rig_open(rig, kpti);
	*state = rig;
	return 0;
}

int rig_setup_kpti(void **state)
{
	return setup(state, true);
}

int rig_setup_plain(void **state)
{
	return setup(state, false);
}

int rig_teardown(void **state)
{
	rig_close(*state);
	free(*state);
	return 0;
}
