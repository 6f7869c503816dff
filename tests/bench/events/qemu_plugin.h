/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of QEMU's plugin API, version 1 (QEMU 4.2 to 8.x), that events.c
 * uses, declared from its documentation: distributions ship no header.
 * Everything is implemented by the qemu-system binary itself.
 */
#ifndef EVENTS_QEMU_PLUGIN_H
#define EVENTS_QEMU_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#define QEMU_PLUGIN_API 1

typedef uint64_t qemu_plugin_id_t;
typedef uint32_t qemu_plugin_meminfo_t;

struct qemu_info;
struct qemu_plugin_tb;		/* a block of instructions as translated */
struct qemu_plugin_insn;	/* one of them; valid during translation */

enum { QEMU_PLUGIN_NO_REGS };		/* callbacks look at no registers */
enum { QEMU_PLUGIN_ADD_U64 };		/* the one inline operation */
enum { QEMU_PLUGIN_MEM_READ = 1, QEMU_PLUGIN_MEM_WRITE };

typedef void (*qemu_plugin_translated)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);
typedef void (*qemu_plugin_executed)(unsigned int cpu, void *arg);
typedef void (*qemu_plugin_accessed)(unsigned int cpu, qemu_plugin_meminfo_t info,
				     uint64_t address, void *arg);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, qemu_plugin_translated call);

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);

/* Before each execution. */
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int operation,
					      void *word, uint64_t operand);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, int operation,
						void *word, uint64_t operand);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    qemu_plugin_executed call, int registers,
					    void *arg);

/* After each access to memory; a size is 1 << qemu_plugin_mem_size_shift(). */
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, qemu_plugin_accessed call,
				      int registers, int access, void *arg);
unsigned int qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t info);

#endif
