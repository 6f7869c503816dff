// SPDX-License-Identifier: GPL-2.0-or-later
/* The component kernel against hostile components: aos_player.h says how. */
#include <stdio.h>
#include <stdlib.h>

#include "aos_player.h"

void rig_broken(const char *why)
{
	fprintf(stderr, "invariant broken: %s\n", why);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct player player;

	player_run(&player, data, size);
	return 0;
}
