/* SPDX-License-Identifier: GPL-3.0-or-later
 * regex: PCRE2 behind a small face. */
#include "query/regex.h"

#include <stdint.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* A line is some 150 characters: an honest pattern needs a few thousand steps. 50,000 end a catastrophic one within half a millisecond. */
enum { MATCH_STEPS = 50000, MATCH_DEPTH = 2000, MATCH_HEAP_KIB = 4096, JIT_STACK_FIRST = 32 * 1024, JIT_STACK_MOST = 512 * 1024 };

struct regex {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	bool compiled;             /* to machine code */
};

static bool has_capital(const char *pattern, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (pattern[i] == '\\')
			i++;
		else if (pattern[i] >= 'A' && pattern[i] <= 'Z')
			return true;
	}
	return false;
}

struct regex *regex_compile(const char *pattern, size_t n, struct buf *error, size_t *offset)
{
	uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | (has_capital(pattern, n) ? 0 : PCRE2_CASELESS);
	int code = 0;
	PCRE2_SIZE at = 0;
	struct regex *r = calloc(1, sizeof *r);

	*offset = 0;
	if (r == NULL) {
		buf_puts(error, "out of memory");
		return NULL;
	}
	r->code = pcre2_compile((PCRE2_SPTR)pattern, n, options, &code, &at, NULL);
	if (r->code == NULL) {
		PCRE2_UCHAR message[160];
		pcre2_get_error_message(code, message, sizeof message);
		buf_puts(error, (const char *)message);
		*offset = at;
		regex_free(r);
		return NULL;
	}
	r->data = pcre2_match_data_create_from_pattern(r->code, NULL);
	r->context = pcre2_match_context_create(NULL);
	if (r->data == NULL || r->context == NULL) {
		buf_puts(error, "out of memory");
		regex_free(r);
		return NULL;
	}
	pcre2_set_match_limit(r->context, MATCH_STEPS);
	pcre2_set_depth_limit(r->context, MATCH_DEPTH);
	pcre2_set_heap_limit(r->context, MATCH_HEAP_KIB);
	/* Hardened kernels refuse writable and executable memory: pcre2_match() then interprets, three times slower. */
	r->compiled = pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE) == 0;
	if (r->compiled) {
		r->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MOST, NULL);
		if (r->stack != NULL)
			pcre2_jit_stack_assign(r->context, NULL, r->stack);
	}
	return r;
}

void regex_free(struct regex *r)
{
	if (r == NULL)
		return;
	pcre2_jit_stack_free(r->stack);
	pcre2_match_context_free(r->context);
	pcre2_match_data_free(r->data);
	pcre2_code_free(r->code);
	free(r);
}

enum regex_result regex_match(struct regex *r, const char *text, size_t n)
{
	/* pcre2_jit_match() leaves out checks that pcre2_match() makes each time; bytes that are no UTF-8 are provided for by
	 * PCRE2_MATCH_INVALID_UTF in either. */
	int rc = (r->compiled ? pcre2_jit_match : pcre2_match)(r->code, (PCRE2_SPTR)text, n, 0, 0, r->data, r->context);

	if (rc >= 0)
		return REGEX_YES;
	return rc == PCRE2_ERROR_NOMATCH ? REGEX_NO : REGEX_LIMIT;
}

void regex_library(struct buf *out)
{
	char version[64] = "";
	size_t offset;
	struct buf error = { 0 };
	struct regex *r = regex_compile("a", 1, &error, &offset);
	if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) <= (int)sizeof version)
		pcre2_config(PCRE2_CONFIG_VERSION, version);
	buf_printf(out, "PCRE2 %s, JIT %s", version, r && r->compiled ? "in use" : "not to be had here: patterns are interpreted");
	regex_free(r);
	buf_free(&error);
}
