/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ways in which a program of Linux gets a datagram. */
#ifndef BENCH_RECEIVER_H
#define BENCH_RECEIVER_H

#define RECEIVER_PORT		7777	/* of receiver_socket; others ask for the next one */

/* A UDP socket at that port, open before any receiver is. */
extern int receiver_socket;

struct receiver {
	const char *name;
	/** open() - @device: what to receive from. Return: 0, or -1 with errno */
	int (*open)(const char *device);
	/** receive() - sleeps until there is a datagram. Return: bytes of its payload, or -1 */
	int (*receive)(void);
};

extern const struct receiver receiver_udp;	/* recv(); no device */
extern const struct receiver receiver_tun;	/* read() of a TUN device */
extern const struct receiver receiver_af_xdp;	/* an AF_XDP socket on queue 0 of a card */

/* One datagram, back to where it came from; for those that see its headers. Return: 0, or -1. */
int receiver_tun_echo(void);
int receiver_af_xdp_echo(void);

#endif
