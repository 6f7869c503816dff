// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The memory manager: growth up to the limit and beyond, quotas, sharing and
 * revoking, and hostile use of its interface.
 */
#include "memtest.h"
#include "mem/grant.h"
#include "mem/mem.h"
#include "victim/victim.h"

/* As config/test-memory.composition has it, in pages. */
#define HEAP_AT_START	2u
#define HEAP_MAX	16u	/* of the victim */
#define STACK_MAX	8u	/* of the victim */
#define QUOTA		32u	/* ours; the victim's is less */
#define ROUNDS		100u

static uint32_t victim;

static uint64_t must_alloc(uint64_t pages)
{
	int64_t address = mem_alloc(pages);

	expect("allocating", 1, address > 0);
	return (uint64_t)address;
}

static void grow_heap(void)
{
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t page = 0; page < HEAP_MAX; page++)
			expect("a page of the heap", round, victim_heap(page));
	expect("a page beyond the heap's limit", -AOS_EFAULT, victim_heap(HEAP_MAX));
	expect("a page far beyond it", -AOS_EFAULT, victim_heap(100000));
	expect("a page before it, still there", 1, victim_heap(HEAP_MAX - 1));
	expect("bookkeeping after growing a heap", 0, mem_check());
}

static void grow_stack(void)
{
	uint64_t most = (STACK_MAX - 1) * ABI_PAGE_SIZE;

	expect("stack as mapped", 0, victim_stack(1024));
	expect("stack that grows", 0, victim_stack(most));
	expect("the same again", 0, victim_stack(most));
	expect("stack beyond its limit", -AOS_EFAULT, victim_stack(most + 2 * ABI_PAGE_SIZE));
	expect("bookkeeping after growing a stack", 0, mem_check());
}

static bool is_zero(uint64_t address, uint64_t pages)
{
	const uint64_t *word = (const void *)address;

	for (uint64_t i = 0; i < pages * ABI_PAGE_SIZE / sizeof(*word); i++)
		if (word[i])
			return false;
	return true;
}

static void quota(void)
{
	uint64_t all = must_alloc(QUOTA), one;

	expect("it is zeroed", true, is_zero(all, QUOTA));
	memset((void *)all, 0x5a, QUOTA * ABI_PAGE_SIZE);
	expect("a page beyond the quota", -AOS_ENOMEM, mem_alloc(1));
	expect("giving it back", 0, mem_free(all));
	expect("more than the quota", -AOS_ENOMEM, mem_alloc(QUOTA + 1));
	expect("no page", -AOS_EINVAL, mem_alloc(0));
	expect("as many as there can be", -AOS_ENOMEM, mem_alloc(UINT64_MAX));
	one = must_alloc(QUOTA);
	expect("what comes back is zeroed", true, is_zero(one, QUOTA));
	expect("giving that back", 0, mem_free(one));
	expect("bookkeeping after quotas", 0, mem_check());
}

static void share_and_revoke(void)
{
	uint64_t page = must_alloc(3), middle = page + ABI_PAGE_SIZE;
	volatile uint32_t *word = (void *)middle;

	*word = 77;
	expect("not shared", -AOS_EFAULT, victim_read(middle));
	expect("sharing to read", 0, mem_share(victim, middle, 1, AOS_MAP_READ));
	expect("reading what is shared", 77, victim_read(middle));
	expect("writing what is for reading", -AOS_EFAULT, victim_write(middle, 1));
	expect("the page before", -AOS_EFAULT, victim_read(page));
	expect("the page after", -AOS_EFAULT, victim_read(middle + ABI_PAGE_SIZE));
	expect("sharing twice", -AOS_EEXIST, mem_share(victim, page, 2, AOS_MAP_READ));
	expect("an error shares nothing", -AOS_EFAULT, victim_read(page));
	expect("revoking", 0, mem_revoke(victim, middle, 1));
	expect("reading after the revocation", -AOS_EFAULT, victim_read(middle));
	expect("revoking again", 0, mem_revoke(victim, middle, 1));
	expect("sharing to write", 0, mem_share(victim, page, 3, AOS_MAP_WRITE));
	expect("writing what is shared", 0, victim_write(middle, 78));
	expect("seen by the owner", 78, *word);
	expect("freeing revokes", 0, mem_free(page));
	expect("reading what was freed", -AOS_EFAULT, victim_read(middle));
	expect("bookkeeping after sharing", 0, mem_check());
}

static void hostile_owner(void)
{
	uint64_t mine = must_alloc(2);
	int64_t self = mem_find("memtest"), manager = mem_find("mem");

	expect("its own is not its to free", -AOS_ENOENT, victim_free(mine));
	expect("nor to share", -AOS_ENOENT, victim_share(mine));
	expect("starting the manager", -AOS_EPERM, victim_start_manager());
	expect("taking back another's", -AOS_EPERM, victim_reclaim((uint32_t)self));
	for (uint64_t address = 0; address < MEM_POOL_VADDR; address += MEM_POOL_VADDR / 7)
		expect("a fault it makes up", -AOS_EFAULT, victim_page_fault(address));
	expect("a fault in ours", -AOS_EFAULT, victim_page_fault(mine));
	expect("the manager's table", -AOS_EFAULT, victim_read(MEM_TABLE_VADDR));
	expect("the manager's grant", -AOS_EFAULT, victim_write(MEM_GRANT_VADDR, 1));
	expect("the manager's window", -AOS_EFAULT, victim_read(MEM_WINDOW_VADDR));
	expect("sharing with oneself", -AOS_ENOENT, mem_share((uint32_t)self, mine, 1, 0));
	expect("with the manager", -AOS_ENOENT, mem_share((uint32_t)manager, mine, 1, 0));
	expect("with the loader", -AOS_ENOENT, mem_share(0, mine, 1, 0));
	expect("with nobody", -AOS_ENOENT, mem_share(UINT32_MAX, mine, 1, 0));
	expect("a component that is not there", -AOS_ENOENT, mem_find("nobody"));
	expect("freeing it at last", 0, mem_free(mine));
}

static void hostile_arguments(void)
{
	static const uint64_t bad[] = { 0, 1, MEM_POOL_VADDR - ABI_PAGE_SIZE, MEM_TABLE_VADDR,
					UINT64_MAX, 0xffff800000000000ull };
	uint64_t mine = must_alloc(2);

	for (uint32_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		expect("freeing nothing", -AOS_ENOENT, mem_free(bad[i]));
		expect("sharing nothing", -AOS_ENOENT, mem_share(victim, bad[i], 1, 0));
		expect("revoking nothing", -AOS_ENOENT, mem_revoke(victim, bad[i], 1));
		expect("so many pages", -AOS_ENOENT, mem_share(victim, mine, bad[i] ^ 1, 0) ?
		       -AOS_ENOENT : mem_revoke(victim, mine, 1) - AOS_ENOENT);
	}
	expect("freeing the middle", -AOS_ENOENT, mem_free(mine + ABI_PAGE_SIZE));
	expect("freeing between pages", -AOS_ENOENT, mem_free(mine + 8));
	expect("sharing more than ours", -AOS_ENOENT, mem_share(victim, mine, 3, 0));
	expect("sharing code", -AOS_EINVAL, mem_share(victim, mine, 1, AOS_MAP_EXEC));
	expect("unknown rights", -AOS_EINVAL, mem_share(victim, mine, 1, UINT32_MAX));
	expect("freeing", 0, mem_free(mine));
	expect("freeing twice", -AOS_ENOENT, mem_free(mine));
	expect("bookkeeping after hostile use", 0, mem_check());
}

/* Nothing stays behind: the host looks at used.memtest and used.victim as well. */
static void loops(void)
{
	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint32_t pages = 1 + i % 7;
		uint64_t address = must_alloc(pages);

		expect("sharing, in a loop", 0, mem_share(victim, address, pages, AOS_MAP_WRITE));
		expect("writing, in a loop", 0, victim_write(address, i));
		if (i % 3)
			expect("revoking, in a loop", 0, mem_revoke(victim, address, pages));
		expect("a fault, in a loop", -AOS_EFAULT, victim_heap(HEAP_MAX + i));
		expect("freeing, in a loop", 0, mem_free(address));
	}
	expect("bookkeeping after all that", 0, mem_check());
}

void test_managed(void)
{
	int64_t found = mem_find("victim");

	expect("the victim is there", 1, found > 0);
	victim = (uint32_t)found;
	grow_heap();
	grow_stack();
	quota();
	share_and_revoke();
	hostile_owner();
	hostile_arguments();
	loops();
}
