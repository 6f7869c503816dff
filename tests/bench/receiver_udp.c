// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/socket.h>

#include "receiver.h"

static int udp_open(const char *device)
{
	(void)device;
	return 0;
}

static int udp_receive(void)
{
	char payload[2048];

	return (int)recv(receiver_socket, payload, sizeof(payload), 0);
}

const struct receiver receiver_udp = { "udp", udp_open, udp_receive };
