// SPDX-License-Identifier: GPL-2.0-or-later
/* lwip's services, which look for orders before they call udpapp. */
#include "crash/crash.h"
#include "lie.h"

#include "app/datagram.h"
int64_t crash_input(uint32_t n);
#define app_input crash_input
#include "../lwip/server.c"
#undef app_input

bool crash_lie;

int64_t crash_input(uint32_t n)
{
	crash_lie = crash_datagrams("lwip", n);
	return app_input(n);
}
