// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A hostile writer of a translator ring, or of a log of drops: any bytes, any index.
 * The reader ends, stays inside ring and buffer (ASan), and gives no record that is not
 * there, and no reason that its writer may not give.
 */
#include <stdlib.h>
#include <string.h>

#include "abi/drop_log.h"
#include "abi/translator.h"

#define SIZE	TRANSLATOR_MIN_BYTES

struct input {
	uint32_t cons, prod, room;
	uint8_t bytes[];
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void broken(void)
{
	abort();
}

static void read_all(const uint8_t *ring, uint32_t cons, uint32_t prod, uint32_t room)
{
	uint8_t *buf = malloc(room ? room : 1);
	uint32_t before = cons, there = prod - cons;
	int32_t n = 0;

	while (n >= 0) {
		n = translator_get(ring, SIZE, &cons, prod, buf, room);
		if (n > (int32_t)room || (n >= 0 && there > SIZE))
			broken();
		if (n >= 0 && cons - before != (uint32_t)n + TRANSLATOR_RECORD_HEAD)
			broken();
		if ((n == TRANSLATOR_LIE || n == TRANSLATOR_EMPTY) && cons != prod)
			broken();
		if (n == TRANSLATOR_LONG && cons != before)
			broken();
		before = cons;
	}
	free(buf);
}

static void read_log(const uint8_t *log, uint32_t cons, uint32_t prod, uint32_t places)
{
	struct drop_entry entry;
	uint32_t most = TRANSLATOR_LOG_BYTES / sizeof(entry.told);
	int32_t n;

	while ((n = drop_log_take(log, &cons, prod, places, &entry)) >= 0) {
		if (!most-- || n > (int32_t)sizeof(entry.packet))
			broken();
		if (entry.told.why != DROP_UNKNOWN && !(entry.told.place & places &
							drop_places((enum drop)entry.told.why)))
			broken();
	}
	if (cons != prod)
		broken();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in;
	uint8_t *ring;

	if (size < sizeof(in))
		return 0;
	memcpy(&in, data, sizeof(in));
	ring = calloc(1, TRANSLATOR_LOG_BYTES);
	size -= sizeof(in);
	memcpy(ring, data + sizeof(in), size < TRANSLATOR_LOG_BYTES ? size : TRANSLATOR_LOG_BYTES);
	read_log(ring, in.cons, in.prod, in.room & 1 ? DROP_AT_TRANSLATOR : DROP_AT_COMPONENTS);
	free(ring);
	ring = calloc(1, SIZE);
	memcpy(ring, data + sizeof(in), size < SIZE ? size : SIZE);
	read_all(ring, in.cons, in.prod, in.room % (TRANSLATOR_RECORD_MAX + 1));
	free(ring);
	return 0;
}
