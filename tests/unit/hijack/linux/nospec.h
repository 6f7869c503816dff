/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands in for the kernel's: on the host there is nothing to speculate about. */
#ifndef TEST_LINUX_NOSPEC_H
#define TEST_LINUX_NOSPEC_H

#define array_index_nospec(index, size) ((index) < (size) ? (index) : 0)

#endif
