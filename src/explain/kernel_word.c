/* SPDX-License-Identifier: GPL-3.0-or-later
 * kernel_word: the reasons of Linux (include/net/rstreason.h), read as its code uses them, which is not always as they are called:
 * TCP_STATE stands for a hard close, TCP_FLAGS on a listener for a connection that is gone, INVALID_SYN for a full accept queue. */
#include "explain/kernel_word.h"

#include <string.h>

#include "kernel/record.h"

#define STATE(name) (1u << KERNEL_##name)

#define AFTER_CLOSE "late-data-after-close", "keepalive-race", "late-response-after-client-close", "late-tls-close-notify", \
	"in-flight-after-abort", "fin-wait2-expired"

/* What is not known although the kernel told its reason. */
#define WHY_CLOSED "why the program closed, or was ended, before it had read everything"
#define WHICH_CALL "which call it was: close() with SO_LINGER of no time, connect(AF_UNSPEC) and a listener that closes have one reason"
#define WHO_DESTROYED "who had the socket destroyed: an administrator, a program, or the system when an address or interface went away"

static const struct kernel_word words[] = {
	{ "NO_SOCKET", 0, MECHANISM_STATELESS_REPLY, "refused-closed-port", NULL, { NULL } },
	/* The service listens, the connection is gone: its listener answers. */
	{ "TCP_FLAGS", 0, MECHANISM_STATELESS_REPLY, NULL, NULL, { NULL } },
	{ "TCP_TIMEWAIT_SOCKET", 0, MECHANISM_STATELESS_REPLY, NULL, NULL,
	  { AFTER_CLOSE, "late-segment-after-full-close", "time-wait-syn-challenge", "time-wait-assassination" } },
	/* closed, and then data; or only the acknowledgment of its FIN, which TCP_LINGER2 below zero does not wait for */
	{ "TCP_ABORT_ON_DATA", 0, MECHANISM_STATELESS_REPLY, NULL, NULL, { AFTER_CLOSE, "abort-linger2-fin-wait2" } },
	{ "INVALID_SYN", 0, MECHANISM_STATELESS_REPLY, NULL, NULL,
	  { "accept-overflow-abort", "synrcvd-dup-syn", "synrcvd-bad-ack", "refused-backlog-full", "in-flight-after-abort" } },
	{ "TCP_INVALID_ACK_SEQUENCE", 0, MECHANISM_STATELESS_REPLY, NULL, NULL, { NULL } },
	{ "TCP_RFC7323_PAWS", 0, MECHANISM_STATELESS_REPLY, NULL, NULL, { NULL } },
	{ "TCP_TOO_OLD_ACK", 0, MECHANISM_STATELESS_REPLY, NULL, NULL, { NULL } },
	{ "TCP_OLD_ACK", 0, MECHANISM_STATELESS_REPLY, NULL, NULL, { NULL } },
	{ "TCP_ACK_UNSENT_DATA", 0, MECHANISM_STATELESS_REPLY, NULL, NULL, { NULL } },
	/* tcp_close() found bytes that no program had read. */
	{ "TCP_ABORT_ON_CLOSE", 0, MECHANISM_ABORT, "abort-unread-data", WHY_CLOSED,
	  { "abort-unread-data", "abort-unread-upload", "abort-unread-close-notify", "abort-after-protocol-error", "abort-process-killed",
	    "abort-zero-window", "abort-app-timeout", "abort-after-own-fin", "mptcp-fastclose", "proxy-relayed-reset",
	    "lb-backend-removed" } },
	{ "TCP_ABORT_ON_LINGER", 0, MECHANISM_ABORT, "abort-linger2-fin-wait2", NULL, { "abort-linger2-fin-wait2" } },
	{ "TCP_ABORT_ON_MEMORY", 0, MECHANISM_ABORT, "abort-orphan-memory", NULL, { "abort-orphan-memory" } },
	{ "TCP_KEEPALIVE_TIMEOUT", 0, MECHANISM_ABORT, "keepalive-timeout", NULL, { "keepalive-timeout" } },
	/* tcp_disconnect() closes the socket first: a hard close, connect(AF_UNSPEC), a listener that closes with connections waiting. */
	{ "TCP_STATE", STATE(CLOSE), MECHANISM_ABORT, NULL, WHICH_CALL,
	  { "abort-linger0", "abort-api-disconnect", "abort-listener-closed", "probe-health-check", "abort-after-protocol-error",
	    "abort-process-killed", "abort-app-timeout", "abort-after-own-fin", "abort-zero-window", "proxy-relayed-reset",
	    "lb-backend-removed", "mptcp-subflow-reset" } },
	/* tcp_abort() sends it before it closes the socket: ss -K and its like. */
	{ "TCP_STATE", (uint16_t)~STATE(CLOSE), MECHANISM_ABORT, "abort-admin-kill", WHO_DESTROYED, { "abort-admin-kill" } },
	{ "TCP_DISCONNECT_WITH_DATA", 0, MECHANISM_ABORT, NULL, WHICH_CALL,
	  { "abort-linger0", "abort-api-disconnect", "abort-after-own-fin" } },
};

const struct kernel_word *kernel_word_at(size_t index)
{
	return index < sizeof words / sizeof *words ? &words[index] : NULL;
}

const struct kernel_word *kernel_word_find(const char *reason, unsigned state)
{
	for (const struct kernel_word *w = words; reason != NULL && w < words + sizeof words / sizeof *words; w++)
		if (strcmp(w->reason, reason) == 0 && (w->states == 0 || (w->states & 1u << state) != 0))
			return w;
	return NULL;
}

bool kernel_word_admits(const struct kernel_word *word, const struct cause *cause)
{
	if (word->causes[0] == NULL)
		return cause->mechanism == word->mechanism || cause->mechanism == MECHANISM_UNKNOWN;
	for (size_t i = 0; i < KERNEL_WORD_CAUSES && word->causes[i] != NULL; i++)
		if (strcmp(word->causes[i], cause->id) == 0)
			return true;
	return cause->mechanism == MECHANISM_UNKNOWN;
}
