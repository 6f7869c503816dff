// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * send LOCAL:PEER - the host at the other end of the emulated wire
 * (QEMU's -netdev dgram), until it is killed.  A run begins when gaps says "NAME COUNT ADDRESS
 * PORT AOS [SIZE BURST]": then 16-byte datagrams go out to that address and port, COUNT of them
 * and every one when the last has been answered, if AOS is 1 in turn with as many to the
 * appliance's time service, if it is 2 those alone; at the end a short one.  With SIZE it is
 * COUNT trains, to a service that echoes, each followed by a datagram to gaps: see trains().
 *
 * Prints "aos NAME PUBLISHED TAKEN" for each reply of the time service, and "lost NAME N" after
 * a run in which so many were not answered.
 *
 * The addresses are those of tests/bench/guest.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bytes.h"
#include "frame.h"

#define IP4_HEADER	20
#define UDP_HEADER	8
#define REQUEST		16	/* components/udpapp/time.md */
#define REPLY		56
#define ORDER_LEAST	16	/* "n 1 1.1.1.1 1 0" and its end */
#define WARM_UP		50
#define TRAIN		8	/* bursts, as in figures.sh */
#define TRAINS_WARM_UP	5
#define PAYLOAD_MAX	1472	/* of an Ethernet frame */
#define BURST_MS	2000	/* without an echo: the rest is lost */
#define SETTLE_US	4000	/* a train's last interrupts, before the note of its end */
#define REPLY_MS	5000	/* the emulator itself pauses now and then */
#define PAUSE_US	1000	/* the guest is done with what follows a reply */

static const uint8_t own_mac[6] = { 0x52, 0x54, 0, 0x72, 0x70, 1 };
static const uint8_t guest_mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };
static const struct address own = { 4, { 10, 0, 2, 100 } };
static const struct endpoint aos = { { 4, { 10, 9, 0, 1 } }, 123 };
static const struct endpoint gaps = { { 4, { 10, 0, 2, 15 } }, 7777 };

static int wire;

static void fail(const char *what)
{
	fprintf(stderr, "send: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int port_socket(int local, int peer)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(local),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in there = here;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	there.sin_port = htons(peer);
	if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof(here)) ||
	    connect(fd, (struct sockaddr *)&there, sizeof(there)))
		fail("wire");
	return fd;
}

/* A frame refused is a guest that is not there yet. */
static int emit(void *arg, const uint8_t *frame, size_t size)
{
	(void)arg;
	(void)!send(wire, frame, size, 0);
	return 0;
}

static void send_datagram(const struct endpoint *to, const void *payload, size_t size)
{
	static struct frame_link link = { .source = { 0x52, 0x54, 0, 0x72, 0x70, 1 },
					  .mtu = 1500, .next_id = 1 };
	const struct endpoint from = { own, 20000 };
	uint8_t udp[UDP_HEADER + PAYLOAD_MAX];
	size_t n = udp_build(udp, sizeof(udp), &from, to, payload, size);

	frame_send(&link, guest_mac, &own, &to->address, PROTOCOL_UDP, udp, n, emit, NULL);
}

static uint64_t get64(const uint8_t *p)
{
	return (uint64_t)get32(p) << 32 | get32(p + 4);
}

/* The payload of the next datagram that @from sends us, or NULL: none in time. */
static const uint8_t *receive(const struct endpoint *from, size_t least, int wait_ms)
{
	static uint8_t frame[FRAME_MAX];
	const uint8_t *udp = frame + ETHERNET_HEADER + IP4_HEADER;
	struct pollfd p = { .fd = wire, .events = POLLIN };

	while (poll(&p, 1, wait_ms) > 0) {
		ssize_t n = recv(wire, frame, sizeof(frame), 0);

		if (n >= (ssize_t)(ETHERNET_HEADER + IP4_HEADER + UDP_HEADER + least) &&
		    get16(udp + 4) >= UDP_HEADER + least &&	/* short frames are filled up */
		    !memcmp(frame, own_mac, sizeof(own_mac)) && get16(frame + 12) == TYPE_IP4 &&
		    frame[ETHERNET_HEADER + 9] == PROTOCOL_UDP && get16(udp) == from->port)
			return udp + UDP_HEADER;
	}
	return NULL;
}

static bool ask(uint32_t id, const char *name)
{
	uint8_t request[REQUEST] = { 'T', 1, 1 };
	const uint8_t *reply;

	put32(request + 4, id);
	send_datagram(&aos, request, sizeof(request));
	do
		reply = receive(&aos, REPLY, REPLY_MS);
	while (reply && get32(reply + 4) != id);
	if (reply && name)
		printf("aos %s %lu %lu\n", name, get64(reply + 32), get64(reply + 40));
	return reply;
}

/* What gaps wants. */
struct order {
	char name[32];
	int count;		/* datagrams, or trains */
	struct endpoint to;
	int with_aos;		/* 1: in turn to the AOS's time service, 2: to it alone */
	int size, burst;	/* size > 0: trains of such bursts, perhaps empty ones */
};

static bool order_read(struct order *o)
{
	const uint8_t *text = receive(&gaps, ORDER_LEAST, -1);	/* what comes late is shorter */
	char address[16];
	int port;

	memset(o, 0, sizeof(*o));
	if (!text || sscanf((const char *)text, "%31s %d %15s %d %d %d %d", o->name, &o->count,
			    address, &port, &o->with_aos, &o->size, &o->burst) < 5 ||
	    inet_pton(AF_INET, address, o->to.address.bytes) != 1 || o->size > PAYLOAD_MAX)
		return false;
	o->to.address.family = 4;
	o->to.port = (uint16_t)port;
	return true;
}

/* Return: datagrams that were not answered. */
static int singles(const struct order *o)
{
	const uint8_t payload[REQUEST] = { 0 };
	int lost = 0;

	for (int i = 0; i < WARM_UP + o->count; i++) {
		if (o->with_aos) {
			lost += !ask((uint32_t)i, i < WARM_UP ? NULL : o->name);
			usleep(PAUSE_US);
		}
		if (i < WARM_UP || o->with_aos == 2)
			continue;
		send_datagram(&o->to, payload, sizeof(payload));
		lost += !receive(&gaps, 1, REPLY_MS);
		usleep(PAUSE_US);
	}
	send_datagram(&o->to, payload, 1);
	return lost;
}

/* So many datagrams at once, and their echoes. Return: those that did not come. */
static int burst(const struct order *o)
{
	static const uint8_t payload[PAYLOAD_MAX];

	for (int i = 0; i < o->burst; i++)
		send_datagram(&o->to, payload, (size_t)o->size);
	for (int i = 0; i < o->burst; i++)
		if (!receive(&o->to, (size_t)o->size, BURST_MS))
			return o->burst - i;
	return 0;
}

/*
 * Bursts one after the other, each when the last has been echoed; then a datagram to gaps, which
 * so notes where the train ends.  The first are a warm-up; of empty bursts there is the note alone.
 */
static int trains(const struct order *o)
{
	static const uint8_t payload[REQUEST];
	int lost = 0;

	for (int i = 0; i < TRAINS_WARM_UP + o->count; i++) {
		for (int k = 0; k < TRAIN; k++)
			lost += burst(o);
		usleep(SETTLE_US);
		send_datagram(&gaps, payload, REQUEST);
		lost += !receive(&gaps, 1, REPLY_MS);
		usleep(SETTLE_US);
	}
	send_datagram(&gaps, payload, 1);
	return lost;
}

static void run(void)
{
	struct order o;
	int lost;

	if (!order_read(&o)) {
		fprintf(stderr, "send: no such order\n");
		exit(1);
	}
	lost = o.size ? trains(&o) : singles(&o);
	if (lost)
		printf("lost %s %d\n", o.name, lost);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int local, peer;

	if (argc != 2 || sscanf(argv[1], "%d:%d", &local, &peer) != 2) {
		fprintf(stderr, "usage: send LOCAL:PEER\n");
		return 2;
	}
	wire = port_socket(local, peer);
	for (;;)
		run();
}
