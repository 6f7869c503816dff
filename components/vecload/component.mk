# SPDX-License-Identifier: GPL-2.0-or-later
vecload_fp := y
