#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# machines: tcpwhy on a 32-bit machine (i386) and on a big-endian one (s390x): built by Debian's cross compilers with that machine's
# libraries, which apt fetches into a folder of their own (nothing is installed), and run by qemu-user: unit tests, fuzz corpus, scenarios,
# golden reports, hostile texts. `make check-machines` calls it; MACHINES names others of the table, MACHINES_MIRROR another mirror of Debian.
# What it needs: apt-get install gcc-i686-linux-gnu gcc-s390x-linux-gnu qemu-user
machines=${MACHINES:-i386 s390x}
mirror=${MACHINES_MIRROR:-http://deb.debian.org/debian}
libraries='libc-bin libncurses-dev libpcap0.8-dev libpcre2-dev zlib1g-dev libzstd-dev libmd-dev libcmocka-dev'
tests='$(unit_tests) tests/run-fuzz.sh tests/run-scenarios.sh tests/golden.sh tests/csv.sh tests/captures.sh tests/hostile.sh'

# What is called how: Debian's name, compiler's prefix, folder of its libraries, qemu's name.
known='i386 i686-linux-gnu i386-linux-gnu qemu-i386
s390x s390x-linux-gnu s390x-linux-gnu qemu-s390x
armhf arm-linux-gnueabihf arm-linux-gnueabihf qemu-arm
arm64 aarch64-linux-gnu aarch64-linux-gnu qemu-aarch64'

fail() {
	echo "machines: $*" >&2
	exit 1
}
for tool in apt-get dpkg-deb pkg-config; do
	command -v $tool >/dev/null || fail "$tool is not here: this takes a Debian system"
done

fetch() { # MACHINE: its libraries into $here/libraries
	mkdir -p "$here/apt/lists/partial" "$here/apt/archives/partial" "$here/libraries" || return 1
	: >"$here/apt/status"
	# shellcheck source=/dev/null
	suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$here/apt/sources.list"
	for step in update "install -y --no-install-recommends --download-only $libraries"; do
		# shellcheck disable=SC2086 # words
		apt-get -q -o APT::Architecture="$1" -o APT::Architectures="$1" -o APT::Sandbox::User=root -o Dir::State="$here/apt" \
			-o Dir::State::lists="$here/apt/lists" -o Dir::State::status="$here/apt/status" -o Dir::Cache="$here/apt" \
			-o Dir::Cache::archives="$here/apt/archives" -o Dir::Etc::SourceList="$here/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
			$step >"$here/apt.log" 2>&1 || return 1
	done
	for package in "$here"/apt/archives/*.deb; do
		dpkg-deb -x "$package" "$here/libraries" || return 1
	done
	# Links that begin with / would lead into this machine, and the linker would take the static library instead.
	find "$here/libraries" -type l -lname '/*' | while read -r link; do
		ln -sf "$here/libraries$(readlink "$link")" "$link"
	done
}

# In the place of each program one that runs it in qemu, so that tests find it where it always is.
wrap() { # QEMU
	find . -type f -perm -u+x ! -name '*.sh' ! -name '*.machine' | while read -r program; do
		[ "$(head -c 4 "$program" | tr -d '\177')" = ELF ] || continue
		mv "$program" "$program.machine"
		printf '#!/bin/sh\nexec %s -L %s %s "$@"\n' "$1" "$here/libraries" "$(realpath "$program.machine")" >"$program"
		chmod +x "$program"
	done
}

failed=0
for machine in $machines; do
	# shellcheck disable=SC2046 # words
	set -- $(echo "$known" | grep "^$machine ")
	[ $# -eq 4 ] || fail "$machine is not known; there are: $(echo "$known" | cut -d ' ' -f 1 | tr '\n' ' ')"
	command -v "$2-gcc" >/dev/null || fail "no $2-gcc: apt-get install gcc-$2"
	qemu=$(command -v "$4") || fail "no $4: apt-get install qemu-user"
	here=$(pwd)/machine-$machine
	[ -d "$here/libraries/usr" ] || fetch "$machine" || fail "the libraries of $machine cannot be fetched: $(tail -n 3 "$here/apt.log")"
	rm -rf "$here/build"
	mkdir -p "$here/build" && cd "$here/build" || exit 1
	PKG_CONFIG_SYSROOT_DIR=$here/libraries
	PKG_CONFIG_LIBDIR=$here/libraries/usr/lib/$3/pkgconfig:$here/libraries/usr/share/pkgconfig
	export PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_LIBDIR
	echo "== $machine: $("$2-gcc" -dumpversion), $("$4" --version | head -n 1)"
	"$TOP_SRCDIR/configure" --quiet --host="$2" --disable-lto --enable-werror CC="$2-gcc --sysroot=$here/libraries" CFLAGS='-g -O1' >configure.log 2>&1 &&
		make -s -j "$(nproc)" check TESTS= >make.log 2>&1 && wrap "$qemu" || fail "no build for $machine: see $here/build"
	make -s check-TESTS TESTS="$tests" >tests.log 2>&1 || failed=1
	grep -E '^(FAIL|ERROR|# (TOTAL|PASS|SKIP|FAIL|ERROR):)' tests.log
	cd "$here/.." || exit 1
done
exit $failed
