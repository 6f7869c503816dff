// SPDX-License-Identifier: GPL-2.0-or-later
/* Options: what is reported, and how. */
#include "option_table.h"

static bool take_worst(struct options *o, const char *value)
{
	return number_parse(value, 0, WORST_MAX, &o->worst);
}

static bool take_json(struct options *o, const char *value)
{
	o->json = value;
	return true;
}

static bool take_csv(struct options *o, const char *value)
{
	o->csv = value;
	return true;
}

static bool take_plot(struct options *o, const char *value)
{
	o->plot = value;
	return true;
}

static bool take_counters(struct options *o, const char *value)
{
	o->counters = value;
	return true;
}

static bool take_progress(struct options *o, const char *value)
{
	(void)value;
	o->progress = true;
	return true;
}

static bool take_no_progress(struct options *o, const char *value)
{
	(void)value;
	o->no_progress = true;
	return true;
}

static bool take_dry_run(struct options *o, const char *value)
{
	(void)value;
	o->dry_run = true;
	return true;
}

static bool take_help(struct options *o, const char *value)
{
	(void)value;
	o->help = true;
	return true;
}

static const struct option_entry results_entries[] = {
	{ "worst", "N", take_worst,
	  "show the N longest round trips of each capture, with what was\n"
	  "around them; default 3" },
	{ "json", "FILE", take_json, "write the results there as well" },
	{ "csv", "FILE", take_csv, "write a line for each datagram there" },
	{ "plot", "DIR", take_plot,
	  "draw distribution, course and histogram there with gnuplot,\n"
	  "as PNG and SVG" },
	{ "counters", "FILE", take_counters,
	  "the appliance's counters, lines \"name value\", read at the\n"
	  "end: they give losses their reasons" },
	{ "progress", NULL, take_progress,
	  "say every 2 s how far it is; on a terminal this is the default" },
	{ "no-progress", NULL, take_no_progress, "do not" },
	{ "dry-run", NULL, take_dry_run,
	  "only say what the captures hold; send nothing" },
	{ "help", NULL, take_help, "this text" },
};

const struct option_group option_results = {
	"results", results_entries,
	sizeof(results_entries) / sizeof(*results_entries)
};
