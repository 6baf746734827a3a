/* SPDX-License-Identifier: GPL-3.0-or-later
 * crash: one handler, and what it calls. */
#include "util/crash.h"

#include <signal.h>
#include <stddef.h>

static const int deadly[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

/* A signal handler gets no argument of ours, so this cannot be handed on. */
static crash_work *volatile works[CRASH_WORKS];

static void on_crash(int signo)
{
	for (size_t i = CRASH_WORKS; i-- > 0;)
		if (works[i] != NULL)
			works[i]();
	raise(signo);
}

void crash_watch(crash_work *work)
{
	const struct sigaction action = { .sa_handler = on_crash, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER) };
	size_t i = 0;
	while (i < CRASH_WORKS && works[i] != NULL)
		i++;
	if (i == CRASH_WORKS)
		return;
	works[i] = work;
	for (i = 0; i < sizeof deadly / sizeof deadly[0]; i++) {
		struct sigaction old;
		if (sigaction(deadly[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(deadly[i], &action, NULL);
	}
}

void crash_unwatch(crash_work *work)
{
	for (size_t i = 0; i < CRASH_WORKS; i++)
		if (works[i] == work)
			works[i] = NULL;
}
