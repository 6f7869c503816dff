// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * doctor - all that preflight finds, for people and for programs.
 */
#include <jansson.h>

#include "doctor.h"
#include "preflight.h"
#include "say.h"

static void say_finding(struct preflight *p, enum verdict verdict, const char *what,
			const char *remedy)
{
	static const char *const words[] = {
		[VERDICT_GOOD] = "good  ", [VERDICT_REMARK] = "remark",
		[VERDICT_BLOCKS] = "BLOCKS",
	};

	(void)p;
	say("%s  %s%s%s", words[verdict], what, remedy ? ": " : "", remedy ? remedy : "");
}

static void add_finding(struct preflight *p, enum verdict verdict, const char *what,
			const char *remedy)
{
	static const char *const words[] = {
		[VERDICT_GOOD] = "good", [VERDICT_REMARK] = "remark",
		[VERDICT_BLOCKS] = "blocks",
	};

	json_array_append_new(p->context, json_pack("{s:s, s:s, s:s?}", "verdict",
						    words[verdict], "what", what, "remedy",
						    remedy));
}

static void doctor_json(struct preflight *p)
{
	json_t *findings = json_array(), *tree;

	p->found = add_finding;
	p->context = findings;
	preflight_run(p);
	tree = json_pack("{s:b, s:o}", "can_run", !p->blocks, "findings", findings);
	json_dumpf(tree, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(tree);
}

unsigned int doctor(const struct config *config, const char *modules, bool json)
{
	struct preflight p = { .root = "", .modules = modules, .cpu = config->aos.cpu,
			       .frames = config->aos.frames, .found = say_finding };

	if (json) {
		doctor_json(&p);
		return p.blocks;
	}
	if (!config->version)
		say("remark  no good configuration (see 'aosctl check'): looking at the "
		    "last CPU");
	preflight_run(&p);
	say(p.blocks ? "This host cannot run the AOS yet: %u thing(s) to mend."
		     : "This host can run the AOS.", p.blocks);
	return p.blocks;
}
