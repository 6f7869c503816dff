/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where files are when the command line does not say: PREFIX/sbin/aosctl knows. */
#ifndef AOSCTL_PLACES_H
#define AOSCTL_PLACES_H

#include "command.h"
#include "config.h"

const char *places_conf(const struct options *options);

/* Directory of the modules; NULL: modprobe knows.  config: or NULL. */
const char *places_modules(const struct options *options, const struct config *config);

#endif
