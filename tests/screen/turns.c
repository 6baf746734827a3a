/* SPDX-License-Identifier: GPL-3.0-or-later
 * turns: loaded into tcpwhy by LD_PRELOAD: how much processor time it takes from one poll() to the next, which is how long a key may have to
 * wait whatever else the machine does. At the end $TURNS gets a line: turns, of these 99 of 100 within, longest (microseconds). */
#include <dlfcn.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LONGEST_US = 1000000 };

/* Of the whole process, as it is without a caller who could own them. */
static unsigned turns_of[LONGEST_US + 1]; /* turns by microseconds */
static unsigned long turns;
static long since = -1;

static long now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	static int (*real)(struct pollfd *, nfds_t, int);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "poll");
	if (since >= 0) {
		long took = now_us() - since;
		turns_of[took < LONGEST_US ? took : LONGEST_US]++;
		turns++;
	}
	int result = real(fds, n, timeout);
	since = now_us();
	return result;
}

__attribute__((destructor)) static void tell(void)
{
	const char *name = getenv("TURNS");
	FILE *out = name != NULL ? fopen(name, "we") : NULL;
	unsigned long before = 0, most = 0, longest = 0;

	if (out == NULL)
		return;
	for (unsigned long i = 0; i <= LONGEST_US; i++) {
		before += turns_of[i];
		most = before * 100 < turns * 99 ? i + 1 : most;
		longest = turns_of[i] > 0 ? i : longest;
	}
	fprintf(out, "%lu %lu %lu\n", turns, most, longest);
	fclose(out);
}
