// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The control plane's end in the AOS: answers the requests of one Linux process
 * at a time (aosctl, or any other), see abi/control.h.
 *
 * CONTEXT.  One thread, less urgent than all that serves packets.
 */
#include "aos.h"
#include "abi/histogram.h"
#include "answer.h"
#include "loader/control.h"
#include "translator/translator.h"

static struct {
	struct translator line;
	struct ctl_system system;
	uint8_t request[TRANSLATOR_RECORD_MAX];
	struct ctl_answer answer;
	struct counter *requests, *refused;
} ctl;

_Static_assert(sizeof(struct ctl_answer) <= TRANSLATOR_RECORD_MAX, "no record is that long");

/* Who has gone needs no answer. */
static void reply(uint32_t len)
{
	while (translator_send(&ctl.line, &ctl.answer, len) == -AOS_EAGAIN)
		translator_wait(&ctl.line, TRANSLATOR_WANT_ROOM);
}

static void serve_one(void)
{
	int64_t len = translator_recv(&ctl.line, ctl.request, sizeof(ctl.request));

	if (len < 0) {
		translator_wait(&ctl.line, TRANSLATOR_WANT_RECORD);
		return;
	}
	counter_inc(ctl.requests);
	len = ctl_answer(&ctl.system, ctl.request, (uint32_t)len, &ctl.answer);
	if (ctl.answer.head.status)
		counter_inc(ctl.refused);
	reply((uint32_t)len);
}

void ctl_main(uint64_t arg)
{
	(void)arg;
	ctl.requests = aos_counter("requests");
	ctl.refused = aos_counter("refused");
	ctl.system = (struct ctl_system){
		.pages = AOS_REGION(counters),
		.components = (uint32_t)(AOS_REGION_SIZE(counters) /
					 ((1 + HISTOGRAM_PAGES) * ABI_PAGE_SIZE)),
		.restart = loader_restart,
		.stop = loader_stop,
		.look = loader_look,
		.set = loader_set,
		.forget = loader_forget,
		.commit = loader_commit,
	};
	if (translator_open(&ctl.line, AOS_REGION(ctl_host), AOS_REGION(ctl_ctrl), AOS_CAP(ctl),
			    AOS_CAP(ctl_bell))) {
		aos_log("the channel has another revision: rebuild the image and hijack.ko together");
		return;
	}
	for (;;)
		serve_one();
}
