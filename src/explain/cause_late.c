/* SPDX-License-Identifier: GPL-3.0-or-later
 * Catalogue, family "No such connection (any more)": a host answers a segment of a connection that it has closed,
 forgotten or never had. */
#include "explain/cause.h"

#define FAMILY "Answer of a host that has no such connection (any more)"
#define CLOSE_OR_SHUTDOWN "how {R} closed: close(), shutdown of both directions and the end of the process look the same"

#define LATE_WHY \
	"{R} had closed the connection completely: its application does not want to read any more. The kernel announced that with a FIN, " \
	"but a FIN alone only means \"I send no more\". Data that arrives afterwards cannot be delivered to anybody, and the kernel says " \
	"so with a reset. The two applications disagree about who ends the dialogue."
#define LATE_FOR \
	"A FIN of the resetting end before, data of the other end after or across it, and a reset without ACK flag whose number is the " \
	"one that the data acknowledges; one reset for each segment in flight, all with the same number."
#define LATE_AGAINST \
	"An end that closed only its sending half accepts data; the reset itself shows that both halves were closed. Idle connections, " \
	"cancelled requests and TLS goodbyes are told apart as causes of their own."

#define RACE_WHY \
	"{R} closes connections that have been idle for a time. {P} took just this connection out of its pool and sent a new request " \
	"while the FIN was on its way, or before it had looked at it. {R} had closed and answered with a reset. Both behave correctly; " \
	"the idle time-out of {R} is shorter than that of {P}'s pool."
#define RACE_FOR \
	"An idle pause of a usual keep-alive time, the server's FIN, and a new request within a few round trips, often crossing the FIN; " \
	"the reset answers that request."
#define RACE_AGAINST \
	"A request long after the FIN had been acknowledged means that the client did not look at the end of file. A reset in the form " \
	"of a live socket means that the server closed with the request unread."
#define RACE_PARTNERS \
	{ "late-data-after-close", "the plaintext of the segment that was reset: a new request, or the rest of something older?" }, \
	{ "abort-unread-data", "nstat TcpExtTCPAbortOnClose on {R}: had it received the request before it closed?" }, \
	{ "fin-wait2-expired", "sysctl net.ipv4.tcp_fin_timeout on {R}, compared with the pause after the FIN" }
#define RACE_CHECKS \
	"make the keep-alive time-out of {R} longer than the idle time-out of the client's or proxy's pool", \
	"does {P} repeat idempotent requests when a reused connection fails?", \
	"does {P} look for end of file before it reuses a connection?"

#define INSIDE_LOST "why the state was lost: a restart, a crash, a failover and a silent time-out leave the same packet"
#define WRONG_HOST_WHY \
	"Behind the address of {R} stand several machines. Something moved this connection from one to another: a load balancer that " \
	"distributes anew, a changed route, a failover without shared state. The new machine has never seen the connection and refuses " \
	"its packets with a reset."
#define WRONG_HOST_FOR \
	"The exact answer to a segment, but with the distance or link address of another machine than before, after about a normal round " \
	"trip; many connections to the address at once, while new ones work immediately."
#define WRONG_HOST_AGAINST "The same distance and style as before point to the same machine, which lost its state."
#define WRONG_HOST_PARTNERS \
	{ "half-open-peer-lost-state", "the same capture taken on {R}: was it the machine of the connection that answered?" }, \
	{ "firewall-reject-midstream", "the same capture taken on the machines behind {R}: does the segment arrive at any of them?" }, \
	{ "idle-expired-reset-on-data", "the idle timers of load balancers and firewalls before {R}, compared with the pause" }, \
	{ "duplicate-address", "arping -D -I IF {R} in the network of {R}: does more than one machine answer?" }, \
	{ "injected-on-path", "the same capture taken on {R}: did any machine there send this reset?" }
#define WRONG_HOST_CHECKS \
	"events of the load balancer, routing or VRRP at that time; changes of the set of backends", \
	"is the distribution stable (consistent hashing), and is state shared on failover?", \
	"were connections drained before the change?"

const struct cause causes_late[] = {
{
	.id = "late-data-after-close",
	.family = FAMILY,
	.headline = "{P} sent data after {R} had completely closed the connection",
	.why = LATE_WHY,
	.evidence_for = LATE_FOR,
	.evidence_against = LATE_AGAINST,
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_CERTAIN,
	.severity = SEVERITY_WARN,
	.prior = 4,
	.bearings = { NEEDS(RST_BARE), NEEDS(ANSWERS), NEEDS(R_FIN), NEEDS(ANSWERS_NEW_DATA), BARS(THIRD_PARTY), FOR(R_FIN_ACKED, 1),
		      FOR(ANSWERS_NEW_DATA, 1), FOR(BULK_FROM_P, 1), AGAINST(R_FIN_LONG_AGO, 2), AGAINST(REQUEST_UNANSWERED_AT_FIN, 1),
		      AGAINST(IDLE_BEFORE_FIN, 1), AGAINST(ANSWERS_CLOSE_NOTIFY, 2), AGAINST(ANSWERS_HIDDEN, 1), AGAINST(HOPS_FARTHER, 2), DECIDES(R_FIN),
		      DECIDES(ANSWERS_NEW_DATA), DECIDES(R_FIN_ACKED) },
	.partners = { { "late-response-after-client-close", "the plaintext: was a request of {R} still open when it closed?" },
		      { "keepalive-race", "the plaintext of the segment that was reset: is it a new request on an idle connection?" },
		      { "fin-wait2-expired", "sysctl net.ipv4.tcp_fin_timeout on {R}, compared with the pause after the FIN" },
		      { "late-tls-close-notify", "the decrypted last record of {P}: a goodbye, or application data?" },
		      { "abort-process-killed", "the log and the exit status of the program on {R}" } },
	.unknowns = { CLOSE_OR_SHUTDOWN, "which of the two applications breaks the protocol between them" },
	.checks = { "who should close first in this protocol? {P}: read to end of file before writing on",
		    "{R}: do not close before the dialogue has ended (shutdown of the sending half, then read to the end)",
		    "the logs of both applications at the time of {R}'s FIN", UNLESS_TOLD "on {R}: perf trace -e "
		    	"tcp:tcp_send_reset   # Linux 6.10 or newer" },
	.references = { "RFC 9293 3.6.1", "RFC 1122 4.2.2.13", "Linux tcp_rcv_state_process, TCP_ABORT_ON_DATA", "Linux "
		"TCP_TIMEWAIT_SOCKET" },
},
{
	.id = "late-data-after-close",
	.family = FAMILY,
	.variant = true,
	.headline = "{R} had closed the connection and refused something that came later; what came was not captured",
	.cap = CONFIDENCE_POSSIBLE,
	.prior = 5,
	.bearings = { NEEDS(TRIGGER_UNSEEN), NEEDS(R_FIN), BARS(P_FIN), BARS(EARLIER_RST), BARS(THIRD_PARTY), FOR(HOPS_SAME, 1) },
},
{
	.id = "late-data-after-close",
	.family = FAMILY,
	.variant = true,
	.headline = "{R} had closed the connection completely; it answered a later segment of {P} with a reset",
	.why = LATE_WHY,
	.evidence_for = LATE_FOR,
	.evidence_against = LATE_AGAINST,
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_WARN,
	.prior = 1,
	.bearings = { NEEDS(RST_BARE), NEEDS(ANSWERS), NEEDS(R_FIN), BARS(ANSWERS_NEW_DATA), BARS(BOTH_CLOSED), BARS(THIRD_PARTY),
		      FOR(ANSWERS_OLD_SEGMENT, 1), FOR(HOPS_SAME, 1), AGAINST(HOPS_FARTHER, 2) },
	.partners = { { "fin-wait2-expired", "sysctl net.ipv4.tcp_fin_timeout on {R}, compared with the pause after the FIN" },
		      { "late-segment-after-full-close", "the same capture taken on {R}: had both FINs been acknowledged before?" },
		      { "abort-linger2-fin-wait2", "strace -f -e trace=setsockopt on {R}: TCP_LINGER2 below zero" } },
	.unknowns = { CLOSE_OR_SHUTDOWN, "whether an earlier copy of the segment, outside the capture, had been refused before" },
	.checks = { "who should close first in this protocol? {P}: read to end of file before writing on",
		    "the logs of both applications at the time of {R}'s FIN" },
	.references = { "RFC 9293 3.6.1", "RFC 9293 3.10.7.1", "Linux tcp_v4_send_reset" },
},
{
	.id = "late-response-after-client-close",
	.family = FAMILY,
	.headline = "{R} cancelled: it closed {gap} after its request, while {P} was still preparing or sending the answer",
	.why = "{R} sent a request, lost interest or patience, and closed the connection. {P} did not know what the FIN meant (an end may "
	       "close its sending half and still wait for the answer), so it answered. The socket of {R} was gone, and its kernel refused "
	       "the answer with a reset.",
	.evidence_for = "The last payload before the FIN of the client is a request without a complete answer; then segments of the "
			"answer, each drawing a reset with the same number. The pause from request to FIN is often a time-out of the "
			"client.",
	.evidence_against = "If the answer had been complete, the late data is something else. On encrypted connections requests and "
			    "answers are known by direction and size only.",
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_WARN,
	.prior = 7,
	.bearings = { NEEDS(RST_BARE), NEEDS(ANSWERS), NEEDS(R_FIN), NEEDS(REQUEST_UNANSWERED_AT_FIN), NEEDS(BY_CLIENT), BARS(THIRD_PARTY),
		      BARS(BOTH_CLOSED), FOR(REQUEST_UNANSWERED_AT_FIN, 2), FOR(ANSWERS_NEW_DATA, 1), FOR(SAME_GAP_ELSEWHERE, 1),
		      AGAINST(ANSWERS_CLOSE_NOTIFY, 5), AGAINST(HOPS_FARTHER, 2), AGAINST(R_FIN_LONG_AGO, 1) },
	.partners = { { "late-data-after-close", "the plaintext: was the answer to {R}'s last request complete when it closed?" },
		      { "late-tls-close-notify", "the decrypted record that was reset: an answer, or a goodbye?" },
		      { "fin-wait2-expired", "sysctl net.ipv4.tcp_fin_timeout on {R}, compared with the pause after the FIN" } },
	.unknowns = { "why the client closed: a time-out, a user who stopped, or a program that needed no answer", CLOSE_OR_SHUTDOWN },
	.checks = { "what ended it on the client after {gap}: a time-out, or its user?", "how long the server took for this request: its log (HTTP: status "
		"499 or 502 at proxies)",
		    "if the client cancels on purpose, nothing is to be repaired" },
	.references = { "RFC 9293 3.6.1", "RFC 1122 4.2.2.13", "Linux tcp_rcv_state_process, TCP_ABORT_ON_DATA" },
},
{
	.id = "late-tls-close-notify",
	.family = FAMILY,
	.headline = "Harmless: {R} had closed; {P}'s TLS goodbye arrived afterwards",
	.why = "Both ends had finished. {R} closed its socket without waiting for {P}'s close_notify, and when that record arrived, "
	       "nobody was there to read it. The kernel of {R} refused it as it refuses any data after close. No application data was "
	       "lost.",
	.evidence_for = "FIN of the resetting end, then from the other end one short record of the size of an alert, often with FIN; one "
			"reset for each of these segments.",
	.evidence_against = "A late record longer than an alert is application data. In TLS 1.3 alerts are encrypted and known by their "
			    "size only.",
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_INFO,
	.prior = 8,
	.bearings = { NEEDS(RST_BARE), NEEDS(ANSWERS), NEEDS(R_FIN), NEEDS(ANSWERS_CLOSE_NOTIFY), BARS(THIRD_PARTY),
		      FOR(ANSWERS_CLOSE_NOTIFY, 2),
		      FOR(R_FIN_ACKED, 1), AGAINST(REQUEST_UNANSWERED_AT_FIN, 4), AGAINST(R_FIN_LONG_AGO, 2), AGAINST(HOPS_FARTHER, 2) },
	.partners = { { "late-data-after-close", "the decrypted last record of {P}: a goodbye, or application data?" },
		      { "late-response-after-client-close", "the decrypted last record of {P}: a goodbye, or the answer?" } },
	.unknowns = { "the content of the last record, where it is encrypted: it is taken for a goodbye by its size" },
	.checks = { "nothing to repair; the reset disappears if {R} waits for {P}'s close_notify before it closes" },
	.references = { "RFC 8446 6.1", "RFC 9293 3.6.1", "Linux tcp_rcv_state_process, TCP_ABORT_ON_DATA" },
},
{
	.id = "keepalive-race",
	.family = FAMILY,
	.headline = "{P} reused an idle connection at the very moment {R} was closing it",
	.why = RACE_WHY,
	.evidence_for = RACE_FOR,
	.evidence_against = RACE_AGAINST,
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 1, /* without one of the signs of a race it is none */
	.bearings = { NEEDS(RST_BARE), NEEDS(ANSWERS), NEEDS(R_FIN), NEEDS(BY_SERVER), NEEDS(ANSWERS_NEW_DATA), NEEDS(IDLE_BEFORE_FIN),
		      BARS(THIRD_PARTY), FOR(TRIGGER_CROSSED_FIN, 5), FOR(TRIGGER_SOON_AFTER_FIN, 4), FOR(ANSWERS_REQUEST, 2),
		      FOR(R_DATA_BEFORE, 1), FOR(SAME_GAP_ELSEWHERE, 1), AGAINST(ANSWERS_CLOSE_NOTIFY, 4), AGAINST(R_FIN_LONG_AGO, 2) },
	.partners = { RACE_PARTNERS },
	.unknowns = { "whether the segment is a new request, where it is encrypted" },
	.checks = { RACE_CHECKS, "idle time before {R}'s FIN: {gap}; which setting of {R} is that?" },
	.references = { "RFC 9112 9.5", "RFC 9293 3.6.1", "Linux tcp_rcv_state_process, TCP_ABORT_ON_DATA" },
},
{
	.id = "keepalive-race",
	.family = FAMILY,
	.variant = true,
	.headline = "{P} sent a new request at the very moment {R} was closing the connection",
	.why = RACE_WHY,
	.evidence_for = RACE_FOR,
	.evidence_against = RACE_AGAINST,
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 4,
	.bearings = { NEEDS(RST_BARE), NEEDS(BY_SERVER), NEEDS(ANSWERS_REQUEST), NEEDS(TRIGGER_CROSSED_FIN),
		      BARS(IDLE_BEFORE_FIN), BARS(THIRD_PARTY), FOR(TRIGGER_CROSSED_FIN, 2), FOR(R_DATA_BEFORE, 2),
		      AGAINST(NO_DATA_FROM_R, 2) },
	.partners = { RACE_PARTNERS },
	.unknowns = { "how long {R} keeps idle connections: the pause before its FIN was short or is not in the capture" },
	.checks = { RACE_CHECKS },
	.references = { "RFC 9112 9.5", "RFC 9293 3.6.1", "Linux tcp_rcv_state_process, TCP_ABORT_ON_DATA" },
},
{
	.id = "late-segment-after-full-close",
	.family = FAMILY,
	.headline = "Harmless: a late or repeated packet reached {R} after the connection had been properly closed",
	.why = "Both ends had closed, and both FINs were acknowledged. The end that closed last keeps no memory of the connection. A "
	       "packet that arrives then (delayed, repeated, or a late window update) belongs to nothing that {R} knows, and it is "
	       "refused with a reset. The connection had done its work.",
	.evidence_for = "Both FINs sent and acknowledged before; the segment that was reset is an empty ACK, old data or a repeated FIN; "
			"the reset has the number which that segment acknowledges, even if it lies below what had been sent.",
	.evidence_against = "New data after the close is no accident of the network. An end in TIME-WAIT answers old segments with ACK, "
			    "not with a reset.",
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_CERTAIN,
	.severity = SEVERITY_INFO,
	.prior = 7,
	.bearings = { NEEDS(RST_BARE), NEEDS(BOTH_CLOSED), NEEDS(ANSWERS), BARS(ANSWERS_NEW_DATA), BARS(THIRD_PARTY), FOR(R_CLOSED_LAST, 2),
		      FOR(ANSWERS_OLD_SEGMENT, 2), FOR(ANSWERS_PURE_ACK, 1), AGAINST(R_REPEATED_AFTER_CLOSE, 4), DECIDES(BOTH_CLOSED),
		      DECIDES(R_CLOSED_LAST), DECIDES(ANSWERS) },
	.partners = { { "time-wait-assassination", "which packet woke {P}: the same capture taken on {P}" },
		      { "late-data-after-close", "the same capture taken on {R}: does the segment bring data that {R} had not "
						 "received?" } },
	.unknowns = { "where on the path the packet was delayed or repeated" },
	.checks = { "nothing to repair; if it is frequent, look for reordering on the path (parallel links, offload, mirrored packets)",
		    "if {R} closed first and yet had no TIME-WAIT: its settings, such as net.ipv4.tcp_max_tw_buckets" },
	.references = { "RFC 9293 3.10.7.1", "RFC 9293 3.6", "Linux tcp_v4_send_reset, reason NO_SOCKET" },
},
{
	.id = "late-segment-after-full-close",
	.family = FAMILY,
	.variant = true,
	.headline = "Both ends had closed; {R} refused something that came later and was not captured",
	.cap = CONFIDENCE_POSSIBLE,
	.prior = 6,
	.bearings = { NEEDS(TRIGGER_UNSEEN), NEEDS(R_FIN), NEEDS(P_FIN), BARS(EARLIER_RST), BARS(THIRD_PARTY), FOR(HOPS_SAME, 1) },
},
{
	.id = "half-open-peer-lost-state",
	.family = FAMILY,
	.headline = "{R} does not know this connection any more: it was restarted, lost its state or let it expire",
	.why = "{P} believes in a connection that {R} does not have. {R} never closed it with FIN or reset in this capture, so it must "
	       "have lost it: by a reboot, a crash, the replacement of a machine or container, a failover, or by giving up in silence. "
	       "The reset is the standard's way to tell {P}. A middlebox that answers in {R}'s name can look the same.",
	.evidence_for = "An established connection without any FIN or reset of {R}, then data, a FIN or a keepalive probe of the other "
			"end and the exact answer to it, from the same distance as before; other connections of {R} end at that time as "
			"well.",
	.evidence_against = "Another distance than before points to another machine or to a middlebox, a pause as long as a middlebox's "
			    "idle timer to an expired entry.",
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 3,
	.bearings = { FOR(ICMP_UNREACHABLE, 1),  NEEDS(RST_BARE), NEEDS(ANSWERS), BARS(R_FIN), BARS(THIRD_PARTY), BARS(ANSWERS_SYNACK), BARS(ANSWERS_HANDSHAKE_ACK),
		      BARS(ANSWERS_BAD_HANDSHAKE_ACK), BARS(ANSWERS_WRONG_ACK_IN_SYN_SENT), BARS(TIMESTAMP_ECHO_WRONG), FOR(HOPS_SAME, 2), FOR(R_FLOWS_DIE, 2),
		      FOR(R_DATA_BEFORE, 1),
		      FOR(ANSWERS_KEEPALIVE, 1), FOR(IDLE_LONG, 1), AGAINST(IDLE_MIDDLEBOX_TIMER, 2), AGAINST(HOPS_FARTHER, 4),
		      AGAINST(HOPS_NEARER, 4), AGAINST(MAC_DIFFERS, 3), AGAINST(STYLE_FOREIGN, 3), AGAINST(NO_HISTORY, 5), AGAINST(ANSWERS_STALE_ACK, 1),
		      AGAINST(SYNACK_REPEATED_AFTER_ACK, 3), AGAINST(R_HOST_REFUSED, 9) },
	.partners = { { "idle-expired-reset-on-data", "the same capture taken on {R}: does the segment that was reset arrive there?" },
		      { "midstream-wrong-host", "the same capture taken on {R}: was it this machine that answered? log of the load "
						"balancer" },
		      { "nat-mapping-lost", "the same capture taken behind the NAT: does the segment that was reset arrive there?" },
		      { "timeout-gone-late-reset", "the same capture taken on {R}: did it repeat data in vain before?" },
		      { "conntrack-invalid-leak", "the same capture taken on {R}: do the address and port of {P} belong to a connection "
						  "of {R}?" } },
	.unknowns = { UNLESS_TOLD "whether {R} itself or something that speaks in its name lost the connection", INSIDE_LOST },
	.checks = { "did {R} or its service restart: uptime, last reboot, journalctl -u SERVICE, kubectl get pod (restarts, age)",
		    "failover, live migration or a move of the address {R} at that time", "do other clients of {R} report the same at "
		    	"that time?",
		    UNLESS_TOLD "a capture on {R}: does the segment arrive, and does {R} itself answer?" },
	.references = { "RFC 9293 3.5.1", "RFC 9293 3.10.7.1", "Linux tcp_v4_send_reset, reasons NO_SOCKET, TCP_FLAGS" },
},
{
	.id = "half-open-peer-lost-state",
	.family = FAMILY,
	.variant = true,
	.headline = "{R} refused something that was not captured as if it did not know this connection",
	.cap = CONFIDENCE_POSSIBLE,
	.prior = 4,
	.bearings = { NEEDS(FLAGS_ONLY), NEEDS(TRIGGER_UNSEEN), BARS(R_FIN), BARS(EARLIER_RST), BARS(THIRD_PARTY), FOR(HOPS_SAME, 1) },
},
{
	.id = "midstream-wrong-host",
	.family = FAMILY,
	.headline = "The packets suddenly reached another machine behind {R}, which does not know the connection",
	.why = WRONG_HOST_WHY,
	.evidence_for = WRONG_HOST_FOR,
	.evidence_against = WRONG_HOST_AGAINST,
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 4,
	.bearings = { AGAINST(STYLE_FOREIGN, 5), AGAINST(HOPS_FAR_OFF, 6),
		      NEEDS(RST_BARE), NEEDS(ANSWERS), NEEDS(HOPS_FARTHER), BARS(R_FIN), BARS(ANSWERS_SYNACK), BARS(NO_HISTORY),
		      BARS(R_ALIVE_AFTER),
		      FOR(HOPS_FARTHER, 3), FOR(MAC_DIFFERS, 2), FOR(DELAY_FITS, 2), FOR(SERVICE_OTHERS_LIVE_ON, 2),
		      FOR(SERVICE_ACCEPTED_AFTER, 1),
		      AGAINST(TOO_FAST, 4), AGAINST(BURST_SEQ_VARIES, 4) },
	.partners = { WRONG_HOST_PARTNERS },
	.unknowns = { "which machine answered: it uses the address of {R}" },
	.checks = { WRONG_HOST_CHECKS },
	.references = { "RFC 9293 3.10.7.1", "RFC 2991 (ECMP)", "Linux tcp_v4_send_reset, reasons NO_SOCKET, TCP_FLAGS" },
},
{
	.id = "midstream-wrong-host",
	.family = FAMILY,
	.variant = true,
	.headline = "The packets suddenly reached another machine behind {R}, which does not know the connection",
	.why = WRONG_HOST_WHY,
	.evidence_for = WRONG_HOST_FOR,
	.evidence_against = WRONG_HOST_AGAINST,
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 4,
	.bearings = { AGAINST(STYLE_FOREIGN, 5), AGAINST(HOPS_FAR_OFF, 6),
		      NEEDS(RST_BARE), NEEDS(ANSWERS), NEEDS(MAC_DIFFERS), BARS(HOPS_FARTHER), BARS(HOPS_NEARER), BARS(R_FIN),
		      BARS(ANSWERS_SYNACK),
		      BARS(NO_HISTORY), BARS(R_ALIVE_AFTER), FOR(SERVICE_OTHERS_LIVE_ON, 2), FOR(MAC_DIFFERS, 2), FOR(DELAY_FITS, 1),
		      FOR(SERVICE_ACCEPTED_AFTER, 1), AGAINST(TOO_FAST, 4), AGAINST(IDLE_MIDDLEBOX_TIMER, 1) },
	.partners = { WRONG_HOST_PARTNERS },
	.unknowns = { "which machine answered: it uses the address of {R}" },
	.checks = { WRONG_HOST_CHECKS },
	.references = { "RFC 9293 3.10.7.1", "RFC 2991 (ECMP)", "Linux tcp_v4_send_reset, reasons NO_SOCKET, TCP_FLAGS" },
},
{
	.id = "midstream-wrong-host",
	.variant = true,
	.prior = 6,
	.cap = CONFIDENCE_LIKELY,
	.bearings = { NEEDS(RST_BARE), NEEDS(ANOTHER_MACHINE), BARS(R_FIN), BARS(ANSWERS_SYNACK), BARS(THIRD_PARTY),
		      FOR(ANOTHER_MACHINE, 3), FOR(DELAY_FITS, 1) },
},
{
	.id = "midstream-wrong-host",
	.variant = true,
	.headline = "A machine in {R}'s place refused {P}'s segment, while {R}'s connection lives on: probably another machine behind "
		    "that address",
	.prior = 8,
	.cap = CONFIDENCE_LIKELY,
	.bearings = { NEEDS(R_HOST_REFUSED), FOR(R_HOST_REFUSED, 3), FOR(BY_SERVER, 4), FOR(DELAY_FITS, 1), FOR(SERVICE_OTHERS_LIVE_ON, 2),
		      AGAINST(BY_CLIENT, 4) },
},
{
	.id = "in-flight-after-abort",
	.family = FAMILY,
	.headline = "Follow-up: {R} answered a segment that arrived after the connection had already been reset",
	.why = "The connection had been reset before. Segments that were still on their way, or that an end sent without knowing, meet no "
	       "connection and are refused one by one. This reset explains nothing by itself; the first one does.",
	.evidence_for = "An earlier reset of the same connection, and a reset without ACK flag that answers a segment sent before its "
			"sender could know.",
	.evidence_against = "If the earlier reset had no effect, the connection lived on, and this one has a reason of its own.",
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_CERTAIN,
	.severity = SEVERITY_INFO,
	.prior = 25,
	.bearings = { NEEDS(EARLIER_RST), NEEDS(RST_BARE), BARS(THIRD_PARTY), BARS(TRIGGER_UNSEEN), FOR(IN_FLIGHT, 2), FOR(ANSWERS, 2),
		      AGAINST(ANSWERS_CHALLENGE, 5), AGAINST(BURST_SEQ_VARIES, 4), AGAINST(SEQ_BEYOND_SENT, 3), DECIDES(EARLIER_RST),
		      DECIDES(ANSWERS) },
	.partners = { { "injected-multi-seq", "the same capture taken on {R}: did it send all these resets?" } },
	.checks = { "look at the first reset of this connection" },
	.references = { "RFC 9293 3.10.7.1", "Linux tcp_v4_send_reset, reason NO_SOCKET" },
},
{
	.id = "in-flight-after-abort",
	.family = FAMILY,
	.variant = true,
	.headline = "Follow-up: one more reset in the name of {R}; the connection had already been reset",
	.cap = CONFIDENCE_LIKELY,
	.prior = 25,
	.bearings = { NEEDS(EARLIER_RST), NEEDS(RST_BARE), NEEDS(THIRD_PARTY), FOR(IN_FLIGHT, 2), FOR(ANSWERS, 2), AGAINST(ANSWERS_CHALLENGE, 5),
		      AGAINST(BURST_SEQ_VARIES, 4), AGAINST(SEQ_BEYOND_SENT, 3) },
},
{
	.id = "in-flight-after-abort",
	.family = FAMILY,
	.variant = true,
	.headline = "Follow-up: {R} reset a connection again that had already been reset; what it answered was not captured",
	.cap = CONFIDENCE_LIKELY,
	.prior = 25,
	.bearings = { NEEDS(EARLIER_RST), NEEDS(RST_BARE), NEEDS(TRIGGER_UNSEEN), BARS(THIRD_PARTY), AGAINST(BURST_SEQ_VARIES, 4),
		      AGAINST(SEQ_BEYOND_SENT, 3) },
},
{
	.id = "challenge-ack-recovery",
	.family = FAMILY,
	.headline = "{R}'s first reset missed the exact number; {P} challenged it, and {R} confirmed",
	.why = "A reset is accepted only if it bears exactly the number that the receiver expects. {R}'s first one did not, mostly "
	       "because data before it was lost. {P} asked back with a challenge ACK, and {R}, which had no such connection any more, "
	       "answered with a reset that fits. The two resets are one abort.",
	.evidence_for = "A reset inside the window but beyond the expected number, an ACK of the other end, and a reset without ACK flag "
			"with exactly the acknowledged number.",
	.evidence_against = "If {R} lives on and answers the challenge with data or not at all, the first reset was forged.",
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_CERTAIN,
	.severity = SEVERITY_INFO,
	.prior = 26,
	.bearings = { NEEDS(ANSWERS_CHALLENGE), NEEDS(RST_BARE), BARS(ANSWERS_WRONG_ACK_IN_SYN_SENT), FOR(ANSWERS_CHALLENGE, 4),
		      FOR(EARLIER_RST, 1),
		      AGAINST(R_ALIVE_AFTER, 6), DECIDES(ANSWERS_CHALLENGE), DECIDES(EARLIER_RST) },
	.partners = { { "in-flight-after-abort", "whether the ACK that was answered is a challenge or was sent before the first reset "
						 "arrived" } },
	.checks = { "look at the first reset of this connection for the cause", "loss of {R}'s data just before its first reset: "
		"interface counters, mtr {P}",
		    "on {P}: nstat -az TcpExtTCPChallengeACK" },
	.references = { "RFC 5961 3.2", "RFC 9293 3.5.3", "Linux tcp_send_challenge_ack" },
},
{
	.id = "time-wait-assassination",
	.family = FAMILY,
	.headline = "An old packet woke {P}'s TIME-WAIT; {R}'s answer may have ended it early (usually harmless)",
	.why = "The connection was properly closed, and {P} stayed in TIME-WAIT to catch stragglers. An old packet arrived, {P} "
	       "acknowledged it as the standard asks, and {R}, which had forgotten the connection, refused that acknowledgment. The reset "
	       "ends the TIME-WAIT before its time. That matters only if the same ports are used again at once.",
	.evidence_for = "Both FINs acknowledged, then a repeated FIN or old data of {R}, an ACK of {P}, and the reset with the number of "
			"that ACK.",
	.evidence_against = "New data in it means that an application sent after the close.",
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_CERTAIN,
	.severity = SEVERITY_INFO,
	.prior = 9,
	.bearings = { NEEDS(RST_BARE), NEEDS(BOTH_CLOSED), NEEDS(ANSWERS), NEEDS(R_REPEATED_AFTER_CLOSE), BARS(ANSWERS_NEW_DATA),
		      BARS(THIRD_PARTY),
		      FOR(R_REPEATED_AFTER_CLOSE, 3), FOR(R_CLOSED_LAST, 1), DECIDES(R_REPEATED_AFTER_CLOSE), DECIDES(BOTH_CLOSED),
		      DECIDES(R_CLOSED_LAST) },
	.partners = { { "late-segment-after-full-close", "which packet came first: the same capture taken on {P}" } },
	.unknowns = { "whether {P} obeys the reset in TIME-WAIT: that depends on its system and settings" },
	.checks = { "on {P}: sysctl net.ipv4.tcp_rfc1337   # 1 ignores resets in TIME-WAIT",
		    "if it is frequent: where on the path are packets repeated or delayed?" },
	.references = { "RFC 1337", "RFC 9293 3.10.7.4", "Linux tcp_timewait_state_process" },
},
{
	.id = "time-wait-syn-challenge",
	.family = FAMILY,
	.headline = "{R}'s new connection collided with {P}'s TIME-WAIT of the previous one; {R} cleared it and tries again",
	.why = "{R} used the same addresses and ports again while {P} still kept the TIME-WAIT of the connection before. The new SYN did "
	       "not look newer than the old connection, so {P} answered with an ACK of the old numbers. {R} had asked for nothing of that "
	       "kind and answered with a reset. That clears the old state, and the next SYN can be accepted. The price is a delay.",
	.evidence_for = "A connection with the same addresses and ports that was properly closed before; SYN, an ACK with old numbers, a "
			"reset with the number of that ACK, and the SYN again.",
	.evidence_against = "If the older connection had never been closed, {P} holds a half-open one: then the client restarted or its "
			    "port came round.",
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_CERTAIN,
	.severity = SEVERITY_WARN,
	.prior = 14,
	.bearings = { NEEDS(RST_BARE), NEEDS(ANSWERS_WRONG_ACK_IN_SYN_SENT), NEEDS(OLD_FLOW_CLOSED), BARS(OLD_FLOW_OPEN),
		      FOR(OLD_FLOW_CLOSED, 3),
		      FOR(SYN_REPEATED_AFTER, 1), AGAINST(TIMESTAMP_ECHO_WRONG, 4), DECIDES(ANSWERS_WRONG_ACK_IN_SYN_SENT),
		      DECIDES(OLD_FLOW_CLOSED) },
	.partners = { { "port-reuse-challenge-reset", "ss -tan state time-wait on {P}, or a capture that contains the end of the older "
						      "connection" } },
	.unknowns = { "why the same port came back so soon" },
	.checks = { "reuse of source ports by a NAT or proxy in front of {P}", "on {R}: sysctl net.ipv4.ip_local_port_range "
		"net.ipv4.tcp_tw_reuse",
		    "a firewall that rewrites initial sequence numbers or timestamps: the SYN then looks older than the connection "
		    "before" },
	.references = { "RFC 9293 3.10.7.4", "RFC 6191", "RFC 5961 4.2", "Linux tcp_timewait_state_process, TCP_INVALID_ACK_SEQUENCE" },
},
{
	.id = "no-socket-midstream",
	.family = FAMILY,
	.headline = "{R} says it knows no such connection; the capture starts too late to tell why",
	.why = "A segment that belongs to no connection of {R} was refused with a reset, as the standard asks. What had happened to the "
	       "connection lies before the capture: it was closed, lost or forgotten, or it never existed.",
	.evidence_for = "The exact answer to a segment, and nothing of the connection before that segment.",
	.evidence_against = "Anything captured of the connection before it allows a better answer. Many such segments to many ports are a "
			    "scan.",
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_WARN,
	.prior = 4,
	.bearings = { NEEDS(RST_BARE), NEEDS(ANSWERS), NEEDS(NO_HISTORY), BARS(ANSWERS_SYNACK), FOR(HOPS_SAME, 1),
		      AGAINST(SAME_SOURCE_MANY_TARGETS, 2),
		      AGAINST(HOPS_NEARER, 3), AGAINST(LEAKED_SEGMENT, 4), AGAINST(NAT_TWIN, 4) },
	.partners = { { "half-open-peer-lost-state", "a capture that begins before this segment; uptime of {R} and its service" },
		      { "late-data-after-close", "a capture that begins before this segment: had {R} sent FIN?" },
		      { "idle-expired-reset-on-data", "the same capture taken on {R}: does the segment arrive there?" },
		      { "midstream-wrong-host", "the log of the load balancer in front of {R}" },
		      { "stealth-scan", "whether {P} sends such segments to other ports and hosts" } },
	.unknowns = { "what happened to the connection before the capture began", UNLESS_TOLD "whether {R} itself or something that speaks in its "
		"name answered" },
	.checks = { "capture again, longer, and on the other side as well", "on {P}: ss -tanp 'dst {R}'   # which program holds the "
		"connection?",
		    "uptime of {R} and its service; idle timers of firewalls and load balancers between {P} and {R}" },
	.references = { "RFC 9293 3.10.7.1", "Linux tcp_v4_send_reset, reasons NO_SOCKET, TCP_FLAGS" },
},
{ .id = NULL },
};
