# SPDX-License-Identifier: GPL-2.0-or-later
# What is measured with. Of tests/bench/run, whose variables it uses.

. "$here/isolation/build.sh"

programs_build() {
	local flags=(-std=gnu11 -O2 -Wall -Wextra -Werror) bin=$work/bin replay=$root/tools/replay
	kit_build
	gcc "${flags[@]}" -I"$replay" -o "$work/results" "$here"/results/*.c \
		"$replay/gnuplot.c" -ljansson -lm
	gcc "${flags[@]}" -I"$replay" -o "$work/send" "$here/send.c" \
		"$replay"/{frame,packet,address}.c
	gcc "${flags[@]}" -fPIC -shared -fvisibility=hidden -o "$work/events.so" \
		"$here"/events/{events,decode}.c
	flags+=(-static -pthread)
	gcc "${flags[@]}" -o "$bin/gaps" "$here"/gaps.c "$here"/receiver_*.c -lbpf -lelf -lz
	gcc "${flags[@]}" -o "$bin/echo" "$here"/{echo,receiver_tun,receiver_af_xdp}.c -lbpf -lelf -lz
	rings_build
	clang -target bpf -O2 -g -Wall -Wextra -Werror \
		-idirafter "/usr/include/$(gcc -print-multiarch)" \
		-c -o "$bin/xsk.bpf.o" "$here/xsk.bpf.c"
}

# What local.sh wants.
kit_build() {
	local bin=$work/bin flags=(-std=gnu11 -O2 -Wall -Wextra -Werror -static -pthread)
	mkdir -p "$bin" "$work/etc"
	gcc "${flags[@]}" -o "$bin/linux" "$here/linux.c"
	gcc "${flags[@]}" -o "$bin/ipc" "$here/ipc.c"
	gcc "${flags[@]}" -o "$bin/clock" "$here/clock.c"
	gcc "${flags[@]}" -I"$root" -I"$root/aos/include" -o "$bin/translator" \
		"$here/translator.c" "$root/lib/translator/translator.c"
	one_program_build
	configurations_write "$work/etc"
}

# Without DPDK's headers its rows are missing, and say so.
rings_build() {
	local dpdk
	gcc "${flags[@]}" -I"$root" -I"$root/aos/include" -o "$bin/ring_cosnet" \
		"$here/rings/cosnet.c" "$root/cosnet/ring_host.c"
	gcc "${flags[@]}" -o "$bin/ring_ck" "$here/rings/ck.c"
	dpdk=$("$here/rings/dpdk") || return 0
	gcc "${flags[@]}" -march=x86-64-v2 -isystem "$dpdk/dpdk" \
		-isystem "$dpdk/$(gcc -print-multiarch)/dpdk" -o "$bin/ring_rte" "$here/rings/rte.c"
}

configurations_write() { # DIRECTORY
	cp "$root/build/images/"{appliance,proxy,test-bench,test-isolation,test-translator}.img "$1/"
	cat >"$1/operations.conf" <<-'END'
		version = 1;
		image = "test-bench.img";
		aos = { name = "bench"; cpu = -1; policy = "fifo"; priority = 50; frames = 8192; };
		interfaces = ();
		services = ();
	END
	sed 's/test-bench/test-translator/' "$1/operations.conf" >"$1/translator.conf"
	configuration_write appliance time 123 >"$1/delivery.conf"
	configuration_write appliance echo 7 >"$1/echo.conf"
	sed 's/^\t\tfull = "drop";/&\n\t\tanswers = "direct";/' "$1/echo.conf" >"$1/echo_direct.conf"
	# feeder is its own network: no way leads to it, and Linux goes on as before
	configuration_write test-isolation echo 7 |
		sed -e '/steering = (/,/);/c steering = ();' -e 's/host_addresses = .*/host_addresses = [ ];/' \
			-e 's/forwarding = true/forwarding = false/' >"$1/isolation.conf"
	configuration_write proxy time 123 >"$1/proxy.conf"
	configuration_write proxy echo 7 >"$1/echo_proxy.conf"
	sed 's/^aos = {/&\n\tpoll_us = 1000000;/' "$1/delivery.conf" >"$1/polling.conf"
}

# That of config/ which has an interface as IMAGE wants it, with one service.
configuration_write() { # IMAGE SERVICE PORT
	local from=$root/config/appliance.conf
	[[ $1 != proxy ]] || from=$root/config/proxy.conf
	sed "s/^image = .*/image = \"$1.img\";/
		/^services = (/,/^);/d" "$from"
	echo "services = ( { name = \"$2\"; port = $3; } );"
}

# A disk for load, and the guest's modules for it in the order in which they are wanted.
disk_build() {
	local modules module
	modules=$(echo "$("$root/tools/vm/kernel" stock)"/lib/modules/*/kernel)
	mkdir -p "$work/disk"
	for module in drivers/block/virtio_blk crypto/crc32c_generic lib/crc16 fs/mbcache fs/jbd2/jbd2 fs/ext4/ext4; do
		cp "$modules/$module.ko" "$work/disk/"
		echo "${module##*/}.ko" >>"$work/disk/order"
	done
	truncate -s 128M "$work/disk.img"
	mke2fs -q -t ext2 "$work/disk.img"
}
