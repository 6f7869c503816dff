/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AOSCTL_REASONS_H
#define AOSCTL_REASONS_H

/*
 * Why packets were dropped, as a sentence: of a counter "drop_..." of "vnic",
 * "lwip" or any other owner, which is a cosnet interface.  NULL: not known.
 */
const char *reasons_explain(const char *owner, const char *counter);

#endif
