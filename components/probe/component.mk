# SPDX-License-Identifier: GPL-2.0-or-later
# It looks for what came across in vector registers.
probe_fp := asm
