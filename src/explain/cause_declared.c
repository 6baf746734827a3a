/* SPDX-License-Identifier: GPL-3.0-or-later
 * The causes that a reset states itself (Multipath TCP options, diagnostic payload), and the oddities. */
#include "explain/cause.h"

#define FAMILY "Resets that carry their reason, and oddities"

const struct cause causes_declared[] = {
	{
		.id = "mptcp-fastclose",
		.family = FAMILY,
		.headline = "{R} aborted the whole Multipath TCP connection (MP_FASTCLOSE)",
		.why = "The application on {R} ended a Multipath TCP connection abruptly: it closed it with data unread, or asked for a "
		       "hard close. The reset says so with the option MP_FASTCLOSE, which ends all paths of the connection at once.",
		.evidence_for = "The reset carries MP_FASTCLOSE, usually beside MP_TCPRST.",
		.evidence_against = "Nothing can weigh against the option itself, except that anybody on the path can write it.",
		.mechanism = MECHANISM_ABORT,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_INFO,
		.prior = 32,
		.bearings = {
			NEEDS(RST_MP_FASTCLOSE), FOR(RST_ACTIVE, 1), FOR(RST_LIVE_SOCKET, 2), AGAINST(THIRD_PARTY, 6),
			DECIDES(RST_MP_FASTCLOSE),
		},
		.partners = {
			{ "abort-unread-data", "nstat TcpExtTCPAbortOnClose on {R}, and its application's log" },
			{ "abort-linger0", "the source or configuration of the application on {R} (SO_LINGER)" },
		},
		.unknowns = { "Why the application ended it (unread data or a hard close by design)." },
		.checks = {
			"on {R}: nstat -az MPTcpExtMPFastcloseTx; on {P}: nstat -az MPTcpExtMPFastcloseRx",
			"on {R}: the application's log at this time; ss -M lists its Multipath TCP connections",
		},
		.references = { "RFC 8684 3.5 (MP_FASTCLOSE)", "Linux mptcp_do_fastclose" },
	},
	{
		.id = "mptcp-subflow-reset",
		.family = FAMILY,
		.headline = "{R} closed one path of a Multipath TCP connection: {text}",
		.why = "One subflow of a Multipath TCP connection was reset, and the option MP_TCPRST states the reason. The connection "
		       "itself may live on over its other subflows.",
		.evidence_for = "The reset carries MP_TCPRST without MP_FASTCLOSE; other subflows of the connection go on.",
		.evidence_against = "MP_FASTCLOSE as well: the whole connection was aborted.",
		.mechanism = MECHANISM_ABORT,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_WARN,
		.prior = 30,
		.bearings = {
			NEEDS(RST_MP_TCPRST), BARS(RST_MP_FASTCLOSE), FOR(RST_LIVE_SOCKET, 1), AGAINST(THIRD_PARTY, 6),
			DECIDES(RST_MP_TCPRST),
		},
		.partners = {
			{ "mptcp-join-refused", "a capture that shows the SYN of this subflow" },
			{ "mptcp-fastclose", "captures of the connection's other paths: do they go on?" },
		},
		.unknowns = { "Whether the connection goes on over other paths that this capture does not see." },
		.checks = {
			"on {R}: ip mptcp endpoint; ip mptcp limits; ip mptcp monitor",
			"on both ends: nstat -az | grep MPTcpExt",
			"A device on the path that strips or changes TCP options (reason: middlebox interference)?",
		},
		.references = { "RFC 8684 3.6 (subflow reset, reason codes)", "Linux mptcp_get_reset_option" },
	},
	{
		.id = "mptcp-join-refused",
		.family = FAMILY,
		.headline = "{R} refused an additional path for a Multipath TCP connection",
		.why = "A SYN with MP_JOIN asked to add a path to an existing Multipath TCP connection. {R} does not know its token, does "
		       "not accept more paths, or could not verify it. Behind a load balancer the join often reaches another server than "
		       "the connection's first path.",
		.evidence_for = "The SYN has MP_JOIN, and its answer is a refusal, usually with MP_TCPRST.",
		.evidence_against = "All plain TCP connections to the port being refused as well: nothing listens there.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_WARN,
		.prior = 31,
		.bearings = {
			NEEDS(SYN_MP_JOIN), NEEDS(BY_SERVER), BARS(R_DATA_BEFORE), BARS(RST_MP_FASTCLOSE), AGAINST(IDLE_LONG, 3),
			FOR(RST_MP_TCPRST, 3), FOR(ANSWERS_SYN, 2), AGAINST(THIRD_PARTY, 4), DECIDES(RST_MP_TCPRST),
		},
		.partners = {
			{ "refused-closed-port", "ss -ltn on {R}: does a socket listen on port {port}?" },
			{ "mptcp-subflow-reset", "the counters on {R}: nstat -az | grep MPTcpExtMPJoin" },
		},
		.unknowns = { "Whether the token was unknown, the path forbidden, or the limit reached, unless the reason code tells." },
		.checks = {
			"on {R}: ip mptcp limits (are additional subflows accepted?); nstat -az | grep MPTcpExtMPJoin",
			"A load balancer before {R}: does the join reach the server that has the connection?",
		},
		.references = { "RFC 8684 3.2 (MP_JOIN)", "RFC 8684 3.6 (MP_TCPRST)", "Linux subflow_check_req" },
	},
	{
		.id = "mptcp-join-refused",
		.prior = 31,
		.variant = true,
		.cap = CONFIDENCE_LIKELY,
		.bearings = {
			NEEDS(SYN_MP_JOIN), NEEDS(RST_MP_TCPRST), NEEDS(BY_CLIENT), BARS(RST_MP_FASTCLOSE),
			AGAINST(IDLE_LONG, 3), FOR(EARLIER_RST, 2), AGAINST(THIRD_PARTY, 4), AGAINST(R_DATA_BEFORE, 4),
		},
	},
	{
		.id = "mptcp-join-refused",
		.prior = 31,
		.variant = true,
		.cap = CONFIDENCE_LIKELY,
		.bearings = {
			NEEDS(RST_MP_TCPRST), NEEDS(RST_REFUSAL), BARS(SYN_MP_JOIN), BARS(RST_MP_FASTCLOSE), FOR(ANSWERS_SYN, 2),
			AGAINST(THIRD_PARTY, 4),
		},
	},
	{
		.id = "rst-diagnostic-payload",
		.family = FAMILY,
		.headline = "The reset of {R} states its reason: {text}",
		.why = "The sender put a diagnostic payload of eight bytes into the reset, with a code that names why the connection was "
		       "reset. Some codes may come from a device on the path rather than from the host itself.",
		.evidence_for = "The payload has exactly the form that the draft defines.",
		.evidence_against = "Anybody on the path can write it: it is what the reset says, not a proof.",
		.mechanism = MECHANISM_UNKNOWN,
		.cap = CONFIDENCE_LIKELY,
		.severity = SEVERITY_WARN,
		.prior = 30,
		.bearings = {
			NEEDS(RST_DIAGNOSTIC), FOR(RST_LIVE_SOCKET, 1), FOR(HOPS_SAME, 1), AGAINST(R_ALIVE_AFTER, 3),
			AGAINST(RST_BAD_CHECKSUM, 3),
		},
		.partners = {
			{ "vendor-cause-payload", "the documentation of the device that writes such payloads" },
		},
		.unknowns = { "Whether what the reset says of itself is true." },
		.checks = {
			"Look at {R}, or at the device before it, for the reason that the code names.",
			"The documentation of the vendor, where the code is not one of the draft's own.",
		},
		.references = { "draft-ietf-tcpm-rst-diagnostic-payload", "RFC 9293 3.5.3 (a reset may carry data)" },
	},
	{
		.id = "security-compartment-mismatch",
		.family = FAMILY,
		.headline = "{R} reset because the IP security label of {P} does not match (a rule of older standards)",
		.why = "Older standards let TCP reset a connection when the security compartment or precedence of an incoming segment "
		       "does not match. Only systems with labelled networking do this; ordinary systems never do.",
		.evidence_for = "The IP security option of the segment that was reset differs from that of the connection's other packets.",
		.evidence_against = "No IP security option anywhere in the connection.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_LIKELY,
		.severity = SEVERITY_PROBLEM,
		.prior = 6,
		.bearings = {
			NEEDS(SECURITY_LABEL_CHANGED), NEEDS(ANSWERS), BARS(EARLIER_RST), FOR(RST_BARE, 1), FOR(HOPS_SAME, 1),
			AGAINST(R_FIN, 3), AGAINST(BOTH_CLOSED, 4), AGAINST(THIRD_PARTY, 4),
		},
		.partners = {
			{ "half-open-peer-lost-state", "the log of the labelled-networking subsystem on {R}" },
			{ "firewall-reject-midstream", "the rules of the labelled-networking gateways on the path" },
		},
		.unknowns = { "The policy of {R}: which labels it accepts." },
		.checks = {
			"on {R}: netlabelctl -p map list; netlabelctl -p cipso list",
			"on {R}: its audit log at this time (ausearch -m AVC,NETLABEL_PKT)",
			"Which device or host sets the IP security option of {P}'s packets?",
		},
		.references = { "RFC 9293 A.1 (IP security compartment and precedence)", "RFC 1108", "RFC 793 3.4" },
	},
	{
		.id = "capture-duplicate",
		.family = FAMILY,
		.headline = "Not a second reset: the same packet was captured twice",
		.why = "The capture sees the packet at two places: two interfaces, a bridge and its port, both directions of a mirror "
		       "port, or before and after a router. It was sent once.",
		.evidence_for = "All fields that cannot repeat by chance are the same, within moments; only TTL, link addresses or VLAN "
		                "may differ. Other packets of the connection are doubled too.",
		.evidence_against = "A kernel's stateless resets all have IP ID 0 and look alike: where no other packet is doubled, take "
		                    "them for real repeats.",
		.mechanism = MECHANISM_UNKNOWN,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_INFO,
		.prior = 50,
		.bearings = { NEEDS(DUPLICATE), FOR(DUPLICATE_MARKED, 1), DECIDES(DUPLICATE_MARKED) },
		.partners = {
			{ "in-flight-after-abort", "a capture on one interface only: does the reset appear once?" },
			{ "refused-closed-port", "a capture on one interface only: do SYN and refusal appear once?" },
		},
		.unknowns = { "At which of the places the packet was seen first." },
		.checks = {
			"Capture on one interface (tcpdump -i NAME instead of -i any), or one direction of the mirror port.",
			"editcap -d INFILE OUTFILE removes exact duplicates from a capture file.",
		},
		.references = { "RFC 9293 3.10.7.4" },
	},
	{
		.id = "unknown",
		.family = FAMILY,
		.headline = "The capture does not contain enough evidence to explain this reset of {R}",
		.why = "No cause of the catalogue is supported by what was captured. Often the segment that was reset, the beginning of "
		       "the connection or one direction is missing; sometimes the reset was ignored by its receiver and nothing more is "
		       "known of it.",
		.evidence_for = "No other cause fits.",
		.evidence_against = "Any cause that fits is named instead.",
		.mechanism = MECHANISM_UNKNOWN,
		.cap = CONFIDENCE_POSSIBLE,
		.severity = SEVERITY_WARN,
		.prior = -10,
		.bearings = { { BEARS_END, 0, 0 } },
		.unknowns = {
			"What came before the capture began, and what it did not see.",
		},
		.checks = {
			"Capture again from before the connection begins, both directions, with the whole of each packet's headers "
			"(tcpdump -s 256).",
			"Capture on {R} and on {P} at once: did {R} send this reset, and what did it receive before?",
			UNLESS_TOLD "on {R}: perf trace -e tcp:tcp_send_reset (the kernel's own reason, on recent Linux)",
			"The log of the application on {R} at this time.",
		},
		.references = { "RFC 9293 3.5.2 (reset generation)", "RFC 9293 3.10.7" },
	},
	{
		.id = "unknown",
		.variant = true,
		.headline = "No reset at all, it seems: {P} took this packet of {R} for data; its RST flag is damage",
		.cap = CONFIDENCE_POSSIBLE,
		.prior = 30,
		.bearings = { NEEDS(RST_PAYLOAD_TAKEN), FOR(RST_PAYLOAD_TAKEN, 1) },
	},
	{ .id = NULL },
};
