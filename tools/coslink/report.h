/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The map of a linked system, for people. */
#ifndef COSLINK_REPORT_H
#define COSLINK_REPORT_H

#include <stdio.h>

#include "system.h"

void report_print(const struct system *system, uint32_t image_size, FILE *out);

#endif
