// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * packets cases DEVICE	sends packets of which it is known what becomes of them,
 *			and prints "COUNTER N": by how much each must grow
 * packets random DEVICE N SEED
 *			sends N packets of random bytes, most with some truth in
 *			them, and fragments in any order; prints "sent N"
 *
 * Straight into the device, past routing and queueing.  The appliance has
 * 10.9.0.1 and fd00:9::1 there, Linux 10.9.0.254 and fd00:9::fe.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 1500
#define CLIENT 4242	/* source port of good packets */

static const uint8_t us4[4] = { 10, 9, 0, 254 }, aos4[4] = { 10, 9, 0, 1 };
static const uint8_t us6[16] = { 0xfd, 0, 0, 9, [15] = 0xfe };
static const uint8_t aos6[16] = { 0xfd, 0, 0, 9, [15] = 0x01 };

static struct sockaddr_ll to;
static int packet_socket;

static bool put(uint16_t protocol, const uint8_t *packet, size_t size)
{
	to.sll_protocol = htons(protocol);
	return sendto(packet_socket, packet, size, 0, (struct sockaddr *)&to, sizeof(to)) ==
	       (ssize_t)size;
}

/* ---- a packet under construction -------------------------------------------- */

static uint8_t p[65536];
static size_t len;

static void put16(size_t at, uint32_t v)
{
	p[at] = (uint8_t)(v >> 8);
	p[at + 1] = (uint8_t)v;
}

static uint32_t sum(const uint8_t *from, size_t n, uint32_t s)
{
	for (size_t i = 0; i < n; i++)
		s += i & 1 ? from[i] : (uint32_t)from[i] << 8;
	return s;
}

static uint16_t fold(uint32_t s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return (uint16_t)~s;
}

static void ip4_checksum(void)
{
	size_t header = (p[0] & 15u) * 4u;

	put16(10, 0);
	put16(10, fold(sum(p, header, 0)));
}

/* Header of 20 bytes and `options`, then room for `payload` bytes. */
static size_t ip4(uint8_t protocol, size_t options, size_t payload)
{
	memset(p, 0, sizeof(p));
	len = 20 + options + payload;
	p[0] = (uint8_t)(0x45 + options / 4);
	put16(2, (uint32_t)len);
	p[8] = 64;
	p[9] = protocol;
	memcpy(p + 12, us4, 4);
	memcpy(p + 16, aos4, 4);
	ip4_checksum();
	return 20 + options;
}

static size_t ip6(uint8_t next, size_t payload)
{
	memset(p, 0, sizeof(p));
	len = 40 + payload;
	p[0] = 0x60;
	put16(4, (uint32_t)payload);
	p[6] = next;
	p[7] = 64;
	memcpy(p + 8, us6, 16);
	memcpy(p + 24, aos6, 16);
	return 40;
}

/* Checksum over the transport header and payload at `at`, stored at `field`. */
static void transport_checksum(size_t at, size_t field, uint8_t protocol)
{
	size_t n = len - at;
	uint32_t s = protocol + (uint32_t)n;

	s = p[0] >> 4 == 4 ? sum(p + 12, 8, s) : sum(p + 8, 32, s);
	put16(field, 0);
	put16(field, fold(sum(p + at, n, s)));
}

static void udp(size_t at, uint16_t port)
{
	put16(at, CLIENT);
	put16(at + 2, port);
	put16(at + 4, (uint32_t)(len - at));
	transport_checksum(at, at + 6, 17);
}

static void udp4(size_t payload) { udp(ip4(17, 0, 8 + payload), 7); }
static void udp6(size_t payload) { udp(ip6(17, 8 + payload), 7); }

static void icmp4(uint8_t type, size_t payload)
{
	size_t at = ip4(1, 0, 8 + payload);

	p[at] = type;
	put16(at + 2, fold(sum(p + at, len - at, 0)));
}

static void icmp6(uint8_t type, size_t payload)
{
	size_t at = ip6(58, 8 + payload);

	p[at] = type;
	transport_checksum(at, at + 2, 58);
}

/* ---- the cases ------------------------------------------------------------------ */

static struct { const char *counter; unsigned int n; } expected[64];

static void expect(const char *counter, unsigned int n)
{
	size_t i = 0;

	while (expected[i].counter && strcmp(expected[i].counter, counter))
		i++;
	expected[i].counter = counter;
	expected[i].n += n;
}

/* What is in p goes out; `counter` must count it. */
static void send_as(uint16_t protocol, const char *counter)
{
	if (put(protocol, p, len)) {
		expect(counter, 1);
		return;
	}
	fprintf(stderr, "not sent, for %s (%zu bytes): %s\n", counter, len, strerror(errno));
	exit(1);
}

static void four(const char *counter) { send_as(ETHERTYPE_IP, counter); }
static void six(const char *counter) { send_as(ETHERTYPE_IPV6, counter); }

static void good(void)
{
	udp4(0), four("lwip.udp_delivered");
	udp4(1), four("lwip.udp_delivered");
	udp4(MOST - 28), four("lwip.udp_delivered");
	udp6(100), six("lwip.udp_delivered");
	udp6(MOST - 48), six("lwip.udp_delivered");
	icmp4(8, 56), four("lwip.icmp_replied");
	icmp6(128, 56), six("lwip.icmp_replied");
	udp4(64), put16(26, 0), four("lwip.udp_delivered");	/* no checksum */
	udp4(64), len += 30, four("lwip.udp_delivered");	/* padding */
}

static void headers4(void)
{
	for (size_t n = 1; n < 20; n++)
		udp4(64), len = n, four("cos0.drop_to_aos_short");
	udp4(64), p[0] = 0x55, four("cos0.drop_to_aos_version");
	udp4(64), p[0] = 0x05, four("cos0.drop_to_aos_version");
	udp4(64), six("cos0.drop_to_aos_version");
	udp4(64), send_as(0x0806, "cos0.drop_to_aos_protocol");
	udp4(64), send_as(0x88b5, "cos0.drop_to_aos_protocol");
	udp4(64), p[0] = 0x44, ip4_checksum(), four("cos0.drop_to_aos_length");
	udp4(64), p[0] = 0x40, four("cos0.drop_to_aos_length");
	udp4(64), put16(2, (uint32_t)len + 1), ip4_checksum(), four("cos0.drop_to_aos_length");
	udp4(64), put16(2, 65535), ip4_checksum(), four("cos0.drop_to_aos_length");
	udp4(64), put16(2, 19), ip4_checksum(), four("cos0.drop_to_aos_length");
	udp4(64), put16(2, 0), ip4_checksum(), four("cos0.drop_to_aos_length");
	ip4(17, 0, 0), p[0] = 0x4f, four("cos0.drop_to_aos_length");
	udp4(64), p[10] ^= 1, four("lwip.drop_ip_checksum");
	udp4(64), p[8] = 0, ip4_checksum(), four("lwip.drop_ttl");
	udp(ip4(17, 4, 8 + 64), 7), memset(p + 20, 1, 4), ip4_checksum(),
		four("lwip.udp_delivered");
	udp(ip4(17, 40, 8 + 64), 7), memset(p + 20, 1, 40), ip4_checksum(),
		four("lwip.udp_delivered");
	udp(ip4(17, 8, 8), 7), memcpy(p + 20, "\x83\x07\x04\x0a\x09\x00\x01", 8), ip4_checksum(),
		four("lwip.drop_options");	/* source route */
	udp(ip4(17, 4, 8), 7), memcpy(p + 20, "\x44\x00\x01\x01", 4), ip4_checksum(),
		four("lwip.drop_options");	/* an option without length */
	udp(ip4(17, 4, 8), 7), memcpy(p + 20, "\x44\x28\x01\x01", 4), ip4_checksum(),
		four("lwip.drop_options");	/* one that is too long */
}

static void from4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	udp4(64);
	memcpy(p + 12, (uint8_t[]){ a, b, c, d }, 4);
	ip4_checksum();
	transport_checksum(20, 26, 17);
	four("lwip.drop_source");
}

static void to4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	udp4(64);
	memcpy(p + 16, (uint8_t[]){ a, b, c, d }, 4);
	ip4_checksum();
	transport_checksum(20, 26, 17);
	four("lwip.drop_address");
}

static void addresses(void)
{
	from4(0, 0, 0, 0);
	from4(127, 0, 0, 1);
	from4(224, 0, 0, 1);
	from4(255, 255, 255, 255);
	from4(10, 9, 0, 1);		/* the appliance's own */
	to4(10, 9, 0, 2);
	to4(10, 9, 0, 255);
	to4(224, 0, 0, 1);
	to4(255, 255, 255, 255);
	udp6(64), memset(p + 8, 0, 16), six("lwip.drop_source");
	udp6(64), memset(p + 8, 0xff, 16), six("lwip.drop_source");
	udp6(64), memcpy(p + 8, aos6, 16), six("lwip.drop_source");
	udp6(64), p[39] = 2, six("lwip.drop_address");
	udp6(64), memset(p + 24, 0xff, 16), six("lwip.drop_address");
}

static void transports(void)
{
	udp4(64), p[26] ^= 1, four("lwip.drop_udp_checksum");
	udp4(64), p[100 - 9] ^= 1, four("lwip.drop_udp_checksum");
	udp4(64), put16(24, 7), four("lwip.drop_udp_length");
	udp4(64), put16(24, 0), four("lwip.drop_udp_length");
	udp4(64), put16(24, 73), four("lwip.drop_udp_length");
	for (size_t n = 0; n < 8; n++)
		ip4(17, 0, n), four("lwip.drop_udp_length");
	udp4(64), put16(20, 0), transport_checksum(20, 26, 17), four("lwip.drop_source");
	udp(ip4(17, 0, 8), 9), four("lwip.drop_udp_port");
	udp(ip6(17, 8), 9), six("lwip.drop_udp_port");
	udp6(64), put16(46, 0), six("lwip.drop_udp_checksum");
	udp6(64), p[46] ^= 1, six("lwip.drop_udp_checksum");
	icmp4(8, 56), p[22] ^= 1, four("lwip.drop_icmp_checksum");
	icmp4(13, 12), four("lwip.drop_icmp_type");
	icmp4(5, 28), four("lwip.drop_icmp_type");	/* a redirect */
	icmp6(128, 56), p[42] ^= 1, six("lwip.drop_icmp_checksum");
	icmp6(134, 8), six("lwip.drop_icmp_type");	/* a router advertises itself */
	icmp6(135, 16), six("lwip.drop_icmp_type");
	ip4(6, 0, 20), p[33] = 2, p[32] = 0x50, four("lwip.drop_protocol");	/* TCP SYN */
	ip4(47, 0, 24), four("lwip.drop_protocol");
	ip4(255, 0, 24), four("lwip.drop_protocol");
	ip6(6, 20), six("lwip.drop_protocol");
	ip6(47, 24), six("lwip.drop_protocol");
}

static void headers6(void)
{
	for (size_t n = 1; n < 40; n += 3)
		udp6(64), len = n, six("cos0.drop_to_aos_short");
	udp6(64), four("cos0.drop_to_aos_version");
	udp6(64), p[0] = 0x70, six("cos0.drop_to_aos_version");
	udp6(64), put16(4, 73), six("cos0.drop_to_aos_length");
	udp6(64), put16(4, 65535), six("cos0.drop_to_aos_length");
	/* options that nobody minds */
	udp(ip6(0, 16 + 64) + 8, 7), memcpy(p + 40, "\x11\x00\x01\x04\0\0\0\0", 8),
		six("lwip.udp_delivered");
	/* a header that does not end in the packet */
	ip6(0, 8), memcpy(p + 40, "\x11\xff\x01\x04\0\0\0\0", 8), six("lwip.drop_extension");
	ip6(60, 1), six("lwip.drop_extension");
	/* routing header of type 0 */
	ip6(43, 24), memcpy(p + 40, "\x11\x02\x00\x01", 4), six("lwip.drop_extension");
}

static void fragment4(uint16_t id, uint16_t offset, bool more, size_t size)
{
	ip4(17, 0, size);
	put16(4, id);
	put16(6, (more ? 0x2000u : 0) | offset / 8u);
	ip4_checksum();
	if (!offset) {
		put16(20, CLIENT);
		put16(22, 7);
		put16(24, 1600);	/* of the datagram; no checksum */
	}
}

static void fragments(void)
{
	fragment4(1, 0, true, 800), four("lwip.fragments_joined");
	fragment4(1, 800, false, 800), four("lwip.udp_delivered");
	/* backwards, and one twice: where it lands the sum tells */
	fragment4(2, 800, false, 800), four("lwip.fragments_joined");
	fragment4(2, 0, true, 800), four("lwip.udp_delivered");
}

static void send_cases(void)
{
	good();
	headers4();
	addresses();
	transports();
	headers6();
	fragments();
	for (size_t i = 0; expected[i].counter; i++)
		printf("%s %u\n", expected[i].counter, expected[i].n);
}

/* ---- random ------------------------------------------------------------------------ */

static uint32_t below(uint32_t n) { return (uint32_t)rand() % n; }

static void any(void)
{
	len = 1 + below(below(4) ? 100 : MOST);
	for (size_t i = 0; i < len; i++)
		p[i] = (uint8_t)rand();
	if (below(4))
		p[0] = (uint8_t)(below(2) ? 0x45 : 0x60);
}

/* A good header, then anything. */
static void some_truth(void)
{
	static const uint8_t protocols[] = { 17, 1, 58, 0, 43, 44, 60, 6 };
	uint8_t protocol = protocols[below(sizeof(protocols))];
	bool is4 = below(2);
	size_t n = below(200), from = is4 ? ip4(protocol, 4 * below(11), n) : ip6(protocol, n);

	for (size_t i = is4 ? 20 : from; i < len; i++)
		p[i] = (uint8_t)rand();
	if (is4 && !below(3))
		put16(6, (uint32_t)rand());
	if (is4)
		ip4_checksum();
	else if (protocol != 17 && protocol != 58)
		p[41] = 0;
}

/* Pieces of few datagrams: overlapping, doubled, endless, too many. */
static void some_fragment(void)
{
	fragment4((uint16_t)below(below(2) ? 4 : 1000), (uint16_t)(8 * below(300)), below(4),
		  8 * (1 + below(150)));
}

static void spoil(void)
{
	len -= below(3) ? 0 : below((uint32_t)len);
	if (!len)
		len = 1;
	for (uint32_t n = below(4); n > 0; n--)
		p[below((uint32_t)len)] ^= (uint8_t)(1u << below(8));
}

static void send_random(unsigned int n)
{
	void (*const kinds[])(void) = { any, some_truth, some_truth, some_fragment };
	unsigned int sent = 0;

	for (unsigned int i = 0; i < n; i++) {
		kinds[below(4)]();
		if (!below(3))
			spoil();
		sent += put(below(20) ? (p[0] >> 4 == 6 ? ETHERTYPE_IPV6 : ETHERTYPE_IP) :
			    (uint16_t)rand(), p, len);
		if (i % 16 == 15)
			usleep(100);
	}
	printf("sent %u\n", sent);
}

/* Takes the answers, which Linux would answer otherwise: port unreachable. */
static void be_a_client(void)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_port = htons(CLIENT) };

	if (bind(socket(AF_INET6, SOCK_DGRAM, 0), (struct sockaddr *)&any, sizeof(any)))
		perror("bind");
}

int main(int argc, char **argv)
{
	int bypass = 1;

	if (argc < 3)
		return 2;
	packet_socket = socket(AF_PACKET, SOCK_DGRAM, 0);
	setsockopt(packet_socket, SOL_PACKET, PACKET_QDISC_BYPASS, &bypass, sizeof(bypass));
	to.sll_family = AF_PACKET;
	to.sll_ifindex = (int)if_nametoindex(argv[2]);
	be_a_client();
	if (!strcmp(argv[1], "cases")) {
		send_cases();
	} else if (!strcmp(argv[1], "random") && argc == 5) {
		srand((unsigned int)atoi(argv[4]));
		send_random((unsigned int)atoi(argv[3]));
	} else {
		return 2;
	}
	sleep(1);	/* for the last answers */
	return 0;
}
