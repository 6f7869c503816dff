/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ladder up and its mirror. */
#ifndef AOSCTL_UP_H
#define AOSCTL_UP_H

#include <stdbool.h>

#include "check.h"

struct up_options {
	const char *modules;	/* directory, or NULL: modprobe */
	double wait;		/* seconds the AOS has to boot */
	bool foreground;	/* stay until it ends, then take all down */
};

/* 0, or -1: it has said why, and this host is as before. */
int up(const struct appliance *appliance, const struct up_options *options);

/*
 * Takes down what the state file of this instance records; "" for the only
 * one.  Nothing up is no error.  0, or -1 and says what is left.
 */
int down(const char *name);

/*
 * The instance a command is about: `name` if given, else the only one with a
 * state file, else "" (the kernel's only one).  False if there are several.
 */
bool up_choose(const char *given, char *name);

#endif
