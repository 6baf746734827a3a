/* SPDX-License-Identifier: GPL-3.0-or-later
 * Catalogue, family "Timers and dead peers": an end that got no answers any more, and what became of the connection then. */
#include "explain/cause.h"

#define FAMILY "Timers and dead peers"
#define ONE_SIDE "on which part of the path, or on which end, the packets were lost: that needs captures on both sides"

const struct cause causes_timers[] = {
{
	.id = "keepalive-timeout",
	.family = FAMILY,
	.headline = "{R} probed {P} ({n} keepalives), heard no answer and gave up",
	.why = "The connection was idle, and {R} asked with keepalive probes whether {P} still lives. No answer reached {R}, so its "
	       "kernel declared the connection dead and sent a reset as the last word. {R} only reports the fault: {P} or the path to it "
	       "or back is gone, or something on the path has forgotten the connection.",
	.evidence_for = "Keepalive probes at even intervals, no answer that the prober shows to have heard, then a reset in the form of a "
			"live socket one interval after the last probe. With TCP_USER_TIMEOUT one unanswered probe is enough.",
	.evidence_against = "Probes that were answered and heard. Where the capture lies behind the fault, the probes may be missing: "
			    "then only the silence and perhaps the reset are seen.",
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_CERTAIN,
	.severity = SEVERITY_PROBLEM,
	.prior = 10,
	.bearings = { NEEDS(RST_ACTIVE), NEEDS(RST_ONE_INTERVAL_AFTER_PROBE), BARS(THIRD_PARTY), FOR(KEEPALIVES_UNANSWERED, 3),
		      FOR(PROBE_ANSWERS_NOT_HEARD, 2), FOR(R_STOPPED, 2), FOR(P_STOPPED, 1), FOR(P_UNHEARD, 2), FOR(RST_LIVE_SOCKET, 1), AGAINST(R_FIN, 2), AGAINST(MIRROR, 3),
		      DECIDES(RST_ONE_INTERVAL_AFTER_PROBE), DECIDES(KEEPALIVES_UNANSWERED), DECIDES(RST_LIVE_SOCKET) },
	.partners = { { "abort-app-timeout", "the same capture taken on {R}: it shows all probes; nstat TcpExtTCPAbortOnTimeout on {R}" },
		      { "retransmit-giveup-reset", "the same capture taken on {R}: probes at even intervals, or data repeated with "
						   "growing gaps" } },
	.unknowns = { ONE_SIDE, "whether {P} was dead, or alive behind a broken path: {P} did not speak" },
	.checks = { "is {P} alive, and was it at that time: ping {P}; uptime on {P}", "idle timers of firewalls, NATs and load balancers "
		"between {R} and {P}: are they shorter than the pause before the first probe?",
		    "on {R}: sysctl net.ipv4.tcp_keepalive_time net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes",
		    "on {R}: nstat -az TcpExtTCPAbortOnTimeout TcpExtTCPKeepAlive" },
	.references = { "RFC 9293 3.8.4", "RFC 1122 4.2.3.6", "RFC 5482", "Linux tcp_keepalive_timer, TCP_KEEPALIVE_TIMEOUT" },
},
{
	.id = "keepalive-timeout",
	.variant = true,
	.cap = CONFIDENCE_LIKELY,
	.headline = "{R} reset the connection after {gap} of silence, as keepalive does whose probes never came by here",
	.prior = 3,
	.bearings = { NEEDS(RST_ACTIVE), NEEDS(IDLE_MIDDLEBOX_TIMER), BARS(THIRD_PARTY), BARS(VANTAGE_AT_R), BARS(KEEPALIVES_UNANSWERED),
		      BARS(RST_ONE_INTERVAL_AFTER_PROBE), FOR(SILENCE_IS_KEEPALIVE, 7), FOR(RST_LIVE_SOCKET, 1), AGAINST(UNREAD_DATA, 1), AGAINST(MIRROR, 3) },
},
{
	.id = "retransmit-giveup-reset",
	.family = FAMILY,
	.headline = "{R} repeated its data {n} times without an answer and then reset the connection",
	.why = "{R} sent the same data again and again with growing pauses, and no acknowledgment came. It gave up and said so with a "
	       "reset. Linux gives up in silence; other systems, many proxies and load balancers send this reset, or an application lost "
	       "patience while the kernel was still trying. {P} or the path is the fault, not {R}.",
	.evidence_for = "Three or more repetitions of the same number with growing gaps, no progress of the acknowledgments, then a reset "
			"of the same end with its next number; nothing new from the other end.",
	.evidence_against = "Acknowledgments that pass the capture point while the sender goes on repeating: then the way back is broken "
			    "behind that point. If {R} runs Linux, look for a proxy or for a time-out of the application.",
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 8,
	.bearings = { NEEDS(RETRANSMISSIONS_UNANSWERED), BARS(ANSWERS), BARS(THIRD_PARTY),
		      FOR(RETRANSMISSIONS_UNANSWERED, 2), FOR(R_STOPPED, 2), FOR(P_UNHEARD, 2),
		      FOR(RST_ACTIVE, 1), AGAINST(RETRANSMISSIONS_FULL_SIZE_ONLY, 2), AGAINST(ZERO_WINDOW_HELD, 2), AGAINST(TRIGGER_UNSEEN, 6),
		      AGAINST(SAME_INSTANT_OTHER_SERVICES, 2) },
	.partners = { { "abort-app-timeout", "the log of the application on {R}: does it report a time-out at that moment?" },
		      { "abort-orphan-memory", "nstat TcpExtTCPAbortOnMemory and TcpExtTCPAbortOnTimeout on {R}" },
		      { "mtu-blackhole", "whether small segments get through: ping -M do -s 1472 {P} from {R}" },
		      { "abort-admin-kill", "the logs of {R}: did somebody destroy the socket while it was repeating?" } },
	.unknowns = { ONE_SIDE, UNLESS_TOLD "whether the kernel or the application of {R} ended it" },
	.checks = { "on {R} while it lasts: ss -ti 'dst {P}'   # retrans, rto, backoff", "loss and errors on the path: mtr {P}; ip -s "
		"link on both ends",
		    "was {P} up at that time, and did its packets arrive at {R}? capture on both sides" },
	.references = { "RFC 9293 3.8.3", "RFC 1122 4.2.3.5", "RFC 6298" },
},
{
	.id = "retransmit-giveup-reset",
	.variant = true,
	.headline = "{R} repeated its SYN/ACK {n} times; nobody acknowledged it, and it gave the half-open connection up with a reset",
	.prior = 12,
	.cap = CONFIDENCE_LIKELY,
	.bearings = { NEEDS(SYNACK_GIVEN_UP), BARS(THIRD_PARTY), BARS(RST_REFUSAL), FOR(SYNACK_GIVEN_UP, 4) },
},
{
	.id = "timeout-gone-late-reset",
	.family = FAMILY,
	.headline = "{R} had silently given the connection up before (its data was never acknowledged); {P}'s next packet met no "
		    "connection",
	.why = "Linux sends nothing when it gives up repeating data, also when TCP_USER_TIMEOUT or a full window ends the connection. {P} "
	       "is not told. When {P} speaks again, {R} has no such connection and answers with a reset. The number in that reset shows "
	       "that {P} never received the last data of {R}: the fault was an outage before, not the packet that drew the reset.",
	.evidence_for = "The segment that was reset acknowledges less than {R} had sent; before it, repetitions or window probes of {R} "
			"with growing gaps, then silence.",
	.evidence_against = "Without seen repetitions {R} may as well have lost its memory of the connection by a restart. At {P} the "
			    "lost repetitions of {R} cannot be seen.",
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_CERTAIN,
	.severity = SEVERITY_PROBLEM,
	.prior = 8,
	.bearings = { FOR(ICMP_UNREACHABLE, 1), FOR(ICMP_TIME_EXCEEDED, 1),  NEEDS(RST_BARE), NEEDS(ANSWERS), NEEDS(ANSWERS_STALE_ACK), BARS(THIRD_PARTY), BARS(BOTH_CLOSED), BARS(EARLIER_RST),
		      FOR(RETRANSMISSIONS_UNANSWERED, 5), FOR(ZERO_WINDOW_HELD, 1), FOR(HOPS_SAME, 1), AGAINST(R_FIN, 6),
		      AGAINST(TRIGGER_CROSSED_FIN, 3),
		      AGAINST(HOPS_FARTHER, 3), AGAINST(LEAKED_SEGMENT, 4), DECIDES(ANSWERS_STALE_ACK),
		      DECIDES(RETRANSMISSIONS_UNANSWERED) },
	.partners = { { "half-open-peer-lost-state", "the same capture taken on {R}: did it repeat its data before it fell silent? uptime "
						     "on {R}" },
		      { "mtu-blackhole", "whether small segments get through: ping -M do -s 1472 {P} from {R}" },
		      { "idle-expired-reset-on-data", "the same capture taken on {R}: does the segment that was reset arrive there?" } },
	.unknowns = { ONE_SIDE, "when exactly {R} gave up: that moment leaves no packet" },
	.checks = { "what failed on the path during the repetitions: interface, route and tunnel events, mtr {P}",
		    "on {R}: nstat -az TcpExtTCPTimeouts TcpExtTCPAbortOnTimeout", "on {R}: sysctl net.ipv4.tcp_retries2   # how long it "
		    	"tries",
		    "does the application on {R} set TCP_USER_TIMEOUT?" },
	.references = { "RFC 9293 3.8.3", "RFC 9293 3.10.7.1", "RFC 5482", "Linux tcp_write_timeout, tcp_v4_send_reset" },
},
{
	.id = "timeout-gone-late-reset",
	.variant = true,
	.prior = 8,
	.cap = CONFIDENCE_LIKELY,
	.bearings = { NEEDS(RST_BARE), NEEDS(ANSWERS), NEEDS(R_UNHEARD), BARS(THIRD_PARTY), BARS(BOTH_CLOSED), BARS(EARLIER_RST),
		      BARS(TRIGGER_NEVER_ARRIVED), FOR(R_UNHEARD, 3), FOR(LEFT_R, 1), AGAINST(R_FIN, 6) },
},
{
	.id = "timeout-gone-late-reset",
	.variant = true,
	.prior = 5,
	.cap = CONFIDENCE_LIKELY,
	.bearings = { NEEDS(TRIGGER_UNSEEN), NEEDS(RETRANSMISSIONS_UNANSWERED), FOR(RETRANSMISSIONS_UNANSWERED, 3), AGAINST(THIRD_PARTY, 6),
		      AGAINST(EARLIER_RST, 12), AGAINST(R_FIN, 4) },
},
{
	.id = "fin-wait2-expired",
	.family = FAMILY,
	.headline = "{R} had closed and waited in vain for {P} to close; {P}'s late segment ({gap} later) met no connection",
	.why = "{R} had closed its side, and {P} had acknowledged that, but {P} kept its own side open. {R} does not wait for ever: Linux "
	       "forgets such an orphan after tcp_fin_timeout (60 seconds). What {P} sends after that is answered with a reset. {P} closes "
	       "too late, mostly because its application does not notice the end of file.",
	.evidence_for = "FIN acknowledged, a pause as long as the time-out of FIN-WAIT-2 or longer, then data or FIN of the other end and "
			"the reset with the number behind the FIN.",
	.evidence_against = "After a shorter pause the data itself was refused, as {R} was completely closed. A FIN that comes early "
			    "enough is answered with an ACK.",
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_WARN,
	.prior = 7,
	.bearings = { NEEDS(R_FIN_ACKED), NEEDS(RST_BARE), NEEDS(ANSWERS), NEEDS(R_FIN_LONG_AGO), BARS(BOTH_CLOSED), BARS(THIRD_PARTY),
		      FOR(R_FIN_LONG_AGO, 4), FOR(ANSWERS_FIN, 1), FOR(HOPS_SAME, 1), AGAINST(HOPS_FARTHER, 3),
		      AGAINST(TRIGGER_CROSSED_FIN, 3) },
	.partners = { { "late-data-after-close", "sysctl net.ipv4.tcp_fin_timeout on {R}, compared with the pause" },
		      { "late-response-after-client-close", "the log of {P}: was it still working on an answer?" },
		      { "idle-expired-reset-on-data", "the same capture taken on {R}: does the late segment arrive there?" } },
	.unknowns = { "the time-out that {R} uses for FIN-WAIT-2: it differs by system and setting" },
	.checks = { "on {P}: ss -tanp state close-wait   # the program that does not close", "on {R}: sysctl net.ipv4.tcp_fin_timeout",
		    "does the program on {P} read until end of file, and close then?" },
	.references = { "RFC 9293 3.6", "RFC 9293 3.10.7.1", "Linux tcp_fin_timeout, tcp_v4_send_reset" },
},
{
	.id = "fin-wait2-expired",
	.variant = true,
	.headline = "{R} had closed and kept nothing to wait for {P} with; {P}'s FIN ({gap} later) met no connection",
	.cap = CONFIDENCE_LIKELY,
	.prior = 2,
	.bearings = { NEEDS(FIN_WAIT_GONE), NEEDS(RST_BARE), BARS(THIRD_PARTY), FOR(FIN_WAIT_GONE, 2), FOR(HOPS_SAME, 1), AGAINST(HOPS_FARTHER, 4) },
	.checks = { "on {R}: nstat -az TcpExtTCPTimeWaitOverflow TcpExtTCPAbortOnMemory   # no room for connections that wait to end",
		    "on {R}: sysctl net.ipv4.tcp_max_tw_buckets net.ipv4.tcp_max_orphans net.ipv4.tcp_fin_timeout",
		    "on {R}: did the service or its machine restart right after it closed?" },
},
{
	.id = "mtu-blackhole",
	.family = FAMILY,
	.headline = "Large packets never got through (path MTU black hole), and the connection ended after {n} repetitions",
	.why = "Small segments pass and are acknowledged, but full-size ones are lost every time. Somewhere the path takes only smaller "
	       "packets, and the ICMP message that would say so is filtered or never sent. The sender repeats until it or its application "
	       "gives up; the reset is only the end of that.",
	.evidence_for = "Only full-size segments are repeated, three times or more, while small ones get through (duplicate or selective "
			"acknowledgments); an ICMP \"packet too big\" in the capture.",
	.evidence_against = "If small segments are lost as well, it is plain loss. A capture on the sender with segmentation offload "
			    "shows segments larger than any packet: then their size proves nothing.",
	.mechanism = MECHANISM_UNKNOWN,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 12,
	.bearings = { NEEDS(RETRANSMISSIONS_FULL_SIZE_ONLY), BARS(SYNACK_GIVEN_UP), BARS(EARLIER_RST), BARS(HOPS_NEARER), FOR(ICMP_TOO_BIG, 7), FOR(LARGE_STOPPED, 5),
		      FOR(RETRANSMISSIONS_FULL_SIZE_ONLY, 2), FOR(RETRANSMISSIONS_UNANSWERED, 1), AGAINST(R_ALIVE_AFTER, 6),
		      AGAINST(FLOW_GOES_ON, 6) },
	.partners = { { "retransmit-giveup-reset", "ping -M do -s 1472 {P} from {R} and back: do only large packets vanish?" },
		      { "timeout-gone-late-reset", "ping -M do -s 1472 {P} from {R} and back: do only large packets vanish?" },
		      { "abort-app-timeout", "the log of the application on {R}: does it report a time-out?" } },
	.unknowns = { "where on the path the limit lies", "whether the sizes are those of packets on the wire, if the capture was taken "
							  "on the sender" },
	.checks = { "tracepath {P} on {R}, tracepath {R} on {P}", "ping -M do -s 1472 {P} on {R}; smaller until it passes",
		    "clamp the MSS on tunnels and PPPoE: iptables -t mangle … -j TCPMSS --clamp-mss-to-pmtu",
		    "is ICMP type 3 code 4 (IPv6: type 2) let through? as a remedy on the sender: sysctl net.ipv4.tcp_mtu_probing=1" },
	.references = { "RFC 2923 2.1", "RFC 4821", "RFC 1191", "RFC 8201" },
},
{
	.id = "mtu-blackhole",
	.variant = true,
	.prior = 8,
	.cap = CONFIDENCE_LIKELY,
	.bearings = { NEEDS(LARGE_STOPPED), NEEDS(RETRANSMISSIONS_UNANSWERED), FOR(LARGE_STOPPED, 7), FOR(RETRANSMISSIONS_UNANSWERED, 1) },
},
{ .id = NULL },
};
