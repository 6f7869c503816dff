/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Service "time": what time it is here, and when the request passed the
 * stations of its way.  The datagram's format is in time.md.
 */
#include "aos.h"
#include "app/app.h"
#include "big_endian.h"

#define MAGIC		0x54
#define VERSION		1
#define OP_ASK		1
#define REPLY_BIT	0x80

/* On the wire: see big_endian.h. */
struct ask {
	uint8_t magic, version, op, status;
	uint8_t id[4];
	uint8_t origin[8];
};
_Static_assert(sizeof(struct ask) == 16, "time.md says so");

struct answer {
	struct ask ask;
	uint8_t time[8];
	uint8_t tsc_khz[8];
	uint8_t tsc_published[8];
	uint8_t tsc_taken[8];
	uint8_t tsc_now[8];
};
_Static_assert(sizeof(struct answer) == 56, "time.md says so");

static bool is_request(const struct app_request *request)
{
	const struct ask *ask = (const struct ask *)request->data;

	return request->len >= sizeof(*ask) && ask->magic == MAGIC &&
	       ask->version == VERSION && ask->op == OP_ASK && ask->status == 0;
}

static int time_datagram(const struct app_request *request, struct app_reply *reply)
{
	struct answer *to;

	if (!is_request(request) || !app_reply_grow(reply, sizeof(*to)))
		return APP_NO_REPLY;
	to = (struct answer *)reply->data;
	memcpy(&to->ask, request->data, sizeof(to->ask));
	to->ask.op |= REPLY_BIT;
	put_be64(to->time, aos_time_ns());
	put_be64(to->tsc_khz, aos_bootinfo()->tsc_khz);
	put_be64(to->tsc_published, request->published);
	put_be64(to->tsc_taken, request->taken);
	put_be64(to->tsc_now, aos_tsc());
	return sizeof(*to);
}

const struct app_service time_service = { "time", time_datagram };
