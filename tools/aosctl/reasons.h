/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_REASONS_H
#define AOSCTL_REASONS_H

#include "abi/drop.h"

/* The reason behind a counter "drop_...", whosever; DROP_NONE: there is no such. */
enum drop reasons_find(const char *counter);

/* Why packets were dropped, as a sentence; of any number. */
const char *reasons_explain(enum drop why);

#endif
