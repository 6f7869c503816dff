# SPDX-License-Identifier: GPL-2.0-or-later
vnic_lto := y
