// SPDX-License-Identifier: GPL-2.0-or-later
/* Bare IP packets, as they are routed to the device. */
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "datagram.h"
#include "receiver.h"

#define HEADERS	28	/* IPv4 without options, UDP */

static int fd;

static int tun_open(const char *device)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };

	strncpy(request.ifr_name, device, IFNAMSIZ - 1);
	fd = open("/dev/net/tun", O_RDWR);
	return fd < 0 ? -1 : ioctl(fd, TUNSETIFF, &request);
}

/* Whatever is no IPv4 with UDP, such as a router solicitation, is not for us. */
static int packet_read(unsigned char *packet, size_t size)
{
	int n;

	do
		n = (int)read(fd, packet, size);
	while (n >= 0 && (n < HEADERS || packet[0] != 0x45 || packet[9] != 17));
	return n;
}

static int tun_receive(void)
{
	unsigned char packet[2048];

	return packet_read(packet, sizeof(packet)) - HEADERS;
}

int receiver_tun_echo(void)
{
	unsigned char packet[2048];
	int n = packet_read(packet, sizeof(packet));

	if (n < 0)
		return -1;
	datagram_turn(packet);
	return write(fd, packet, (size_t)n) == n ? 0 : -1;
}

const struct receiver receiver_tun = { "tun", tun_open, tun_receive };
