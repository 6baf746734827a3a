/* SPDX-License-Identifier: GPL-3.0-or-later
 * declared: what a reset that states its own reason points to: texts of devices, codes of the diagnostic payload. The statement is quoted
 * as the cause; what it stands for in the catalogue is named as the first alternative, since the words can be forged or loose. */
#include "explain/evidence.h"

#include <ctype.h>
#include <string.h>

/* Texts as devices are known to write them, in lower case. */
static const struct {
	const char *text, *id;
} said[] = {
	{ "flow expired", "idle-expired-reset-both" },     { "no flow found", "nat-mapping-lost" },
	{ "retransmit timeout", "retransmit-giveup-reset" }, { "rst from remote", "proxy-relayed-reset" },
	{ "no server selected", "refused-lb-no-backend" }, { "no available pool member", "refused-lb-no-backend" },
	{ "handshake timeout", "abort-app-timeout" },      { "idle timeout", "idle-expired-reset-both" },
	{ "3whs rejected", "accept-overflow-abort" },      { "go away", "refused-closed-port" },
	{ "connection limit", "accept-overflow-abort" },   { "policy", "firewall-reject-midstream" },
};

/* draft-ietf-tcpm-rst-diagnostic-payload, reason codes of private enterprise number 0. */
static const char *const coded[] = {
	NULL, "abort-after-protocol-error", "half-open-peer-lost-state", "late-data-after-close", "abort-linger0", "synrcvd-bad-ack",
	"synrcvd-dup-syn", "security-compartment-mismatch", "abort-after-protocol-error", "firewall-reject-midstream", "abort-orphan-memory",
	"retransmit-giveup-reset", "proxy-relayed-reset", "refused-lb-no-backend", "idle-expired-reset-both", "mptcp-subflow-reset",
	"mptcp-subflow-reset", "mptcp-subflow-reset",
};

static bool contains(const char *text, size_t n, const char *part)
{
	size_t length = strlen(part);
	for (size_t i = 0; i + length <= n; i++) {
		size_t k = 0;
		while (k < length && tolower((unsigned char)text[i + k]) == part[k])
			k++;
		if (k == length)
			return true;
	}
	return false;
}

const struct cause *declared_cause(const struct evidence *e)
{
	if (holds(e, FACT_RST_DIAGNOSTIC) && e->b[FACT_RST_DIAGNOSTIC] == 0) {
		int64_t code = e->a[FACT_RST_DIAGNOSTIC];
		bool known = code > 0 && code < (int64_t)(sizeof coded / sizeof *coded);
		return known ? cause_find(coded[code]) : NULL;
	}
	if (!holds(e, FACT_RST_TEXT))
		return NULL;
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		if (contains(e->scene->trace->texts.data + e->rst->text - 1, e->rst->text_length, said[i].text))
			return cause_find(said[i].id);
	return NULL;
}

/* Codes that a Citrix NetScaler writes into the window of its resets (Citrix CTX200852). Any other host may use these numbers. */
static const struct {
	uint16_t window;
	const char *meaning;
} netscaler[] = {
	{ 8201, "stray packet on a closed socket" },
	{ 8202, "expired SYN cookie" },
	{ 8204, "SYN repeated with another sequence number" },
	{ 8205, "wrong final ACK of the handshake" },
	{ 8206, "bad packet in SYN-SENT" },
	{ 8207, "SYN on an established connection" },
	{ 8208, "too many duplicate retransmissions" },
	{ 8211, "idle connection" },
	{ 9300, "idle or zombie connection" },
	{ 9301, "idle or zombie connection" },
	{ 9302, "idle or zombie connection" },
	{ 9303, "idle or zombie connection" },
	{ 9304, "zero window probes exhausted" },
	{ 9700, "reset passed through" },
	{ 9701, "reset passed through" },
	{ 9811, "SSL fatal alert" },
};

const char *netscaler_reason(int64_t window)
{
	for (size_t i = 0; i < sizeof netscaler / sizeof *netscaler; i++)
		if (netscaler[i].window == window)
			return netscaler[i].meaning;
	return NULL;
}
