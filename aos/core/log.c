// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's own words in the log; components have OP_LOG. */
#include "aos/kernel.h"
#include "aos/string.h"

void aos_log_line(struct aos *aos, const char *text)
{
	hal_log(aos, "aos: ", 5);
	hal_log(aos, text, (uint32_t)strlen(text));
	hal_log(aos, "\n", 1);
}
