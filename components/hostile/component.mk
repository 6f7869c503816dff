# SPDX-License-Identifier: GPL-2.0-or-later
# It uses what it was not given.
hostile_fp := asm
