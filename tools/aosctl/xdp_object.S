/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The XDP program of cosnet/xdp/steer.bpf.c, compiled; see xdp.c. */
	.section .rodata
	.global	xdp_object, xdp_object_end
	.balign	8
xdp_object:
	.incbin	XDP_OBJECT
xdp_object_end:
	.section .note.GNU-stack, "", @progbits
