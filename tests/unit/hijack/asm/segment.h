/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In place of the kernel's: ring 3's selectors. */
#define __USER_CS 0x33
#define __USER_DS 0x2b
