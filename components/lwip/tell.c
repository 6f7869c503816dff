// SPDX-License-Identifier: GPL-2.0-or-later
/* Drops told to vnic, see tell.h. */
#include "aos.h"
#include "abi/ring.h"
#include "ordering.h"
#include "packet/packet.h"
#include "tell.h"

static struct counter *untold;	/* vnic has not taken the last ones */

void tell_init(void)
{
	untold = aos_counter("drops_untold");
}

static void tell(const struct ring_drop *drop)
{
	const struct ring_host *host = AOS_REGION(ring_host);
	const struct packet_in *in = AOS_REGION(pkt_in);
	struct packet_out *out = AOS_REGION(pkt_out);

	if (!READ_ONCE(host->tell))
		return;
	if (out->drop_prod - READ_ONCE(in->drop_cons) >= PACKET_DROPS) {
		counter_add(untold, drop->n);
		return;
	}
	out->drop[out->drop_prod % PACKET_DROPS] = *drop;
	WRITE_ONCE(out->drop_prod, out->drop_prod + 1);
}

void tell_drop(uint32_t why, uint32_t place, uint32_t n)
{
	tell(&(struct ring_drop){ .n = n, .why = (uint16_t)why, .place = (uint8_t)place });
}

void tell_packet(uint32_t why, uint32_t place, uint32_t buf)
{
	tell(&(struct ring_drop){ .packet = buf, .n = 1, .why = (uint16_t)why,
				  .place = (uint8_t)place, .known = 1 });
}
