/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between the two files of lwip that have a hook. */
#ifndef CRASH_LWIP_LIE_H
#define CRASH_LWIP_LIE_H

#include <stdbool.h>

extern bool crash_lie;	/* the batch's result is to be nonsense */

#endif
