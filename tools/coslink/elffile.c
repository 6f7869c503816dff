// SPDX-License-Identifier: GPL-2.0-or-later
/* The first look at an object. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "elffile.h"

#define COMMON_ALIGN_MAX (1u << 20)

static const char *read_stream(struct elffile *elf, FILE *in, struct pool *pool)
{
	struct stat st;
	uint8_t *bytes;

	if (fstat(fileno(in), &st))
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "not a regular file";
	elf->size = (uint64_t)st.st_size;
	bytes = pool_alloc(pool, 1, elf->size);
	if (fread(bytes, 1, elf->size, in) != elf->size)
		return "cannot be read";
	elf->bytes = bytes;
	return NULL;
}

static bool inside(const struct elffile *elf, uint64_t offset, uint64_t size)
{
	return size <= elf->size && offset <= elf->size - size;
}

/* The bytes that say what kind of file it is come before all others. */
static const char *check_ident(const struct elffile *elf)
{
	if (elf->size < EI_NIDENT || memcmp(elf->bytes, ELFMAG, SELFMAG))
		return "not an ELF file";
	if (elf->bytes[EI_CLASS] != ELFCLASS64)
		return "a 32-bit ELF file";
	if (elf->bytes[EI_DATA] != ELFDATA2LSB)
		return "a big-endian ELF file";
	if (elf->size < sizeof(*elf->head))
		return "truncated";
	return NULL;
}

static const char *check_head(const struct elffile *elf, struct pool *pool)
{
	const Elf64_Ehdr *head = elf->head;

	if (head->e_machine != EM_X86_64)
		return pool_printf(pool, "an object for another machine (ELF number %u)",
				   head->e_machine);
	if (head->e_type == ET_DYN)
		return "a shared library or position-independent executable";
	if (head->e_type == ET_EXEC)
		return "an executable";
	if (head->e_type != ET_REL)
		return pool_printf(pool, "of ELF type %u", head->e_type);
	if (!head->e_shnum || head->e_shentsize != sizeof(*elf->sections) ||
	    head->e_shoff % _Alignof(Elf64_Shdr) || head->e_shstrndx >= head->e_shnum ||
	    !inside(elf, head->e_shoff, (uint64_t)head->e_shnum * sizeof(*elf->sections)))
		return "truncated or damaged";
	return NULL;
}

static const char *check_sections(const struct elffile *elf, struct pool *pool)
{
	for (unsigned int i = 1; i < elf->head->e_shnum; i++) {
		const Elf64_Shdr *section = &elf->sections[i];

		if (section->sh_type != SHT_NOBITS &&
		    !inside(elf, section->sh_offset, section->sh_size))
			return pool_printf(pool, "truncated or damaged (section %u lies outside the file)", i);
		if (section->sh_link >= elf->head->e_shnum)
			return pool_printf(pool, "damaged (section %u belongs to none)", i);
	}
	return NULL;
}

const char *elffile_read(struct elffile *elf, const char *path, struct pool *pool)
{
	FILE *in = fopen(path, "re");
	const char *wrong;

	if (!in)
		return strerror(errno);
	wrong = read_stream(elf, in, pool);
	fclose(in);
	if (!wrong)
		wrong = check_ident(elf);
	if (wrong)
		return wrong;
	elf->head = (const Elf64_Ehdr *)elf->bytes;
	wrong = check_head(elf, pool);
	if (wrong)
		return wrong;
	elf->sections = (const Elf64_Shdr *)(elf->bytes + elf->head->e_shoff);
	return check_sections(elf, pool);
}

static uint64_t sensible(uint64_t align)
{
	if (!align)
		return 1;
	return align <= COMMON_ALIGN_MAX && !(align & (align - 1)) ? align : 0;
}

/* Compare with a name in a string table, which may lack its last NUL. */
static bool name_is(const struct elffile *elf, const Elf64_Shdr *names, uint64_t at,
		    const char *name)
{
	size_t size = strlen(name) + 1;

	return at < names->sh_size && size <= names->sh_size - at &&
	       !memcmp(elf->bytes + names->sh_offset + at, name, size);
}

static uint64_t find_align(const struct elffile *elf, const Elf64_Shdr *table,
			   const char *name)
{
	for (uint64_t i = 0; i < table->sh_size / sizeof(Elf64_Sym); i++) {
		Elf64_Sym symbol;

		memcpy(&symbol, elf->bytes + table->sh_offset + i * sizeof(symbol),
		       sizeof(symbol));
		if (symbol.st_shndx == SHN_COMMON &&
		    name_is(elf, &elf->sections[table->sh_link], symbol.st_name, name))
			return sensible(symbol.st_value);
	}
	return 0;
}

uint64_t elffile_common_align(const struct elffile *elf, const char *name)
{
	for (unsigned int i = 1; i < elf->head->e_shnum; i++)
		if (elf->sections[i].sh_type == SHT_SYMTAB &&
		    elf->sections[elf->sections[i].sh_link].sh_type == SHT_STRTAB)
			return find_align(elf, &elf->sections[i], name);
	return 0;
}
