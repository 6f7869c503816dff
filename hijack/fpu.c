// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Vector and x87 registers: of the AOS's threads (aos/core/vector.c decides
 * whose they are) and of the Linux thread that became the AOS.
 *
 * To Linux they are the registers of one of its threads, and it saves and
 * loads them as it does everybody's, in its own memory and format, which
 * nobody here looks at.  The registers themselves are ours where ring 3 has
 * just entered: it could not have run before Linux had loaded them.  So an
 * upcall, which may come in the middle of kernel_fpu_begin(), never touches
 * them, but makes ring 3 come in first (upcall.c).
 */
#include <linux/thread_info.h>
#include <linux/vmalloc.h>
#include <asm/cpufeature.h>
#include <asm/fpu/api.h>
#include <asm/fpu/types.h>
#include <asm/fpu/xcr.h>
#include <asm/fpu/xstate.h>
#include <asm/processor.h>
#include "aos/kernel.h"
#include "hijack/hijack.h"

/*
 * All that a thread can have without asking Linux for it; PKRU is dispatch.c's.
 * AMX needs leave (arch_prctl), and without is an exception of the component.
 */
#define VECTOR_STATES	(XFEATURE_MASK_FPSSE | XFEATURE_MASK_YMM | XFEATURE_MASK_AVX512)

#define HOST_PLACE	AOS_MAX_THREADS	/* of the Linux thread, after those of the AOS's */
#define PLACES		(AOS_MAX_THREADS + 1)
#define XSAVE_ALIGN	64		/* Intel SDM vol. 1, 13.4 */

static struct {
	u64 states;			/* of VECTOR_STATES what this CPU has */
	unsigned int stride;		/* from one saved copy to the next */
} fpu;

/* A copy in which nothing is in use: all initial, but MXCSR is always read. */
static const struct {
	struct fxregs_state legacy;
	struct xstate_header header;
} initial __aligned(XSAVE_ALIGN) = { .legacy.mxcsr = MXCSR_DEFAULT };

/* Before the first instance.  Every CPU has the same states. */
void fpu_init(void)
{
	unsigned int state, size, offset, ecx, edx, end = sizeof(initial);

	fpu.states = xgetbv(XCR_XFEATURE_ENABLED_MASK) & VECTOR_STATES;
	for (state = XFEATURE_YMM; state < fls64(fpu.states); state++) {
		if (!(fpu.states & BIT_ULL(state)))
			continue;
		/* Standard format (Intel SDM vol. 1, 13.5). */
		cpuid_count(XSTATE_CPUID, state, &size, &offset, &ecx, &edx);
		end = max(end, offset + size);
	}
	fpu.stride = ALIGN(end, XSAVE_ALIGN);
}

/* Process context.  Zeroed, since XRSTOR wants what XSAVE does not write so. */
int fpu_alloc(struct hijack_instance *inst)
{
	inst->vectors = vzalloc(PLACES * fpu.stride);
	return inst->vectors ? 0 : -ENOMEM;
}

void fpu_free(struct hijack_instance *inst)
{
	vfree(inst->vectors);
	inst->vectors = NULL;
}

static void *place(struct hijack_instance *inst, u32 i)
{
	return inst->vectors + i * fpu.stride;
}

static void registers_save(void *to)
{
	asm volatile("xsave64 (%0)" : : "r"(to), "a"((u32)fpu.states),
		     "d"((u32)(fpu.states >> 32)) : "memory");
}

/*
 * AMD's CPUs keep the x87's last instruction and data pointers over XRSTOR
 * unless an exception is pending: those of a harmless load, then.
 */
static void registers_load(const void *from)
{
	if (boot_cpu_has_bug(X86_BUG_FXSAVE_LEAK))
		asm volatile("fnclex\n\temms\n\tfildl %0" : : "m"(initial.legacy.mxcsr));
	asm volatile("xrstor64 (%0)" : : "r"(from), "a"((u32)fpu.states),
		     "d"((u32)(fpu.states >> 32)) : "memory");
}

/* In a Linux call of the thread's own, interrupts off: load what is not. */
static void registers_take(void)
{
	if (test_thread_flag(TIF_NEED_FPU_LOAD))
		switch_fpu_return();
}

/* The current thread becomes the AOS; interrupts off. */
void fpu_enter(struct hijack_instance *inst)
{
	registers_take();
	registers_save(place(inst, HOST_PLACE));
	registers_load(&initial);
}

/* The current thread was the AOS; interrupts off. */
void fpu_leave(struct hijack_instance *inst)
{
	registers_take();
	registers_load(place(inst, HOST_PLACE));
}

void hal_vectors_save(struct aos *aos, uint32_t thread)
{
	registers_save(place(aos->host, thread));
}

void hal_vectors_load(struct aos *aos, uint32_t thread)
{
	registers_load(place(aos->host, thread));
}

void hal_vectors_clear(struct aos *aos)
{
	registers_load(&initial);
}
