/* SPDX-License-Identifier: GPL-3.0-or-later
 * ICMP errors that quote the flow: evidence of what happened on the way, beside the resets. */
#include "explain/evidence.h"

enum { NOTES = 4 };

/* RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1, RFC 4443. Types and codes of both versions, by what they say. */
static const struct {
	uint8_t version, type, code_first, code_last;
	enum fact fact;
} meaning[] = {
	{ 4, 3, 4, 4, FACT_ICMP_TOO_BIG },     { 6, 2, 0, 255, FACT_ICMP_TOO_BIG },     { 4, 3, 9, 10, FACT_ICMP_PROHIBITED },
	{ 4, 3, 13, 13, FACT_ICMP_PROHIBITED }, { 6, 1, 1, 1, FACT_ICMP_PROHIBITED },    { 6, 1, 5, 6, FACT_ICMP_PROHIBITED },
	{ 4, 3, 0, 15, FACT_ICMP_UNREACHABLE }, { 6, 1, 0, 255, FACT_ICMP_UNREACHABLE }, { 4, 11, 0, 255, FACT_ICMP_TIME_EXCEEDED },
	{ 6, 3, 0, 255, FACT_ICMP_TIME_EXCEEDED },
};

void measure_icmp(struct evidence *e)
{
	struct icmp_note note[NOTES];
	const struct explain_context *c = e->scene->context;
	size_t n = flow_table_icmp_notes(c->table, c->flow, note, NOTES);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < sizeof meaning / sizeof *meaning; k++) {
			if (note[i].version != meaning[k].version || note[i].type != meaning[k].type || note[i].code < meaning[k].code_first ||
			    note[i].code > meaning[k].code_last)
				continue;
			if (!holds(e, meaning[k].fact))
				fact_set(e, meaning[k].fact, note[i].frame, note[i].mtu, 0);
			break;
		}
	}
}
