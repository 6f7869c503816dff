/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The code coslink generates, at the end of each component's text.  Every
 * stub takes STUB_SIZE bytes; `at` is where it will run, `call` the function
 * it calls.  The calls are rel32: both lie in one component's text.
 */
#ifndef COSLINK_STUBS_H
#define COSLINK_STUBS_H

#include <stdint.h>

#define STUB_SIZE 32u

/* Carries an imported function's name in the client: invokes slot. */
void stub_client(uint8_t stub[STUB_SIZE], unsigned int slot);

/* An exported function's entry: the value of its invocation capabilities. */
void stub_server(uint8_t stub[STUB_SIZE], uint64_t at, uint64_t call);

/* Where a thread starts: rdi is its argument. */
void stub_thread(uint8_t stub[STUB_SIZE], uint64_t at, uint64_t call);

#endif
