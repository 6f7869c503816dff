// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * coslink: component objects and a composition in, one boot image out.
 * Exit status: 0 linked, 1 the input is wrong, 2 the command line is.
 */
#include <getopt.h>
#include <stdlib.h>

#include "link.h"

#define EXIT_USAGE 2

static const char usage[] =
	"usage: coslink --composition FILE --objects DIR --output FILE\n"
	"               [--report FILE|-] [--dry-run] [--verbose]\n"
	"       coslink --help | --version\n"
	"\n"
	"  --composition FILE  components, their wiring and limits\n"
	"  --objects DIR       where the components' object files are\n"
	"  --output FILE       boot image to write\n"
	"  --report FILE       also write a map of the system; - is standard output\n"
	"  --dry-run           check everything, write no image\n"
	"  --verbose           print the threads' response times\n";

static const struct option options[] = {
	{ "composition", required_argument, NULL, 'c' },
	{ "objects", required_argument, NULL, 'd' },
	{ "output", required_argument, NULL, 'o' },
	{ "report", required_argument, NULL, 'r' },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "verbose", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
	{ 0 }
};

static int parse(int argc, char **argv, struct link_options *link)
{
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			link->composition = optarg;
			break;
		case 'd':
			link->objects = optarg;
			break;
		case 'o':
			link->output = optarg;
			break;
		case 'r':
			link->report = optarg;
			break;
		case 'n':
			link->dry_run = true;
			break;
		case 'V':
			link->verbose = true;
			break;
		default:
			return option;
		}
	}
	return optind == argc ? 0 : '?';
}

static int complain(const char *text)
{
	fprintf(stderr, "coslink: %s\n%s", text, usage);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct link_options link = { 0 };

	switch (parse(argc, argv, &link)) {
	case 0:
		break;
	case 'h':
		fputs(usage, stdout);
		return EXIT_SUCCESS;
	case 'v':
		puts("coslink 1");
		return EXIT_SUCCESS;
	default:
		return complain("unknown option or argument");
	}
	if (!link.composition || !link.objects)
		return complain("--composition and --objects are needed");
	if (!link.output && !link.dry_run)
		return complain("--output is needed, or --dry-run");
	return link_run(&link, stderr) ? EXIT_SUCCESS : EXIT_FAILURE;
}
