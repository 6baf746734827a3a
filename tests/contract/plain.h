/* SPDX-License-Identifier: GPL-3.0-or-later
 * plain: is a text such as may go to a terminal, a file or a program: UTF-8 in which nothing is obeyed and nothing hides? Written apart from
 * util/text.c, whose work it judges. */
#ifndef TCPWHY_TESTS_PLAIN_H
#define TCPWHY_TESTS_PLAIN_H

#include <stddef.h>

/* Bytes of the UTF-8 character at p (RFC 3629), 0 if it is none. n >= 1. */
size_t plain_utf8(const unsigned char *p, size_t n);

/* Where in n bytes the first stands that is no part of a plain text: broken UTF-8, controls of C0 and C1, DEL, characters that turn the
 * direction of text or take no room. n: there is none. allowed: controls of C0 that are meant there, such as "\n". */
size_t plain_until(const char *bytes, size_t n, const char *allowed);

#endif
