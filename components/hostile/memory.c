// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory that is not the component's, or is not for what it is tried for. */
#include "attacks.h"

static const uint8_t constant[] = { 1 };
static volatile uint8_t code_as_data[] = { 0xc3 };	/* ret */

int64_t attack_read(uint64_t x)
{
	(void)*(volatile uint8_t *)x;
	return 1;
}

int64_t attack_write(uint64_t x)
{
	*(volatile uint8_t *)x = 0;
	return 1;
}

int64_t attack_jump(uint64_t x)
{
	__asm__ volatile("jmp *%0" : : "r"(x) : "memory");
	return 1;
}

/* Where UMIP is on, SIDT faults already. */
int64_t attack_write_idt(uint64_t x)
{
	struct __attribute__((packed)) {
		uint16_t limit;
		uint64_t base;
	} idt;

	(void)x;
	__asm__ volatile("sidt %0" : "=m"(idt));
	return attack_write(idt.base);
}

int64_t attack_write_text(uint64_t x)
{
	(void)x;
	return attack_write((uint64_t)attack_write_text);
}

int64_t attack_write_rodata(uint64_t x)
{
	(void)x;
	return attack_write((uint64_t)constant);
}

int64_t attack_run_data(uint64_t x)
{
	(void)x;
	((void (*)(void))(uintptr_t)code_as_data)();
	return 1;
}

int64_t attack_run_stack(uint64_t x)
{
	volatile uint8_t code[] = { 0xc3 };

	(void)x;
	((void (*)(void))(uintptr_t)code)();
	return 1;
}

ATTACK_ASM(overflow_stack, "1:\tpushq %%rax\n\tjmp 1b")
