// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * say - messages to the user.
 */
#include <stdarg.h>

#include "say.h"

#define SAY(stream, prefix, format) do {	\
	va_list args_;				\
	va_start(args_, format);		\
	fputs(prefix, stream);			\
	vfprintf(stream, format, args_);	\
	fputc('\n', stream);			\
	va_end(args_);				\
} while (0)

void say(const char *format, ...)
{
	SAY(stdout, "", format);
	fflush(stdout);
}

void say_warning(const char *format, ...)
{
	SAY(stderr, "aosctl: warning: ", format);
}

int say_error(const char *format, ...)
{
	SAY(stderr, "aosctl: ", format);
	return -1;
}

static void report_place(struct report *report, int line)
{
	if (line > 0)
		fprintf(report->out, "%s:%d: ", report->file, line);
	else
		fprintf(report->out, "%s: ", report->file);
}

int report_error(struct report *report, int line, const char *format, ...)
{
	report->errors++;
	report_place(report, line);
	SAY(report->out, "", format);
	return -1;
}

void report_warning(struct report *report, int line, const char *format, ...)
{
	report->warnings++;
	report_place(report, line);
	SAY(report->out, "warning: ", format);
}
