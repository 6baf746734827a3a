/* SPDX-License-Identifier: GPL-3.0-or-later
 * The causes of a reset during the handshake or instead of its end: probes, stray handshakes, lost half-open connections. */
#include "explain/cause.h"

#define FAMILY "Handshake not completed"

const struct cause causes_handshake[] = {
	{
		.id = "syn-scan",
		.family = FAMILY,
		.headline = "{R} probed port {port} of {P} and dropped the half-open connection; the port is open",
		.why = "A scanner or monitor sent a SYN that it had built itself. When the SYN/ACK came, the scanner's own kernel knew "
		       "nothing of such a connection and answered with a reset. No application on {P} ever saw a connection.",
		.evidence_for = "The SYN looks hand-made: few options, an unusual window. The reset follows the SYN/ACK at once, and the "
		                "same source tries many ports or hosts.",
		.evidence_against = "A SYN with the full options of an operating system: an ordinary connection attempt that was given "
		                    "up. A reset with ACK: a health check that closes on purpose.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_INFO,
		.prior = 2,
		.bearings = { AGAINST(PERIODIC, 3),
			NEEDS(RST_BARE), NEEDS(ANSWERS_SYNACK), NEEDS(BY_CLIENT), NEEDS(SYN_SEEN), BARS(EARLIER_RST),
			BARS(ANSWERS_WRONG_ACK_IN_SYN_SENT), FOR(SYN_SCANNER_LIKE, 7), FOR(SAME_SOURCE_MANY_TARGETS, 3),
			AGAINST(SYN_OS_FULL, 5), AGAINST(SYN_RETRANSMITTED, 2), AGAINST(SYNACK_LATE, 1), AGAINST(SIBLING_SUCCEEDED, 1),
			AGAINST(SYN_REPEATED_AFTER, 3), AGAINST(HOPS_NEARER, 3), DECIDES(SYN_SCANNER_LIKE),
			DECIDES(SAME_SOURCE_MANY_TARGETS),
		},
		.partners = {
			{ "connect-aborted-before-synack", "what runs on {R}: a scanner, or a program whose connect() was given up" },
			{ "probe-health-check",
			  "whether {R} is one of your monitors or load balancers, and whether it repeats at a fixed interval" },
			{ "synack-unexpected", "the same capture taken on {R}: did it send the SYN?" },
		},
		.unknowns = { "Whether the probe is hostile or your own monitoring is not on the wire." },
		.checks = {
			"Is {R} one of your monitors or vulnerability scanners?",
			"tcpdump -nr FILE 'src host {R} and tcp[tcpflags] & tcp-syn != 0' (how many ports and hosts does it try?)",
			"If it is foreign: its reputation, and whether port {port} should be reachable from there at all.",
		},
		.references = { "RFC 9293 3.5.2 group 1", "RFC 9293 3.10.7.1", "Linux tcp_v4_send_reset, reason NO_SOCKET" },
	},
	{
		.id = "stealth-scan",
		.family = FAMILY,
		.headline = "{P} sent odd segments (FIN, NULL, Xmas or ACK scan); {R} answered them as the standard requires",
		.why = "A segment that belongs to no connection reached {R}. TCP must answer such a segment with a reset, and scanners "
		       "use that to tell open from closed ports. {R} did nothing wrong. On Linux only a closed port answers FIN, NULL and "
		       "Xmas probes; an ACK probe is answered by open and closed ports alike.",
		.evidence_for = "The segment has a combination of flags that no connection uses, or belongs to no connection in the "
		                "capture; it has no payload, and its source tries many ports or hosts.",
		.evidence_against = "A single segment with plausible numbers, or with payload, is more likely the rest of a connection "
		                    "that the capture does not show.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_INFO,
		.prior = 10,
		.bearings = {
			NEEDS(ANSWERS_ODD_PROBE), FOR(NO_HISTORY, 2), FOR(SAME_SOURCE_MANY_TARGETS, 4), AGAINST(HANDSHAKE_DONE, 6),
			AGAINST(EARLIER_RST, 4), AGAINST(ANSWERS_NEW_DATA, 2), AGAINST(THIRD_PARTY, 4), DECIDES(NO_HISTORY),
		},
		.partners = {
			{ "no-socket-midstream", "a capture that begins earlier: did the segment belong to a connection?" },
			{ "half-open-peer-lost-state", "the log and uptime of {R}: did it know such a connection before?" },
		},
		.unknowns = { "Whether a connection existed before the capture began." },
		.checks = {
			"Is {P} one of your scanners? If not: its reputation, and your intrusion detection log.",
			"tcpdump -nr FILE 'src host {P} and dst host {R}' (many ports, no payload, the same window: a scan)",
		},
		.references = { "RFC 9293 3.10.7.1", "RFC 9293 3.10.7.2", "RFC 9293 3.5.2 group 1" },
	},
	{
		.id = "stealth-scan",
		.prior = 6,
		.variant = true,
		.cap = CONFIDENCE_LIKELY,
		.bearings = {
			NEEDS(ANSWERS_STRAY), NEEDS(SAME_SOURCE_MANY_TARGETS), BARS(EARLIER_RST),
			FOR(NO_HISTORY, 1), FOR(NOTHING_ELSE, 1),
		},
	},
	{
		.id = "connect-aborted-before-synack",
		.family = FAMILY,
		.headline = "{R} had already given up the connection attempt when the SYN/ACK of {P} arrived",
		.why = "The client's program closed its socket while the connection was still being set up: its time-out had passed, "
		       "another address had answered first (happy eyeballs), or the program ended. The late SYN/ACK then found no socket, "
		       "and the client's kernel answered with a reset.",
		.evidence_for = "The SYN has the full options of an operating system; the SYN/ACK came late or after the SYN had been "
		                "repeated; another connection of the same client succeeded meanwhile; the SYN is not sent again.",
		.evidence_against = "A hand-made SYN: a scan. A SYN/ACK that acknowledges other numbers, or the same SYN being sent "
		                    "again: the attempt goes on.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_INFO,
		.prior = 2,
		.bearings = { DECIDES(SYN_OS_FULL), DECIDES(SYNACK_LATE), DECIDES(HOPS_SAME), AGAINST(PERIODIC, 5),
			NEEDS(RST_BARE), NEEDS(ANSWERS_SYNACK), NEEDS(BY_CLIENT), NEEDS(SYN_SEEN), BARS(SYN_REPEATED_AFTER),
			BARS(EARLIER_RST), BARS(ANSWERS_WRONG_ACK_IN_SYN_SENT), FOR(SYN_OS_FULL, 6), FOR(SYNACK_LATE, 2),
			FOR(SYN_RETRANSMITTED, 2), FOR(SIBLING_SUCCEEDED, 2), AGAINST(SYN_SCANNER_LIKE, 5),
			AGAINST(SAME_SOURCE_MANY_TARGETS, 2), AGAINST(HOPS_NEARER, 3), AGAINST(TIMESTAMP_ECHO_WRONG, 2),
		},
		.partners = {
			{ "syn-scan", "what runs on {R}: a program whose connect() was given up, or a scanner" },
			{ "probe-health-check", "whether {R} repeats this at a fixed interval" },
			{ "asymmetric-path-reset", "the same capture taken on {R}: did it send this reset?" },
		},
		.unknowns = { "Why the program gave up: its own time-out, a faster answer elsewhere, or its end." },
		.checks = {
			"The connect time-out of the program on {R}, and its log at this time.",
			"Why did the SYN/ACK take so long? on {P}: nstat -az TcpExtTCPReqQFullDrop TcpExtListenDrops TcpExtListenOverflows",
			"Did the client reach the same service by another address (IPv4 and IPv6) at this moment?",
		},
		.references = { "RFC 9293 3.10.7.1", "RFC 8305 (happy eyeballs)", "Linux tcp_v4_send_reset, reason NO_SOCKET" },
	},
	{
		.id = "synack-unexpected",
		.family = FAMILY,
		.headline = "{R} received a SYN/ACK of {P} for a connection that it never started",
		.why = "{P} answered a SYN that did not come from {R}: somebody forged {R}'s address (a SYN flood against {P}), two hosts "
		       "share the address, or {P}'s answer left from another address than the one the client had asked. {R} has no such "
		       "socket and resets.",
		.evidence_for = "No SYN of {R} for these ports is in the capture although other traffic of {R} is; many such SYN/ACKs "
		                "arrive at different ports.",
		.evidence_against = "A capture that began later, or that sees one direction only, also shows no SYN.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_WARN,
		.prior = 2,
		.bearings = { DECIDES(NO_SYN_FROM_R), DECIDES(R_HEARD_LONG_BEFORE),
			NEEDS(RST_BARE), NEEDS(ANSWERS_SYNACK), NEEDS(NO_SYN_FROM_R), BARS(EARLIER_RST), BARS(HANDSHAKE_DONE),
			BARS(NAT_TWIN), BARS(LEAKED_SEGMENT), FOR(R_OTHER_TRAFFIC, 7), AGAINST(ONE_WAY, 3),
			AGAINST(THIRD_PARTY, 4),
		},
		.partners = {
			{ "connect-aborted-before-synack", "a capture on {R} that begins earlier: did it send the SYN?" },
			{ "syn-scan", "a capture on {R} that begins earlier: did it send the SYN?" },
			{ "asymmetric-path-reset", "a capture on the other path: did the SYN leave {R} there?" },
		},
		.unknowns = { "Whether the SYN took a path that this capture does not see." },
		.checks = {
			"on {R}: tcpdump -ni any 'host {P} and tcp[tcpflags] & tcp-syn != 0' (does any SYN leave?)",
			"on {P}: from which address and link does the SYN arrive? nstat -az TcpExtSyncookiesSent "
			"TcpExtTCPReqQFullDoCookies",
			"Do {P}'s answers leave from the address that the client asked (policy routing, NAT)?",
			"Ingress filtering towards {P} against forged sources (BCP 38).",
		},
		.references = { "RFC 9293 3.10.7.1", "RFC 9293 3.10.7.2", "RFC 4987 (SYN flooding)", "RFC 2827 (BCP 38)" },
	},
	{
		.id = "synack-unexpected",
		.variant = true,
		.prior = 12,
		.cap = CONFIDENCE_CERTAIN,
		.bearings = { NEEDS(RST_BARE), NEEDS(ANSWERS_SYNACK), NEEDS(SYN_FORGED), DECIDES(SYN_FORGED) },
	},
	{
		.id = "probe-health-check",
		.family = FAMILY,
		.headline = "{R} only checked that port {port} of {P} answers (a health check or a scan by connect), then reset on purpose",
		.why = "A load balancer or monitor opens a connection to see that the port answers, and closes it hard so that no closing "
		       "handshake is needed. Nothing was lost.",
		.evidence_for = "No payload in either direction; the client resets right after the handshake or instead of its last ACK; "
		                "it repeats at a fixed interval.",
		.evidence_against = "No repetition: an ordinary hard close without data. Payload before the reset: a real client.",
		.mechanism = MECHANISM_ABORT,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_INFO,
		.prior = 3,
		.bearings = {
			NEEDS(BY_CLIENT), NEEDS(NO_DATA_AT_ALL), NEEDS(SYNACK_SEEN), BARS(EARLIER_RST), BARS(ANSWERS_WRONG_ACK_IN_SYN_SENT),
			BARS(BURST), BARS(THIRD_PARTY), FOR(PERIODIC, 6), FOR(RST_INSTEAD_OF_ACK, 3), FOR(RST_AFTER_HANDSHAKE, 1),
			FOR(RST_LIVE_SOCKET, 1), AGAINST(RST_BARE, 5), AGAINST(IDLE_LONG, 3), AGAINST(SILENCE_IS_TIMER, 2),
			AGAINST(R_FIN, 3), AGAINST(SYN_SCANNER_LIKE, 2), AGAINST(KEEPALIVES_UNANSWERED, 4), DECIDES(PERIODIC),
			DECIDES(RST_ACTIVE),
		},
		.partners = {
			{ "abort-linger0", "what runs on {R}: a load balancer or monitor, or a client of the service" },
			{ "syn-scan", "whether {R} is one of your monitors" },
			{ "connect-aborted-before-synack", "the log of the program on {R}: was the connection meant to be used?" },
		},
		.unknowns = { "That {R} is a monitor is inferred from its behaviour; it does not say so." },
		.checks = {
			"Is {R} a load balancer or monitor (HAProxy, keepalived, a cloud's health probes)?",
			"Nothing needs repair. A check by the application's own protocol keeps such connections out of the server's log.",
		},
		.references = { "RFC 9293 3.10.5 (ABORT)", "Linux tcp_send_active_reset" },
	},
	{
		.id = "port-reuse-challenge-reset",
		.family = FAMILY,
		.headline = "{R} reset an old connection that {P} still remembered, so that its new one with the same ports could begin",
		.why = "{R} sent a SYN from a port that {P} still holds in an older connection. {P} answered with an ACK of the old "
		       "numbers instead of a SYN/ACK. {R} knows no such connection and resets it; that clears the old one at {P}, and {R} "
		       "repeats its SYN and is accepted. This is TCP's normal way out of a half-open connection.",
		.evidence_for = "The segment that was reset does not acknowledge the SYN but older numbers; an older connection with "
		                "these ports was never closed; the same SYN is sent again after the reset and is accepted.",
		.evidence_against = "No SYN before: another cause. A properly closed older connection: its TIME-WAIT answered.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_INFO,
		.prior = 15,
		.bearings = {
			NEEDS(RST_BARE), NEEDS(ANSWERS_WRONG_ACK_IN_SYN_SENT), FOR(SYN_REPEATED_AFTER, 3), FOR(OLD_FLOW_OPEN, 3),
			FOR(HOPS_SAME, 1), AGAINST(OLD_FLOW_CLOSED, 5), AGAINST(THIRD_PARTY, 3), DECIDES(SYN_REPEATED_AFTER),
			DECIDES(ANSWERS), DECIDES(OLD_FLOW_OPEN),
		},
		.partners = {
			{ "time-wait-syn-challenge", "how the older connection with these ports ended (a capture that begins earlier)" },
			{ "seq-rewrite-desync", "captures on both sides of the devices between: are the sequence numbers the same?" },
			{ "injected-at-syn", "the same capture taken on {P}: did it send the ACK that was reset?" },
		},
		.unknowns = {
			"Why the old connection was left open at {P}: a crash of the client, a NAT that reused the port, or lost packets.",
		},
		.checks = {
			"on {P}: ss -tnoe dst {client} (connections of clients long gone?); is keepalive on?",
			"on {R}: sysctl net.ipv4.ip_local_port_range net.ipv4.tcp_tw_reuse (few ports, quick reuse?)",
			"A NAT between: does it give a port to a new connection before its server has forgotten the old one?",
			"Did {R} crash or restart shortly before?",
		},
		.references = {
			"RFC 9293 3.5.1, figures 9 and 10",
			"RFC 9293 3.10.7.3 (SYN-SENT)",
			"RFC 5961 4.2 (challenge ACK for a SYN)",
			"Linux tcp_rcv_synsent_state_process",
		},
	},
	{
		.id = "synrcvd-bad-ack",
		.family = FAMILY,
		.headline = "{R} reset the handshake: the final ACK of {P} did not acknowledge the number that {R} had sent",
		.why = "While a connection is not yet established, an ACK for something never sent must be answered with a reset. "
		       "Something made the numbers differ: a device that rewrites sequence numbers in one direction, an answer of another "
		       "server, an invalid SYN cookie, or forged ACKs.",
		.evidence_for = "The ACK after the SYN/ACK acknowledges another number than the SYN/ACK's sequence number plus one, and "
		                "the reset's sequence number is that wrong number.",
		.evidence_against = "A correct acknowledgment: the half-open connection was lost or refused instead.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_PROBLEM,
		.prior = 15,
		.bearings = {
			NEEDS(ANSWERS_BAD_HANDSHAKE_ACK), BARS(EARLIER_RST), FOR(RST_BARE, 1), FOR(SYNACK_SEEN, 1), FOR(HOPS_SAME, 1),
			FOR(ACK_OFFSET, 2), AGAINST(THIRD_PARTY, 3), DECIDES(RST_BARE), DECIDES(SYNACK_SEEN), DECIDES(SYN_SEEN),
		},
		.partners = {
			{ "seq-rewrite-desync", "captures on both sides of the devices between: are the sequence numbers the same?" },
			{ "asymmetric-path-reset", "routes in both directions, and a capture on {R}: which SYN/ACK did {R} send?" },
			{ "duplicate-address", "the link addresses of {R}'s packets in its own network" },
		},
		.unknowns = { "Where the numbers were changed: only captures on both sides of a device show that." },
		.checks = {
			"Captures on {R} and {P} of the same handshake: do the SYN/ACK's numbers agree?",
			"A firewall, SYN proxy or WAN optimiser on one direction of the path only (sequence number randomisation)?",
			"on {R}: nstat -az TcpExtSyncookiesFailed TcpExtSyncookiesRecv (ACKs with invalid cookies?)",
		},
		.references = { "RFC 9293 3.10.7.4 (SYN-RECEIVED)", "RFC 9293 3.5.2 group 2", "Linux tcp_v4_send_reset" },
	},
	{
		.id = "synrcvd-dup-syn",
		.family = FAMILY,
		.headline = "{R} reset a half-open handshake when another SYN arrived for it",
		.why = "Two SYNs with the same addresses and ports but different initial sequence numbers reached {R} before the first "
		       "handshake was complete. The second lies in the window of the half-open connection, so {R} must reset. A NAT that "
		       "maps two clients to one port, a client that reuses its port at once, or a forged SYN does this.",
		.evidence_for = "The first SYN had been answered by a SYN/ACK already; the second has another initial sequence number and "
		                "is refused.",
		.evidence_against = "The same initial sequence number: a plain repetition, which is never reset.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_WARN,
		.prior = 10,
		.bearings = {
			NEEDS(ANSWERS_SYN), NEEDS(SYNACK_BEFORE_SYN), BARS(HANDSHAKE_DONE), FOR(SECOND_SYN_OTHER_ISN, 4),
			FOR(RST_REFUSAL, 1), FOR(HOPS_SAME, 1), AGAINST(THIRD_PARTY, 12), AGAINST(MAC_DIFFERS, 4),
			DECIDES(SECOND_SYN_OTHER_ISN), DECIDES(RST_REFUSAL),
		},
		.partners = {
			{ "duplicate-address", "the link addresses of {R}'s packets in its own network" },
			{ "refused-closed-port", "the service's stop time on {R}: did it stop listening between the two SYNs?" },
			{ "injected-at-syn", "the same capture taken on {R}: did it send this reset at all?" },
		},
		.unknowns = { "Whether both SYNs come from one host: behind a NAT they may be two." },
		.checks = {
			"Is there a NAT before {R}? Its port allocation and its table's load at this time.",
			"on {P}: does a program bind a fixed source port (connect() again at once)?",
			"Many such SYNs from many sources: a SYN flood. on {R}: nstat -az TcpExtTCPReqQFullDoCookies TcpExtSyncookiesSent",
		},
		.references = { "RFC 9293 3.10.7.4 (SYN-RECEIVED)", "Linux tcp_check_req, reason INVALID_SYN" },
	},
	{
		.id = "synrcvd-dup-syn",
		.prior = 12,
		.variant = true,
		.cap = CONFIDENCE_LIKELY,
		.bearings = {
			NEEDS(OLD_FLOW_HALF_OPEN), BARS(TWO_ANSWERS), FOR(OLD_FLOW_HALF_OPEN, 2),
			FOR(HOPS_SAME, 1), AGAINST(THIRD_PARTY, 12), AGAINST(MAC_DIFFERS, 4), AGAINST(HOPS_NEARER, 4), AGAINST(TOO_FAST, 4),
		},
	},
	{
		.id = "handshake-state-lost",
		.family = FAMILY,
		.headline = "{R} had forgotten the half-open connection when the ACK of {P} arrived",
		.why = "{R} had answered the SYN, but when the correct final ACK came, nothing of the handshake was left: the service had "
		       "stopped or restarted in between, the SYN/ACK's repetitions had run out, its SYN cookie had expired, or the ACK "
		       "reached another server behind the same address.",
		.evidence_for = "A correct ACK of the SYN/ACK is answered by a bare reset; the ACK came late; the next connections to the "
		                "port are refused.",
		.evidence_against = "The SYN/ACK being repeated although the ACK was seen: the accept queue was full. Other connections "
		                    "being accepted at the same time: overflow with abort rather than a lost service.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_LIKELY,
		.severity = SEVERITY_PROBLEM,
		.prior = 9,
		.bearings = {
			NEEDS(RST_BARE), NEEDS(ANSWERS_HANDSHAKE_ACK), NEEDS(NO_DATA_FROM_R), BARS(EARLIER_RST),
			FOR(SERVICE_REFUSED_AFTER, 4), FOR(HOPS_SAME, 1), FOR(SYN_RETRANSMITTED, 1), AGAINST(SERVICE_ACCEPTED_SAME_TIME, 3),
			AGAINST(SYNACK_REPEATED_AFTER_ACK, 4), AGAINST(SYNACK_OTHER_HOPS, 3), AGAINST(SYNACK_WINDOW_ZERO, 2),
			AGAINST(THIRD_PARTY, 4), AGAINST(RST_AFTER_HANDSHAKE, 1),
		},
		.partners = {
			{ "accept-overflow-abort", "on {R}: nstat -az TcpExtListenOverflows, and sysctl net.ipv4.tcp_abort_on_overflow" },
			{ "refused-after-synproxy", "whether a SYN proxy or SYN cookies of a device stand before {R}" },
			{ "midstream-wrong-host", "the load balancer's log: which server got the ACK?" },
			{ "asymmetric-path-reset", "the same capture taken on {R}: did it send this reset?" },
		},
		.unknowns = { "Whether one host sent both the SYN/ACK and the reset." },
		.checks = {
			"The start and stop times of the service on port {port} of {R}.",
			"on {R}: nstat -az TcpExtSyncookiesFailed TcpExtListenOverflows TcpExtListenDrops",
			"A load balancer before it: do all packets of one connection reach one server (hashing, failover)?",
		},
		.references = {
			"RFC 9293 3.10.7.1",
			"RFC 9293 3.10.7.2 (LISTEN)",
			"RFC 4987 3.6 (SYN cookies)",
			"Linux tcp_v4_send_reset, reasons NO_SOCKET, TCP_FLAGS",
		},
	},
	{
		.id = "handshake-state-lost",
		.variant = true,
		.cap = CONFIDENCE_LIKELY,
		.prior = 4,
		.bearings = {
			NEEDS(RST_BARE), NEEDS(ANSWERS_NEW_DATA), NEEDS(SILENT_SINCE_SYNACK), BARS(EARLIER_RST), BARS(THIRD_PARTY),
			FOR(SILENT_SINCE_SYNACK, 3), FOR(HOPS_SAME, 2), FOR(SERVICE_REFUSED_AFTER, 3), BARS(IDLE_MIDDLEBOX_TIMER),
			AGAINST(SYNACK_REPEATED_AFTER_ACK, 4),
		},
	},
	{
		.id = "handshake-state-lost",
		.variant = true,
		.headline = "{R} answered the end of the handshake, which was not captured, with a reset",
		.cap = CONFIDENCE_POSSIBLE,
		.prior = 5,
		.bearings = {
			NEEDS(TRIGGER_UNSEEN), NEEDS(RST_AT_OWN_START), NEEDS(BY_SERVER), BARS(R_FIN), BARS(EARLIER_RST),
			BARS(THIRD_PARTY), FOR(SERVICE_REFUSED_AFTER, 3), FOR(HOPS_SAME, 1),
		},
	},
	{
		.id = "accept-overflow-abort",
		.family = FAMILY,
		.headline = "The application on {R} does not accept connections fast enough; the kernel reset this one",
		.why = "The handshake was complete, but the queue of connections that wait for the application's accept() was full, and "
		       "the system is set to reset instead of waiting (Linux: net.ipv4.tcp_abort_on_overflow=1; Windows in some "
		       "settings). The application never saw this connection.",
		.evidence_for = "The reset answers the final ACK of the handshake at once; {R} never sends data; other connections to the "
		                "port are accepted in the same second.",
		.evidence_against = "All connections being hit: the service is gone, or something before it refuses. A Linux system with "
		                    "default settings never does this.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_LIKELY,
		.severity = SEVERITY_PROBLEM,
		.prior = 7,
		.bearings = {
			NEEDS(NO_DATA_FROM_R), NEEDS(RST_AFTER_HANDSHAKE), NEEDS(BY_SERVER), NEEDS(RST_BARE), NEEDS(ANSWERS_HANDSHAKE_ACK),
			BARS(EARLIER_RST), BARS(THIRD_PARTY), FOR(SERVICE_ACCEPTED_SAME_TIME, 4), FOR(SERVICE_ACCEPTED_AFTER, 2),
			FOR(HOPS_SAME, 1), AGAINST(SERVICE_REFUSED_AFTER, 4), AGAINST(SYNACK_OTHER_HOPS, 3), AGAINST(SYNACK_WINDOW_ZERO, 3),
		},
		.partners = {
			{ "handshake-state-lost", "on {R}: nstat -az TcpExtListenOverflows, and sysctl net.ipv4.tcp_abort_on_overflow" },
			{ "abort-listener-closed", "the start and stop times of the service on {R}" },
			{ "refused-after-synproxy", "whether a SYN proxy stands before {R}" },
			{ "abort-linger0", "the log of the application on {R}: did it accept this connection?" },
		},
		.unknowns = { UNLESS_TOLD "The length of the accept queue is not on the wire." },
		.checks = {
			"on {R}: nstat -az TcpExtListenOverflows TcpExtListenDrops; sysctl net.ipv4.tcp_abort_on_overflow "
			"net.core.somaxconn",
			"on {R}: ss -ltn 'sport = :{port}' (Recv-Q at or above Send-Q: the queue is full)",
			"What keeps the application from accept(): blocked threads, CPU, garbage collection, a process limit?",
		},
		.references = { "Linux tcp_check_req (reason INVALID_SYN), tcp_abort_on_overflow", "RFC 9293 3.10.7.1" },
	},
	{
		.id = "accept-overflow-abort",
		.prior = 2,
		.variant = true,
		.cap = CONFIDENCE_LIKELY,
		.bearings = {
			NEEDS(NO_DATA_FROM_R), NEEDS(RST_AFTER_HANDSHAKE), NEEDS(BY_SERVER), NEEDS(SERVICE_ACCEPTED_SAME_TIME),
			NEEDS(WINDOWS_TTL), BARS(RST_BARE), BARS(THIRD_PARTY), FOR(HOPS_SAME, 2),
			AGAINST(UNREAD_DATA, 3), AGAINST(SERVICE_REFUSED_AFTER, 4),
		},
	},
	{
		.id = "accept-overflow-late-reset",
		.family = FAMILY,
		.headline = "The accept queue of {R} was full; {P} believed to be connected until {R} gave up",
		.why = "Linux ignores the final ACK of a handshake while the accept queue is full, and repeats its SYN/ACK in the hope "
		       "that the queue empties. The client believes the connection open and sends data, which is not acknowledged. When "
		       "the repetitions run out (about a minute), {R} forgets the connection, and the client's next segment is reset.",
		.evidence_for = "{R} repeats its SYN/ACK after the client's ACK, the client's data is never acknowledged, and the reset "
		                "answers one of its repetitions.",
		.evidence_against = "{R} acknowledging the data: the connection was accepted. A client whose ACKs are lost on the way "
		                    "sees the same repeated SYN/ACKs.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_LIKELY,
		.severity = SEVERITY_PROBLEM,
		.prior = 12,
		.bearings = {
			NEEDS(SYNACK_REPEATED_AFTER_ACK), NEEDS(RST_BARE), BARS(R_DATA_BEFORE), BARS(EARLIER_RST), FOR(ANSWERS, 2),
			FOR(NO_DATA_FROM_R, 1), FOR(HOPS_SAME, 1), FOR(SERVICE_ACCEPTED_SAME_TIME, 1), FOR(R_NEVER_ACKED_TRIGGER, 1),
			AGAINST(THIRD_PARTY, 4),
		},
		.partners = {
			{ "handshake-state-lost", "the same capture taken on {R}: did the client's ACK and data arrive?" },
			{ "timeout-gone-late-reset", "the same capture taken on {R}: did the client's ACK and data arrive?" },
		},
		.unknowns = { "Whether the client's ACKs reached {R}: lost ACKs look the same from the client's side." },
		.checks = {
			"on {R}: nstat -az TcpExtListenOverflows TcpExtListenDrops; ss -ltn 'sport = :{port}' (Recv-Q above Send-Q)",
			"What keeps the application from accept(): blocked threads, CPU, a process limit?",
			"on {R}: sysctl net.core.somaxconn net.ipv4.tcp_synack_retries, and the backlog the application passes to listen()",
		},
		.references = { "Linux tcp_v4_syn_recv_sock, inet_csk_reqsk_queue_prune", "RFC 9293 3.10.7.2 (LISTEN)" },
	},
	{
		.id = "duplicate-address",
		.family = FAMILY,
		.headline = "Two machines answer for the address {R}",
		.why = "One SYN was answered twice, once by a machine that accepts and once by a machine that refuses. Two hosts use the "
		       "same address: a configuration error, a failover pair that are both active, or proxy ARP. Which of them a client "
		       "reaches depends on ARP caches, so connections fail at random.",
		.evidence_for = "A SYN/ACK and a reset for the same SYN, from different link addresses, with different TTLs or habits.",
		.evidence_against = "The same link address for both, or a reset faster than {R} or from nearer: somebody on the path "
		                    "injects it.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_PROBLEM,
		.prior = 0,
		.bearings = { AGAINST(UNPROVOKED, 4),
			NEEDS(TWO_ANSWERS), FOR(MAC_DIFFERS, 12), FOR(RST_REFUSAL, 1), FOR(RST_BARE, 1), FOR(ANSWERS, 1),
			AGAINST(TOO_FAST, 3), AGAINST(BURST, 4), AGAINST(HOPS_NEARER, 3), AGAINST(RST_RESERVED_BITS, 3),
			AGAINST(RST_BAD_CHECKSUM, 3), AGAINST(RST_COPIED, 3), DECIDES(MAC_DIFFERS),
		},
		.partners = {
			{ "injected-at-syn", "the link addresses of both answers, captured in {R}'s own network" },
			{ "refused-lb-no-backend", "whether the address belongs to a load balancer or anycast group" },
			{ "midstream-wrong-host", "whether the address moved on purpose at that time: failover, VRRP, a load balancer" },
		},
		.unknowns = { "Beyond a router all packets have the router's link address: only a capture in {R}'s network can tell." },
		.checks = {
			"in {R}'s network: arping -D -I INTERFACE {R}; ip neigh show {R}",
			"The switch's MAC table for both link addresses: on which ports are they?",
			"VRRP, keepalived or cluster state: are both members active?",
		},
		.references = {
			"RFC 5227 (IPv4 address conflict detection)",
			"RFC 4862 5.4 (duplicate address detection)",
			"RFC 9293 3.10.7.3",
		},
	},
	{
		.id = "duplicate-address",
		.prior = 10,
		.variant = true,
		.cap = CONFIDENCE_LIKELY,
		.bearings = {
			NEEDS(MAC_DIFFERS), NEEDS(ANSWERS_HANDSHAKE_ACK), BARS(EARLIER_RST), FOR(MAC_DIFFERS, 4), AGAINST(TOO_FAST, 4),
			AGAINST(HOPS_NEARER, 3),
		},
	},
	{
		.id = "duplicate-address",
		.variant = true,
		.headline = "Two machines use the address {R}: one refused {P}'s segment, the other goes on with the connection",
		.prior = 4, .cap = CONFIDENCE_LIKELY,
		.bearings = { NEEDS(MAC_DIFFERS), NEEDS(R_ALIVE_AFTER), FOR(MAC_DIFFERS, 4), FOR(RST_BARE, 2), FOR(ANSWERS, 2), FOR(HOPS_SAME, 3),
			AGAINST(HOPS_NEARER, 6), AGAINST(TOO_FAST, 4), AGAINST(UNPROVOKED, 8), AGAINST(BURST, 8), AGAINST(R_ACKED_TRIGGER, 14),
			AGAINST(EARLIER_RST, 8), AGAINST(RST_COPIED, 4), AGAINST(ASYMMETRIC_MAC, 9) },
	},
	{ .id = NULL },
};
