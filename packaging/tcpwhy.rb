# SPDX-License-Identifier: GPL-3.0-or-later
# Homebrew formula of tcpwhy, for Linux: what waits for signals and interfaces there is Linux's. It was not run: no machine with Homebrew
# was at hand. sha256 is that of the release's archive; `make check-dist` prints it.
class Tcpwhy < Formula
  desc "Tell why TCP connections were reset, in the terminal"
  homepage "https://github.com/tcpwhy/tcpwhy"
  url "https://github.com/tcpwhy/tcpwhy/releases/download/v0.1.0/tcpwhy-0.1.0.tar.gz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "GPL-3.0-or-later"

  depends_on "pkgconf" => :build
  depends_on "libpcap"
  depends_on :linux
  depends_on "ncurses"
  depends_on "nettle"
  depends_on "pcre2"
  depends_on "zlib"
  depends_on "zstd"

  def install
    system "./configure", *std_configure_args
    system "make", "install"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/tcpwhy --version")
    assert_match "refused-closed-port", shell_output("#{bin}/tcpwhy --report #{pkgshare}/captures/demo.pcapng")
  end
end
