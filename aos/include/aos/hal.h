/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The contract between the AOS kernel and what it runs on: the H²AL.  The
 * AOS calls nothing else.  hijack/hal.c implements it on a Linux kernel,
 * tests/unit/fake_hal.c on simulated memory and time.
 *
 * Context of every call: the AOS CPU, interrupts off, no Linux lock held.
 * None may sleep, allocate or fail other than as said.
 */
#ifndef AOS_HAL_H
#define AOS_HAL_H

#include "abi/types.h"
#include "abi/ring.h"

struct aos;

/*
 * Registers of an interrupted or calling ring-3 context, in the order in
 * which an x86-64 entry pushes them: Linux's struct pt_regs (hijack asserts
 * that they are equal).
 */
struct aos_regs {
	uint64_t r15, r14, r13, r12, bp, bx;
	uint64_t r11, r10, r9, r8, ax, cx, dx, si, di;
	uint64_t orig_ax;
	uint64_t ip, cs, flags, sp, ss;
};
ABI_SIZE(struct aos_regs, 168);

/* Events the host reports, bits of the mask given to aos_event(). */
#define HAL_EVENT_CHANNEL(i)	(1u << (i))	/* i < BOOTINFO_CHANNELS */
#define HAL_EVENT_TIMER		(1u << 8)

/**
 * hal_frame_va() - kernel address of a frame's 4096 bytes.
 * @frame: < the number of frames given to aos_boot().
 */
void *hal_frame_va(struct aos *aos, uint32_t frame);

/** hal_frame_pa() - physical address of a frame. */
uint64_t hal_frame_pa(struct aos *aos, uint32_t frame);

/** hal_frame_of() - the frame at a physical address hal_frame_pa() gave. */
uint32_t hal_frame_of(struct aos *aos, uint64_t pa);

/**
 * hal_root_init() - fill a new page-table root with the host kernel's half.
 * @frame: even; @frame and @frame + 1 become the root: 512 entries that the
 *         CPU uses in ring 0, then 512 that it uses in ring 3 where the host
 *         separates them (KPTI).  The lower 256 entries of both are left alone.
 */
void hal_root_init(struct aos *aos, uint32_t frame);

/** hal_root_separate() - true where ring 3 uses its own root (KPTI). */
bool hal_root_separate(struct aos *aos);

/**
 * hal_root_cr3() - values of CR3 for a root.
 * @user: the value for ring 3; the one for ring 0 is the result.
 */
uint64_t hal_root_cr3(struct aos *aos, uint32_t frame, uint64_t *user);

/** hal_root_load() - switch to a ring-0 CR3 value, if the AOS is entered now. */
void hal_root_load(struct aos *aos, uint64_t cr3);

/**
 * hal_tlb_flush_page() - forget the translation of @vaddr, whichever page table
 * it came from: the loaded one, or one whose translations outlived a switch.
 */
void hal_tlb_flush_page(struct aos *aos, uint64_t vaddr);

/**
 * hal_channel_page() - physical address of a page of a channel.
 * Return: 0, or -AOS_ENOENT if there is no such channel, part or page.
 */
int hal_channel_page(struct aos *aos, uint32_t channel, enum ring_part part,
		     uint32_t page, uint64_t *pa);

/**
 * hal_channel_throttled() - the thread that takes a channel's packets is without
 * a budget, or has one again: what its full ring drops has that reason.
 */
void hal_channel_throttled(struct aos *aos, uint32_t channel, bool on);

/**
 * hal_host_page() - physical address of a page of the host process's memory.
 * @vaddr: there, page-aligned, inside a range that the AOS was told of
 * @write: ring 3 shall be able to write it
 * Return: 0; -AOS_EAGAIN: not yet, the host has to be asked (hal_host_pin());
 * -AOS_EFAULT: it was asked, and there is no such page.  That is said once:
 * the next time the host is asked anew.
 */
int hal_host_page(struct aos *aos, uint64_t vaddr, bool write, uint64_t *pa);

/**
 * hal_host_pin() - ask the host for that page.
 * Takes effect when the kernel is left: the current thread, in ring 3, waits
 * inside the host, and then faults again.
 */
void hal_host_pin(struct aos *aos, uint64_t vaddr, bool write);

/** hal_doorbell() - tell a channel's device that packets were published. */
void hal_doorbell(struct aos *aos, uint32_t channel);

/*
 * The CPU's vector and x87 registers, MXCSR and x87 control word.  Each thread
 * (id < AOS_MAX_THREADS) has a place for one copy.  Called only from
 * aos_vectors_settle().
 */
void hal_vectors_save(struct aos *aos, uint32_t thread);
void hal_vectors_load(struct aos *aos, uint32_t thread);

/** hal_vectors_clear() - the initial state: all zero, exceptions masked. */
void hal_vectors_clear(struct aos *aos);

/** hal_time() - nanoseconds, monotonic; an arbitrary start. */
uint64_t hal_time(struct aos *aos);

/**
 * hal_cycles() - CPU time the AOS has had, in cycles of a constant rate; an
 * arbitrary start.  Stands still while the host runs threads of its own.
 * Cheap: read at every thread switch.
 */
uint64_t hal_cycles(struct aos *aos);

/** hal_clock() - the same cycles, but never standing still. */
uint64_t hal_clock(struct aos *aos);

/** hal_away() - hal_cycles() stands still.  When that ends: aos_resumed(). */
bool hal_away(struct aos *aos);

/**
 * hal_cycles_to_ns(), hal_ns_to_cycles() - convert a length of time.
 * @cycles: < 2^60; @ns: at most 2^50.  Rounded down.
 */
uint64_t hal_cycles_to_ns(struct aos *aos, uint64_t cycles);
uint64_t hal_ns_to_cycles(struct aos *aos, uint64_t ns);

/** hal_timer_set() - report HAL_EVENT_TIMER at hal_time() @deadline; 0 = never. */
void hal_timer_set(struct aos *aos, uint64_t deadline);

/** hal_take_events() - take and clear the events reported and not yet handled. */
uint32_t hal_take_events(struct aos *aos);

/**
 * hal_idle() - let the host have the CPU until an event.
 * Takes effect when the kernel is left: the current thread, in ring 3, waits
 * inside the host and then goes on behind its system call, with result 0.
 */
void hal_idle(struct aos *aos);

/** hal_halt() - end the AOS when the kernel is left.  @status: for the host. */
void hal_halt(struct aos *aos, int32_t status);

/** hal_log() - append text to the log.  @text need not be NUL-terminated. */
void hal_log(struct aos *aos, const char *text, uint32_t len);

#endif
