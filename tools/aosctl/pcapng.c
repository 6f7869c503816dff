// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pcapng - blocks and options of draft-ietf-opsawg-pcapng: a type, a length, what is
 * in it in words of four bytes, the length again.  In this machine's byte order.
 */
#include <string.h>

#include "pcapng.h"

/* Tells a file that went through a conversion of line ends. */
#define BLOCK_SECTION		('\n' | '\r' << 8 | '\r' << 16 | '\n' << 24)
#define BLOCK_INTERFACE		1u
#define BLOCK_STATISTICS	5u
#define BLOCK_PACKET		6u
#define BYTE_ORDER_MAGIC	0x1a2b3c4du
#define LINKTYPE_RAW		101u

#define OPTION_END		0
#define OPTION_COMMENT		1
#define SECTION_APPLICATION	4
#define INTERFACE_NAME		2
#define INTERFACE_RESOLUTION	9
#define PACKET_FLAGS		2
#define STATISTICS_CAME		4
#define STATISTICS_LOST		5

#define FLAG_IN			1u
#define FLAG_OUT		2u
#define NANOSECONDS		9	/* ten to the minus nine */
#define BLOCK_MOST		(68u << 10)

struct block {
	uint32_t used;
	uint8_t bytes[BLOCK_MOST];
};

/* What does not fit is cut: packets are bounded, comments are ours. */
static void put(struct block *b, const void *bytes, size_t size)
{
	size_t room = BLOCK_MOST - 64 - b->used, padded;

	if (size > room)
		size = room;
	padded = (size + 3) & ~(size_t)3;
	if (size)
		memcpy(b->bytes + b->used, bytes, size);
	memset(b->bytes + b->used + size, 0, padded - size);
	b->used += (uint32_t)padded;
}

static void put32(struct block *b, uint32_t value)
{
	put(b, &value, sizeof(value));
}

static void put_option(struct block *b, uint16_t code, const void *bytes, uint16_t size)
{
	const uint16_t head[] = { code, size };

	put(b, head, sizeof(head));
	put(b, bytes, size);
}

static void put_text(struct block *b, uint16_t code, const char *text)
{
	put_option(b, code, text, (uint16_t)strlen(text));
}

static void put_time(struct block *b, const struct timespec *time)
{
	uint64_t ns = (uint64_t)time->tv_sec * 1000000000u + (uint64_t)time->tv_nsec;

	put32(b, (uint32_t)(ns >> 32));
	put32(b, (uint32_t)ns);
}

static void start(struct block *b, uint32_t type)
{
	b->used = 0;
	put32(b, type);
	put32(b, 0);	/* its length, when it is known */
}

static int finish(struct block *b, FILE *out)
{
	uint32_t length = b->used + 4;

	memcpy(b->bytes + 4, &length, sizeof(length));
	put32(b, length);
	return fwrite(b->bytes, b->used, 1, out) == 1 ? 0 : -1;
}

static struct block block;	/* one at a time */

int pcapng_begin(FILE *out, const char *program)
{
	const uint16_t version[] = { 1, 0 };
	const int64_t unknown = -1;

	start(&block, BLOCK_SECTION);
	put32(&block, BYTE_ORDER_MAGIC);
	put(&block, version, sizeof(version));
	put(&block, &unknown, sizeof(unknown));
	put_text(&block, SECTION_APPLICATION, program);
	put_option(&block, OPTION_END, NULL, 0);
	return finish(&block, out);
}

int pcapng_interface(FILE *out, const char *name)
{
	const uint16_t link[] = { LINKTYPE_RAW, 0 };
	const uint8_t resolution = NANOSECONDS;

	start(&block, BLOCK_INTERFACE);
	put(&block, link, sizeof(link));
	put32(&block, 0);	/* packets are not cut */
	put_text(&block, INTERFACE_NAME, name);
	put_option(&block, INTERFACE_RESOLUTION, &resolution, sizeof(resolution));
	put_option(&block, OPTION_END, NULL, 0);
	return finish(&block, out);
}

int pcapng_write(FILE *out, const struct pcapng_packet *packet)
{
	const uint32_t flags = packet->out ? FLAG_OUT : FLAG_IN;

	start(&block, BLOCK_PACKET);
	put32(&block, packet->interface);
	put_time(&block, &packet->time);
	put32(&block, packet->size);
	put32(&block, packet->length);
	put(&block, packet->bytes, packet->size);
	put_option(&block, PACKET_FLAGS, &flags, sizeof(flags));
	put_text(&block, OPTION_COMMENT, packet->comment);
	put_option(&block, OPTION_END, NULL, 0);
	return finish(&block, out);
}

int pcapng_statistics(FILE *out, uint32_t interface, uint64_t came, uint64_t lost,
		      const char *comment)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	start(&block, BLOCK_STATISTICS);
	put32(&block, interface);
	put_time(&block, &now);
	put_text(&block, OPTION_COMMENT, comment);
	put_option(&block, STATISTICS_CAME, &came, sizeof(came));
	put_option(&block, STATISTICS_LOST, &lost, sizeof(lost));
	put_option(&block, OPTION_END, NULL, 0);
	return finish(&block, out);
}
