# SPDX-License-Identifier: GPL-2.0-or-later
udpapp_lto := y
