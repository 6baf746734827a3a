#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# musl: tcpwhy with Debian's musl-gcc, all libraries built statically for it first, runs and passes what needs no other library. `make
# check-musl`. MUSL_SOURCES names a folder with the sources of the libraries, which this fetches from Debian where it is not given (that
# needs the network).
unset MAKEFLAGS MAKELEVEL MFLAGS
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
for tool in musl-gcc flex bison; do
	command -v $tool >/dev/null || { echo "1..0 # SKIP $tool is not installed (Debian: musl-tools flex bison)"; exit; }
done
prefix=$work/prefix
n=0
failed=0
result() { # STATUS DESCRIPTION
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else failed=1 && echo "not ok $n - $2" && tail -n 15 "$work/log" | sed 's/^/# /'; fi
}

fetch() {
	mkdir -p "$work/sources" "$work/lists/partial"
	sed 's/^Types: deb$/Types: deb-src/' /etc/apt/sources.list.d/debian.sources >"$work/deb-src.sources" 2>/dev/null || return 1
	set -- -q -o Dir::Etc::sourceparts=/nonexistent -o "Dir::Etc::sourcelist=$work/deb-src.sources" -o "Dir::State::lists=$work/lists"
	apt-get "$@" update && cd "$work/sources" || return 1
	for library in libmd libpcap ncurses pcre2 zlib; do apt-get "$@" source --download-only $library; done
}
sources=${MUSL_SOURCES:-}
if [ -z "$sources" ]; then
	fetch >"$work/log" 2>&1
	sources=$work/sources
fi
for library in libmd libpcap ncurses pcre2 zlib; do
	set -- "$sources/$library"*.orig.tar.*[a-z2]
	[ -e "$1" ] || { echo "1..0 # SKIP the source of $library could not be fetched; MUSL_SOURCES names a folder that has it"; exit; }
done

# musl has no headers of the kernel: those of this system, without those of its C library.
mkdir -p "$prefix/include"
for headers in linux asm asm-generic mtd; do
	for at in /usr/include/$headers /usr/include/*-linux-gnu/$headers; do
		[ ! -d "$at" ] || ln -sfn "$at" "$prefix/include/$headers"
	done
done
cat >"$work/cc" <<EOF
#!/bin/sh
exec musl-gcc -idirafter "$prefix/include" "\$@"
EOF
chmod +x "$work/cc"
CC=$work/cc CPPFLAGS=-I$prefix/include LDFLAGS="-static -L$prefix/lib" PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig
export CC CPPFLAGS LDFLAGS PKG_CONFIG_LIBDIR

build() { # LIBRARY CONFIGURE-ARGUMENT...
	library=$1
	shift
	mkdir "$work/$library" && for archive in "$sources/$library"*.orig.tar.*[a-z2]; do break; done
	tar -xf "$archive" -C "$work/$library" --strip-components=1 && cd "$work/$library" &&
	./configure --prefix="$prefix" "$@" && make -j"$(nproc)" && make install
}
build_library() { # LIBRARY CONFIGURE-ARGUMENT...
	(build "$@") >"$work/log" 2>&1
	result $? "$1"
}
build_library zlib --static
build_library libmd --disable-shared
build_library pcre2 --disable-shared --enable-jit
build_library libpcap --disable-shared --disable-dbus --disable-bluetooth --disable-usb --disable-rdma --without-libnl
build_library ncurses --without-shared --without-cxx --without-ada --without-progs --without-tests --without-manpages --enable-widec \
	--enable-pc-files --with-pkg-config-libdir="$prefix/lib/pkgconfig" --with-default-terminfo-dir=/usr/share/terminfo \
	--with-terminfo-dirs=/etc/terminfo:/lib/terminfo:/usr/share/terminfo --disable-db-install

mkdir "$work/build" && cd "$work/build" || exit 99
{ "$TOP_SRCDIR/configure" --enable-werror PKG_CONFIG="pkg-config --static" && make -j"$(nproc)"; } >"$work/log" 2>&1
result $? 'tcpwhy, warnings are errors'
file tcpwhy 2>/dev/null | sed 's/^/# /'
./tcpwhy --version | sed 's/^/# /'
make -j"$(nproc)" check TESTS='tests/cli.sh tests/golden.sh tests/contract.sh tests/run-scenarios.sh tests/run-fuzz.sh' >"$work/log" 2>&1
result $? 'command line, golden reports, contract, scenarios, fuzz corpora'
grep '^# [A-Z]*:' "$work/log"
echo "1..$n"
exit $failed
