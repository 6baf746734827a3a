/* SPDX-License-Identifier: GPL-3.0-or-later
 * Catalogue, family "Middleboxes": firewalls, load balancers, NATs and proxies that end connections or make others end them. */
#include "explain/cause.h"

#define FAMILY "Device on the path"
#define WHICH_BOX "which device made it: a capture shows its distance at most, not its name"
#define BEHIND "a capture behind the device, on {R} if possible: does {R} see anything of this?"

#define IDLE_WHY \
	"Load balancers, NATs and firewalls keep an entry for each connection and drop it after an idle time. Nothing was sent for " \
	"{gap}; then {P} spoke again, and the device did not know the connection any more. It refused the packet in {R}'s name. {R} " \
	"itself may still believe in the connection."
#define IDLE_FOR \
	"No segment for longer than a usual idle timer, no keepalives, then the exact answer to the first segment after the pause, from " \
	"another distance or faster than {R} could answer."
#define IDLE_AGAINST \
	"Distance and delay of {R} itself speak for a {R} that lost its state. A pause far below every usual timer excludes this cause."
#define IDLE_CHECKS \
	"idle timers of every load balancer, NAT and firewall between {P} and {R}: is one shorter than {gap}?", \
	"keepalives more often than that timer: sysctl net.ipv4.tcp_keepalive_time (with SO_KEEPALIVE), or a ping of the application", \
	BEHIND

const struct cause causes_middlebox[] = {
{
	.id = "firewall-reject-midstream",
	.family = FAMILY,
	.headline = "A firewall on the path, not {R}, refused {P}'s packet in the middle of the connection",
	.why = "A device between the ends (or a rule on the way) refused a packet with a reset in {R}'s name: because a rule was changed, "
	       "because its table of connections was cleared, or because a policy decides only after the first data. {R} does not know "
	       "about it and may go on sending.",
	.evidence_for = "The exact answer to a segment that {R} never acknowledges, from nearer than {R} or faster than its round trip; "
			"{R} continues unaware.",
	.evidence_against = "Distance and delay of {R} itself. A firewall on {R} cannot be told from {R} from afar.",
	.mechanism = MECHANISM_THIRD_PARTY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 4,
	.bearings = { FOR(ICMP_PROHIBITED, 2),  NEEDS(THIRD_PARTY), NEEDS(ANSWERS), BARS(ANSWERS_SYN), AGAINST(ANSWERS_SYNACK, 6), FOR(HOPS_NEARER, 3),
		      FOR(R_NEVER_ACKED_TRIGGER, 2),
		      FOR(TOO_FAST, 2),
		      FOR(FLOW_LABEL_ZERO, 2), FOR(TOS_DROPPED, 1), FOR(RST_BARE, 1), FOR(R_ALIVE_AFTER, 1), AGAINST(MIRROR, 4),
		      AGAINST(IDLE_MIDDLEBOX_TIMER, 2),
		      AGAINST(VANTAGE_AT_R, 3), AGAINST(HOPS_FARTHER, 7), AGAINST(BURST_SEQ_VARIES, 4), AGAINST(R_FIN, 2),
		      AGAINST(R_ACKED_TRIGGER, 8), AGAINST(RST_BAD_CHECKSUM, 4) },
	.partners = { { "endpoint-security-reset", "a capture inside {R} and one a hop away: is the reset in both?" },
		      { "nat-mapping-lost", "conntrack -S and the uptime of the NAT on the path" },
		      { "injected-on-path", "whether the device is one of your own: its session log for this connection" },
		      { "midstream-wrong-host", "a capture on the machines behind {R}: does one of them answer?" },
		      { "half-open-peer-lost-state", "the same capture taken on {R}: did this reset leave it?" } },
	.unknowns = { WHICH_BOX },
	.checks = { "session log of the firewalls between {P} and {R} at that time: policy hit, table flush, reload",
		    "on a Linux router: nft list ruleset | grep -i reject; iptables-save | grep -i REJECT", BEHIND },
	.references = { "Linux nf_send_reset", "RFC 9293 3.10.7.1", "RFC 3360" },
},
{
	.id = "ips-reset-both",
	.family = FAMILY,
	.headline = "A device on the path reset both ends at the same time",
	.why = "Resets went in both directions within far less than a round trip, and neither answers the other. No end can do that; a "
	       "device that sees both directions can: an intrusion prevention system, a firewall with \"reset both\", or a tool that "
	       "kills connections. Mostly a rule matched the data just before.",
	.evidence_for = "Two resets in opposite directions within milliseconds, in one style (window 0 or copied, no timestamps although "
			"negotiated, the same class of TTL), right after a segment with payload.",
	.evidence_against = "A second reset that answers a segment is the echo of an end. A long silence before both points to an idle "
			    "timer.",
	.mechanism = MECHANISM_THIRD_PARTY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 12,
	.bearings = { NEEDS(MIRROR), FOR(MIRROR, 2), FOR(RST_COPIED, 3), FOR(RST_MIDDLEBOX_FORM, 2), FOR(FIRST_PAYLOAD_THEN_RST, 1),
		      FOR(RST_NO_TIMESTAMPS, 1), AGAINST(IDLE_MIDDLEBOX_TIMER, 6), AGAINST(RST_LIVE_SOCKET, 6) },
	.partners = { { "injected-after-request", "whether the device is one of your own: its alerts for this connection" },
		      { "injected-on-path", "whether the device is one of your own: its alerts for this connection" },
		      { "injected-multi-seq", "whether the device is one of your own: its alerts for this connection" },
		      { "idle-expired-reset-both", "the log of the device: idle time-out or alert?" },
		      { "endpoint-security-reset", "a capture inside {R} and one a hop away: is the reset in both?" } },
	.unknowns = { WHICH_BOX, "whether it acted on your behalf: a legitimate and a hostile device send the same packets" },
	.checks = { "alerts of intrusion prevention, firewalls and proxies for {client} and {server} at that time",
		    "what was sent just before: {name}", BEHIND },
	.references = { "RFC 3360", "Snort 3 reject", "Suricata reject" },
},
{
	.id = "idle-expired-reset-on-data",
	.family = FAMILY,
	.headline = "The connection was idle for {gap}; a device on the path had forgotten it and reset {P}'s next packet",
	.why = IDLE_WHY,
	.evidence_for = IDLE_FOR,
	.evidence_against = IDLE_AGAINST,
	.mechanism = MECHANISM_THIRD_PARTY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 9,
	.bearings = { NEEDS(THIRD_PARTY), NEEDS(ANSWERS), NEEDS(IDLE_MIDDLEBOX_TIMER), BARS(R_FIN), BARS(EARLIER_RST),
		      FOR(IDLE_MIDDLEBOX_TIMER, 2),
		      FOR(HOPS_NEARER, 2), FOR(TOO_FAST, 1), FOR(SAME_GAP_ELSEWHERE, 1), AGAINST(R_FLOWS_DIE, 1), AGAINST(MIRROR, 3),
		      AGAINST(R_ACKED_TRIGGER, 8) },
	.partners = { { "nat-mapping-lost", "the uptime and table statistics of the NAT: expired entry or lost table?" },
		      { "firewall-reject-midstream", "the session log of the firewall: idle time-out or policy?" },
		      { "half-open-peer-lost-state", "the same capture taken on {R}: does the segment arrive there?" },
		      { "midstream-wrong-host", "the log of the load balancer in front of {R}" } },
	.unknowns = { WHICH_BOX, "whether {R} still holds the connection" },
	.checks = { IDLE_CHECKS },
	.references = { "RFC 5382 REQ-5", "RFC 7857 2", "Linux nf_conntrack_tcp_timeout_established" },
},
{
	.id = "idle-expired-reset-on-data",
	.family = FAMILY,
	.variant = true,
	.headline = "The connection was idle for {gap}; it had been forgotten on the way or by {R}, and {P}'s next packet was reset",
	.why = IDLE_WHY,
	.evidence_for = IDLE_FOR,
	.evidence_against = IDLE_AGAINST,
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 2,
	.bearings = { NEEDS(ANSWERS), NEEDS(IDLE_MIDDLEBOX_TIMER), NEEDS(RST_BARE), BARS(THIRD_PARTY), BARS(R_FIN), BARS(EARLIER_RST),
		      BARS(NO_HISTORY),
		      FOR(IDLE_MIDDLEBOX_TIMER, 2), FOR(SAME_GAP_ELSEWHERE, 2), FOR(SERVICE_OTHERS_LIVE_ON, 1), AGAINST(HOPS_SAME, 2),
		      AGAINST(R_FLOWS_DIE, 2), AGAINST(ANSWERS_STALE_ACK, 2) },
	.partners = { { "half-open-peer-lost-state", "the same capture taken on {R}: does the segment arrive there?" },
		      { "nat-mapping-lost", "the uptime and table statistics of the NAT: expired entry or lost table?" },
		      { "midstream-wrong-host", "the log of the load balancer in front of {R}" },
		      { "timeout-gone-late-reset", "the same capture taken on {R}: did it repeat data in vain before?" } },
	.unknowns = { "whether {R} or a device in its name answered: nothing in the packet tells them apart", WHICH_BOX },
	.checks = { IDLE_CHECKS },
	.references = { "RFC 5382 REQ-5", "RFC 7857 2", "RFC 9293 3.10.7.1" },
},
{
	.id = "idle-expired-reset-both",
	.family = FAMILY,
	.headline = "A device on the path closed the connection after {gap} of silence and sent a reset",
	.why = "Some load balancers and firewalls do not forget an idle connection silently: when the timer runs out, they send a reset "
	       "to one or both ends, so that these learn of it. Nothing had provoked this reset but the silence.",
	.evidence_for = "No segment for a usual idle time, then a reset that answers nothing and bears exactly the next number, to one or "
			"both ends in the same instant, without the marks of the end's own stack.",
	.evidence_against = "The form of a live socket with timestamps points to a timer of {R}'s application.",
	.mechanism = MECHANISM_THIRD_PARTY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 10,
	.bearings = { NEEDS(THIRD_PARTY), NEEDS(UNPROVOKED), NEEDS(IDLE_MIDDLEBOX_TIMER), BARS(EARLIER_RST), FOR(MIRROR, 6),
		      FOR(IDLE_MIDDLEBOX_TIMER, 2),
		      FOR(SAME_GAP_ELSEWHERE, 2), FOR(RST_NO_TIMESTAMPS, 1), AGAINST(RST_LIVE_SOCKET, 6), AGAINST(OUT_OF_WINDOW, 4) },
	.partners = { { "abort-app-timeout", "the same capture taken on {R}: did the reset leave this machine?" },
		      { "ips-reset-both", "the log of the device: idle time-out or alert?" },
		      { "lb-backend-removed", "the event log of the load balancer: did it remove a backend at that time?" } },
	.unknowns = { WHICH_BOX },
	.checks = { "idle timers of every load balancer, NAT and firewall between {P} and {R}: is one of them {gap}?",
		    "keepalives more often than that timer: sysctl net.ipv4.tcp_keepalive_time (with SO_KEEPALIVE), or a ping of the "
		    "application",
		    "log of the device for this connection (\"idle timeout\", \"aged out\")" },
	.references = { "RFC 5382 REQ-5", "RFC 3360" },
},
{
	.id = "nat-mapping-lost",
	.family = FAMILY,
	.headline = "A NAT on the path lost its entry for this connection; the segment was reset because nobody knew it any more",
	.why = "A NAT that loses its table (reboot, flush, overflow, failover without shared state, a new public address) no longer "
	       "translates the segments of living connections. They end at the NAT itself, or reach a host under addresses or ports that "
	       "it does not know. Either refuses them. Both real ends had a healthy connection.",
	.evidence_for = "The same numbers are seen under other addresses or ports; the reset answers a segment that is no longer "
			"translated; its distance is that of the NAT, nearer than before.",
	.evidence_against = "A pause as long as the NAT's idle timer points to an expired entry rather than a lost table.",
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 12,
	.bearings = { NEEDS(NAT_TWIN), BARS(RST_ACTIVE), FOR(NAT_TWIN, 2), FOR(RST_BARE, 1), FOR(HOPS_NEARER, 2), FOR(ANSWERS, 1),
		      AGAINST(LEAKED_SEGMENT, 5), AGAINST(R_FIN, 3), AGAINST(BOTH_CLOSED, 6) },
	.partners = { { "idle-expired-reset-on-data", "the uptime and table statistics of the NAT: expired entry or lost table?" },
		      { "conntrack-invalid-leak", "conntrack -S on the NAT: does the counter invalid grow?" },
		      { "firewall-reject-midstream", "the rules of the NAT: does one reject such segments?" },
		      { "half-open-peer-lost-state", "the same capture taken behind the NAT: does the segment arrive there?" } },
	.unknowns = { "why the entry was lost: the NAT's own log says" },
	.checks = { "on the NAT: conntrack -S; sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max",
		    "on the NAT: conntrack -L -p tcp | grep {port}   # is there an entry for the connection?",
		    "reboot, failover, change of the public address or a flush (conntrack -F) at that time" },
	.references = { "RFC 5382", "RFC 9293 3.10.7.1", "Linux nf_conntrack_tcp_loose", "Linux tcp_v4_send_reset" },
},
{
	.id = "conntrack-invalid-leak",
	.family = FAMILY,
	.headline = "A NAT let a packet through untranslated; {R} refused the unknown sender, and that reset can end the real connection",
	.why = "Connection tracking did not recognise a segment (outside the window it expects, or its entry had expired), so the NAT did "
	       "not translate it. It reached {R} under an address that {R} has no connection with. {R} refused it, correctly. If the "
	       "reset finds its way back, its number fits, and it kills the real connection, which was healthy.",
	.evidence_for = "The segment that was reset bears the ports and numbers of another connection in the capture, but another "
			"address; just before it repeated data or numbers far ahead, often in a bulk transfer under load.",
	.evidence_against = "There must be a NAT between the ends. Where only one of the two addresses is captured, the leak cannot be "
			    "seen.",
	.mechanism = MECHANISM_STATELESS_REPLY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 14,
	.bearings = { NEEDS(LEAKED_SEGMENT), BARS(RST_ACTIVE), FOR(LEAKED_SEGMENT, 3), FOR(RST_BARE, 1), FOR(ANSWERS, 1),
		      AGAINST(BOTH_CLOSED, 4) },
	.partners = { { "nat-mapping-lost", "conntrack -L on the NAT: does an entry for the connection still exist?" },
		      { "half-open-peer-lost-state", "a capture on both sides of the NAT: is the segment translated?" } },
	.unknowns = { "why connection tracking did not recognise the segment" },
	.checks = { "on the NAT: conntrack -S   # the counter invalid",
		    "on the NAT: iptables -I FORWARD -m conntrack --ctstate INVALID -j DROP   # drop instead of leak",
		    "on the NAT: sysctl net.netfilter.nf_conntrack_tcp_be_liberal", "a capture on both sides of the NAT at the same time" },
	.references = { "Linux nf_conntrack_proto_tcp", "kubernetes issue 74839", "RFC 9293 3.10.7.1" },
},
{
	.id = "conntrack-invalid-leak",
	.variant = true,
	.headline = "A NAT had let a packet of this connection through untranslated; the reset that it drew ended {R}'s end of it",
	.cap = CONFIDENCE_LIKELY,
	.prior = 14,
	.bearings = { NEEDS(LEAK_KILLED), BARS(RST_ACTIVE), BARS(THIRD_PARTY), FOR(LEAK_KILLED, 6), FOR(RST_BARE, 1), FOR(ANSWERS, 1), AGAINST(BOTH_CLOSED, 4) },
},
{
	.id = "asymmetric-path-reset",
	.family = FAMILY,
	.headline = "A device that saw only half of the conversation may have reset it",
	.why = "The packets of the two directions take different ways. A firewall that sees only one of them meets a SYN/ACK, ACK or data "
	       "of a connection whose beginning it never saw, and refuses it. Both real ends go on for a while.",
	.evidence_for = "A reset that no end made, in answer to a SYN/ACK, the last ACK of the handshake or the first data; one direction "
			"takes another link address or is missing here; both ends repeat their segments.",
	.evidence_against = "Two complete directions here prove nothing: the device may stand elsewhere.",
	.mechanism = MECHANISM_THIRD_PARTY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = -1,
	.bearings = { NEEDS(THIRD_PARTY), FOR(ASYMMETRIC_MAC, 5), FOR(ANSWERS_SYNACK, 5), FOR(ANSWERS_HANDSHAKE_ACK, 3), FOR(ONE_WAY, 2),
		      AGAINST(MIRROR, 4), AGAINST(IDLE_MIDDLEBOX_TIMER, 2), AGAINST(BURST_SEQ_VARIES, 3) },
	.partners = { { "firewall-reject-midstream", "routes in both directions: traceroute from both ends" },
		      { "injected-on-path", "whether the device is one of your own: its log (\"out of state\", \"no SYN\")" },
		      { "injected-at-syn", "whether the device is one of your own: its log (\"out of state\", \"no SYN\")" } },
	.unknowns = { WHICH_BOX, "the way of the direction that does not pass the capture point" },
	.checks = { "routes in both directions: traceroute {R} on {P}, traceroute {P} on {R}",
		    "logs of the firewalls: \"out of state\", \"tcp-not-syn\"; synchronisation of the state in a failover pair",
		    "several default routes or source-dependent routing on either end: ip rule; ip route get {P}" },
	.references = { "RFC 3360", "RFC 9293 3.10.7.1" },
},
{
	.id = "seq-rewrite-desync",
	.family = FAMILY,
	.headline = "Sequence numbers were rewritten inconsistently on the path; the two ends no longer agree",
	.why = "Some firewalls, SYN proxies, optimisers and address translators change sequence numbers. If one direction is changed and "
	       "the other not, or a failover forgets the offset, each end acknowledges data that the other never sent. The connection "
	       "stalls until one end or a device ends it with a reset.",
	.evidence_for = "Acknowledgments beyond anything that was sent here, off by one and the same constant at least twice; many "
			"duplicate or challenge ACKs.",
	.evidence_against = "Packets missing from the capture also let acknowledgments run ahead, but not by a constant.",
	.mechanism = MECHANISM_UNKNOWN,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 12,
	.bearings = { NEEDS(ACK_OFFSET), BARS(EARLIER_RST), FOR(ACK_OFFSET, 2), FOR(OUT_OF_WINDOW, 1), AGAINST(ONE_WAY, 3),
		      AGAINST(MIDSTREAM, 1) },
	.partners = { { "synrcvd-bad-ack", "captures on both sides of the device: which numbers does it change?" },
		      { "half-open-peer-lost-state", "captures on both sides of the device: which numbers does it change?" } },
	.unknowns = { WHICH_BOX },
	.checks = { "captures on both sides of each device at the same time: compare sequence numbers, acknowledgments and SACK blocks",
		    "switch off randomisation of initial sequence numbers, protocol helpers (FTP, SIP) and optimisation for this "
		    "connection",
		    "failover of a firewall or SYN proxy at that time" },
	.references = { "RFC 9293 3.4", "RFC 2018 8", "RFC 5961 5" },
},
{
	.id = "proxy-relayed-reset",
	.family = FAMILY,
	.headline = "{R} is a proxy: it passed on a failure of its other connection, which was reset just before",
	.why = "{R}'s host is also an end of another connection that was reset a moment before. Proxies, load balancers and tunnels "
	       "commonly pass a reset of one side on to the other. The cause lies on the other connection.",
	.evidence_for = "A reset on another connection of the same host within a fraction of a second before; a reset in the form of a "
			"live socket without any cause on this connection.",
	.evidence_against = "If only one side is in the capture, what happened behind {R} cannot be seen.",
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 8,
	.bearings = { NEEDS(OTHER_LEG_RESET), BARS(EARLIER_RST), FOR(OTHER_LEG_RESET, 2), FOR(RST_ACTIVE, 2), AGAINST(THIRD_PARTY, 3),
		      AGAINST(R_FIN, 3),
		      AGAINST(ANSWERS, 4), AGAINST(SAME_INSTANT_SAME_SERVICE, 2) },
	.partners = { { "abort-linger0", "the log of {R}: does it name an error of its other connection?" },
		      { "abort-unread-data", "the log of {R}: does it name an error of its other connection?" },
		      { "lb-backend-removed", "the event log of {R}: did it remove a backend at that time?" } },
	.unknowns = { "whether {R} really forwards between the two connections: the capture shows only that they end together" },
	.checks = { "the reset of the other connection: its cause is the cause", "log of the proxy {R} at that time (upstream error, "
		"backend reset)" },
	.references = { "RFC 9293 3.10.5" },
},
{
	.id = "lb-backend-removed",
	.family = FAMILY,
	.headline = "{R} reset many connections within a second while others live on: probably a backend was removed or drained",
	.why = "A load balancer that takes a backend out of service ends the connections that lead to it. Clients see resets without any "
	       "cause on their connections, all at once, while connections to other backends of the same address go on.",
	.evidence_for = "Several connections of one address and port are reset within a second, without a segment asking for it; other "
			"connections to the same address live on.",
	.evidence_against = "If all connections of the port end, the service itself ended. A single connection proves nothing.",
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_WARN,
	.prior = 6,
	.bearings = { NEEDS(SAME_SERVICE_SAME_SECOND), NEEDS(SERVICE_OTHERS_LIVE_ON), BARS(EARLIER_RST), FOR(SERVICE_OTHERS_LIVE_ON, 2),
		      FOR(BY_SERVER, 2),
		      FOR(UNPROVOKED, 1), AGAINST(BY_CLIENT, 8), AGAINST(ANSWERS, 4), AGAINST(SERVICE_REFUSED_AFTER, 3), AGAINST(R_FIN, 2),
		      AGAINST(ERROR_BEFORE_RST, 2), AGAINST(SAME_GAP_ELSEWHERE, 2), AGAINST(ANSWER_DURING_UPLOAD, 3) },
	.partners = { { "abort-process-killed", "whether {R} is a load balancer: its event log; if not, the log of the service" },
		      { "idle-expired-reset-both", "the log of the device: idle time-out or removal?" },
		      { "abort-linger0", "the settings and the log of the application on {R}" } },
	.unknowns = { "whether {R} is a load balancer at all" },
	.checks = { "events of the load balancer at that time: deployment, health check, deregistration, drain time-out",
		    "drain settings: are existing connections given time to end?" },
	.references = { "RFC 9293 3.10.5", "HAProxy on-marked-down shutdown-sessions" },
},
{
	.id = "vendor-cause-payload",
	.family = FAMILY,
	.headline = "The reset itself says why: \"{text}\"",
	.why = "The reset carries readable text. The standard allows data in a reset for exactly this purpose, and some load balancers "
	       "use it to tell why they ended the connection. The text is quoted as it is; it comes from whoever made the reset.",
	.evidence_for = "Printable text in the payload of the reset.",
	.evidence_against = "Anybody who can forge a reset can forge its text; some old systems put a piece of the refused packet there.",
	.mechanism = MECHANISM_UNKNOWN,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_WARN,
	.prior = 30,
	.bearings = { NEEDS(RST_TEXT), FOR(RST_TEXT, 2), AGAINST(RST_BAD_CHECKSUM, 4), AGAINST(OUT_OF_WINDOW, 4) },
	.partners = { { "idle-expired-reset-both", "a text about expiry or a sweeper names an idle timer" },
		      { "nat-mapping-lost", "a text about a missing flow names a lost table entry" },
		      { "retransmit-giveup-reset", "a text about a retransmit time-out" },
		      { "proxy-relayed-reset", "a text about a reset from the remote system" },
		      { "refused-lb-no-backend", "a text about no server or no pool member" } },
	.unknowns = { "whether the text is true: it is the word of the sender" },
	.checks = { "the vendor's documentation for this text", "log of the load balancer or firewall for {client} and {server} at that "
		"time" },
	.references = { "RFC 9293 3.5.3", "RFC 1122 4.2.2.12" },
},
{ .id = NULL },
};
