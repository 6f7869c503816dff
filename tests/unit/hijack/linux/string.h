/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEST_LINUX_STRING_H
#define TEST_LINUX_STRING_H

#include <string.h>

#endif
