// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A QEMU plugin: counts expensive events between two readings of the
 * time-stamp counter by programs (not by a kernel), each behind a fence: who
 * reads without one does not measure to the instruction. Every region is a vector:
 * where it begins and ends, its length in instructions, its events. Equal
 * vectors are counted together, in a table that is the file given by
 *
 *	-plugin events.so,out=FILE
 *
 * mapped, so that it is there however QEMU ends. It is an array of struct
 * vector, free places zero; the last one's times are regions that found no
 * place. One CPU: with more, regions would mix.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "decode.h"
#include "qemu_plugin.h"

#define EXPORTED __attribute__((visibility("default")))
/* Programs' half of the address space. */
#define PROGRAMS_END (1ULL << 47)
#define VECTORS (1u << 18)

/* counts[EVENT_NONE]: instructions; [EVENT_RING0]: of these, in ring 0; [EVENT_COPY]: bytes. */
struct vector {
	uint64_t begin, end, times;
	uint64_t counts[EVENT_READING];
};

static struct {
	/* since ever, [EVENT_NONE] without ring 0; the emulated code adds */
	uint64_t counts[EVENTS];
	uint64_t before[EVENTS];	/* the same when the region began */
	uint64_t begin;			/* 0: none yet */
	struct vector *vectors;
	uint64_t used;
} state;

EXPORTED int qemu_plugin_version = QEMU_PLUGIN_API;
EXPORTED int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc,
				 char **argv);

static uint64_t vector_hash(const struct vector *v)
{
	uint64_t hash = v->begin * 0x9e3779b97f4a7c15 ^ v->end;

	for (int i = 0; i < EVENT_READING; i++)
		hash = (hash ^ v->counts[i]) * 0x9e3779b97f4a7c15;
	return hash >> 32;
}

static bool vector_equal(const struct vector *a, const struct vector *b)
{
	return a->begin == b->begin && a->end == b->end &&
	       !memcmp(a->counts, b->counts, sizeof(a->counts));
}

/* Half of the table stays free, so that every search ends. */
static void vector_note(const struct vector *v)
{
	uint64_t at = vector_hash(v);
	struct vector *place;

	for (;; at++) {
		place = &state.vectors[at % VECTORS];
		if (!place->times || vector_equal(place, v))
			break;
	}
	if (!place->times) {
		if (state.used == VECTORS / 2) {
			state.vectors[VECTORS].times++;
			return;
		}
		state.used++;
		*place = *v;
	}
	place->times++;
}

/* A program reads the counter: a region ends, the next begins. */
static void reading(unsigned int cpu, void *arg)
{
	struct vector v = { .begin = state.begin, .end = (uintptr_t)arg };

	(void)cpu;
	for (int i = 0; i < EVENT_READING; i++)
		v.counts[i] = state.counts[i] - state.before[i];
	v.counts[EVENT_NONE] += v.counts[EVENT_RING0];
	if (state.begin)
		vector_note(&v);
	memcpy(state.before, state.counts, sizeof(state.before));
	state.begin = v.end;
}

static void copied(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t address, void *arg)
{
	(void)cpu;
	(void)address;
	(void)arg;
	state.counts[EVENT_COPY] += 1ULL << qemu_plugin_mem_size_shift(info);
}

static enum event event_at(struct qemu_plugin_tb *tb, size_t i)
{
	struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

	return event_of(qemu_plugin_insn_data(insn), qemu_plugin_insn_size(insn));
}

/* A fence and the reading behind it are always in one block. */
static void instruction(struct qemu_plugin_tb *tb, size_t i)
{
	struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
	uint64_t address = qemu_plugin_insn_vaddr(insn);
	enum event event = event_at(tb, i);

	if (event == EVENT_READING && (!i || event_at(tb, i - 1) != EVENT_BARRIER))
		return;
	if (event == EVENT_NONE)
		return;
	if (event == EVENT_COPY)
		qemu_plugin_register_vcpu_mem_cb(insn, copied, QEMU_PLUGIN_NO_REGS,
						 QEMU_PLUGIN_MEM_WRITE, NULL);
	else if (event != EVENT_READING)
		qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_ADD_U64,
							   &state.counts[event], 1);
	else if (address < PROGRAMS_END)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, reading, QEMU_PLUGIN_NO_REGS,
						       (void *)(uintptr_t)address);
}

/*
 * Instructions are counted one by one, not by blocks: in an icount boot a block that touches a
 * device is left there, and what is left of it counted with another.
 */
static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		bool ring0 = qemu_plugin_insn_vaddr(insn) >= PROGRAMS_END;

		qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_ADD_U64,
			&state.counts[ring0 ? EVENT_RING0 : EVENT_NONE], 1);
		instruction(tb, i);
	}
}

static struct vector *table_map(const char *path)
{
	size_t size = (VECTORS + 1) * sizeof(struct vector);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
	void *table = MAP_FAILED;

	if (fd >= 0 && !ftruncate(fd, (off_t)size))
		table = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (table == MAP_FAILED)
		perror(path);
	if (fd >= 0)
		close(fd);
	return table == MAP_FAILED ? NULL : table;
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4)) {
		fprintf(stderr, "events: give out=FILE, and nothing else\n");
		return -1;
	}
	state.vectors = table_map(argv[0] + 4);
	if (!state.vectors)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
