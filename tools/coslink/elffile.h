/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first look at an object, before libbfd gets it: is it a whole ELF
 * x86-64 relocatable file?  libbfd takes much more than that, and prints
 * its doubts where it likes.  It also does not tell how a common symbol is
 * to be aligned.
 */
#ifndef COSLINK_ELFFILE_H
#define COSLINK_ELFFILE_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>

#include "pool.h"

struct elffile {
	const uint8_t *bytes;
	uint64_t size;
	const Elf64_Ehdr *head;
	const Elf64_Shdr *sections;
};

/* Read and check a file; NULL, or what is wrong with it. */
const char *elffile_read(struct elffile *elf, const char *path, struct pool *pool);

/* Alignment of the common symbol of that name; 0 when there is none sensible. */
uint64_t elffile_common_align(const struct elffile *elf, const char *name);

#endif
