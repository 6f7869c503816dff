// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * said_show - asks for a component's lines, again and again: the channel is let go in
 * between, for whoever else wants to ask.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "components.h"
#include "process.h"
#include "said.h"
#include "say.h"
#include "show.h"

#define LOOKS 5		/* process_pause() between two looks */
#define NS_PER_S 1000000000u

static void print_json(const struct said *said)
{
	json_t *line = json_pack("{s:I, s:I, s:I, s:s}", "when", (json_int_t)said->when,
				 "number", (json_int_t)said->number,
				 "lost", (json_int_t)said->lost, "text", said->text);

	json_dumpf(line, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(line);
}

static void print_text(const struct said *said)
{
	if (said->lost)
		printf("(lost here: %" PRIu64 " pieces of %u characters)\n", said->lost,
		       LINES_PIECE_LEN);
	printf("%5" PRIu64 ".%06" PRIu64 " %s\n", said->when / NS_PER_S,
	       said->when % NS_PER_S / 1000, said->text);
}

/* All there is behind what was taken: a ring fits into one answer. */
static int look(struct control *c, uint32_t component, struct said *said, bool json)
{
	struct control_request request = { .type = CONTROL_LOG, .component = component,
					   .value = said->number };
	struct control_answer answer;
	int status = control_request(c, &request, &answer);

	if (status)
		return status > 0 ? -1 : say_error("its lines: %s", strerror(-status));
	for (uint32_t i = 0; i < answer.n; i++)
		if (said_take(said, &answer.line[i]))
			(json ? print_json : print_text)(said);
	return fflush(stdout) ? -1 : 0;
}

static int look_once(const char *name, const char *component, struct said *said, bool json)
{
	struct control *c;
	uint32_t index;
	int err = control_open(name, &c);

	if (err)
		return err;
	err = components_find(c, component, &index);
	if (!err)
		err = look(c, index, said, json);
	control_close(c);
	return err;
}

int said_show(const char *name, const char *component, bool follow, bool json)
{
	struct said said = { .number = 0 };
	int err = look_once(name, component, &said, json);

	if (err || !follow)
		return err;
	do {
		for (int i = 0; i < LOOKS; i++)
			process_pause();
		err = look_once(name, component, &said, json);
	} while (!err);
	return err == SHOW_NOT_UP ? 0 : err;
}
