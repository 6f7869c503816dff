/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * [R9][T1] The application: takes a batch of datagrams from lwip, has the
 * services answer them.  What lwip writes is checked before a service gets
 * a pointer made of it.
 */
#include "aos.h"
#include "app/app.h"
#include "app/datagram.h"
#include "histogram.h"
#include "ordering.h"
#include "services.h"

struct port {			/* a service of bootinfo */
	const struct app_service *service;	/* NULL: none of that name */
	struct counter *requests, *replies;
};

static struct {
	bool ready;
	uint32_t ring_bytes;	/* part HOST */
	uint32_t tx_bytes;	/* part TX */
	uint32_t slots;		/* of the ring */
	uint32_t buffers;	/* offset of the first, in part HOST */
	uint32_t copied;	/* bytes of reply_copy in use */
	uint64_t taken;		/* TSC when this batch came */
	struct port port[BOOTINFO_SERVICES];
	struct counter *refused;
	struct histogram *invocations;
} app;

/* ---- services ---- */

static const struct app_service *find_service(const char *name)
{
	unsigned int i;

	for (i = 0; i < app_nservices; i++)
		if (!strncmp(app_services[i]->name, name, ABI_NAME_LEN))
			return app_services[i];
	return NULL;
}

static struct counter *port_counter(const char *what, const char *service)
{
	char name[COUNTER_NAME_LEN];

	aos_format(name, sizeof(name), "%s_%s", what, service);
	return aos_counter(name);
}

static void port_start(struct port *port, const struct bootinfo_service *info)
{
	port->service = find_service(info->name);
	if (!port->service) {
		aos_log("no service is called \"%s\"\n", info->name);
		return;
	}
	port->requests = port_counter("requests", port->service->name);
	port->replies = port_counter("replies", port->service->name);
}

/* On the first batch, so a fresh image after a fault needs nobody's help. */
static void start(void)
{
	const struct bootinfo *info = aos_bootinfo();
	uint32_t i, channel = aos_channel();
	uint32_t slots = channel < info->nchannels ? info->channel[channel].slots : 0;

	app.slots = slots;
	app.buffers = ring_host_buf_off(slots);
	app.ring_bytes = ring_part_bytes(RING_PART_HOST, slots);
	app.tx_bytes = ring_part_bytes(RING_PART_TX, slots);
	app.refused = aos_counter("refused");
	app.invocations = aos_histogram("invocation", HISTOGRAM_INVOCATION);
	for (i = 0; i < info->nservices && i < BOOTINFO_SERVICES; i++)
		port_start(&app.port[i], &info->service[i]);
	app.ready = true;
}

/* ---- datagrams ---- */

static bool within(uint32_t off, uint32_t len, uint32_t bytes)
{
	return off <= bytes && len <= bytes - off;
}

static const uint8_t *payload(const struct datagram *d)
{
	const uint8_t *base = NULL;

	if (d->place == DATAGRAM_IN_RING && within(d->off, d->len, app.ring_bytes))
		base = AOS_REGION(ring_host);
	else if (d->place == DATAGRAM_IN_COPY && within(d->off, d->len, DATAGRAM_COPY_BYTES))
		base = AOS_REGION(dgram_copy);
	return base ? base + d->off : NULL;
}

/* Slot i of that ring has buffer i. */
static uint64_t published(const struct datagram *d)
{
	const uint8_t *host = AOS_REGION(ring_host);
	const struct ring_desc *desc = (const struct ring_desc *)(host + ABI_PAGE_SIZE);

	if (d->place != DATAGRAM_IN_RING || d->off < app.buffers)
		return 0;
	return READ_ONCE(desc[(d->off - app.buffers) / RING_BUF_SIZE & (app.slots - 1)].stamp);
}

bool app_reply_grow(struct app_reply *reply, uint32_t len)
{
	uint8_t *copy = AOS_REGION(reply_copy);

	if (len <= reply->room)
		return true;
	if (len > APP_REPLY_MAX || len > DATAGRAM_REPLY_BYTES - app.copied)
		return false;
	reply->data = copy + app.copied;
	reply->room = len;
	app.copied += len;
	return true;
}

/* Where lwip looks for a reply depends on its length alone: see datagram.h. */
static struct datagram_reply reply_place(const struct datagram *d, const struct app_reply *reply,
					 uint32_t len)
{
	uint8_t *tx = AOS_REGION(ring_tx), *copy = AOS_REGION(reply_copy);

	if (len > d->reply_room)
		return (struct datagram_reply){ .len = (int32_t)len,
						.off = (uint32_t)(reply->data - copy) };
	if (reply->data != tx + d->reply_off)
		memcpy(tx + d->reply_off, reply->data, len);
	return (struct datagram_reply){ .len = (int32_t)len };
}

/* What is checked is read once; from here on only the copy counts. */
static struct datagram read_datagram(const struct datagram *d)
{
	return (struct datagram){ .service = READ_ONCE(d->service), .place = READ_ONCE(d->place),
				  .off = READ_ONCE(d->off), .len = READ_ONCE(d->len),
				  .reply_off = READ_ONCE(d->reply_off),
				  .reply_room = READ_ONCE(d->reply_room) };
}

/* The addresses and port are only passed on.  False: its payload lies where none can be. */
static bool request_make(struct app_request *request, const struct datagram *d,
			 const struct datagram *shared)
{
	request->data = payload(d);
	if (!request->data)
		return false;
	request->len = d->len;
	request->port = READ_ONCE(shared->port);
	request->family = READ_ONCE(shared->family);
	memcpy(request->from, shared->from, sizeof(request->from));
	memcpy(request->to, shared->to, sizeof(request->to));
	request->published = published(d);
	request->taken = app.taken;
	return true;
}

static struct datagram_reply answer(const struct datagram *shared)
{
	static const struct datagram_reply none = { .len = DATAGRAM_NO_REPLY };
	const struct datagram d = read_datagram(shared);
	const struct port *port = &app.port[d.service % BOOTINFO_SERVICES];
	uint8_t *tx = AOS_REGION(ring_tx);
	struct app_reply reply = { .data = tx + d.reply_off, .room = d.reply_room };
	struct app_request request;
	int len;

	if (!port->service || !within(d.reply_off, d.reply_room, app.tx_bytes) ||
	    !request_make(&request, &d, shared)) {
		counter_inc(app.refused);
		return none;
	}
	counter_inc(port->requests);
	len = port->service->datagram(&request, &reply);
	if (len < 0 || (uint32_t)len > reply.room)
		return none;
	counter_inc(port->replies);
	return reply_place(&d, &reply, (uint32_t)len);
}

int64_t app_input(uint32_t n)
{
	const struct datagram_in *in = AOS_REGION(dgram_in);
	struct datagram_out *out = AOS_REGION(dgram_out);
	uint64_t taken = aos_tsc();
	uint32_t i;

	if (n > RING_BATCH)
		return -AOS_EINVAL;
	if (!app.ready)
		start();
	app.copied = 0;
	app.taken = taken;
	for (i = 0; i < n; i++)
		out->reply[i] = answer(&in->datagram[i]);
	histogram_record(app.invocations, taken, aos_tsc_near());
	return 0;
}
AOS_EXPORT(app_input);
