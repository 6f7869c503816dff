// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Stub templates, each byte with its assembly, and the places in them that
 * are filled in.  The register rules are those of abi/syscall.h.
 */
#include <string.h>

#include <abi/syscall.h>

#include "stubs.h"

#define INT3 0xcc	/* after the last instruction: never reached */

/*
 * Client.  Called as an ordinary C function with up to six arguments.  The
 * kernel destroys every register but rsp, so what C wants kept is on the
 * stack; the callee gets a stack of its own, so its alignment is nobody's
 * concern.  C's fourth argument is in rcx, which SYSCALL destroys.
 */
static const uint8_t client[] = {
	0x53,				/* push rbx */
	0x55,				/* push rbp */
	0x41, 0x54,			/* push r12 */
	0x41, 0x55,			/* push r13 */
	0x41, 0x56,			/* push r14 */
	0x41, 0x57,			/* push r15 */
	0x49, 0x89, 0xca,		/* mov r10, rcx */
	0xb8, 0, 0, 0, 0,		/* mov eax, AOS_CALL(OP_INVOKE, slot) */
	0x0f, 0x05,			/* syscall */
	0x41, 0x5f,			/* pop r15 */
	0x41, 0x5e,			/* pop r14 */
	0x41, 0x5d,			/* pop r13 */
	0x41, 0x5c,			/* pop r12 */
	0x5d,				/* pop rbp */
	0x5b,				/* pop rbx */
	0xc3,				/* ret */
};
#define CLIENT_CALL 14			/* offset of mov eax's operand */

/*
 * Server.  Entered by the kernel with rsp at the top of this thread's stack
 * here, 16-aligned as C wants it before a call, and arguments 0..5 in rdi,
 * rsi, rdx, r10, r8, r9, the calling component's id in rax.  C's results are
 * rax and rdx.
 */
static const uint8_t server[] = {
	0x50,				/* push rax: who calls, for aos_caller() */
	0x50,				/* push rax: alignment */
	0x4c, 0x89, 0xd1,		/* mov rcx, r10 */
	0xe8, 0, 0, 0, 0,		/* call function */
	0x48, 0x89, 0xc7,		/* mov rdi, rax */
	0xb8, 0, 0, 0, 0,		/* mov eax, AOS_CALL(OP_RETURN, 0) */
	0x0f, 0x05,			/* syscall */
	0x0f, 0x0b,			/* ud2 */
};
#define SERVER_FUNCTION 6
#define SERVER_CALL 14

/*
 * Thread start.  Entered by the kernel with the argument in rdi, its component's
 * id in rax and rsp at the top of the thread's stack; the alignment makes the entry function see
 * rsp as after any C call, whatever the kernel left there.
 */
static const uint8_t thread[] = {
	0x50,				/* push rax: its own component */
	0x48, 0x83, 0xe4, 0xf0,		/* and rsp, -16 */
	0xe8, 0, 0, 0, 0,		/* call entry */
	0xb8, 0, 0, 0, 0,		/* mov eax, AOS_CALL(OP_THREAD_EXIT, 0) */
	0x0f, 0x05,			/* syscall */
	0x0f, 0x0b,			/* ud2 */
};
#define THREAD_FUNCTION 6
#define THREAD_CALL 11

_Static_assert(sizeof(client) <= STUB_SIZE && sizeof(server) <= STUB_SIZE &&
	       sizeof(thread) <= STUB_SIZE, "a stub outgrows STUB_SIZE");

static void fill(uint8_t *stub, const uint8_t *code, size_t size)
{
	memset(stub, INT3, STUB_SIZE);
	memcpy(stub, code, size);
}

static void put32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

/* The operand of `call` at stub address + offset. */
static void put_rel32(uint8_t *stub, unsigned int offset, uint64_t at, uint64_t call)
{
	put32(stub + offset, (uint32_t)(call - (at + offset + 4)));
}

void stub_client(uint8_t stub[STUB_SIZE], unsigned int slot)
{
	fill(stub, client, sizeof(client));
	put32(stub + CLIENT_CALL, AOS_CALL(OP_INVOKE, slot));
}

void stub_server(uint8_t stub[STUB_SIZE], uint64_t at, uint64_t call)
{
	fill(stub, server, sizeof(server));
	put_rel32(stub, SERVER_FUNCTION, at, call);
	put32(stub + SERVER_CALL, AOS_CALL(OP_RETURN, 0));
}

void stub_thread(uint8_t stub[STUB_SIZE], uint64_t at, uint64_t call)
{
	fill(stub, thread, sizeof(thread));
	put_rel32(stub, THREAD_FUNCTION, at, call);
	put32(stub + THREAD_CALL, AOS_CALL(OP_THREAD_EXIT, 0));
}
