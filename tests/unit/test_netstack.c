/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "net/world.h"
#include "vnic.h"

static uint8_t pkt[2048], got[2048];

static uint16_t csum(uint32_t sum, const uint8_t *p, uint32_t n) { for (uint32_t i=0;i<n;i++) sum += i&1? p[i] : p[i]<<8; while (sum>>16) sum=(sum&0xffff)+(sum>>16); return ~sum; }

static void test_echo(void **state)
{
	(void)state;
	uint8_t *p = pkt;
	memset(p,0,28+64);
	p[0]=0x45; p[3]=28+64; p[8]=64; p[9]=17; inet_pton(AF_INET,"10.0.0.2",p+12); inet_pton(AF_INET,"10.1.0.1",p+16);
	uint16_t c=csum(0,p,20); p[10]=c>>8;p[11]=c;
	p[20]=0x30;p[21]=0x39;p[23]=7;p[25]=72;
	world_put(p,92);
	while (vnic_step()) ;
	world_counters_print();
	assert_int_equal(world_take(got),92);
	for(int i=0;i<92;i++) printf("%02x ",got[i]); puts("");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_echo) };
	world_init(WORLD_SLOTS, 1500);
	world_address4("10.1.0.1");
	world_address6("fd00::1");
	world_service("echo", 7);
	world_service("kv", 11211);
	vnic_start();
	return cmocka_run_group_tests(tests,NULL,NULL);
}
