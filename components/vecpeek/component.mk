# SPDX-License-Identifier: GPL-2.0-or-later
# It looks for what others left there.
vecpeek_fp := asm
