// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * explain_show - which packet, and what becomes of it, in words and as JSON.
 */
#include <jansson.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answers.h"
#include "explain_show.h"
#include "fib.h"
#include "links.h"
#include "reasons.h"
#include "running.h"
#include "world.h"

struct shown {
	const struct explain_options *options;
	const struct state *state;
	struct explain_world world;
	int fib;
	char dev[ABI_NAME_LEN];		/* of a recorded packet */
	unsigned long only;		/* this packet of the file; 0: all */
};

/* ---- one packet ------------------------------------------------------------------ */

struct answer {
	const struct probe *probe;
	struct explain_route route;
	struct explanation explained;
	struct explain_route back;	/* of its answer */
	enum answers_way way;
};

static void say_where(const struct answer *a)
{
	const struct explanation *e = &a->explained;

	switch (e->fate) {
	case EXPLAIN_LINUX:
		say("  Linux keeps it%s%s%s", e->flow ? ", as no AOS is attached: " : ": ",
		    *a->route.dev ? "it leaves by " : a->route.what, a->route.dev);
		break;
	case EXPLAIN_ANSWERED:
		say("  answered by %s%s", e->service ? "lwip's user udpapp, service " : "lwip",
		    e->service ? e->service->name : "");
		break;
	case EXPLAIN_HELD:
		say("  lwip keeps it until the other fragments have come");
		break;
	case EXPLAIN_DROPPED:
	case EXPLAIN_REJECTED:
		say("  %s (%s.%s): %s", explain_fate_word(e->fate), e->owner,
		    drop_counter_name(e->reason), reasons_explain(e->reason));
		break;
	}
}

static void say_back(const struct answer *a)
{
	static const char *const ways[] = {
		[ANSWERS_UNKNOWN] = "", [ANSWERS_LINUX] = ", through Linux's IP layer",
		[ANSWERS_DIRECT] = ", directly: past Linux's IP layer and netfilter",
	};

	if (*a->back.dev)
		say("  its answer leaves by %s%s", a->back.dev, ways[a->way]);
	else
		say("  its answer: %s", a->back.what);
}

static void say_flow(const struct explain_flow *flow, const char *what)
{
	char match[FLOW_TEXT];

	say("    flow %u, %s %s: %s", flow->flow.id, config_mode_word(flow->flow.rule.mode),
	    flow_match_text(&flow->flow, match), what);
}

static void say_answer(const struct explain_world *world, const struct answer *a)
{
	const struct explanation *e = &a->explained;
	char text[PROBE_TEXT];

	say("%s%s%s", probe_text(a->probe, text), *a->probe->dev ? ", comes in on " :
	    ", sent by this host", a->probe->dev);
	if (e->flow)
		say("  taken by flow %u (%s%s), down = \"%s\"", e->flow->flow.id,
		    e->by == EXPLAIN_BY_PROGRAM ? "XDP program" :
		    e->by == EXPLAIN_BY_FILTER ? "tc filter" : "route",
		    e->by == EXPLAIN_BY_FILTER && e->flow->in_program ?
		    " behind the XDP program" : "", config_down_word(e->flow->flow.rule.down));
	if (e->link)
		say("  to %s: %s", e->link->name, *e->link->taker ? e->link->taker :
		    "no component takes from its ring");
	say_where(a);
	if (e->fate == EXPLAIN_ANSWERED)
		say_back(a);
	for (unsigned int i = 0; i < world->nflows; i++)
		say_flow(&world->flow[i], explain_no_text(e->no[i]));
}

static json_t *flows_tree(const struct explain_world *world, const struct explanation *e)
{
	json_t *flows = json_array();

	for (unsigned int i = 0; i < world->nflows; i++)
		json_array_append_new(flows, json_pack("{s:i, s:b, s:s}", "id",
			(int)world->flow[i].flow.id, "takes", &world->flow[i] == e->flow,
			"why", explain_no_text(e->no[i])));
	return flows;
}

static json_t *back_tree(const struct answer *a)
{
	static const char *const ways[] = {
		[ANSWERS_UNKNOWN] = NULL, [ANSWERS_LINUX] = "linux", [ANSWERS_DIRECT] = "direct",
	};

	if (!*a->back.dev)
		return json_pack("{s:s}", "because", a->back.what);
	return json_pack("{s:s, s:s*}", "routed_to", a->back.dev, "way", ways[a->way]);
}

static json_t *answer_tree(const struct explain_world *world, const struct answer *a)
{
	const struct explanation *e = &a->explained;
	char text[PROBE_TEXT];
	json_t *tree = json_pack("{s:s, s:s, s:s, s:s}", "packet", probe_text(a->probe, text),
				 "dev", a->probe->dev, "fate", explain_fate_word(e->fate),
				 "by", explain_by_word(e->by));

	if (e->flow)
		json_object_set_new(tree, "flow", json_integer(e->flow->flow.id));
	if (e->link) {
		json_object_set_new(tree, "to", json_string(e->link->name));
		json_object_set_new(tree, "taker", json_string(e->link->taker));
	}
	if (e->service)
		json_object_set_new(tree, "service", json_string(e->service->name));
	if (e->reason) {
		json_object_set_new(tree, "reason", json_sprintf("%s.%s", e->owner,
					drop_counter_name(e->reason)));
		json_object_set_new(tree, "because", json_string(reasons_explain(e->reason)));
	}
	if (*a->route.dev)
		json_object_set_new(tree, "routed_to", json_string(a->route.dev));
	if (e->fate == EXPLAIN_ANSWERED)
		json_object_set_new(tree, "answer", back_tree(a));
	json_object_set_new(tree, "flows", flows_tree(world, e));
	return tree;
}

/* Where its answer goes: as if it had come from the AOS, to who has sent it. */
static void ask_back(const struct shown *shown, struct answer *a)
{
	const struct explain_link *link = a->explained.link;
	const struct probe *probe = a->probe;
	struct probe back = { .to_us = true, .family = probe->family,
			      .protocol = probe->protocol };

	if (a->explained.fate != EXPLAIN_ANSWERED)
		return;
	strcpy(back.dev, link->name);
	memcpy(back.src, probe->dst, sizeof(back.src));
	memcpy(back.dst, probe->src, sizeof(back.dst));
	fib_ask(shown->fib, &back, &a->back);
	if (*a->back.dev)
		a->way = answers_way(shown->state, link->name, a->back.dev);
}

static void answer(const struct shown *shown, const struct probe *probe, struct answer *a)
{
	memset(a, 0, sizeof(*a));
	a->probe = probe;
	a->route.what = "no IP packet";
	if (probe->family)
		fib_ask(shown->fib, probe, &a->route);
	explain_decide(&shown->world, probe, &a->route, &a->explained);
}

static void show_one(const struct shown *shown, const struct probe *probe)
{
	struct answer a;
	json_t *tree;

	answer(shown, probe, &a);
	ask_back(shown, &a);
	if (!shown->options->json) {
		say_answer(&shown->world, &a);
		return;
	}
	tree = answer_tree(&shown->world, &a);
	json_dumpf(tree, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(tree);
}

/* ---- a recorded one ------------------------------------------------------------------- */

/* One word: where Linux sends it, who answers, why it is dropped. */
static const char *detail(const struct answer *a)
{
	const struct explanation *e = &a->explained;

	if (e->fate == EXPLAIN_LINUX)
		return *a->route.dev ? a->route.dev : "-";
	if (e->fate == EXPLAIN_ANSWERED)
		return e->service ? e->service->name : "lwip";
	return e->reason ? drop_counter_name(e->reason) : "-";
}

/* NUMBER FATE BY FLOW DETAIL PACKET */
static void show_line(const struct shown *shown, unsigned long number,
		      const struct probe *probe)
{
	char text[PROBE_TEXT];
	struct answer a;
	json_t *tree;

	answer(shown, probe, &a);
	if (shown->options->json) {
		ask_back(shown, &a);
		tree = answer_tree(&shown->world, &a);
		json_object_set_new(tree, "number", json_integer((json_int_t)number));
		json_object_del(tree, "flows");
		json_dumpf(tree, stdout, JSON_COMPACT);
		putchar('\n');
		json_decref(tree);
		return;
	}
	printf("%lu %s %s %u %s %s\n", number, explain_fate_word(a.explained.fate),
	       a.explained.flow ? explain_by_word(a.explained.by) : "-",
	       a.explained.flow ? a.explained.flow->flow.id : 0, detail(&a),
	       probe_text(probe, text));
}

static unsigned long show_packets(const struct shown *shown, pcap_t *file)
{
	const uint8_t *bytes;
	uint8_t own[ETH_ALEN];
	bool ethernet = pcap_datalink(file) == DLT_EN10MB;
	bool known = *shown->dev && links_address(shown->dev, own);
	struct pcap_pkthdr *header;
	unsigned long number = 0;
	struct probe probe;

	while (pcap_next_ex(file, &header, &bytes) == 1) {
		number++;
		if (shown->only && number != shown->only)
			continue;
		if (ethernet)
			probe_frame(&probe, bytes, header->caplen, known ? own : NULL);
		else
			probe_packet(&probe, bytes, header->caplen);
		strcpy(probe.dev, shown->dev);
		if (!shown->only) {
			show_line(shown, number, &probe);
			continue;
		}
		show_one(shown, &probe);
		break;
	}
	return number;
}

static int show_file(struct shown *shown)
{
	char trouble[PCAP_ERRBUF_SIZE];
	const char *path = shown->options->pcap;
	pcap_t *file = pcap_open_offline(path, trouble);
	unsigned long n;
	int link;

	if (!file)
		return say_error("%s: %s", path, trouble);
	link = pcap_datalink(file);
	if (link != DLT_EN10MB && link != DLT_RAW && link != DLT_IPV4 && link != DLT_IPV6) {
		pcap_close(file);
		return say_error("%s: neither Ethernet frames nor IP packets: record on an "
				 "Ethernet or cosnet interface", path);
	}
	n = show_packets(shown, file);
	pcap_close(file);
	if (n < shown->only)
		return say_error("%s: has %lu packets, no number %lu", path, n, shown->only);
	return 0;
}

/* [NUMBER] [dev IF] */
static bool take_words(struct shown *shown)
{
	char *const *word = shown->options->words;
	int n = shown->options->nwords;
	char *end;

	if (n && word[0][0] >= '1' && word[0][0] <= '9') {
		shown->only = strtoul(word[0], &end, 10);
		if (*end)
			return false;
		word++;
		n--;
	}
	if (n == 2 && !strcmp(word[0], "dev") && config_name_valid(word[1])) {
		strcpy(shown->dev, word[1]);
		n = 0;
	}
	return !n;
}

/* ---- the whole --------------------------------------------------------------------------- */

static int show(struct shown *shown)
{
	const struct explain_options *options = shown->options;
	struct probe probe;
	const char *bad;

	if (options->pcap) {
		if (take_words(shown))
			return show_file(shown);
		say_error("explain: after --pcap FILE say [NUMBER] [dev IF]");
		return EXPLAIN_BAD_WORDS;
	}
	bad = probe_words(&probe, options->words, options->nwords);
	if (bad) {
		say_error("explain: '%s' is not understood: see 'aosctl help explain'", bad);
		return EXPLAIN_BAD_WORDS;
	}
	show_one(shown, &probe);
	return 0;
}

int explain_show(const struct explain_options *options)
{
	static struct shown shown;
	static struct state state;
	int err = running_load(&state, options->name);

	if (err)
		return err;
	shown.options = options;
	shown.state = &state;
	world_collect(&shown.world, &state);
	shown.fib = fib_open();
	if (shown.fib < 0)
		return -1;
	err = show(&shown);
	close(shown.fib);
	return err;
}
