// SPDX-License-Identifier: GPL-2.0-or-later
/* Which packet channel a component of the data path works on. */
#include "aos.h"

uint32_t aos_channel(void)
{
	const struct bootinfo *info = aos_bootinfo();
	const char *name = aos_args();

	if (!*name)
		return 0;
	for (uint32_t i = 0; i < info->nchannels && i < BOOTINFO_CHANNELS; i++)
		if (!strncmp(info->channel[i].name, name, ABI_NAME_LEN))
			return i;
	return BOOTINFO_CHANNELS;
}
