/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which relocations we know, and what each needs. */
#ifndef COSLINK_RELOCATE_H
#define COSLINK_RELOCATE_H

enum reloc_class {
	RELOC_NOTHING,		/* R_X86_64_NONE */
	RELOC_DIRECT,		/* against the symbol */
	RELOC_GOT,		/* against the symbol's GOT entry */
	RELOC_UNKNOWN
};

enum reloc_class relocate_class(const char *type);

#endif
