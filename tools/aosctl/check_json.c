// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * check_json - what is wrong with a configuration, for programs.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "check_json.h"

/* "FILE:LINE: [warning: ]TEXT", as report_error() prints it; LINE may be missing. */
static json_t *message_tree(const char *text, size_t file)
{
	static const char warning[] = "warning: ";
	long line = 0;
	char *end;
	bool mild;

	text += strlen(text) > file ? file : 0;
	if (*text == ':' && text[1] != ' ') {
		line = strtol(text + 1, &end, 10);
		text = end;
	}
	text += strspn(text, ": ");
	mild = !strncmp(text, warning, strlen(warning));
	return json_pack("{s:I, s:s, s:s}", "line", (json_int_t)line, "severity",
			 mild ? "warning" : "error", "text",
			 text + (mild ? strlen(warning) : 0));
}

static json_t *messages_tree(char *said, size_t file)
{
	json_t *messages = json_array();
	char *line;

	while ((line = strsep(&said, "\n")))
		if (*line)
			json_array_append_new(messages, message_tree(line, file));
	return messages;
}

int check_json(const char *path)
{
	static struct appliance appliance;
	char *said = NULL;
	size_t size;
	FILE *out = open_memstream(&said, &size);
	json_t *tree;
	int result;

	if (!out)
		return say_error("no memory");
	result = check_load(&appliance, path, out);
	fclose(out);
	tree = json_pack("{s:s, s:b, s:o}", "file", path, "good", !result, "messages",
			 messages_tree(said, strlen(path)));
	json_dumpf(tree, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(tree);
	free(said);
	if (!result)
		check_unload(&appliance);
	return result;
}
