// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pages of the host process that components see (aos/core/hostmem.c).
 *
 * The AOS kernel finds that a component wants one and asks; the thread goes
 * into Linux like any system call (HIJACK_PIN), where the page may be faulted in
 * and is pinned, and comes back to a fault, whose handling finds it here.  A
 * page stays pinned until the instance ends: what Linux does meanwhile to the
 * file (truncates it, say) cannot take it from under a component's mapping.
 *
 * Only files mapped shared: of a private mapping the process's own writes, and
 * those of others, would go to other pages than the pinned one.
 */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/resource.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include "aos/kernel.h"
#include "hijack/hijack.h"

atomic_long_t host_pages_pinned;

/* ---- the AOS kernel's side: AOS CPU, interrupts off ---- */

static const struct hijack_pin *find_pin(const struct hijack_host_pages *hp,
					 unsigned long vaddr, bool write)
{
	u32 i;

	for (i = 0; i < hp->npins; i++)
		if (hp->pin[i].vaddr == vaddr && (hp->pin[i].write || !write))
			return &hp->pin[i];
	return NULL;
}

int hal_host_page(struct aos *aos, uint64_t vaddr, bool write, uint64_t *pa)
{
	struct hijack_instance *inst = aos->host;
	struct hijack_host_pages *hp = &inst->host_pages;
	const struct hijack_pin *pin = find_pin(hp, vaddr, write);

	if (pin) {
		*pa = page_to_phys(pin->page);
		return 0;
	}
	if (!hp->failed)
		return -AOS_EAGAIN;
	hp->failed = false;
	return -AOS_EFAULT;
}

void hal_host_pin(struct aos *aos, uint64_t vaddr, bool write)
{
	struct hijack_instance *inst = aos->host;

	inst->host_pages.vaddr = vaddr;
	inst->host_pages.write = write;
	inst->host_pages.wanted = true;
}

/* ---- Linux's side: process context, the AOS thread in HIJACK_PIN ---- */

/* One page more, within our own bound and the process's. */
static int account(struct hijack_host_pages *hp, struct mm_struct *mm)
{
	unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;

	if (hp->npins == HIJACK_MAX_PINS)
		return -ENOSPC;
	if (atomic64_inc_return(&mm->pinned_vm) > limit && !capable(CAP_IPC_LOCK)) {
		atomic64_dec(&mm->pinned_vm);
		return -ENOMEM;
	}
	atomic_long_inc(&host_pages_pinned);
	return 0;
}

static void unaccount(struct mm_struct *mm, u32 pages)
{
	atomic64_sub(pages, &mm->pinned_vm);
	atomic_long_sub(pages, &host_pages_pinned);
}

/* mmap_lock held. */
static bool is_shared_file(struct mm_struct *mm, unsigned long vaddr)
{
	const struct vm_area_struct *vma = find_vma(mm, vaddr);

	return vma && vma->vm_start <= vaddr && vma->vm_file && vma->vm_flags & VM_SHARED;
}

/* No FOLL_FORCE: a mapping that Linux would not let the process write is not written. */
static int pin_page(struct mm_struct *mm, unsigned long vaddr, bool write, struct page **page)
{
	unsigned int flags = FOLL_LONGTERM | (write ? FOLL_WRITE : 0);
	long n = -EFAULT;

	mmap_read_lock(mm);
	if (is_shared_file(mm, vaddr))
		n = pin_user_pages(vaddr, 1, flags, page, NULL);
	mmap_read_unlock(mm);
	return n == 1 ? 0 : n < 0 ? n : -EFAULT;
}

int host_pages_pin(struct hijack_instance *inst)
{
	struct hijack_host_pages *hp = &inst->host_pages;
	struct page *page;
	int err;

	if (!hp->pin)
		hp->pin = kvcalloc(HIJACK_MAX_PINS, sizeof(*hp->pin), GFP_KERNEL_ACCOUNT);
	if (!hp->pin)
		return -ENOMEM;
	err = account(hp, inst->mm);
	if (err)
		return err;
	err = pin_page(inst->mm, hp->vaddr, hp->write, &page);
	if (err) {
		unaccount(inst->mm, 1);
		pr_notice_ratelimited("hijack: %s: no page for a component at %lx of its process (error %d): not mapped there, or not for that access\n",
				      inst->name, hp->vaddr, err);
		return err;
	}
	hp->pin[hp->npins++] = (struct hijack_pin){ hp->vaddr, page, hp->write };
	return 0;
}

/* Process context, sleeps; nobody runs on these pages any more, or will. */
void host_pages_release(struct hijack_instance *inst)
{
	struct hijack_host_pages *hp = &inst->host_pages;
	u32 i;

	for (i = 0; i < hp->npins; i++)
		unpin_user_pages_dirty_lock(&hp->pin[i].page, 1, hp->pin[i].write);
	if (hp->npins)
		unaccount(inst->mm, hp->npins);
	hp->npins = 0;
	kvfree(hp->pin);
	hp->pin = NULL;
}
