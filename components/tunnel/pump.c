// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What cosnet does in Linux for vnic is done here, in the component itself, for a
 * process: the ring is memory of ours, so its indices are believed.  The process is
 * not: a record is copied once, by a length that was read once, and what it
 * holds is looked at in the copy (vnic/rx.c).
 */
#include "aos.h"
#include "abi/drop.h"
#include "abi/tunnel.h"
#include "ordering.h"
#include "pump.h"
#include "translator/translator.h"

static struct {
	struct translator line;
	uint32_t slots;
	struct counter *drop_to_aos_long, *drop_from_aos_gone;
	uint8_t scratch[TRANSLATOR_RECORD_MAX];
} pump;

static struct ring_host *ring_host(void)
{
	return AOS_REGION(ring_host);
}

static struct ring_comp *ring_comp(void)
{
	return AOS_REGION(ring_ctrl);
}

static struct pump_marks *marks(void)
{
	return AOS_REGION(pump);
}

static struct ring_desc *descriptor(void *part, uint32_t index)
{
	uint8_t *page = part;

	return (struct ring_desc *)(page + ABI_PAGE_SIZE) + (index & (pump.slots - 1));
}

static uint8_t *buffer(uint32_t index)
{
	uint8_t *buffers = (uint8_t *)ring_host() + ring_host_buf_off(pump.slots);

	return buffers + (size_t)(index & (pump.slots - 1)) * RING_BUF_SIZE;
}

/* ---- drops ---- */

static void drop(enum drop why, struct counter *counter, const void *packet, uint32_t len)
{
	counter_inc(counter);
	translator_report(&pump.line, &(struct drop_told){ .n = 1, .len = len,
				.why = (uint16_t)why, .place = DROP_AT_TRANSLATOR }, packet);
}

static void pass_on(const struct ring_drop *said)
{
	struct drop_told told = { .n = said->n, .why = said->why, .place = said->place };
	const void *packet = NULL;

	if (said->known) {
		packet = buffer(said->packet);
		told.len = descriptor(ring_host(), said->packet)->len;
	}
	translator_report(&pump.line, &told, packet);
}

/* What vnic and lwip have logged (vnic/report.c), before their slots are refilled. */
static void pass_on_drops(void)
{
	const uint8_t *log = (uint8_t *)ring_comp() + ring_log_off(pump.slots);
	uint32_t cons = ring_host()->log_cons, prod = ring_comp()->log_prod;

	ring_host()->tell = translator_tells(&pump.line);
	for (; cons != prod; cons++)
		pass_on((const struct ring_drop *)log + (cons & (pump.slots - 1)));
	ring_host()->log_cons = cons;
}

/* ---- in ---- */

/* -> bytes of the record that is in the slot now, or a negated error */
static int64_t take(uint32_t slot)
{
	return translator_next(&pump.line, buffer(slot), RING_BUF_SIZE);
}

/* No interface sends such: the process is up to something, or of another build. */
static void pass_over(void)
{
	int64_t len = translator_next(&pump.line, pump.scratch, sizeof(pump.scratch));

	drop(DROP_TO_AOS_LONG, pump.drop_to_aos_long, pump.scratch, len > 0 ? (uint32_t)len : 0);
}

/* -> records looked at; *prod is moved by those that are packets */
static uint32_t take_batch(uint32_t *prod)
{
	uint32_t room = pump.slots - (*prod - ring_comp()->rx_cons), i;
	uint64_t stamp = aos_tsc();

	for (i = 0; i < RING_BATCH && i < room; i++) {
		uint32_t slot = *prod & (pump.slots - 1);
		int64_t len = take(slot);

		if (len == -AOS_EMSGSIZE) {
			pass_over();
			continue;
		}
		if (len < 0)
			break;
		*descriptor(ring_host(), slot) = (struct ring_desc){
			.buf = slot, .len = (uint16_t)len, .stamp = stamp,
		};
		++*prod;
	}
	return i;
}

bool pump_in(void)
{
	uint32_t prod = ring_host()->rx_prod;

	pass_on_drops();
	if (!take_batch(&prod))
		return false;
	WRITE_ONCE(marks()->cons, pump.line.cons);
	STORE_RELEASE(marks()->rx_prod, prod);
	translator_done(&pump.line);
	STORE_RELEASE(ring_host()->rx_prod, prod);
	return true;
}

/* ---- out ---- */

/* False: there is no room, and it stays. */
static bool give(uint32_t index)
{
	const struct ring_desc *d = descriptor(ring_comp(), index);
	const uint8_t *buffers = AOS_REGION(ring_tx);
	const uint8_t *packet = buffers + (size_t)d->buf * RING_BUF_SIZE + d->off;
	int64_t result = translator_add(&pump.line, packet, d->len);

	if (result == -AOS_EAGAIN)
		return false;
	if (result)
		drop(DROP_FROM_AOS_GONE, pump.drop_from_aos_gone, packet, d->len);
	return true;
}

/* vnic rings for nobody: who takes is here, and looks after each batch. */
static void want_no_bell(uint32_t prod)
{
	ring_host()->tx_event = prod + (1u << 31);
}

bool pump_out(void)
{
	uint32_t begin = ring_host()->tx_cons, prod = ring_comp()->tx_prod, cons = begin;

	want_no_bell(prod);
	while (cons != prod && give(cons))
		cons++;
	if (cons == begin)
		return false;
	WRITE_ONCE(marks()->prod, pump.line.prod);
	STORE_RELEASE(marks()->tx_cons, cons);
	translator_publish(&pump.line);
	STORE_RELEASE(ring_host()->tx_cons, cons);
	return true;
}

void pump_sleep(void)
{
	uint32_t want = TRANSLATOR_WANT_RECORD;

	if (ring_host()->tx_cons != ring_comp()->tx_prod)
		want |= TRANSLATOR_WANT_ROOM;
	/* an endpoint that cannot be waited for would have us spin for ever */
	if (translator_wait(&pump.line, want) < 0)
		aos_abort();
}

/* ---- a new life ---- */

/* What the process sees done already is done, though the ring does not know yet. */
static void adopt_marks(void)
{
	if (marks()->cons == pump.line.cons)
		ring_host()->rx_prod = marks()->rx_prod;
	if (marks()->prod == pump.line.prod)
		ring_host()->tx_cons = marks()->tx_cons;
}

/* The last life may have ended after it stored one of these and before it rang. */
static void publish_again(void)
{
	translator_done(&pump.line);
	translator_publish(&pump.line);
}

static bool regions_fit(void)
{
	return AOS_REGION_SIZE(ring_host) >= ring_part_bytes(RING_PART_HOST, TUNNEL_SLOTS) &&
	       AOS_REGION_SIZE(ring_ctrl) >= ring_part_bytes(RING_PART_CTRL, TUNNEL_SLOTS) &&
	       AOS_REGION_SIZE(ring_tx) >= ring_part_bytes(RING_PART_TX, TUNNEL_SLOTS);
}

static bool is_served(void)
{
	const struct bootinfo *info = aos_bootinfo();
	uint32_t channel = aos_channel();

	return channel < info->nchannels && info->channel[channel].slots == TUNNEL_SLOTS;
}

bool pump_start(void)
{
	struct ring_host *host = ring_host();

	pump.slots = TUNNEL_SLOTS;
	pump.drop_to_aos_long = aos_counter(drop_counter_name(DROP_TO_AOS_LONG));
	pump.drop_from_aos_gone = aos_counter(drop_counter_name(DROP_FROM_AOS_GONE));
	if (!regions_fit()) {
		aos_log("a region of the ring is too small: see abi/tunnel.h\n");
		return false;
	}
	if (!is_served()) {
		aos_log("the configuration has no interface with io = \"proxy\" for it\n");
		return false;
	}
	if (translator_open(&pump.line, AOS_REGION(rx_host), AOS_REGION(rx_ctrl), AOS_CAP(rx),
			    AOS_CAP(rx_bell))) {
		aos_log("this is no translator channel\n");
		return false;
	}
	adopt_marks();
	publish_again();
	want_no_bell(ring_comp()->tx_prod);
	host->magic = RING_MAGIC;
	host->revision = RING_REVISION;
	host->slots = TUNNEL_SLOTS;
	host->up = 1;
	return true;
}
