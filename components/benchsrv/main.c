// SPDX-License-Identifier: GPL-2.0-or-later
#include "benchsrv/benchsrv.h"

int64_t benchsrv_empty(void)
{
	return 0;
}
AOS_EXPORT(benchsrv_empty);

/* All six arguments and the result, so that a lost one shows. */
int64_t benchsrv_add(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	return (int64_t)(a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f);
}
AOS_EXPORT(benchsrv_add);
