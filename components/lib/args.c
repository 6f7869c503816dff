// SPDX-License-Identifier: GPL-2.0-or-later
/* The component's `args` in the composition. */
#include "aos.h"

const char *aos_args(void)
{
	const char *args;

	__asm__("movabsq $__args, %0" : "=r"(args));
	return args ? args : "";
}
