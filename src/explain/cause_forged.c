/* SPDX-License-Identifier: GPL-3.0-or-later
 * The causes of a forged reset: a third party wrote it in the name of one of the ends. */
#include "explain/cause.h"

#define FAMILY "Forged by a third party"
#define CAPTURE_AT_R "the same capture taken on {R}: did it send this reset at all?"
#define NO_NAMES "Who forged it, and with what right, is not on the wire."

const struct cause causes_forged[] = {
	{
		.id = "injected-on-path",
		.family = FAMILY,
		.headline = "Somebody between the two ends forged a reset in the name of {R}",
		.why = "A device or person that sees the connection's packets wrote a reset with {R}'s address and a fitting sequence "
		       "number. {P} cannot tell it from a real one and gives up. Traffic management, censorship, security products and "
		       "attackers all use this method.",
		.evidence_for = "{R} goes on as if nothing had happened: it sends new data or acknowledges {P}'s segments after \"its\" "
		                "reset. The reset was faster than {R} can be, comes from another distance, lacks the connection's "
		                "timestamps, or lies below what {R} had sent although nothing asks for that.",
		.evidence_against = "A segment that the reset answers exactly, from {R}'s distance. {R} answering later segments with "
		                    "resets too: its socket really is gone. A captured duplicate, or packets in another order, can look "
		                    "like {R} being alive.",
		.mechanism = MECHANISM_THIRD_PARTY,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_PROBLEM,
		.prior = 1,
		.bearings = { FOR(KERNEL_NOT_SENT, 3), AGAINST(KERNEL_FILTER, 6), AGAINST(SPREAD_GUESSES, 5), AGAINST(OUT_OF_WINDOW, 1), AGAINST(IN_WINDOW_NOT_EXACT, 1),
			FOR(HOPS_FARTHER, 2), FOR(HOPS_FAR_OFF, 2),
			NEEDS(THIRD_PARTY), FOR(R_ALIVE_AFTER, 4), FOR(UNPROVOKED, 2), FOR(SEQ_BELOW_SENT, 2),
			FOR(SEQ_BEYOND_SENT, 2), FOR(RST_NO_TIMESTAMPS, 1), FOR(RST_TIMESTAMP_OFF_CLOCK, 2), FOR(STYLE_FOREIGN, 1),
			FOR(TOO_FAST, 1), FOR(RST_RESERVED_BITS, 2), FOR(FLOW_GOES_ON, 1), FOR(R_ACKED_TRIGGER, 2), AGAINST(ANSWERS, 2), AGAINST(MIRROR, 1),
			AGAINST(IDLE_MIDDLEBOX_TIMER, 2), AGAINST(BURST, 1), DECIDES(R_ALIVE_AFTER), DECIDES(UNPROVOKED),
		},
		.partners = {
			{ "firewall-reject-midstream", "the rules and the log of the firewalls on the path" },
			{ "ips-reset-both",
			  "the log of the security devices on the path, and a capture on {R}'s side: was {R} reset too?" },
			{ "injected-after-request", "the same request with another name, and the same name sent to another address" },
			{ "idle-expired-reset-both", "the idle timers of the devices on the path" },
			{ "blind-rst-attack", "a longer capture: do resets with other sequence numbers come as well?" },
		},
		.unknowns = { NO_NAMES, "Whether the forger is an attacker or a device that is meant to do this." },
		.checks = {
			"Capture at both ends at once: a reset that arrives at {P} but never left {R} is the proof.",
			"Does it happen by another path (a VPN, another provider)?",
			"The logs of the firewalls, intrusion prevention systems and proxies between {R} and {P}.",
		},
		.references = {
			"RFC 9293 3.10.7.4 (RST is accepted by its sequence number)", "RFC 5961 3.2", "RFC 3360 (inappropriate TCP resets)",
			"Weaver, Sommer, Paxson: Detecting Forged TCP Reset Packets, NDSS 2009",
		},
	},
	{
		.id = "injected-on-path",
		.variant = true,
		.prior = 1,
		.cap = CONFIDENCE_CERTAIN,
		.bearings = { NEEDS(MADE_BETWEEN), BARS(TRIGGER_NEVER_ARRIVED), BARS(ANSWERS_SYN),
			FOR(MADE_BETWEEN, 5), FOR(TRIGGER_ARRIVED, 3), FOR(R_ALIVE_AFTER, 3), FOR(HOPS_FARTHER, 2), FOR(UNPROVOKED, 1),
			AGAINST(SPREAD_GUESSES, 6), AGAINST(BURST, 4), AGAINST(IDLE_MIDDLEBOX_TIMER, 4), AGAINST(FIRST_PAYLOAD_THEN_RST, 1),
			DECIDES(MADE_BETWEEN) },
	},
	{
		.id = "injected-multi-seq",
		.family = FAMILY,
		.headline = "Several forged resets in the name of {R}, with guessed or differing numbers",
		.why = "A third party that races with the connection does not know which sequence number {P} will expect when the reset "
		       "arrives, and sends several. A real TCP never sends a reset beyond its own highest sequence number, nor several at "
		       "once without a segment that asks for each.",
		.evidence_for = "Two or more resets in a burst, one direction, no segments of their own that they answer; their sequence "
		                "numbers step upward, or their flags, acknowledgments, windows or TTLs differ.",
		.evidence_against = "Equal sequence numbers, one reset for each segment in flight: the answers of a closed socket. An "
		                    "exact reset after a challenge ACK.",
		.mechanism = MECHANISM_THIRD_PARTY,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_PROBLEM,
		.prior = 2,
		.bearings = {
			NEEDS(BURST), FOR(BURST_SEQ_VARIES, 5), FOR(BURST_STYLE_VARIES, 3), FOR(RESETS_SURPLUS, 3),
			FOR(THIRD_PARTY, 3), FOR(R_ALIVE_AFTER, 3), FOR(SEQ_BEYOND_SENT, 2), FOR(RST_RESERVED_BITS, 1),
			FOR(FIRST_PAYLOAD_THEN_RST, 1), AGAINST(RST_LIVE_SOCKET, 3), AGAINST(SPREAD_GUESSES, 3), DECIDES(BURST_SEQ_VARIES),
			DECIDES(BURST_STYLE_VARIES),
		},
		.partners = {
			{ "injected-after-request", "the same request with another name, and the same name sent to another address" },
			{ "injected-on-path", CAPTURE_AT_R },
			{ "blind-rst-attack", "a longer capture: does it go on, and does the sender ever hit the exact number?" },
			{ "ips-reset-both", "the configuration of the security devices on the path (number of reset attempts)" },
			{ "in-flight-after-abort", "the same capture taken on {R}: which segments arrived there, and did it answer each?" },
		},
		.unknowns = { NO_NAMES },
		.checks = {
			"Capture at both ends at once: resets that arrive at {P} but never left {R} are the proof.",
			"Repeat with another name, another port, another path: what changes the outcome?",
			"The logs of the security devices on the path; some send several resets for one event.",
		},
		.references = {
			"Weaver, Sommer, Paxson: Detecting Forged TCP Reset Packets, NDSS 2009",
			"Clayton, Murdoch, Watson: Ignoring the Great Firewall of China, 2006",
			"RFC 9293 3.10.7.4", "RFC 5961 3.2",
		},
	},
	{
		.id = "injected-at-syn",
		.family = FAMILY,
		.headline = "The connection attempt to {R} was reset by a third party, before {R} answered or in spite of its answer",
		.why = "A device on the path answers the SYN with a reset in the name of {R}, to block an address or port, while {R} "
		       "itself accepts. Which answer arrives first decides what the client sees.",
		.evidence_for = "A SYN/ACK of {R} and a reset for the same SYN; the reset is faster than {R}, comes from nearer, comes "
		                "several times, or does not look like {R}'s packets.",
		.evidence_against = "Only a refusal and nothing else: a closed port or a firewall. Different link addresses within one "
		                    "network: two machines with one address.",
		.mechanism = MECHANISM_THIRD_PARTY,
		.cap = CONFIDENCE_LIKELY,
		.severity = SEVERITY_PROBLEM,
		.prior = 2,
		.bearings = { FOR(UNPROVOKED, 3),
			NEEDS(TWO_ANSWERS), FOR(TOO_FAST, 4), FOR(BURST, 4), FOR(HOPS_NEARER, 3),
			FOR(RST_RESERVED_BITS, 3), FOR(STYLE_FOREIGN, 2), FOR(HOPS_FARTHER, 1), FOR(R_ALIVE_AFTER, 2),
			FOR(RST_BAD_CHECKSUM, 1), FOR(RST_COPIED, 3), AGAINST(MAC_DIFFERS, 4),
		},
		.partners = {
			{ "duplicate-address", "the link addresses of both answers, captured in {R}'s own network" },
			{ "refused-firewall-reject", "the rules of the firewalls on the path for this port" },
			{ "injected-multi-seq", CAPTURE_AT_R },
			{ "asymmetric-path-reset", "routes in both directions: does a firewall see only half of the conversation?" },
		},
		.unknowns = { NO_NAMES },
		.checks = {
			"The same capture on {R}: did the SYN arrive, and which answer left?",
			"Other ports of {R}, and other hosts near it: are they reset as well?",
			"The same attempt by another path (a VPN, another provider).",
		},
		.references = {
			"RFC 9293 3.10.7.3 (SYN-SENT)",
			"RFC 3360 (inappropriate TCP resets)",
			"Weaver, Sommer, Paxson: Detecting Forged TCP Reset Packets, NDSS 2009",
		},
	},
	{
		.id = "injected-after-request",
		.family = FAMILY,
		.headline = "A third party reset the connection right after the first request ({name}), as filters of names or content do",
		.why = "A device on the path reads the first request, finds a name or word that it is to block, and resets the connection "
		       "in the name of {R}, often towards both ends. {R} may have received the request and answered it; the answer comes "
		       "too late.",
		.evidence_for = "The handshake was good; the reset follows the first payload of {P}, faster than {R} can answer or unlike "
		                "{R}'s packets. {R}'s real answer may still arrive. New connections to {R} may be reset at once for a "
		                "while.",
		.evidence_against = "An error or alert of {R} before the reset, or an abort from {R}'s own distance with its timestamps: "
		                    "the server's own policy.",
		.mechanism = MECHANISM_THIRD_PARTY,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_PROBLEM,
		.prior = 4,
		.bearings = {
			NEEDS(FIRST_PAYLOAD_THEN_RST), NEEDS(THIRD_PARTY), BARS(ERROR_BEFORE_RST), FOR(R_ALIVE_AFTER, 3),
			FOR(TOO_FAST, 2), FOR(BURST, 2), FOR(STYLE_FOREIGN, 1), FOR(HOPS_NEARER, 1), FOR(RST_NO_TIMESTAMPS, 1),
			FOR(R_NEVER_ACKED_TRIGGER, 1), FOR(R_ACKED_TRIGGER, 2), AGAINST(BURST_SEQ_VARIES, 2), AGAINST(R_DATA_BEFORE, 1),
			AGAINST(RST_LIVE_SOCKET, 4),
			AGAINST(MIRROR, 1), DECIDES(R_ALIVE_AFTER), DECIDES(UNPROVOKED),
		},
		.partners = {
			{ "ips-reset-both", "the log of the security devices on the path" },
			{ "firewall-reject-midstream", "the rules of the firewalls on the path, and the same request with another name" },
			{ "injected-multi-seq", CAPTURE_AT_R },
			{ "abort-after-protocol-error", "the log of the server on {R}: did it see and refuse this request?" },
			{ "injected-on-path", "the same request with another name: is it reset as well?" },
		},
		.unknowns = { NO_NAMES, "Which word or name it was: only trying others tells." },
		.checks = {
			"Repeat with another name to the same address: curl -v --resolve OTHER.NAME:{port}:{server_addr} "
			"SCHEME://OTHER.NAME:{port}/ (SCHEME: http or https, as it was here)",
			"Repeat with the same name ({name}) to another address.",
			"Capture at both ends at once: did {R} send this reset?",
			"Does your own network filter by name (proxy, parental or enterprise filter)?",
		},
		.references = {
			"Clayton, Murdoch, Watson: Ignoring the Great Firewall of China, 2006",
			"Weaver, Sommer, Paxson: Detecting Forged TCP Reset Packets, NDSS 2009",
			"RFC 3360 (inappropriate TCP resets)",
		},
	},
	{
		.id = "blind-rst-attack",
		.family = FAMILY,
		.headline = "Somebody who does not see the connection tries to reset it by guessing ({n} resets)",
		.why = "An attacker off the path knows or guesses addresses and ports, but not the sequence numbers, and sends many "
		       "resets spread over the sequence space. A TCP that follows RFC 5961 accepts only the exact number and answers "
		       "others in its window with a challenge ACK, so most such attempts fail.",
		.evidence_for = "Many resets with sequence numbers spread across or outside the window; challenge ACKs; the connection "
		                "goes on.",
		.evidence_against = "Only one to three resets near the expected number: somebody on the path, or an old duplicate.",
		.mechanism = MECHANISM_THIRD_PARTY,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_PROBLEM,
		.prior = 8,
		.bearings = {
			NEEDS(SPREAD_GUESSES), FOR(FLOW_GOES_ON, 2), FOR(OUT_OF_WINDOW, 1), FOR(CHALLENGED, 2),
			FOR(UNPROVOKED, 2), FOR(THIRD_PARTY, 1), FOR(IN_WINDOW_NOT_EXACT, 1), AGAINST(ANSWERS, 4),
			AGAINST(RST_LIVE_SOCKET, 3), DECIDES(SPREAD_GUESSES), DECIDES(R_ALIVE_AFTER),
		},
		.partners = {
			{ "injected-multi-seq", "where the resets enter the network: the counters of the routers towards {R} and {P}" },
			{ "injected-on-path", "a longer capture: do resets with other sequence numbers follow?" },
		},
		.unknowns = { "Where the forged packets enter the network: their source address says nothing." },
		.checks = {
			"on {P}: nstat -az TcpExtTCPChallengeACK (does it grow?)",
			"For BGP and the like: TCP-AO or TCP MD5, and the generalised TTL security mechanism (RFC 5082).",
			"Ingress filtering at the borders against forged sources (BCP 38).",
		},
		.references = { "RFC 5961 3.2", "RFC 4953 (defending TCP against spoofing)", "CVE-2004-0230" },
	},
	{
		.id = "blind-rst-attack",
		.prior = 3,
		.variant = true,
		.cap = CONFIDENCE_POSSIBLE,
		.bearings = {
			NEEDS(IN_WINDOW_NOT_EXACT), NEEDS(CHALLENGED), NEEDS(UNPROVOKED), BARS(BURST),
			FOR(FLOW_GOES_ON, 3), FOR(THIRD_PARTY, 2), AGAINST(RST_LIVE_SOCKET, 4), AGAINST(RST_ACTIVE, 2),
		},
	},
	{ .id = NULL },
};
