// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vnic's place where packets come from a process instead of cosnet: vnic itself
 * (vnic/rx.c, vnic/tx.c), with both ends of its ring in one component.
 */
#include "aos.h"
#include "pump.h"
#include "vnic.h"

void tunnel_main(uint64_t arg)
{
	(void)arg;
	if (!pump_start() || !vnic_start())
		aos_thread_exit();
	for (;;) {
		bool in = pump_in(), worked = vnic_step();

		if (!pump_out() && !in && !worked)
			pump_sleep();
	}
}
