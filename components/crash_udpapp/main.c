// SPDX-License-Identifier: GPL-2.0-or-later
/* udpapp, which looks for orders before it answers a batch. */
#include "crash/crash.h"

#define app_input real_input
#include "../udpapp/main.c"
#undef app_input

int64_t app_input(uint32_t n)
{
	struct datagram_out *out = AOS_REGION(dgram_out);
	bool lie = crash_datagrams("udpapp", n);
	int64_t result = real_input(n);

	if (lie)
		out->reply[0] = (struct datagram_reply){ .len = INT32_MAX, .off = UINT32_MAX };
	return result;
}
