/* SPDX-License-Identifier: GPL-3.0-or-later
 * crash: what is still done when a deadly signal (SIGSEGV, SIGABRT …) has come. */
#ifndef TCPWHY_UTIL_CRASH_H
#define TCPWHY_UTIL_CRASH_H

/* Only calls that POSIX allows in a signal handler (signal-safety(7)). */
typedef void crash_work(void);

/* From now on this is done, and before it what is added later; then the signal does what it would have done. A handler of a sanitizer or a
 * debugger is left where it is. More than CRASH_WORKS at once are not watched for. */
enum { CRASH_WORKS = 4 };
void crash_watch(crash_work *work);
void crash_unwatch(crash_work *work);

#endif
