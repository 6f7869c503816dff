/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The programs of cosnet/xdp/steer.bpf.c, compiled; see program.c. */
	.section .rodata
	.global	xdp_object, xdp_object_end
	.balign	8
xdp_object:
	.incbin	XDP_OBJECT
xdp_object_end:
	/* And those of cosnet/xdp/answer.bpf.c; see answers.c. */
	.global	answer_object, answer_object_end
	.balign	8
answer_object:
	.incbin	ANSWER_OBJECT
answer_object_end:
	.section .note.GNU-stack, "", @progbits
