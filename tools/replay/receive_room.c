// SPDX-License-Identifier: GPL-2.0-or-later
/* Room for what comes while this program has no CPU, and what found none. */
#include "receive_room.h"

#include <linux/sock_diag.h>
#include <sys/socket.h>

void receive_room_ask(int fd, int bytes)
{
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

uint64_t receive_room_drops(int fd)
{
	uint32_t info[SK_MEMINFO_VARS] = { 0 };
	socklen_t size = sizeof(info);

	if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &size))
		return 0;
	return info[SK_MEMINFO_DROPS];
}
