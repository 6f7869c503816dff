// SPDX-License-Identifier: GPL-2.0-or-later
/* The component that faults on behalf of another: see victim/victim.h. */
#include "victim/victim.h"
#include "mem/mem.h"
#include "sched/sched.h"

int64_t victim_read(uint64_t address)
{
	return *(const volatile uint32_t *)address;
}
AOS_EXPORT(victim_read);

int64_t victim_write(uint64_t address, uint32_t value)
{
	*(volatile uint32_t *)address = value;
	return 0;
}
AOS_EXPORT(victim_write);

/* Page by page downwards, as a deep recursion does. */
int64_t victim_stack(uint64_t bytes)
{
	uint64_t sp;

	__asm__ volatile("movq %%rsp, %0" : "=r"(sp));
	for (uint64_t down = 0; down < bytes; down += ABI_PAGE_SIZE / 2)
		*(volatile uint8_t *)(sp - 256 - down) = 1;
	return 0;
}
AOS_EXPORT(victim_stack);

int64_t victim_heap(uint64_t page)
{
	uint64_t size;
	volatile uint32_t *at = (void *)((char *)aos_heap(&size) + page * ABI_PAGE_SIZE);
	int64_t held = at[1];

	at[1] = 1;
	return held;
}
AOS_EXPORT(victim_heap);

int64_t victim_block(void)
{
	return sched_block();
}
AOS_EXPORT(victim_block);

int64_t victim_free(uint64_t address)
{
	return mem_free(address);
}
AOS_EXPORT(victim_free);

int64_t victim_share(uint64_t address)
{
	int64_t other = mem_find("memtest");

	return other < 0 ? other : mem_share((uint32_t)other, address, 1, AOS_MAP_WRITE);
}
AOS_EXPORT(victim_share);

int64_t victim_start_manager(void)
{
	return mem_start();
}
AOS_EXPORT(victim_start_manager);

int64_t victim_reclaim(uint32_t component)
{
	return mem_reclaim(component);
}
AOS_EXPORT(victim_reclaim);

int64_t victim_page_fault(uint64_t address)
{
	return mem_page_fault(address, 0);
}
AOS_EXPORT(victim_page_fault);
