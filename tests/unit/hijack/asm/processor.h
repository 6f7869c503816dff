/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In place of the kernel's: where user space ends, with four-level page tables. */
#define TASK_SIZE_MAX 0x7ffffffff000ul
