// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * help - what aosctl says of its sub-commands.
 */
#include <string.h>

#include "command.h"

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

void command_print(FILE *out, const struct command *command)
{
	fprintf(out, "aosctl %s%s%s\n    ", command->name, *command->arguments ? " " : "",
		command->arguments);
	for (const char *c = command->help; *c; c++) {
		fputc(*c, out);
		if (*c == '\n')
			fputs("    ", out);
	}
	fputc('\n', out);
}

void command_print_all(FILE *out)
{
	fputs("aosctl - start, stop and watch the appliance\n\n", out);
	for (const struct command *c = commands; c->name; c++)
		command_print(out, c);
	fputs("\nNAME is an instance; it may be left out when there is only one.\n"
	      "CONF is PREFIX/" BESIDE_CONF " if this program is PREFIX/sbin/aosctl and\n"
	      "that exists, else " DEFAULT_CONF ". Modules come from --modules DIR,\n"
	      "'modules' in CONF, PREFIX/" BESIDE_MODULES ", or modprobe.\n\n"
	      "Exit status: 0 done; 1 failed, or the configuration has errors;\n"
	      "2 wrong usage, or no configuration; 3 not up (status, stats, flows, steer, reload,\n"
	      "explain, capture, log).\n",
	      out);
}
