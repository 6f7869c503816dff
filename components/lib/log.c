// SPDX-License-Identifier: GPL-2.0-or-later
/* Log lines: sent to the kernel 48 characters a call, and kept beside the counters. */
#include "aos.h"

#define CHUNK LINES_PIECE_LEN	/* what fits into the registers of one OP_LOG */

static void send_chunk(const char *text, size_t len)
{
	uint64_t word[CHUNK / 8] = { 0 };

	memcpy(word, text, len);
	aos_call(OP_LOG, AOS_SLOT_CONSOLE, word[0], word[1], word[2], word[3], word[4], word[5]);
}

static size_t put_name(char *line)
{
	const char *name;
	size_t len;

	__asm__("movabsq $__component_name, %0" : "=r"(name));
	len = strnlen(name, ABI_NAME_LEN);
	memcpy(line, name, len);
	line[len++] = ':';
	line[len++] = ' ';
	return len;
}

void aos_log(const char *fmt, ...)
{
	char line[AOS_LOG_MAX];
	size_t name = put_name(line), len = name;
	va_list ap;

	va_start(ap, fmt);
	len += aos_vformat(line + len, sizeof(line) - len - 1, fmt, ap);
	va_end(ap);
	if (line[len - 1] != '\n')
		line[len++] = '\n';
	for (size_t i = 0; i < len; i += CHUNK)
		send_chunk(line + i, len - i < CHUNK ? len - i : CHUNK);
	lines_add(&aos_counters_page()->lines, aos_time_ns(), line + name, len - name);
}
