/* SPDX-License-Identifier: GPL-3.0-or-later
 * Catalogue, family "Deliberate abort by an end": the socket that owned the connection was alive and ended it with a reset. */
#include "explain/cause.h"

#define FAMILY "Deliberate abort of a live connection"
#define SAME_BYTES UNLESS_TOLD "which call or administrator's command caused the abort: all of them write the same bytes"
#define INSIDE_R UNLESS_TOLD "what happened inside {R}: a capture shows only the packet that resulted"
#define TRACE_R UNLESS_TOLD "on {R} (Linux 6.10 or newer): perf trace -e tcp:tcp_send_reset   # prints the kernel's reason for each reset"
#define STAT_CLOSE UNLESS_TOLD "on {R}: nstat -az TcpExtTCPAbortOnClose   # counts closes with unread data"

#define UNREAD_TEXTS \
	.why = "When an application closes a socket whose receive buffer still holds data, TCP must tell the peer that this data was " \
	       "lost. Linux and Windows therefore send RST instead of FIN. The application may have had enough, may have failed, or may " \
	       "simply not read to the end; the data had been acknowledged, but no program ever saw it.", \
	.evidence_for = "A reset in the form of a live socket, while data of the other end is acknowledged but not answered: the rest " \
			"of a transfer, a request behind the one that was answered, pipelined requests with fewer answers.", \
	.evidence_against = "An end that spoke last and answered everything has nothing unread: then it chose the hard close itself. The " \
			    "window in the reset says nothing; it may jump up with and without unread data. BSD systems send FIN in this " \
			    "case."

#define LISTENER_TEXTS \
	.why = "The kernel completes handshakes before the application accepts them. When the listening socket is closed, every " \
	       "connection that still waits in its queue is reset. The client had been connected, and may have sent its request, but no " \
	       "program ever saw it.", \
	.evidence_for = "A complete handshake, no payload from the server at all, then a reset in the form of a live socket; the same " \
			"in the same instant on other connections of the port that had no answer either; later attempts are refused.", \
	.evidence_against = "Payload from the server means that the connection had been accepted. A program that accepts and closes at " \
			    "once (limit, access list) looks alike on one connection."

const struct cause causes_abort[] = {
{
	.id = "abort-unread-data",
	.family = FAMILY,
	.headline = "The application on {R} closed the connection without reading everything {P} had sent",
	UNREAD_TEXTS,
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_WARN,
	.prior = 3,
	.bearings = { AGAINST(SAME_INSTANT_OTHER_SERVICES, 6), NEEDS(RST_ACTIVE), NEEDS(UNREAD_DATA), BARS(THIRD_PARTY), FOR(UNREAD_DATA, 3), FOR(UNREAD_PIPELINE, 3),
		      FOR(BULK_FROM_P, 2), FOR(RST_LIVE_SOCKET, 1), AGAINST(EXCHANGE_COMPLETE, 1), AGAINST(SILENCE_IS_TIMER, 2),
		      AGAINST(ERROR_BEFORE_RST, 2) },
	.partners = { { "abort-linger0", "nstat TcpExtTCPAbortOnClose on {R}: it counts unread data, not SO_LINGER 0" },
		      { "abort-process-killed", "the service log and exit status on {R}; other connections that end in the same instant" },
		      { "abort-app-timeout", "the log of the application on {R}: does it report a time-out?" },
		      { "abort-unread-close-notify", "the decrypted last record of {P}: goodbye or data?" },
		      { "proxy-relayed-reset", "a capture of the other leg, if {R} is a proxy" } },
	.unknowns = { UNLESS_TOLD "whether the application had read the data: acknowledged means received by the kernel, not read", INSIDE_R },
	.checks = { "application log on {R} at the time of the reset: does it read the whole request, or to end of file, before close()?",
		    STAT_CLOSE, TRACE_R },
	.references = { "RFC 1122 4.2.2.13", "RFC 2525 2.17", "RFC 9293 3.6.1", "Linux tcp_close, TCP_ABORT_ON_CLOSE" },
},
{
	.id = "abort-unread-data",
	.family = FAMILY,
	.variant = true,
	.headline = "The application on {R} closed the connection with requests of {P} still unread",
	UNREAD_TEXTS,
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_WARN,
	.prior = 3,
	.bearings = { NEEDS(RST_ACTIVE), NEEDS(UNREAD_PIPELINE), BARS(THIRD_PARTY), BARS(UNREAD_DATA), FOR(UNREAD_PIPELINE, 4),
		      FOR(RST_LIVE_SOCKET, 1), AGAINST(ERROR_BEFORE_RST, 2) },
	.partners = { { "abort-linger0", "nstat TcpExtTCPAbortOnClose on {R}: it counts unread data, not SO_LINGER 0" },
		      { "abort-process-killed", "the service log and exit status on {R}; other connections that end in the same "
						"instant" } },
	.unknowns = { UNLESS_TOLD "whether the application had read the remaining requests: acknowledged means received by the kernel, not read",
		      INSIDE_R },
	.checks = { "application log on {R} at the time of the reset: how many requests does it serve on one connection?", STAT_CLOSE,
		    TRACE_R },
	.references = { "RFC 1122 4.2.2.13", "RFC 9112 9.3.2", "RFC 9293 3.6.1", "Linux tcp_close, TCP_ABORT_ON_CLOSE" },
},
{
	.id = "abort-unread-upload",
	.family = FAMILY,
	.headline = "{R} rejected {P}'s upload early: it answered, then closed while {P} was still sending",
	.why = "A server that refuses a request (too large, not authorised, redirected) may answer before it has read the body. If it "
	       "then closes at once, the unread body turns the close into a reset. The reset can overtake the answer in {P}'s "
	       "application, which then reports a broken connection instead of the status. A lingering close on the server avoids this.",
	.evidence_for = "An answer while the request body was incomplete, then a reset in the form of a live socket; often further resets "
			"with one and the same number, one for each segment still in flight.",
	.evidence_against = "On encrypted connections the answer is known only by its direction and size.",
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 6,
	.bearings = { NEEDS(RST_ACTIVE), NEEDS(ANSWER_DURING_UPLOAD), BARS(THIRD_PARTY), FOR(ANSWER_DURING_UPLOAD, 3),
		      FOR(HTTP_ERROR_ANSWER, 3),
		      FOR(UNREAD_DATA, 2), FOR(BULK_FROM_P, 1), AGAINST(SILENCE_IS_TIMER, 1) },
	.partners = { { "abort-unread-data", "the plaintext of {R}'s last answer: a refusal of the request, or something else?" },
		      { "abort-after-protocol-error", "the size of the request body against what {R} had received" } },
	.unknowns = { "whether {P}'s application could still read the answer before the reset reached it" },
	.checks = { "limits of the server for request bodies, e.g. client_max_body_size (nginx), maxSwallowSize (Tomcat), "
		    "LimitRequestBody (Apache)",
		    "lingering close on the server (nginx: lingering_close), so that the client can read the answer",
		    "does the client send Expect: 100-continue and wait for the answer?", STAT_CLOSE },
	.references = { "RFC 9112 9.6", "RFC 9110 10.1.1", "RFC 1122 4.2.2.13", "Linux tcp_close, TCP_ABORT_ON_CLOSE" },
},
{
	.id = "abort-unread-close-notify",
	.family = FAMILY,
	.headline = "Harmless: {R} closed without reading {P}'s goodbye after the work was done",
	.why = "{P} said goodbye (a TLS close_notify or the like) and sent FIN. {R} closed its socket without reading that goodbye. For "
	       "TCP it is unread data, so the close became a reset. Nothing that mattered was lost.",
	.evidence_for = "The last bytes of the other end are one short TLS record of the size of an alert, or a short goodbye of the "
			"protocol, and its FIN; the reset acknowledges that FIN and stands where the own FIN should be.",
	.evidence_against = "A reset before the other end's FIN, or while a request is open, is not harmless. In TLS 1.3 the alert is "
			    "encrypted and known by its size only.",
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_INFO,
	.prior = 8,
	.bearings = { NEEDS(RST_ACTIVE), NEEDS(P_GOODBYE), NEEDS(RST_ACKS_P_FIN), BARS(THIRD_PARTY), FOR(P_GOODBYE, 3),
		      FOR(RST_LIVE_SOCKET, 1),
		      AGAINST(UNREAD_DATA, 3), AGAINST(ERROR_BEFORE_RST, 2) },
	.partners = { { "abort-unread-data", "the decrypted last record of {P} (key log of the TLS session): an alert, or application "
					     "data?" },
		      { "abort-linger0", "nstat TcpExtTCPAbortOnClose on {R}: it counts unread data, not SO_LINGER 0" } },
	.unknowns = { "the content of the last record, where it is encrypted: it is taken for a goodbye by its size" },
	.checks = { "nothing to repair; to avoid the reset, {R} can read to end of file before it closes", STAT_CLOSE },
	.references = { "RFC 8446 6.1", "RFC 1122 4.2.2.13", "Linux tcp_close, TCP_ABORT_ON_CLOSE" },
},
{
	.id = "abort-linger0",
	.family = FAMILY,
	.headline = "{R} ended the connection with a hard close (reset instead of FIN)",
	.why = "The socket on {R} was alive and up to date when it sent the reset, and nothing is seen to be unread. Usually the "
	       "application has set SO_LINGER to zero and closed: proxies, load testers and clients do that to avoid TIME-WAIT or to drop "
	       "peers quickly. It is a decision of the program, not a failure of the network.",
	.evidence_for = "Form of a live socket, nothing of the other end unanswered, often right after a complete answer or after a fixed "
			"pause, and the same on many connections of the service.",
	.evidence_against = "Unanswered data of the other end speaks for a close with unread data. A kill by an administrator and a "
			    "dissolving connect() look the same, byte for byte.",
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_INFO,
	.prior = 3,
	.bearings = { NEEDS(RST_ACTIVE), BARS(THIRD_PARTY), FOR(EXCHANGE_COMPLETE, 2), FOR(RST_LIVE_SOCKET, 1), AGAINST(UNREAD_DATA, 3),
		      AGAINST(UNREAD_PIPELINE, 3), AGAINST(SAME_INSTANT_OTHER_SERVICES, 1) },
	.partners = { { "abort-unread-data", "nstat TcpExtTCPAbortOnClose on {R}: it counts unread data, not SO_LINGER 0" },
		      { "abort-admin-kill", "the logs of {R}: did an administrator, a script or the system destroy the socket?" },
		      { "abort-api-disconnect", "strace -f -e trace=connect,setsockopt,close on {R}: connect(AF_UNSPEC), or SO_LINGER and "
						"close" },
		      { "abort-app-timeout", "the log of the application on {R}: does it report a time-out?" },
		      { "proxy-relayed-reset", "a capture of the other leg, if {R} is a proxy" } },
	.unknowns = { SAME_BYTES, INSIDE_R },
	.checks = { "source or settings of the program on {R}: SO_LINGER, nginx reset_timedout_connection, HAProxy option nolinger, "
		    "\"abortive close\"",
		    "on {R}: strace -f -e trace=setsockopt,close,shutdown -p PID   # SO_LINGER {onoff=1, linger=0} before close", TRACE_R },
	.references = { "RFC 9293 3.10.5", "Linux tcp_disconnect, reason TCP_STATE", "socket(7) SO_LINGER" },
},
{
	.id = "abort-app-timeout",
	.family = FAMILY,
	.headline = "{R}'s application ran out of patience ({gap} without progress) and reset the connection",
	.why = "The pause before the reset is one that programs use as a time-out. The application on {R} waited that long, then closed "
	       "the connection the hard way. The kernel has no such timer for a healthy connection, so the limit is one of the program, "
	       "its library or its proxy.",
	.evidence_for = "Form of a live socket after a silence of a usual length (5, 10, 30, 60 seconds …); a request of this end that "
			"TCP had acknowledged and nobody answered; other connections that end after the same pause.",
	.evidence_against = "Unanswered keepalive probes or retransmissions point to a dead path, not to an impatient program. Resets to "
			    "both ends after a silence come from a middlebox. Many time-outs end with FIN instead.",
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 3,
	.bearings = { NEEDS(RST_ACTIVE), NEEDS(SILENCE_IS_TIMER), BARS(THIRD_PARTY), BARS(KEEPALIVES_UNANSWERED),
		      BARS(RETRANSMISSIONS_UNANSWERED), BARS(ZERO_WINDOW_HELD), FOR(SILENCE_IS_TIMER, 3), FOR(SAME_GAP_ELSEWHERE, 3),
		      FOR(REQUEST_UNANSWERED, 2), AGAINST(MIRROR, 4), AGAINST(BULK_FROM_P, 3), AGAINST(ERROR_BEFORE_RST, 1) },
	.partners = { { "abort-linger0", "the settings and the log of the application on {R}: is there a time-out of {gap}?" },
		      { "keepalive-timeout", "the same capture taken on {R}: it shows whether {R} had sent probes" },
		      { "idle-expired-reset-both", "the same capture taken on {R}: did the reset leave this machine?" },
		      { "abort-unread-data", "nstat TcpExtTCPAbortOnClose on {R}: it counts unread data" },
		      { "abort-admin-kill", "the logs of {R}: did somebody destroy the socket at that time?" } },
	.unknowns = { "which of the programs and libraries on {R} owns the timer", INSIDE_R },
	.checks = { "time-outs on {R}: which setting is {gap} (request, read, idle, pool, proxy)?",
		    "why {P} took so long: its log for this request, its load at that time", TRACE_R },
	.references = { "RFC 9293 3.10.5", "Linux tcp_disconnect, reason TCP_STATE", "nginx reset_timedout_connection" },
},
{
	.id = "abort-after-protocol-error",
	.family = FAMILY,
	.headline = "{R} reported an error to {P} and then reset the connection",
	.why = "The last thing that {R} said is an error of the application protocol: a TLS alert, an HTTP or SMTP error, a GOAWAY. Then "
	       "it closed at once. Data of {P} that was still unread or on its way turned the close into a reset. The reason is in the "
	       "error, not in the reset.",
	.evidence_for = "An alert, an error status or a GOAWAY as the last payload, and the reset within a fraction of a second; either "
			"in the form of a live socket, or as the answer to the next segment.",
	.evidence_against = "A close_notify is a goodbye and no error. An error page from a box on the path has another distance or comes "
			    "too fast.",
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 4,
	.bearings = { NEEDS(ERROR_BEFORE_RST), BARS(R_FIN), BARS(THIRD_PARTY), FOR(ERROR_BEFORE_RST, 4), FOR(RST_ACTIVE, 1),
		      FOR(HOPS_SAME, 1),
		      AGAINST(ANSWER_DURING_UPLOAD, 3), AGAINST(SILENCE_IS_TIMER, 1) },
	.partners = { { "abort-unread-upload", "the size of the request body against what {R} had received" },
		      { "abort-unread-data", "the log of {R}: does it report the error for this connection?" },
		      { "injected-after-request", "the same capture taken on {R}: did the error and the reset leave this machine?" } },
	.unknowns = { "what made {R} report the error, beyond the code itself" },
	.checks = { "log of the application on {R} for this connection: it usually names the reason",
		    "for TLS: openssl s_client -connect {server} -servername NAME   # certificate, versions, ALPN",
		    "for HTTP: repeat the request with curl -v and compare the status", STAT_CLOSE },
	.references = { "RFC 8446 6.2", "RFC 9110 15.5", "RFC 9113 6.8", "Linux tcp_close, TCP_ABORT_ON_CLOSE" },
},
{
	.id = "abort-process-killed",
	.family = FAMILY,
	.headline = "The process on {R} ended, crashed or was killed: several of its connections end in the same instant",
	.why = "When a process ends, its kernel closes all its sockets. Those with unread data end with a reset, the others with FIN. "
	       "Many connections of one service that end within milliseconds, and refused connections right after, show that the process "
	       "is gone.",
	.evidence_for = "Connections of one port end in the same instant, some with FIN and some with a reset; new connections are "
			"refused right after; the moment has nothing to do with the state of each exchange.",
	.evidence_against = "A single connection cannot be told from an ordinary close with unread data. If the port keeps accepting, the "
			    "listener lives; then at most one worker ended.",
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 4,
	.bearings = { NEEDS(RST_ACTIVE), NEEDS(SAME_INSTANT_SAME_SERVICE), BARS(THIRD_PARTY), FOR(SERVICE_REFUSED_AFTER, 3),
		      FOR(SAME_INSTANT_SAME_SERVICE, 2), FOR(R_DATA_BEFORE, 2), FOR(UNREAD_DATA, 1), AGAINST(SAME_INSTANT_NO_DATA, 3),
		      AGAINST(SERVICE_OTHERS_LIVE_ON, 4), AGAINST(R_FIN, 4), AGAINST(SAME_GAP_ELSEWHERE, 2), AGAINST(RST_ACKS_P_FIN, 4) },
	.partners = { { "abort-unread-data", "the exit status and the log of the service on {R} at that time" },
		      { "abort-listener-closed", "whether {R}'s application had accepted this connection (its log)" },
		      { "lb-backend-removed", "whether {R} is a load balancer: its event log at that time" },
		      { "abort-admin-kill", "the logs of {R}: process end, or sockets destroyed from outside?" } },
	.unknowns = { "why the process ended: crash, lack of memory, restart or deployment look the same", INSIDE_R },
	.checks = { "on {R}: journalctl -k | grep -i -e oom -e segfault   # at the time of the reset",
		    "on {R}: journalctl -u SERVICE, coredumpctl list, restart count of the container",
		    "on {R}: ss -ltnp 'sport = :{port}'   # since when does this process run?", "the deployment log at that time" },
	.references = { "RFC 1122 4.2.2.13", "RFC 9293 3.6.1", "Linux tcp_close, TCP_ABORT_ON_CLOSE" },
},
{
	.id = "abort-listener-closed",
	.family = FAMILY,
	.headline = "{R}'s server stopped while this connection was still waiting to be accepted",
	LISTENER_TEXTS,
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 8,
	.bearings = { NEEDS(RST_ACTIVE), NEEDS(BY_SERVER), NEEDS(NO_DATA_FROM_R), NEEDS(HANDSHAKE_DONE), NEEDS(SAME_INSTANT_NO_DATA),
		      BARS(THIRD_PARTY), BARS(R_FIN), FOR(SERVICE_REFUSED_AFTER, 3), FOR(SAME_INSTANT_NO_DATA, 2),
		      AGAINST(SERVICE_ACCEPTED_SAME_TIME, 3), AGAINST(SERVICE_OTHERS_LIVE_ON, 1) },
	.partners = { { "abort-process-killed", "the log of {R}'s application: had it accepted this connection?" },
		      { "abort-unread-data", "the log of {R}'s application: had it accepted this connection and closed it?" },
		      { "abort-linger0", "the log of {R}'s application: had it accepted this connection and closed it?" } },
	.unknowns = { "whether the application had accepted the connection before it was reset" },
	.checks = { "how the service on {R} is restarted: is it drained first, or is the listening socket handed over?",
		    "on {R}: ss -ltn 'sport = :{port}'   # Recv-Q is the number of connections that wait",
		    "with SO_REUSEPORT on Linux: sysctl net.ipv4.tcp_migrate_req", "the log of the service at that time: stop, restart, "
		    	"reload" },
	.references = { "Linux inet_csk_listen_stop, reason TCP_STATE", "RFC 9293 3.10.5" },
},
{
	.id = "abort-listener-closed",
	.family = FAMILY,
	.variant = true,
	.headline = "{R}'s server stopped while this connection was still waiting to be accepted",
	LISTENER_TEXTS,
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 5,
	.bearings = { NEEDS(RST_ACTIVE), NEEDS(BY_SERVER), NEEDS(NO_DATA_FROM_R), NEEDS(HANDSHAKE_DONE), NEEDS(SERVICE_REFUSED_AFTER),
		      BARS(THIRD_PARTY), BARS(R_FIN), BARS(SAME_INSTANT_NO_DATA), FOR(SERVICE_REFUSED_AFTER, 3),
		      AGAINST(SERVICE_OTHERS_LIVE_ON, 2),
		      AGAINST(SERVICE_ACCEPTED_AFTER, 1), AGAINST(SERVICE_ACCEPTED_SAME_TIME, 3) },
	.partners = { { "abort-process-killed", "the log of {R}'s application: had it accepted this connection?" },
		      { "abort-unread-data", "the log of {R}'s application: had it accepted this connection and closed it?" },
		      { "abort-linger0", "the log of {R}'s application: had it accepted this connection and closed it?" } },
	.unknowns = { "whether the application had accepted the connection before it was reset" },
	.checks = { "how the service on {R} is restarted: is it drained first, or is the listening socket handed over?",
		    "the log of the service at that time: stop, restart, reload" },
	.references = { "Linux inet_csk_listen_stop, reason TCP_STATE", "RFC 9293 3.10.5" },
},
{
	/* Live: this machine's kernel saw the listener close. What a program had accepted, and aborts as it ends, it does not tell from that. */
	.id = "abort-listener-closed",
	.variant = true,
	.cap = CONFIDENCE_LIKELY,
	.prior = 5,
	.bearings = { NEEDS(KERNEL_LISTENER_CLOSED), NEEDS(BY_SERVER), NEEDS(NO_DATA_FROM_R), BARS(R_FIN),
		      FOR(KERNEL_LISTENER_CLOSED, 3) },
},
{
	/* A single connection: nothing of it tells a queue from a program that accepts and closes, which is the more common. */
	.id = "abort-listener-closed",
	.variant = true,
	.cap = CONFIDENCE_POSSIBLE,
	.prior = 2,
	.bearings = { NEEDS(RST_ACTIVE), NEEDS(BY_SERVER), NEEDS(NO_DATA_FROM_R), NEEDS(HANDSHAKE_DONE), BARS(THIRD_PARTY), BARS(R_FIN),
		      BARS(KERNEL_SENT), /* it would have told of the listener too */
		      FOR(UNREAD_DATA, 1), AGAINST(SERVICE_ACCEPTED_SAME_TIME, 3), AGAINST(SERVICE_ACCEPTED_AFTER, 3),
		      AGAINST(SERVICE_OTHERS_LIVE_ON, 2), AGAINST(KEEPALIVES_UNANSWERED, 3), AGAINST(SILENCE_IS_TIMER, 1) },
},
{
	.id = "abort-admin-kill",
	.family = FAMILY,
	.headline = "The connection was destroyed from outside the application on {R} (administrator, operating system or network change)",
	.why = "Administrators and systems can destroy sockets: ss -K, tcpdrop, a change of the address or VPN, a mobile system that "
	       "switches networks. The kernel then aborts the connection in the middle of whatever it did. On the wire this is the same "
	       "packet as a hard close by the application.",
	.evidence_for = "A moment without meaning for the exchange; connections of one host to different services are reset in the same "
			"instant.",
	.evidence_against = "For a single connection nothing on the wire tells this from a hard close by the application.",
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_WARN,
	.prior = -2,
	.bearings = { NEEDS(RST_ACTIVE), BARS(THIRD_PARTY), FOR(SAME_INSTANT_OTHER_SERVICES, 10), AGAINST(UNREAD_DATA, 1),
		      AGAINST(ERROR_BEFORE_RST, 2) },
	.partners = { { "abort-linger0", "on {R}: perf trace -e tcp:tcp_send_reset with call stacks: tcp_abort is an administrator, "
					 "tcp_disconnect the application" },
		      { "abort-api-disconnect", "strace -f -e trace=connect on {R}: connect(AF_UNSPEC)" },
		      { "abort-process-killed", "the exit status and the log of the service on {R} at that time" } },
	.unknowns = { SAME_BYTES, INSIDE_R },
	.checks = { "events on {R} at that time: VPN, Wi-Fi or address change (journalctl -u NetworkManager, ip monitor)",
		    "scripts and agents on {R} that call ss -K or tcpdrop; isolation by endpoint security", TRACE_R },
	.references = { "Linux tcp_abort, reason TCP_STATE", "ss(8) -K", "RFC 9293 3.10.5" },
},
{
	.id = "abort-api-disconnect",
	.family = FAMILY,
	.headline = "{R}'s application dissolved the connection with connect(AF_UNSPEC)",
	.why = "A program can take a TCP socket out of its connection by calling connect() with the family AF_UNSPEC, to use the socket "
	       "again. Linux then aborts the connection. Few programs do this; on the wire it is the same packet as any hard close.",
	.evidence_for = "The form of a live socket. Nothing else speaks for it in a capture.",
	.evidence_against = "It is rare; a hard close with SO_LINGER zero is far more common.",
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_POSSIBLE,
	.severity = SEVERITY_INFO,
	.prior = -2,
	.bearings = { NEEDS(RST_ACTIVE), BARS(THIRD_PARTY), AGAINST(UNREAD_DATA, 2), AGAINST(ERROR_BEFORE_RST, 2),
		      AGAINST(SAME_INSTANT_OTHER_SERVICES, 2) },
	.partners = { { "abort-linger0", "strace -f -e trace=connect,setsockopt,close on {R}: connect(AF_UNSPEC), or SO_LINGER and close" },
		      { "abort-admin-kill", "the logs of {R}: did an administrator, a script or the system destroy the socket?" } },
	.unknowns = { SAME_BYTES },
	.checks = { "on {R}: strace -f -e trace=connect -p PID   # look for AF_UNSPEC" },
	.references = { "Linux tcp_disconnect, reason TCP_STATE", "connect(2)" },
},
{
	.id = "abort-zero-window",
	.family = FAMILY,
	.headline = "{R}'s application did not read for {gap} (receive window 0), then the connection was given up",
	.why = "{R}'s receive buffer was full and stayed full: its application did not read. {P} could only probe. Then the application "
	       "closed or was ended, and the unread buffer turned the close into a reset. The trouble is in the reading program, not in "
	       "the network.",
	.evidence_for = "Window 0 from the resetting end until the reset, window probes that it acknowledges, then a reset in the form of "
			"a live socket, often with an open window again, as the buffer has been thrown away.",
	.evidence_against = "If the sending end resets, it has lost patience or given up; then the window is only the background.",
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 6,
	.bearings = { NEEDS(RST_ACTIVE), NEEDS(ZERO_WINDOW_HELD), BARS(THIRD_PARTY), FOR(ZERO_WINDOW_HELD, 4), FOR(UNREAD_DATA, 1),
		      AGAINST(KEEPALIVES_UNANSWERED, 3) },
	.partners = { { "abort-unread-data", "how long {R}'s application had not read: ss -tmi on {R} while it lasts" },
		      { "abort-process-killed", "the exit status and the log of the service on {R} at that time" },
		      { "abort-app-timeout", "the log of the application on {R}: does it report a time-out?" } },
	.unknowns = { "why the application did not read: a hang, a slow disk, garbage collection or a deliberate pause look the same",
		      INSIDE_R },
	.checks = { "on {R}: ss -tmi 'dst {P}'   # Recv-Q grows while the program does not read",
		    "what the program on {R} waited for: its threads, its disk, its own downstream", STAT_CLOSE },
	.references = { "RFC 9293 3.8.6.1", "RFC 1122 4.2.2.17", "RFC 1122 4.2.2.13", "Linux tcp_close, TCP_ABORT_ON_CLOSE" },
},
{
	.id = "abort-after-own-fin",
	.family = FAMILY,
	.headline = "{R} had already sent FIN, then turned its close into a reset",
	.why = "{R} first closed its sending half, and {P} knew. Later {R} closed the socket completely while data of {P} was unread, or "
	       "with SO_LINGER zero. With its FIN already sent it can only say so with a reset.",
	.evidence_for = "A FIN of the same end, then a reset with the number right behind it, in the form of a live socket.",
	.evidence_against = "A reset without ACK flag right after a segment of the other end is an answer to that segment, not an abort.",
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_CERTAIN,
	.severity = SEVERITY_INFO,
	.prior = 7,
	.bearings = { DECIDES(RST_AFTER_OWN_FIN), DECIDES(RST_LIVE_SOCKET), NEEDS(RST_ACTIVE), NEEDS(RST_AFTER_OWN_FIN), BARS(THIRD_PARTY),
		      FOR(RST_AFTER_OWN_FIN, 3), FOR(UNREAD_DATA, 1),
		      AGAINST(RST_AT_ONCE_AFTER_FIN_ACK, 4), AGAINST(UNACKED_DATA_CLOSING, 4), AGAINST(SAME_INSTANT_SAME_SERVICE, 2) },
	.partners = { { "abort-orphan-memory", "nstat TcpExtTCPAbortOnMemory on {R}" },
		      { "abort-linger2-fin-wait2", "strace -f -e trace=setsockopt on {R}: TCP_LINGER2 below zero" },
		      { "abort-app-timeout", "the log of the application on {R}: does it limit how long it waits for the other end's "
					     "FIN?" },
		      { "abort-unread-data", "nstat TcpExtTCPAbortOnClose on {R}: it counts unread data" } },
	.unknowns = { "whether {R}'s application waited for {P}'s FIN or closed both halves on purpose" },
	.checks = { "if {P} had not closed either by then: its log, its sockets in CLOSE-WAIT (ss -tan state close-wait)",
		    "how {R} ends connections: shutdown(SHUT_WR), SO_LINGER, close() with unread data", STAT_CLOSE },
	.references = { "RFC 9293 3.6", "RFC 1122 4.2.2.13", "Linux tcp_close, TCP_ABORT_ON_CLOSE" },
},
{
	.id = "abort-linger2-fin-wait2",
	.family = FAMILY,
	.headline = "{R} did not wait for {P}'s FIN: it reset as soon as its own was acknowledged",
	.why = "After its FIN is acknowledged, an end normally waits in FIN-WAIT-2 for the other's FIN. A program can forbid that with "
	       "TCP_LINGER2 below zero; then Linux answers the acknowledgment of the FIN with a reset, or resets at close(). Few programs "
	       "do this.",
	.evidence_for = "FIN, its acknowledgment without any data, and at once the reset with the number behind the FIN.",
	.evidence_against = "If the other end had sent data, the reset answers that data. A pause between the acknowledgment and the "
			    "reset speaks for a later decision of the application.",
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_INFO,
	.prior = 6,
	.bearings = { NEEDS(RST_AT_ONCE_AFTER_FIN_ACK), BARS(THIRD_PARTY), BARS(ANSWERS_NEW_DATA), FOR(RST_AT_ONCE_AFTER_FIN_ACK, 3),
		      AGAINST(R_FIN_LONG_AGO, 4), AGAINST(UNREAD_DATA, 2) },
	.partners = { { "abort-after-own-fin", "strace -f -e trace=setsockopt on {R}: TCP_LINGER2 below zero" },
		      { "fin-wait2-expired", "sysctl net.ipv4.tcp_fin_timeout on {R}" },
		      { "late-data-after-close", "the same capture taken on {R}: which segment of {P} came right before the reset?" } },
	.unknowns = { UNLESS_TOLD "whether the program set TCP_LINGER2 or closed the socket with SO_LINGER zero at that moment" },
	.checks = { "on {R}: strace -f -e trace=setsockopt,shutdown,close -p PID   # TCP_LINGER2", "on {R}: sysctl "
		"net.ipv4.tcp_fin_timeout" },
	.references = { "RFC 9293 3.6", "Linux tcp_rcv_state_process, TCP_ABORT_ON_LINGER", "tcp(7) TCP_LINGER2" },
},
{
	.id = "abort-orphan-memory",
	.family = FAMILY,
	.headline = "{R}'s kernel may have dropped the closing connection for lack of TCP memory",
	.why = "Connections that the application has closed but that still hold unsent or unacknowledged data are orphans. Linux limits "
	       "their number and their memory. Beyond the limit it resets them, and the rest of the data is lost.",
	.evidence_for = "FIN sent or close begun with unacknowledged data, then a reset in the form of a live socket; many connections in "
			"the same period, above all to slow or vanished peers.",
	.evidence_against = "A single connection is no sign of a lack of memory: the application may have closed hard.",
	.mechanism = MECHANISM_ABORT,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_PROBLEM,
	.prior = 2,
	.bearings = { NEEDS(RST_ACTIVE), NEEDS(UNACKED_DATA_CLOSING), BARS(THIRD_PARTY), FOR(UNACKED_DATA_CLOSING, 2),
		      FOR(SAME_INSTANT_SAME_SERVICE, 4), FOR(R_FLOWS_DIE, 2), FOR(SAME_INSTANT_OTHER_SERVICES, 4) },
	.partners = { { "abort-after-own-fin", "nstat TcpExtTCPAbortOnMemory on {R}" },
		      { "retransmit-giveup-reset", "nstat TcpExtTCPAbortOnMemory and TcpExtTCPAbortOnTimeout on {R}" },
		      { "abort-linger0", "nstat TcpExtTCPAbortOnMemory on {R}" } },
	.unknowns = { "the memory of {R}: a capture shows only which connections end", INSIDE_R },
	.checks = { "on {R}: nstat -az TcpExtTCPAbortOnMemory", "on {R}: journalctl -k | grep -i -e 'too many orphaned' -e 'out of memory'",
		    "on {R}: cat /proc/net/sockstat; sysctl net.ipv4.tcp_max_orphans net.ipv4.tcp_mem" },
	.references = { "Linux tcp_check_oom, tcp_out_of_resources, TCP_ABORT_ON_MEMORY" },
},
{
	.id = "endpoint-security-reset",
	.family = FAMILY,
	.headline = "Something on {R}'s own machine, but not the socket of the connection, made this reset",
	.why = "Host firewalls, virus scanners, endpoint security and local proxies can end connections of their own machine. They write "
	       "the reset themselves or have it written by a REJECT rule. It leaves {R}, but it does not look like the packets of the "
	       "socket that owned the connection.",
	.evidence_for = "The capture was taken on the machine itself, the distance is that of the machine, yet the form or style is not "
			"that of the socket; often right after the SYN, the ClientHello or a request.",
	.evidence_against = "From a distance this cannot be told from the application or from a firewall one hop away.",
	.mechanism = MECHANISM_THIRD_PARTY,
	.cap = CONFIDENCE_LIKELY,
	.severity = SEVERITY_WARN,
	.prior = 5,
	.bearings = { NEEDS(THIRD_PARTY), NEEDS(VANTAGE_AT_R), BARS(ANSWERS_SYN), BARS(TWO_ANSWERS), FOR(VANTAGE_AT_R, 2),
		      FOR(HOPS_SAME, 2), FOR(FIRST_PAYLOAD_THEN_RST, 1),
		      FOR(FLOW_LABEL_ZERO, 2), AGAINST(HOPS_FARTHER, 4), AGAINST(OUT_OF_WINDOW, 3), AGAINST(SPREAD_GUESSES, 4),
		      AGAINST(MAC_DIFFERS, 6) },
	.partners = { { "firewall-reject-midstream", "a capture outside {R}, one hop away: is the reset there too?" },
		      { "injected-after-request", "a capture outside {R}, one hop away: from which direction does the reset come?" },
		      { "ips-reset-both", "the logs of the security software on {R} against those of the devices on the path" },
		      { "injected-on-path", "a capture outside {R}, one hop away: does the reset come from there?" } },
	.unknowns = { "which program on {R} wrote it" },
	.checks = { "on {R}: nft list ruleset | grep -i reject; iptables-save | grep -i REJECT",
		    "on Windows: netsh wfp show netevents; event 5157 in the security log", "log of virus scanner and endpoint security "
		    	"on {R}",
		    TRACE_R },
	.references = { "Linux nf_send_reset", "RFC 3360" },
},
{ .id = NULL },
};
