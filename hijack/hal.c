// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * aos/hal.h on Linux.  AOS CPU, interrupts off.  Where a call goes on into
 * Linux, lockdep is first told that interrupts are off: it believes the
 * thread to be in user mode.
 */
#include <linux/ftrace.h>
#include <linux/io.h>
#include <linux/irqflags.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <asm/invpcid.h>
#include <asm/msr.h>
#include <asm/tlbflush.h>
#include <asm/tsc.h>
#include "aos/kernel.h"
#include "hijack/hijack.h"

static struct hijack_instance *host(struct aos *aos)
{
	return aos->host;
}

/* True: lockdep thought interrupts on, and linux_end() must say so again. */
static bool linux_begin(void)
{
	bool was_on = lockdep_hardirqs_enabled();

	if (was_on)
		lockdep_hardirqs_off(CALLER_ADDR0);
	return was_on;
}

static void linux_end(bool was_on)
{
	if (!was_on)
		return;
	lockdep_hardirqs_on_prepare();
	lockdep_hardirqs_on(CALLER_ADDR0);
}

void *hal_frame_va(struct aos *aos, uint32_t frame)
{
	return page_address(mem_frame_page(&host(aos)->mem, frame));
}

uint64_t hal_frame_pa(struct aos *aos, uint32_t frame)
{
	return page_to_phys(mem_frame_page(&host(aos)->mem, frame));
}

uint32_t hal_frame_of(struct aos *aos, uint64_t pa)
{
	return page_private(pfn_to_page(pa >> PAGE_SHIFT));
}

void hal_root_init(struct aos *aos, uint32_t frame)
{
	entry_pages_root_init(hal_frame_va(aos, frame), hal_frame_va(aos, frame + 1));
}

bool hal_root_separate(struct aos *aos)
{
	return boot_cpu_has(X86_FEATURE_PTI);
}

/*
 * PCID 0 and no NOFLUSH bit: every load forgets the other component.  Linux's
 * exit under KPTI with PCID sets bits 11 and 12 (PCID 0x800 for ring 3) and
 * keeps that PCID's translations, so our own ring-3 value uses the same PCID,
 * and flushes it.
 */
uint64_t hal_root_cr3(struct aos *aos, uint32_t frame, uint64_t *user)
{
	uint64_t cr3 = hal_frame_pa(aos, frame);

	*user = cr3;
	if (boot_cpu_has(X86_FEATURE_PTI)) {
		*user |= PAGE_SIZE;
		if (boot_cpu_has(X86_FEATURE_PCID))
			*user |= 1ull << X86_CR3_PTI_PCID_USER_BIT;
	}
	return cr3;
}

/*
 * With KPTI and PCID Linux's way out of an interrupt keeps what the TLB holds
 * for ring 3's PCID: the other component's.  Forget it.
 */
void hal_flush_user_pcid(void)
{
	if (boot_cpu_has(X86_FEATURE_PTI) && boot_cpu_has(X86_FEATURE_PCID))
		invpcid_flush_single_context(1ul << X86_CR3_PTI_PCID_USER_BIT);
}

void hal_root_load(struct aos *aos, uint64_t cr3)
{
	if (!scope_loaded(&host(aos)->scope))
		return;
	native_write_cr3(cr3);
	hal_flush_user_pcid();
}

void hal_tlb_flush_page(struct aos *aos, uint64_t vaddr)
{
	if (!scope_loaded(&host(aos)->scope))
		return;
	hal_flush_user_pcid();
	asm volatile("invlpg (%0)" : : "r"(vaddr) : "memory");
}

int hal_channel_page(struct aos *aos, uint32_t channel, enum ring_part part, uint32_t page,
		     uint64_t *pa)
{
	unsigned long pfn;
	int err = channel_page_pfn(host(aos), channel, part, page, &pfn);

	if (err)
		return err;
	*pa = (uint64_t)pfn << PAGE_SHIFT;
	return 0;
}

void hal_channel_throttled(struct aos *aos, uint32_t channel, bool on)
{
	channel_throttle(host(aos), channel, on);
}

void hal_doorbell(struct aos *aos, uint32_t channel)
{
	bool was_on = linux_begin();

	channel_doorbell(host(aos), channel);
	linux_end(was_on);
}

uint64_t hal_time(struct aos *aos)
{
	return ktime_get_ns();
}

/* While Linux's entry points are loaded the AOS's time stands still (scope.c). */
uint64_t hal_cycles(struct aos *aos)
{
	const struct hijack_scope *scope = &host(aos)->scope;

	return (scope->left_at ?: rdtsc()) - scope->stolen;
}

uint64_t hal_clock(struct aos *aos)
{
	return rdtsc();
}

bool hal_away(struct aos *aos)
{
	return host(aos)->scope.left_at;
}

/* tsc_khz is not 0: component_os_setup(). */
uint64_t hal_cycles_to_ns(struct aos *aos, uint64_t cycles)
{
	return mul_u64_u32_div(cycles, NSEC_PER_MSEC, tsc_khz);
}

uint64_t hal_ns_to_cycles(struct aos *aos, uint64_t ns)
{
	return mul_u64_u32_div(ns, tsc_khz, NSEC_PER_MSEC);
}

void hal_timer_set(struct aos *aos, uint64_t deadline)
{
	bool was_on = linux_begin();

	timer_program(host(aos), deadline);
	linux_end(was_on);
}

uint32_t hal_take_events(struct aos *aos)
{
	return upcall_take(host(aos));
}

void hal_idle(struct aos *aos)
{
	host(aos)->idle_wanted = true;
}

void hal_halt(struct aos *aos, int32_t status)
{
	host(aos)->exit_status = status;
	host(aos)->halt_wanted = true;
}

void hal_log(struct aos *aos, const char *text, uint32_t len)
{
	log_write(&host(aos)->log, text, len);
}
