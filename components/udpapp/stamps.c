/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Service "stamps": what came goes back, and behind it when the request passed
 * the stations of its way.  The datagram's format is in stamps.md.
 */
#include "aos.h"
#include "app/app.h"
#include "big_endian.h"
#include "string.h"

/* On the wire: see big_endian.h. */
struct trailer {
	uint8_t tsc_published[8];
	uint8_t tsc_taken[8];
	uint8_t tsc_now[8];
	uint8_t tsc_khz[4];
	uint8_t magic[4];
};
_Static_assert(sizeof(struct trailer) == 32, "stamps.md says so");

static int stamps(const struct app_request *request, struct app_reply *reply)
{
	static const uint8_t magic[4] = { 'A', 'S', 'T', 1 };	/* with the version */
	uint32_t len = request->len + (uint32_t)sizeof(struct trailer);
	struct trailer *to;

	if (!app_reply_grow(reply, len))
		return APP_NO_REPLY;
	memcpy(reply->data, request->data, request->len);
	to = (struct trailer *)(reply->data + request->len);
	memcpy(to->magic, magic, sizeof(magic));
	put_be32(to->tsc_khz, (uint32_t)aos_bootinfo()->tsc_khz);
	put_be64(to->tsc_published, request->published);
	put_be64(to->tsc_taken, request->taken);
	put_be64(to->tsc_now, aos_tsc());
	return (int)len;
}

const struct app_service stamps_service = { "stamps", stamps };
