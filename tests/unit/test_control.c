// SPDX-License-Identifier: GPL-2.0-or-later
/* The control protocol, both ends: what ctl answers, and what aosctl takes for an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "abi/errno.h"
#include "components/ctl/answer.h"
#include "components/include/loader/control.h"
#include "tools/aosctl/control.h"
#include "tools/aosctl/said.h"

enum { LOADER, VNIC, APP, COMPONENTS };

static _Alignas(8) uint8_t pages[COMPONENTS * (1 + HISTOGRAM_PAGES)][ABI_PAGE_SIZE];
static char asked[ABI_NAME_LEN];
static struct control_request request;
static struct ctl_answer reply;
static struct control_answer answer;

static int64_t note(const char *name)
{
	memcpy(asked, name, sizeof(asked));
	return strcmp(asked, "app") ? -AOS_EPERM : 0;
}

/* ---- what the loader says; the wish that came, and how often it was to be done ---- */

static uint64_t wish[3];
static unsigned int forgotten, committed;

static int64_t look(uint64_t what, uint64_t index)
{
	int64_t word;

	if (what >= LOADER_THREAD_COMPONENT || CONTROL_IS_OF_THREAD(what)) {
		if (index >= 2)
			return -AOS_ENOENT;
	} else if (index >= COMPONENTS) {
		return -AOS_ENOENT;
	}
	memcpy(&word, index ? "rx\1    " : "rx\0    ", sizeof(word));
	if (what == LOADER_THREAD_NAME)
		return word;
	if (what == LOADER_THREAD_NAME_END)
		return 0;
	return what == LOADER_THREAD_COMPONENT ? APP : (int64_t)(what * 10);
}

static int64_t set(uint64_t setting, uint64_t index, uint64_t value)
{
	wish[0] = setting;
	wish[1] = index;
	wish[2] = value;
	return value == 7 ? -AOS_EPERM : 0;
}

static int64_t forget(void)
{
	forgotten++;
	return 0;
}

static int64_t commit(void)
{
	return committed++ ? -AOS_EAGAIN : 0;
}

static const struct ctl_system sys = { .pages = pages[0], .components = COMPONENTS,
				       .restart = note, .stop = note, .look = look,
				       .set = set, .forget = forget, .commit = commit };

static struct counters *page(uint32_t component)
{
	return (struct counters *)pages[component];
}

static void count(uint32_t component, const char *name, uint64_t value)
{
	struct counter *c = &page(component)->counter[page(component)->n++];

	snprintf(c->name, sizeof(c->name), "%s", name);
	c->value = value;
}

static int setup(void **state)
{
	(void)state;
	memset(pages, 0, sizeof(pages));
	strcpy(page(LOADER)->component, "loader");
	strcpy(page(VNIC)->component, "vnic");
	strcpy(page(APP)->component, "app");
	count(LOADER, "faults.vnic", 3);
	count(LOADER, "restarts.vnic", 2);
	count(LOADER, "restarts.app", 7);
	count(LOADER, "down.app", 1);
	count(VNIC, "rx_packets", 1ull << 40);
	request = (struct control_request){ .revision = CONTROL_REVISION, .id = 5 };
	return 0;
}

/* The request as it is, and what aosctl makes of the reply. */
static int ask(enum control_type type, uint32_t component)
{
	uint32_t len;

	request.type = (uint16_t)type;
	request.component = component;
	len = ctl_answer(&sys, &request, sizeof(request), &reply);
	return control_decode(&request, &reply, len, &answer);
}

static void hello(void **state)
{
	(void)state;
	assert_int_equal(ask(CONTROL_HELLO, 0), 0);
	assert_int_equal(answer.n, COMPONENTS);
	assert_int_equal(answer.system.overhead_ns, 10 * LOADER_OVERHEAD);
}

static void states(void **state)
{
	(void)state;
	assert_int_equal(ask(CONTROL_COMPONENT, VNIC), 0);
	assert_string_equal(answer.component.name, "vnic");
	assert_int_equal(answer.component.flags, CONTROL_RESTARTS);
	assert_int_equal(answer.component.restarts, 2);
	assert_int_equal(answer.component.faults, 3);
	assert_int_equal(ask(CONTROL_COMPONENT, APP), 0);
	assert_int_equal(answer.component.flags, CONTROL_RESTARTS | CONTROL_DOWN);
	assert_int_equal(answer.component.faults, 0);
	assert_int_equal(ask(CONTROL_COMPONENT, LOADER), 0);
	assert_int_equal(answer.component.flags, 0);
	assert_int_equal(ask(CONTROL_COMPONENT, COMPONENTS), -AOS_ENOENT);
	assert_int_equal(ask(CONTROL_COMPONENT, UINT32_MAX), -AOS_ENOENT);
}

static void counters(void **state)
{
	(void)state;
	assert_int_equal(ask(CONTROL_COUNTERS, VNIC), 0);
	assert_int_equal(answer.n, 1);
	assert_string_equal(answer.counter[0].name, "rx_packets");
	assert_int_equal(answer.counter[0].value, 1ull << 40);
	assert_int_equal(ask(CONTROL_COUNTERS, APP), 0);
	assert_int_equal(answer.n, 0);
	assert_int_equal(ask(CONTROL_COUNTERS, COMPONENTS), -AOS_ENOENT);
}

/* A component may write what it likes into its page. */
static void lying_pages(void **state)
{
	(void)state;
	memset(pages[APP], 'x', sizeof(pages[APP]));
	assert_int_equal(ask(CONTROL_COUNTERS, APP), 0);
	assert_int_equal(answer.n, COUNTERS_MAX);
	assert_int_equal(strlen(answer.counter[0].name), COUNTER_NAME_LEN - 1);
	assert_int_equal(ask(CONTROL_COMPONENT, APP), 0);
	assert_int_equal(strlen(answer.component.name), ABI_NAME_LEN - 1);
	assert_int_equal(answer.component.flags, 0);
	memset(pages[APP], 1, sizeof(pages[APP]));
	assert_int_equal(ask(CONTROL_COMPONENT, APP), 1);
	assert_int_equal(ask(CONTROL_COUNTERS, APP), 1);
}

static void restart(void **state)
{
	(void)state;
	strcpy(request.name, "app");
	assert_int_equal(ask(CONTROL_RESTART, 0), 0);
	assert_string_equal(asked, "app");
	strcpy(request.name, "vnic");
	assert_int_equal(ask(CONTROL_RESTART, 0), -AOS_EPERM);
}

static void stop(void **state)
{
	(void)state;
	strcpy(request.name, "app");
	assert_int_equal(ask(CONTROL_STOP, 0), 0);
	assert_string_equal(asked, "app");
	strcpy(request.name, "vnic");
	assert_int_equal(ask(CONTROL_STOP, 0), -AOS_EPERM);
	page(LOADER)->counter[3].value = LOADER_DOWN_STOPPED;
	assert_int_equal(ask(CONTROL_COMPONENT, APP), 0);
	assert_int_equal(answer.component.flags, CONTROL_RESTARTS | CONTROL_DOWN | CONTROL_STOPPED);
}

static struct histogram *histogram(uint32_t component, uint32_t item)
{
	return (struct histogram *)pages[COMPONENTS + component * HISTOGRAM_PAGES] + item;
}

static void histograms(void **state)
{
	struct histogram *h = histogram(APP, 1);

	(void)state;
	request.item = 1;
	assert_int_equal(ask(CONTROL_HISTOGRAM, APP), -AOS_ENOENT);
	*h = (struct histogram){ .magic = HISTOGRAM_MAGIC, .name = "invocation", .n = 4 };
	h->bucket[HISTOGRAM_BUCKETS - 1] = 4;
	assert_int_equal(ask(CONTROL_HISTOGRAM, APP), 0);
	assert_memory_equal(&answer.histogram, h, sizeof(*h));
	assert_int_equal(ask(CONTROL_HISTOGRAM, VNIC), -AOS_ENOENT);
	assert_int_equal(ask(CONTROL_HISTOGRAM, COMPONENTS), -AOS_ENOENT);
	h->epoch = 1;
	assert_int_equal(ask(CONTROL_HISTOGRAM, APP), -AOS_EAGAIN);
	h->epoch = 2;
	memset(h->name, 'a', sizeof(h->name));
	assert_int_equal(ask(CONTROL_HISTOGRAM, APP), 0);
	assert_int_equal(strlen(answer.histogram.name), HISTOGRAM_NAME_LEN - 1);
	memset(h->name, 1, sizeof(h->name));
	assert_int_equal(ask(CONTROL_HISTOGRAM, APP), 1);
	request.item = HISTOGRAMS_MAX;
	assert_int_equal(ask(CONTROL_HISTOGRAM, APP), -AOS_ENOENT);
	request.item = UINT32_MAX;
	assert_int_equal(ask(CONTROL_HISTOGRAM, APP), -AOS_ENOENT);
}

/* ---- what components say ---- */

static void say(const char *text)
{
	lines_add(&page(VNIC)->lines, 1000, text, strlen(text));
}

/* What is new, a line each, with what was lost before it. */
static const char *hear(struct said *said)
{
	static char heard[4096];
	int len = 0;

	request.value = said->number;
	assert_int_equal(ask(CONTROL_LOG, VNIC), 0);
	request.value = 0;
	heard[0] = '\0';
	for (uint32_t i = 0; i < answer.n; i++)
		if (said_take(said, &answer.line[i]))
			len += sprintf(heard + len, "%lu:%s|", (unsigned long)said->lost, said->text);
	return heard;
}

#define FORTY "0123456789012345678901234567890123456789"

static void lines(void **state)
{
	struct said said = { .number = 0 };

	(void)state;
	assert_string_equal(hear(&said), "");
	say("one\n");
	say("two \x1b[2J\n");
	assert_string_equal(hear(&said), "0:one|0:two ?[2J|");
	assert_string_equal(hear(&said), "");
	say(FORTY FORTY FORTY "\n");
	assert_string_equal(hear(&said), "0:" FORTY FORTY FORTY "|");
	assert_int_equal(said.number, 5);
	assert_int_equal(said.when, 1000);
	say(FORTY "0123456\n");		/* exactly a piece */
	assert_string_equal(hear(&said), "0:" FORTY "0123456|");
	assert_int_equal(ask(CONTROL_LOG, COMPONENTS), -AOS_ENOENT);
	assert_int_equal(ask(CONTROL_LOG, APP), 0);
	assert_int_equal(answer.n, 0);
}

/* What was overwritten is counted; of a line torn by that, all of it. */
static void lines_lost(void **state)
{
	struct said said = { .number = 0 };
	struct lines *lines = &page(VNIC)->lines;

	(void)state;
	for (uint32_t i = 0; i < LINES_PIECES + 4; i++)
		say("x\n");
	assert_memory_equal(hear(&said), "4:x|0:x|", 8);
	assert_int_equal(said.number, LINES_PIECES + 4);
	say(FORTY FORTY "\n");
	say("after\n");
	lines->piece[(lines->last - 1) % LINES_PIECES].number = 0;	/* is being written */
	assert_string_equal(hear(&said), "2:after|");
}

/* A component may write any number, and no end of a line. */
static void lying_lines(void **state)
{
	struct said said = { .number = 0 };
	struct lines *lines = &page(VNIC)->lines;

	(void)state;
	memset(lines, 'x', sizeof(*lines));
	assert_string_equal(hear(&said), "");
	lines->last = UINT64_MAX;
	for (uint64_t n = UINT64_MAX; n > UINT64_MAX - LINES_PIECES; n--)
		lines->piece[n % LINES_PIECES].number = n;
	hear(&said);
	assert_int_equal(answer.n, LINES_PIECES);
	assert_int_equal(said.number, UINT64_MAX);
	lines->last = 5;		/* backwards: nobody hears it any more */
	assert_string_equal(hear(&said), "");
	request.value = UINT64_MAX;
	assert_int_equal(ask(CONTROL_LOG, VNIC), 0);
	assert_int_equal(answer.n, 0);
}

static void bad_lines(void **state)
{
	uint32_t len = sizeof(reply.head) + 2 * sizeof(reply.body.line[0]);

	(void)state;
	say("one\n");
	say("two\n");
	assert_int_equal(ask(CONTROL_LOG, VNIC), 0);
	reply.body.line[1].number = 1;			/* twice the same */
	assert_int_equal(control_decode(&request, &reply, len, &answer), 1);
	reply.body.line[1].number = 2;
	assert_int_equal(control_decode(&request, &reply, len, &answer), 0);
	request.value = 1;				/* one that is known */
	assert_int_equal(control_decode(&request, &reply, len, &answer), 1);
	request.value = 0;
	reply.head.n = LINES_PIECES + 1;
	assert_int_equal(control_decode(&request, &reply, len, &answer), 1);
}

/* ---- composition and settings ---- */

static void composition(void **state)
{
	(void)state;
	assert_int_equal(ask(CONTROL_COMPONENT, VNIC), 0);
	assert_int_equal(answer.component.calls, 10 * LOADER_CALLS);
	assert_int_equal(answer.component.scheduler, 10 * LOADER_SCHEDULER);
	assert_int_equal(answer.component.watchdog, 10 * CONTROL_WATCHDOG);
	assert_int_equal(answer.component.restart_max, 10 * CONTROL_RESTART_MAX);
	assert_int_equal(answer.component.restart_within_ms, 10 * CONTROL_RESTART_WITHIN_MS);
	assert_int_equal(ask(CONTROL_THREAD, 0), 0);
	assert_string_equal(answer.thread.name, "rx");
	assert_int_equal(answer.thread.component, APP);
	assert_int_equal(answer.thread.priority, 10 * CONTROL_PRIORITY);
	assert_int_equal(answer.thread.server, 10 * LOADER_THREAD_SERVER);
	assert_int_equal(answer.thread.period_us, 10 * CONTROL_PERIOD_US);
	assert_int_equal(answer.thread.budget_us, 10 * CONTROL_BUDGET_US);
	assert_int_equal(answer.thread.deadline_us, 10 * CONTROL_DEADLINE_US);
	assert_int_equal(answer.thread.critical_ns, 10 * LOADER_THREAD_CRITICAL);
	request.item = 1;
	assert_int_equal(ask(CONTROL_THREAD, 0), 1);	/* a name that cannot be shown */
	request.item = 2;
	assert_int_equal(ask(CONTROL_THREAD, 0), -AOS_ENOENT);
	request.item = UINT32_MAX;
	assert_int_equal(ask(CONTROL_THREAD, 0), -AOS_ENOENT);
}

static void settings(void **state)
{
	(void)state;
	forgotten = committed = 0;
	request.item = CONTROL_BUDGET_US;
	request.value = 1ull << 40;
	assert_int_equal(ask(CONTROL_SET, 1000), 0);	/* whose it is, the loader checks */
	assert_int_equal(wish[0], CONTROL_BUDGET_US);
	assert_int_equal(wish[1], 1000);
	assert_int_equal(wish[2], 1ull << 40);
	request.value = 7;
	assert_int_equal(ask(CONTROL_SET, 0), -AOS_EPERM);
	assert_int_equal(ask(CONTROL_COMMIT, 0), -AOS_EINVAL);	/* has neither */
	assert_int_equal(ask(CONTROL_FORGET, 0), -AOS_EINVAL);
	request.item = 0;
	assert_int_equal(ask(CONTROL_COMMIT, 0), -AOS_EINVAL);
	request.value = 0;
	assert_int_equal(forgotten + committed, 0);
	assert_int_equal(ask(CONTROL_FORGET, 0), 0);
	assert_int_equal(forgotten, 1);
	assert_int_equal(ask(CONTROL_COMMIT, 0), 0);
	assert_int_equal(ask(CONTROL_COMMIT, 0), -AOS_EAGAIN);
}

/* A name that one would be known by only in part is nobody's. */
static void similar_names(void **state)
{
	(void)state;
	strcpy(page(VNIC)->component, "vni");
	assert_int_equal(ask(CONTROL_COMPONENT, VNIC), 0);
	assert_int_equal(answer.component.flags, 0);
	strcpy(page(VNIC)->component, "vnic2");
	assert_int_equal(ask(CONTROL_COMPONENT, VNIC), 0);
	assert_int_equal(answer.component.faults, 0);
}

static void bad_requests(void **state)
{
	uint32_t len;

	(void)state;
	assert_int_equal(ask((enum control_type)0, 0), -AOS_EINVAL);
	assert_int_equal(ask((enum control_type)77, 0), -AOS_EINVAL);
	request.item = 1;
	assert_int_equal(ask(CONTROL_HELLO, 0), -AOS_EINVAL);
	assert_int_equal(ask(CONTROL_STOP, 0), -AOS_EINVAL);
	request.item = 0;
	request.value = 1;
	assert_int_equal(ask(CONTROL_HELLO, 0), -AOS_EINVAL);
	assert_int_equal(ask(CONTROL_COMPONENT, 0), -AOS_EINVAL);
	request.value = 0;
	request.revision = CONTROL_REVISION + 1;
	assert_int_equal(ask(CONTROL_HELLO, 0), -AOS_EINVAL);
	request.revision = CONTROL_REVISION;
	for (uint32_t n = 0; n < sizeof(request); n++) {
		len = ctl_answer(&sys, &request, n, &reply);
		assert_int_equal(len, sizeof(reply.head));
		assert_int_equal(reply.head.status, -AOS_EINVAL);
		assert_int_equal(reply.head.revision, CONTROL_REVISION);
	}
}

#define REFUSED(field, value) do {						\
	struct ctl_answer spoilt = reply;					\
	spoilt.head.field = value;						\
	assert_int_equal(control_decode(&request, &spoilt, len, &answer), 1);	\
} while (0)

static void bad_replies(void **state)
{
	size_t len = sizeof(reply.head) + sizeof(struct counter);

	(void)state;
	assert_int_equal(ask(CONTROL_COUNTERS, VNIC), 0);
	for (size_t n = 0; n < len; n++)
		assert_int_equal(control_decode(&request, &reply, n, &answer), 1);
	assert_int_equal(control_decode(&request, &reply, len + 1, &answer), 1);
	REFUSED(id, 6);
	REFUSED(type, CONTROL_HELLO);
	REFUSED(revision, CONTROL_REVISION + 1);
	REFUSED(status, 1);
	REFUSED(status, INT32_MIN);
	REFUSED(status, -AOS_ENOENT);	/* and something behind it */
	REFUSED(n, 0);
	REFUSED(n, 2);
	REFUSED(n, UINT32_MAX);
	memset(reply.body.counter[0].name, 'a', COUNTER_NAME_LEN);
	assert_int_equal(control_decode(&request, &reply, len, &answer), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(hello, setup),
		cmocka_unit_test_setup(states, setup),
		cmocka_unit_test_setup(counters, setup),
		cmocka_unit_test_setup(lying_pages, setup),
		cmocka_unit_test_setup(restart, setup),
		cmocka_unit_test_setup(stop, setup),
		cmocka_unit_test_setup(histograms, setup),
		cmocka_unit_test_setup(lines, setup),
		cmocka_unit_test_setup(lines_lost, setup),
		cmocka_unit_test_setup(lying_lines, setup),
		cmocka_unit_test_setup(bad_lines, setup),
		cmocka_unit_test_setup(composition, setup),
		cmocka_unit_test_setup(settings, setup),
		cmocka_unit_test_setup(similar_names, setup),
		cmocka_unit_test_setup(bad_requests, setup),
		cmocka_unit_test_setup(bad_replies, setup),
	};

	return cmocka_run_group_tests_name("control protocol", tests, NULL, NULL);
}
