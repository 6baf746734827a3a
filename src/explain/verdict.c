/* SPDX-License-Identifier: GPL-3.0-or-later
 * verdict: the words for a verdict's enumerations, as the report writes them. */
#include "explain/verdict.h"

#define COUNT(words) (sizeof(words) / sizeof *(words))

const char *emitter_name(enum emitter e)
{
	static const char *const words[] = {
		[EMITTER_UNKNOWN] = "unknown", [EMITTER_CLIENT] = "client", [EMITTER_SERVER] = "server", [EMITTER_MIDDLEBOX] = "middlebox",
	};
	return (size_t)e < COUNT(words) ? words[e] : words[EMITTER_UNKNOWN];
}

const char *role_name(enum role r)
{
	static const char *const words[] = {
		[ROLE_PRIMARY] = "primary", [ROLE_REPEAT] = "repeat",             [ROLE_ECHO] = "echo",   [ROLE_MIRROR] = "mirror",
		[ROLE_STRAFE] = "strafe",   [ROLE_CONFIRMATION] = "confirmation", [ROLE_RETRY] = "retry", [ROLE_DUPLICATE] = "duplicate",
	};
	return (size_t)r < COUNT(words) ? words[r] : words[ROLE_PRIMARY];
}

const char *form_name(enum form f)
{
	static const char *const words[] = {
		[FORM_ODD] = "odd",         [FORM_ACTIVE] = "active",       [FORM_BARE] = "bare",
		[FORM_REFUSAL] = "refusal", [FORM_MIDDLEBOX] = "middlebox", [FORM_COPIED] = "copied",
	};
	return (size_t)f < COUNT(words) ? words[f] : words[FORM_ODD];
}

const char *mechanism_name(enum mechanism m)
{
	static const char *const words[] = {
		[MECHANISM_UNKNOWN] = "unknown",
		[MECHANISM_STATELESS_REPLY] = "stateless-reply",
		[MECHANISM_ABORT] = "abort",
		[MECHANISM_THIRD_PARTY] = "third-party",
	};
	return (size_t)m < COUNT(words) ? words[m] : words[MECHANISM_UNKNOWN];
}

const char *confidence_name(enum confidence c)
{
	static const char *const words[] = {
		[CONFIDENCE_POSSIBLE] = "possible", [CONFIDENCE_LIKELY] = "likely", [CONFIDENCE_CERTAIN] = "certain",
	};
	return (size_t)c < COUNT(words) ? words[c] : words[CONFIDENCE_POSSIBLE];
}

const char *effect_name(enum effect e)
{
	static const char *const words[] = {
		[EFFECT_UNKNOWN] = "unknown",       [EFFECT_KILLED] = "killed",                 [EFFECT_IGNORED] = "ignored",
		[EFFECT_CHALLENGED] = "challenged", [EFFECT_ALREADY_CLOSED] = "already-closed",
	};
	return (size_t)e < COUNT(words) ? words[e] : words[EFFECT_UNKNOWN];
}

const char *severity_name(enum severity s)
{
	static const char *const words[] = {
		[SEVERITY_INFO] = "info", [SEVERITY_WARN] = "warn", [SEVERITY_PROBLEM] = "problem",
	};
	return (size_t)s < COUNT(words) ? words[s] : words[SEVERITY_INFO];
}

void verdict_add_alternative(struct verdict *v, const struct cause *cause, const char *decided_by)
{
	if (cause == v->cause || v->alternative_count == VERDICT_ALTERNATIVES)
		return;
	for (size_t i = 0; i < v->alternative_count; i++)
		if (v->alternatives[i].cause == cause)
			return;
	v->alternatives[v->alternative_count++] = (struct alternative){ cause, decided_by };
}
