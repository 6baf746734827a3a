#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# screen: the scripts in tests/screen/scripts against the program on a terminal emulator; UPDATE=1 writes the golden screens again.
if [ ! -x "$TOP_BUILDDIR/tests/screen/screen" ]; then
	echo "1..0 # SKIP libvterm is not installed"
	exit 0
fi
exec "$TOP_BUILDDIR/tests/screen/screen" "$TOP_SRCDIR"/tests/screen/scripts/*.txt
