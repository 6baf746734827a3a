/* SPDX-License-Identifier: GPL-3.0-or-later
 * The causes of a refusal at connection set-up: a SYN was answered by a reset. */
#include "explain/cause.h"

#define FAMILY "Refused at connection set-up"
#define WHY_CLOSED "Why nothing listens there cannot be seen on the wire: not started, crashed, bound to another address, or the wrong host asked."

const struct cause causes_refused[] = {
	{
		.id = "refused-closed-port",
		.family = FAMILY,
		.headline = "{R} refused the connection: nothing is listening on port {port}",
		.why = "A SYN reached a host where no socket listens on that address and port. The TCP of the host answers by itself with "
		       "a reset that has sequence number 0 and acknowledges the SYN; no application was asked. Either the service is not "
		       "running, or it listens on another address, port or network namespace, or the client asks the wrong host.",
		.evidence_for = "The reset has the form of an answer to a SYN, comes from the same distance as the host's other packets, "
		                "and takes one round trip. It copies the SYN's DSCP (IPv4) or has a flow label (IPv6), as a kernel's "
		                "reply does. The host accepts connections on other ports, and every repeated SYN is refused alike.",
		.evidence_against = "Another TTL than the host's, an answer faster than its round trip, or DSCP and flow label of zero, "
		                    "point to a firewall. The same port accepting connections shortly before or after points to a "
		                    "restart, a full accept queue or a load balancer.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_PROBLEM,
		.prior = 3,
		.partners = {
			{ "refused-firewall-reject",
			  "the same capture taken on {R}: does the SYN arrive there and does {R}'s own TCP answer it?" },
			{ "refused-lb-no-backend",
			  "whether {R} is a load balancer or virtual address, and its list of healthy backends at that time" },
			{ "refused-backlog-full", "ss -ltn on {R}: does a socket listen on port {port}?" },
			{ "injected-at-syn", "the same capture taken on {R}: did it send this reset at all?" },
		},
		.unknowns = {
			WHY_CLOSED,
			UNLESS_TOLD "A REJECT rule on {R} itself looks the same over IPv4 unless the SYN had a DSCP.",
		},
		.checks = {
			"on {R}: ss -ltnp 'sport = :{port}'",
			"If a socket is listed, is it bound to 127.0.0.1, to another address, or inside another network namespace or VRF?",
			"Is the service running, the container's port published, and its restart time near this moment?",
			"on the client: are the address {server_addr} and the port {port} the ones meant (DNS, configuration)?",
			UNLESS_TOLD "on {R}: iptables -L -nv | grep -i reject; nft list ruleset | grep -i reject",
		},
		.references = { "RFC 9293 3.10.7.1 (CLOSED state)", "RFC 9293 3.5.2 group 1", "Linux tcp_v4_send_reset, reason NO_SOCKET" },
		.bearings = {
			NEEDS(ANSWERS_SYN), BARS(TWO_ANSWERS), BARS(SYNACK_BEFORE_SYN), BARS(SYN_MP_JOIN), FOR(HOPS_SAME, 3), FOR(DELAY_FITS, 2),
			FOR(TOS_COPIED, 2), FOR(FLOW_LABEL_SET, 2), FOR(SERVICE_DIED_BEFORE, 2), FOR(R_ACCEPTS_ELSEWHERE, 1),
			FOR(REFUSED_AGAIN, 1), AGAINST(HOPS_NEARER, 6), AGAINST(FLOW_LABEL_ZERO, 8), AGAINST(TOO_FAST, 4),
			AGAINST(TOS_DROPPED, 4), AGAINST(TOS_DROPPED_AT_R, 4), AGAINST(SERVICE_ACCEPTED_AFTER, 1), DECIDES(HOPS_SAME), DECIDES(TOS_COPIED),
		},
	},
	{
		/* IPv6: the flow label decides what the copied DSCP decides in IPv4. */
		.id = "refused-closed-port",
		.variant = true,
		.cap = CONFIDENCE_CERTAIN,
		.prior = 4,
		.unknowns = { WHY_CLOSED },
		.bearings = {
			NEEDS(FLOW_LABEL_SET), NEEDS(ANSWERS_SYN), BARS(TWO_ANSWERS), BARS(SYNACK_BEFORE_SYN), BARS(SYN_MP_JOIN),
			FOR(HOPS_SAME, 3), FOR(DELAY_FITS, 2), FOR(TOS_COPIED, 2), FOR(FLOW_LABEL_SET, 2), FOR(SERVICE_DIED_BEFORE, 2),
			FOR(R_ACCEPTS_ELSEWHERE, 1), FOR(REFUSED_AGAIN, 1), AGAINST(HOPS_NEARER, 6), AGAINST(FLOW_LABEL_ZERO, 8),
			AGAINST(TOO_FAST, 4), AGAINST(TOS_DROPPED, 4), AGAINST(TOS_DROPPED_AT_R, 4), AGAINST(SERVICE_ACCEPTED_AFTER, 1), DECIDES(HOPS_SAME),
		},
	},
	{
		.id = "refused-closed-port",
		.prior = 2,
		.variant = true,
		.cap = CONFIDENCE_LIKELY,
		.bearings = {
			NEEDS(RST_REFUSAL), NEEDS(ONE_WAY), BARS(THIRD_PARTY), FOR(REFUSED_AGAIN, 1),
			FOR(R_ACCEPTS_ELSEWHERE, 1), AGAINST(FLOW_LABEL_ZERO, 4), AGAINST(HOPS_NEARER, 4),
		},
	},
	{
		.id = "refused-firewall-reject",
		.family = FAMILY,
		.headline = "A firewall on the way to {R}, or on it, refused the connection to port {port} with a reset",
		.why = "A packet filter with a rule to reject answered the SYN in the name of {R}: iptables or nft \"reject with tcp "
		       "reset\", pf \"block return\", or the equivalent of a commercial firewall or an endpoint security product. The "
		       "rule, not the service, decides; the SYN never reached a socket of {R}.",
		.evidence_for = "The reset comes from another distance than the packets of {R} (usually nearer), or faster than {R} can "
		                "answer. Its DSCP is 0 although the SYN had one, or its IPv6 flow label is 0. The same answer comes for "
		                "many ports or hosts behind the same hop.",
		.evidence_against = "The TTL and round trip of {R}, a copied DSCP or a flow label: a kernel's TCP answered. A rule on {R} "
		                    "itself has its TTL and delay and cannot be told from a closed port but by these two fields.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_PROBLEM,
		.prior = 0,
		.bearings = { FOR(ICMP_PROHIBITED, 2), FOR(KERNEL_FILTER, 9),
			NEEDS(ANSWERS_SYN), BARS(TWO_ANSWERS), BARS(SYN_MP_JOIN), FOR(HOPS_NEARER, 6),
			FOR(FLOW_LABEL_ZERO, 8), FOR(TOO_FAST, 4), FOR(TOS_DROPPED, 4), FOR(TOS_DROPPED_AT_R, 4), FOR(REFUSED_AGAIN, 1), AGAINST(FLOW_LABEL_SET, 4),
			AGAINST(SYNACK_BEFORE_SYN, 8), AGAINST(HOPS_SAME, 3), AGAINST(TOS_COPIED, 3), DECIDES(HOPS_NEARER), DECIDES(TOO_FAST),
		},
		.partners = {
			{ "refused-closed-port",
			  "the same capture taken on {R}: does the SYN arrive there and does {R}'s own TCP answer it?" },
			{ "refused-lb-no-backend", "whether a load balancer answers for {server_addr}, and its list of healthy backends" },
			{ "injected-at-syn",
			  "the owner of the firewalls on the path: is there a rule for this port, and does its counter grow?" },
		},
		.unknowns = { "Which device and which rule refused is not on the wire; the TTL only bounds the distance." },
		.checks = {
			"on {R}: tcpdump -ni any 'tcp port {port} and tcp[tcpflags] & tcp-syn != 0' (does the SYN arrive?)",
			"on {R} and each firewall: iptables -L -nv | grep -i reject; nft list ruleset | grep -i reject",
			"from the client: tcptraceroute {server_addr} {port} (at which hop does the reset come from?)",
			"The log of the firewalls between {P} and {R} at this time.",
		},
		.references = {
			"RFC 9293 3.10.7.1 (the form that is imitated)",
			"RFC 3360 (inappropriate TCP resets)",
			"Linux nf_send_reset, nf_send_reset6",
		},
	},
	{
		/* Only R's direction was captured: a refusal that R did not make. */
		.id = "refused-firewall-reject",
		.variant = true,
		.cap = CONFIDENCE_LIKELY,
		.prior = 4,
		.bearings = { NEEDS(RST_REFUSAL), NEEDS(ONE_WAY), NEEDS(THIRD_PARTY), FOR(HOPS_NEARER, 2), FOR(FLOW_LABEL_ZERO, 2) },
	},
	{
		.id = "refused-backlog-full",
		.family = FAMILY,
		.headline = "{R} refused the connection because its accept queue is full",
		.why = "Windows answers a SYN with a reset when the listen backlog of the socket is exhausted. The service is up, but "
		       "accepts new connections more slowly than they come. Linux does not do this: it drops the SYN without a word.",
		.evidence_for = "{R} looks like a Windows host (TTL of the 128 class), and the same port accepts other connections in the "
		                "same second. Refusals come in bursts under load, and a repeated attempt succeeds.",
		.evidence_against = "A TTL of the 64 class, or all attempts being refused: then nothing listens, or a firewall refuses.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_LIKELY,
		.severity = SEVERITY_PROBLEM,
		.prior = 8,
		.bearings = {
			NEEDS(ANSWERS_SYN), NEEDS(WINDOWS_TTL), NEEDS(SERVICE_ACCEPTED_SAME_TIME), BARS(TWO_ANSWERS),
			BARS(SYN_MP_JOIN), FOR(HOPS_SAME, 2), FOR(DELAY_FITS, 1), FOR(SERVICE_ACCEPTED_AFTER, 1),
			FOR(SERVICE_ACCEPTED_BEFORE, 1), AGAINST(HOPS_NEARER, 6), AGAINST(TOO_FAST, 4), AGAINST(SERVICE_DIED_BEFORE, 3),
		},
		.partners = {
			{ "refused-lb-no-backend", "whether {R} is one server or a load balancer in front of several" },
			{ "refused-closed-port", "the service's start and stop times on {R}: was it listening at this moment?" },
			{ "refused-firewall-reject", "the counters of rate-limiting rules on {R} and on the firewalls before it" },
		},
		.unknowns = { "The length of the accept queue is not on the wire." },
		.checks = {
			"on {R} (Windows): netstat -s -p tcp (failed connection attempts); the backlog that the service passes to listen()",
			"How fast does the service accept? Is one thread stuck, or the CPU saturated?",
			"If {R} is Linux after all: nstat -az TcpExtListenOverflows TcpExtListenDrops; ss -ltn 'sport = :{port}' (Recv-Q, "
			"Send-Q)",
		},
		.references = {
			"RFC 9293 3.10.7.1",
			"Microsoft KB 113576 (listen backlog)",
			"Microsoft KB 175523 (SYN repeated after a reset)",
		},
	},
	{
		.id = "refused-lb-no-backend",
		.family = FAMILY,
		.headline = "The load balancer at {R} refused: it has no healthy server behind port {port}",
		.why = "A load balancer, proxy or virtual address owns {server_addr}. While none of its servers is healthy (deployment, "
		       "failed health checks, drain) it refuses new connections with a reset, and accepts again when one is back. A "
		       "single server that restarts its service looks the same from outside.",
		.evidence_for = "The same port accepted connections both before and after; in between everybody is refused, without "
		                "connections having died. The reset comes from the distance of the load balancer.",
		.evidence_against = "Connections to the port that died just before the first refusal: the service itself went down. A "
		                    "port that never accepts: nothing listens there.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_LIKELY,
		.severity = SEVERITY_PROBLEM,
		.prior = 8,
		.bearings = {
			NEEDS(ANSWERS_SYN), NEEDS(SERVICE_ACCEPTED_BEFORE), NEEDS(SERVICE_ACCEPTED_AFTER),
			BARS(SERVICE_DIED_BEFORE), BARS(TWO_ANSWERS), BARS(SYN_MP_JOIN), FOR(HOPS_SAME, 1), AGAINST(WINDOWS_TTL, 1),
			AGAINST(SERVICE_ACCEPTED_SAME_TIME, 1), AGAINST(HOPS_NEARER, 4), AGAINST(TOO_FAST, 4), AGAINST(FLOW_LABEL_ZERO, 4),
		},
		.partners = {
			{ "refused-closed-port",
			  "whether {R} is a load balancer or the server itself; if the server, its service's restart time" },
			{ "refused-backlog-full", "the operating system of {R} and the length of its accept queue at this time" },
			{ "refused-firewall-reject", "the same capture taken on {R}: does the SYN arrive there?" },
		},
		.unknowns = {
			"Whether {R} is one host or a load balancer cannot be seen from one side.",
			"The state of the servers behind {R} is not in this capture.",
		},
		.checks = {
			"The load balancer's health-check log for port {port} at this time; deployments, drains and maintenance then.",
			"Kubernetes: kubectl get endpointslices -A | grep {port} (are there ready endpoints?)",
			"on {R}, if it is a server itself: systemctl status or the service's log (a restart at this time?)",
		},
		.references = { "RFC 9293 3.10.7.1", "RFC 9293 3.5.2 group 1" },
	},
	{
		.id = "refused-after-synproxy",
		.family = FAMILY,
		.headline = "A SYN proxy completed the handshake in the name of {R}; then the real server refused",
		.why = "A device that protects {R} from SYN floods (Linux SYNPROXY, pf synproxy, TCP intercept, SYN cookies of a load "
		       "balancer) answers the SYN itself and opens the connection to the server only after the client's ACK. When the "
		       "server then refuses, the client sees a connection that was open for an instant. The port is closed, although the "
		       "SYN/ACK says otherwise.",
		.evidence_for = "The SYN/ACK has window 0 or comes from another distance than the reset. Directly after the client's ACK "
		                "comes a RST,ACK with window 0 and without timestamps. {R} never sends data.",
		.evidence_against = "A reset with the connection's timestamps, its window and the SYN/ACK's TTL: the server's own socket "
		                    "aborted.",
		.mechanism = MECHANISM_STATELESS_REPLY,
		.cap = CONFIDENCE_CERTAIN,
		.severity = SEVERITY_PROBLEM,
		.prior = -2,
		.bearings = {
			NEEDS(HANDSHAKE_DONE), NEEDS(NO_DATA_FROM_R), NEEDS(RST_MIDDLEBOX_FORM), NEEDS(BY_SERVER),
			FOR(SYNACK_WINDOW_ZERO, 9), FOR(SYNACK_OTHER_HOPS, 9), FOR(RST_AFTER_HANDSHAKE, 2), FOR(ANSWERS_HANDSHAKE_ACK, 2),
			AGAINST(RST_LIVE_SOCKET, 6), AGAINST(ANSWERS_NEW_DATA, 3), AGAINST(FIRST_PAYLOAD_THEN_RST, 3),
			AGAINST(IDLE_LONG, 3), AGAINST(MIRROR, 4), DECIDES(SYNACK_WINDOW_ZERO), DECIDES(SYNACK_OTHER_HOPS),
		},
		.partners = {
			{ "abort-listener-closed", "the same capture taken on the real server: does the SYN arrive, and what answers it?" },
			{ "handshake-state-lost", "the configuration of the device that answers the SYN: is it a SYN proxy?" },
			{ "ips-reset-both", "a capture on the server's side of the device: was the server reset too?" },
			{ "injected-on-path", "the same capture taken on {R}: did it send this reset at all?" },
		},
		.unknowns = { "What happened between the proxy and the server is not in this capture." },
		.checks = {
			"on the real server: ss -ltnp 'sport = :{port}' (does it listen?)",
			"on a Linux SYN proxy: cat /proc/net/stat/synproxy; iptables -S | grep -i synproxy; nft list ruleset | grep -i "
			"synproxy",
			"A capture on the server's side of the proxy at the same time.",
		},
		.references = { "RFC 4987 3.6, 3.8 (SYN cookies, firewalls and proxies)", "RFC 9293 3.10.7.1", "Linux nf_synproxy_core" },
	},
	{
		/* The client's ACK was not captured: one direction, or flags alone. */
		.id = "refused-after-synproxy",
		.variant = true,
		.prior = 6,
		.cap = CONFIDENCE_LIKELY,
		.bearings = {
			NEEDS(SYNACK_WINDOW_ZERO), NEEDS(RST_AT_OWN_START), NEEDS(BY_SERVER), BARS(HANDSHAKE_DONE),
			FOR(SYNACK_WINDOW_ZERO, 4), FOR(SYNACK_OTHER_HOPS, 2), AGAINST(RST_LIVE_SOCKET, 9), AGAINST(ANSWERS_NEW_DATA, 3),
			AGAINST(MIRROR, 4), AGAINST(BURST, 4), AGAINST(IDLE_LONG, 4),
		},
	},
	{ .id = NULL },
};
