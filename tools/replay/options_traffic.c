// SPDX-License-Identifier: GPL-2.0-or-later
/* Options: what is sent, to where, and when. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "option_table.h"

bool stream_begin(struct options *o, const char *capture)
{
	if (o->stream_count == STREAMS_MAX)
		return false;
	o->streams[o->stream_count++] = (struct stream_options) {
		.capture = capture };
	return true;
}

static bool take_pcap(struct options *o, const char *value)
{
	return stream_begin(o, value);
}

/* A destination belongs to the capture before it, or to all if there is none. */
static struct stream_options *stream_meant(struct options *o)
{
	return o->stream_count ? &o->streams[o->stream_count - 1] :
				 &o->everywhere;
}

static bool destination_set(struct options *o, struct stream_options *s,
			    const char *value, int family)
{
	struct endpoint to, *place;

	if (!endpoint_parse(value, ECHO_PORT, &to) ||
	    (family && to.address.family != family))
		return false;
	place = to.address.family == 4 ? &s->to4 : &s->to6;
	if (place->address.family) {
		o->wrong = "a second one of this family; for another service "
			   "give another --pcap, or --compare";
		return false;
	}
	*place = to;
	return true;
}

static bool take_to(struct options *o, const char *value)
{
	return destination_set(o, stream_meant(o), value, 0);
}

static bool take_to4(struct options *o, const char *value)
{
	return destination_set(o, stream_meant(o), value, 4);
}

static bool take_to6(struct options *o, const char *value)
{
	return destination_set(o, stream_meant(o), value, 6);
}

static bool take_compare(struct options *o, const char *value)
{
	return destination_set(o, &o->compare, value, 0);
}

static bool take_limit(struct options *o, const char *value)
{
	return number_parse(value, 1, UINT64_MAX, &o->limit);
}

static bool take_max_gap(struct options *o, const char *value)
{
	return number_scaled(&o->max_gap, value, 86400000, NS_PER_MS);
}

static const struct option_entry traffic_entries[] = {
	{ "pcap", "FILE", take_pcap,
	  "replay this capture; may be given again, each with a --to of\n"
	  "its own behind it: all run at once, on one schedule" },
	{ "to", "ADDR[:PORT]", take_to,
	  "where its datagrams go: IPv4, or [IPv6]:PORT, or both (give it\n"
	  "twice); port 7 (echo) if not said. Before the first capture:\n"
	  "for all captures without their own" },
	{ "to4", "ADDR[:PORT]", take_to4, "the same, IPv4 only" },
	{ "to6", "[ADDR]:PORT", take_to6, "the same, IPv6 only" },
	{ "compare", "ADDR[:PORT]", take_compare,
	  "send the first capture there, too, each datagram halfway\n"
	  "between two of the first's, and show both side by side" },
	{ "limit", "N", take_limit, "only the first N datagrams of each" },
	{ "max-gap", "MS", take_max_gap, "shorten longer silences to this" },
};

static bool take_speed(struct options *o, const char *value)
{
	o->speed_given = true;
	return schedule_parse(&o->schedule, value);
}

static bool take_rate(struct options *o, const char *value)
{
	o->rate_given = true;
	return schedule_rate_parse(&o->schedule, value);
}

static bool take_loop(struct options *o, const char *value)
{
	return number_parse(value, 1, 1000000000, &o->rounds);
}

static bool take_window(struct options *o, const char *value)
{
	o->window_given = true;
	return number_parse(value, 0, 1000000, &o->window);
}

/* "100" are datagrams, "10s" is a time. */
static bool take_warm_up(struct options *o, const char *value)
{
	size_t size = strlen(value);
	char number[24];

	o->warm_count = o->warm_time = 0;
	if (!size || value[size - 1] != 's')
		return number_parse(value, 0, UINT64_MAX, &o->warm_count);
	if (size > sizeof(number))
		return false;
	memcpy(number, value, size - 1);
	number[size - 1] = '\0';
	return number_scaled(&o->warm_time, number, 86400, NS_PER_S);
}

static bool take_timeout(struct options *o, const char *value)
{
	return number_scaled(&o->timeout, value, 600000, NS_PER_MS) &&
	       o->timeout;
}

static bool take_wait(struct options *o, const char *value)
{
	return number_scaled(&o->wait, value, 86400, NS_PER_S);
}

static const struct option_entry timing_entries[] = {
	{ "speed", "N|max", take_speed,
	  "1: with the recorded gaps (default), 10: ten times as fast,\n"
	  "max: as fast as the answers come" },
	{ "rate", "N[/s]", take_rate,
	  "N datagrams a second of each capture, evenly spaced, instead\n"
	  "of the recorded gaps" },
	{ "loop", "N", take_loop, "replay everything N times" },
	{ "warm-up", "N|Ns", take_warm_up,
	  "the first N datagrams (or N seconds) are sent and verified,\n"
	  "but count in no time" },
	{ "window", "N", take_window,
	  "at most N datagrams unanswered; 0: no limit. Default 0, with\n"
	  "--speed max 32" },
	{ "timeout", "MS", take_timeout,
	  "a reply after this is late; also how long stragglers are\n"
	  "waited for. Default 5000" },
	{ "wait", "S", take_wait,
	  "first wait up to S seconds for the appliance to answer probes" },
};

#define GROUP(text, list) { text, list, sizeof(list) / sizeof(*(list)) }

const struct option_group option_traffic = GROUP("what and where to",
						 traffic_entries);
const struct option_group option_timing = GROUP("when", timing_entries);
