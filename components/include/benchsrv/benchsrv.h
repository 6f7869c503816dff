/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interface of benchsrv: functions that do nothing, to measure how one gets there. */
#ifndef BENCHSRV_BENCHSRV_H
#define BENCHSRV_BENCHSRV_H

#include "aos.h"

int64_t benchsrv_empty(void);
int64_t benchsrv_add(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);

#endif
