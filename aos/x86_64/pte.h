/* SPDX-License-Identifier: GPL-2.0-or-later */
/* x86-64 page-table entries, Intel SDM vol. 3, 4.5, tables 4-15 to 4-20. */
#ifndef AOS_X86_64_PTE_H
#define AOS_X86_64_PTE_H

#define PTE_PRESENT	(1ull << 0)
#define PTE_WRITE	(1ull << 1)
#define PTE_USER	(1ull << 2)
#define PTE_ACCESSED	(1ull << 5)
#define PTE_DIRTY	(1ull << 6)
/* Software bit: the page is a frame of the AOS, and counted. */
#define PTE_FRAME	(1ull << 9)
#define PTE_NX		(1ull << 63)
#define PTE_ADDR_MASK	0x000ffffffffff000ull
/* Page-fault error code (SDM vol. 3, 4.7): the page was there, its rights did not do. */
#define PF_PRESENT	(1ull << 0)
#define PTE_ENTRIES	512u
#define PTE_LEVELS	4u

/* Index of vaddr in a table of the given level: 4 is the root, 1 holds pages. */
#define PTE_INDEX(vaddr, level) (((vaddr) >> (12 + 9 * ((level) - 1))) & 511u)

#endif
