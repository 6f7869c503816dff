// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * aim - random packets of all kinds from one host, and who got each.
 *
 *   aim SEED COUNT MAC VLANS PCAP RESULT DESTINATION...
 *
 * Sends COUNT frames to the interface with that MAC by c0 of the namespace
 * "client", and watches there for answers, and on b0 of "backup" for what Linux
 * has forwarded.  Each bears its number, and comes from .99 of its network, which
 * nobody has: so nobody says that he does not want the answers.  PCAP: the frames,
 * as sent.  RESULT: per frame
 * its number and "aos" (answered, and not from behind b0), "linux" (seen on b0),
 * "both", or "nobody".  VLANS: 1 to tag some frames, else 0.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAGIC	"aimed at"
#define TAG	12		/* magic, number */
#define BATCH	48
#define ROOM	1600

enum { SEEN_ANSWER = 1, SEEN_BACKUP = 2, ANSWER_IS_PING = 4 };

static uint8_t frame[ROOM], seen_frame[65536], mac[6], own_mac[6];
static uint8_t *seen;
static unsigned int count;

static void die(const char *what)
{
	fprintf(stderr, "aim: %s: %s\n", what, strerror(errno));
	exit(1);
}

static unsigned int pick(unsigned int n)
{
	return (unsigned int)random() % n;
}

/* ---- packets -------------------------------------------------------------------- */

static void put16(uint8_t *p, unsigned int v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static uint32_t sum(const uint8_t *p, size_t n, uint32_t so_far)
{
	for (size_t i = 0; i < n; i++)
		so_far += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	return so_far;
}

static void put_sum(uint8_t *p, uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	put16(p, total == 0xffff ? total : ~total & 0xffff);
}

static unsigned int some_port(void)
{
	static const unsigned int ports[] = { 7, 7, 7, 7, 1, 6, 8, 9, 50, 99, 100, 6666, 6123 };
	unsigned int i = pick(sizeof(ports) / sizeof(ports[0]) + 1);

	return i < sizeof(ports) / sizeof(ports[0]) ? ports[i] : 1 + pick(65535);
}

static unsigned int some_size(void)
{
	switch (pick(6)) {
	case 0: return TAG;
	case 1: return 1380 + pick(93);	/* around what XDP carries */
	default: return TAG + pick(300);
	}
}

static unsigned int some_protocol(bool six)
{
	static const uint8_t protocols[] = {
		IPPROTO_UDP, IPPROTO_UDP, IPPROTO_UDP, IPPROTO_UDP, IPPROTO_UDP, IPPROTO_UDP,
		IPPROTO_TCP, IPPROTO_ICMP, 99,
	};
	unsigned int protocol = protocols[pick(sizeof(protocols))];

	return protocol == IPPROTO_ICMP && six ? IPPROTO_ICMPV6 : protocol;
}

/* Header and payload with the number; returns its length. */
static size_t put_transport(uint8_t *p, unsigned int protocol, unsigned int number,
			    size_t size, uint32_t pseudo)
{
	size_t header = protocol == IPPROTO_TCP ? 20 : 8, length;
	uint8_t *check = NULL;

	length = header + size;
	memset(p, 0, length);
	memcpy(p + header, MAGIC, 8);
	memcpy(p + header + 8, &number, 4);
	if (protocol == IPPROTO_UDP || protocol == IPPROTO_TCP) {
		put16(p, 1024 + pick(60000));
		put16(p + 2, some_port());
	}
	if (protocol == IPPROTO_UDP) {
		put16(p + 4, (unsigned int)length);
		check = p + 6;
	} else if (protocol == IPPROTO_TCP) {
		p[12] = 0x50;
		p[13] = 0x10;
		check = p + 16;
	} else if (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6) {
		p[0] = protocol == IPPROTO_ICMP ? 8 : 128;
		check = p + 2;
		if (protocol == IPPROTO_ICMP)
			pseudo = 0;
	}
	if (check)
		put_sum(check, sum(p, length, pseudo + (pseudo ? (uint32_t)length : 0)));
	return length;
}

static size_t put_ipv4(uint8_t *p, const uint8_t *to, const char *from, unsigned int number)
{
	size_t header = pick(8) ? 20 : 24, length, most;
	unsigned int protocol = some_protocol(false), fragment = 0;

	memset(p, 0, header);
	p[0] = (uint8_t)(0x40 | header / 4);
	p[8] = 64;
	p[9] = (uint8_t)protocol;
	inet_pton(AF_INET, from, p + 12);
	memcpy(p + 16, to, 4);
	memset(p + 20, 1, header - 20);		/* no operation */
	most = some_size();
	length = header + put_transport(p + header, protocol, number,
					most > 1500 - header - 20 ? 1500 - header - 20 : most,
					sum(p + 12, 8, protocol));
	if (!pick(8))
		fragment = pick(2) ? 0x2000 : 1 + pick(100);
	put16(p + 2, (unsigned int)length);
	put16(p + 4, number);
	put16(p + 6, fragment);
	put_sum(p + 10, sum(p, header, 0));
	return length;
}

static void put_padding(uint8_t *p)
{
	p[2] = 1;	/* PadN */
	p[3] = 4;
}

/* One or two headers of padding before what comes, or a fragment's. */
static size_t put_extension(uint8_t *p, uint8_t *next, unsigned int number)
{
	static const uint8_t kinds[] = { IPPROTO_HOPOPTS, IPPROTO_DSTOPTS, IPPROTO_FRAGMENT };
	uint8_t kind;

	if (pick(5))
		return 0;
	kind = kinds[pick(sizeof(kinds))];
	memset(p, 0, 8);
	p[0] = *next;
	if (kind == IPPROTO_FRAGMENT) {
		put16(p + 2, pick(2) ? 1 : 8 * (1 + pick(100)));
		memcpy(p + 4, &number, 4);
	} else {
		put_padding(p);
	}
	*next = kind;
	if (kind == IPPROTO_FRAGMENT || pick(2))
		return 8;
	memcpy(p + 8, p, 8);
	p[0] = IPPROTO_DSTOPTS;
	return 16;
}

static size_t put_ipv6(uint8_t *p, const uint8_t *to, const char *from, unsigned int number)
{
	uint8_t next = (uint8_t)some_protocol(true), protocol = next;
	size_t extension, length, most = some_size();

	memset(p, 0, 40);
	p[0] = 0x60;
	p[7] = 64;
	inet_pton(AF_INET6, from, p + 8);
	memcpy(p + 24, to, 16);
	extension = put_extension(p + 40, &next, number);
	p[6] = next;
	length = extension + put_transport(p + 40 + extension, protocol, number,
					   most > 1420 ? 1420 : most,
					   sum(p + 8, 32, protocol));
	put16(p + 4, (unsigned int)length);
	return 40 + length;
}

static size_t make(unsigned int number, bool vlans, char **destinations, int n)
{
	const char *to = destinations[pick((unsigned int)n)];
	uint8_t address[16];
	bool four = inet_pton(AF_INET, to, address) == 1;
	size_t at = 12;
	unsigned int vlan = vlans && four && !pick(5) ? 5 + !pick(4) : 0;

	if (!four && inet_pton(AF_INET6, to, address) != 1)
		die(to);
	memcpy(frame, mac, 6);
	if (!pick(20))
		frame[5] ^= 1;	/* to somebody else */
	memcpy(frame + 6, own_mac, 6);
	if (vlan) {
		put16(frame + at, ETHERTYPE_VLAN);
		put16(frame + at + 2, vlan);
		at += 4;
	}
	put16(frame + at, four ? ETHERTYPE_IP : ETHERTYPE_IPV6);
	at += 2;
	if (four)
		return at + put_ipv4(frame + at, address, vlan ? "10.5.5.99" : "10.5.0.99", number);
	return at + put_ipv6(frame + at, address, "fd00:5::99", number);
}

/* ---- watching ----------------------------------------------------------------------- */

static void read_mac(int fd, const char *link)
{
	struct ifreq request = { 0 };

	strcpy(request.ifr_name, link);
	if (ioctl(fd, SIOCGIFHWADDR, &request))
		die(link);
	memcpy(own_mac, request.ifr_hwaddr.sa_data, 6);
}

static int watch(const char *namespace, const char *link)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	char path[64];
	int room = 8 << 20, fd;

	snprintf(path, sizeof(path), "/run/netns/%s", namespace);
	fd = open(path, O_RDONLY);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(path);
	close(fd);
	fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	address.sll_ifindex = (int)if_nametoindex(link);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		die(link);
	return fd;
}

/* An echo's answer comes from its port, or is a ping's; ICMP errors are neither. */
static int kind_of_answer(const uint8_t *p, size_t n)
{
	bool four = n && p[0] >> 4 == 4;
	size_t at = four ? (size_t)(p[0] & 15) * 4 : 40;
	unsigned int protocol;

	if (n < 20 || n < at + 2)
		return 0;
	protocol = four ? p[9] : p[6];
	if (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6)
		return p[at] == (four ? 0 : 129) ? SEEN_ANSWER | ANSWER_IS_PING : 0;
	return protocol == IPPROTO_UDP && !p[at] && p[at + 1] == 7 ? SEEN_ANSWER : 0;
}

static void look(int fd, bool backup)
{
	struct sockaddr_ll from;
	socklen_t size = sizeof(from);
	ssize_t n = recvfrom(fd, seen_frame, sizeof(seen_frame), MSG_DONTWAIT,
			     (struct sockaddr *)&from, &size);
	const uint8_t *tag;
	uint32_t number;

	if (n < 14 || from.sll_pkttype == PACKET_OUTGOING)
		return;
	tag = memmem(seen_frame, (size_t)n, MAGIC, 8);
	if (!tag || tag + TAG > seen_frame + n)
		return;
	memcpy(&number, tag + 8, 4);
	if (number < count)
		seen[number] |= backup ? SEEN_BACKUP :
				(uint8_t)kind_of_answer(seen_frame + 14, (size_t)n - 14);
}

static void drain(int client, int backup, int patience)
{
	struct pollfd files[] = { { client, POLLIN, 0 }, { backup, POLLIN, 0 } };

	while (poll(files, 2, patience) > 0) {
		if (files[0].revents)
			look(client, false);
		if (files[1].revents)
			look(backup, true);
	}
}

/* ---- the whole -------------------------------------------------------------------------- */

static void record(FILE *pcap, size_t size)
{
	const uint32_t header[] = { 0, 0, (uint32_t)size, (uint32_t)size };

	fwrite(header, sizeof(header), 1, pcap);
	fwrite(frame, size, 1, pcap);
}

static void write_result(const char *path)
{
	FILE *out = fopen(path, "w");

	if (!out)
		die(path);
	for (unsigned int i = 0; i < count; i++) {
		int answer = seen[i] & SEEN_ANSWER, backup = seen[i] & SEEN_BACKUP;

		/* What lies behind b0 answers pings, and only those, byte for byte. */
		fprintf(out, "%u %s\n", i + 1, !answer && !backup ? "nobody" :
			!backup ? "aos" : answer && !(seen[i] & ANSWER_IS_PING) ? "both" :
			"linux");
	}
	fclose(out);
}

int main(int argc, char **argv)
{
	static const uint32_t header[] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, 1 };
	unsigned int byte[6];
	int backup, client, slow = getenv("SLOW") ? atoi(getenv("SLOW")) : 1;
	FILE *pcap;

	if (argc < 8 || sscanf(argv[3], "%x:%x:%x:%x:%x:%x", &byte[0], &byte[1], &byte[2],
			       &byte[3], &byte[4], &byte[5]) != 6)
		die("usage: aim SEED COUNT MAC VLANS PCAP RESULT DESTINATION...");
	for (int i = 0; i < 6; i++)
		mac[i] = (uint8_t)byte[i];
	srandom((unsigned int)atoi(argv[1]));
	count = (unsigned int)atoi(argv[2]);
	seen = calloc(count, 1);
	pcap = fopen(argv[5], "w");
	if (!seen || !pcap)
		die(argv[5]);
	fwrite(header, sizeof(header), 1, pcap);
	backup = watch("backup", "b0");
	client = watch("client", "c0");
	read_mac(client, "c0");
	for (unsigned int i = 0; i < count; i++) {
		size_t size = make(i, atoi(argv[4]), argv + 7, argc - 7);

		record(pcap, size);
		if (send(client, frame, size, 0) < 0)
			die("send");
		if (i % BATCH == BATCH - 1)
			drain(client, backup, 20 * slow);
	}
	drain(client, backup, 1500 * slow);
	fclose(pcap);
	write_result(argv[6]);
	return 0;
}
