-- SPDX-License-Identifier: GPL-3.0-or-later
-- Written by make-tables.sh from the contract of the report, tcpwhy-report(5). A name is in double quotes where SQL has it, too.
-- What a line does not have is NULL. Loading a report again changes nothing: doc/scale/README.md.

CREATE UNLOGGED TABLE IF NOT EXISTS loaded (line jsonb NOT NULL);

CREATE TABLE IF NOT EXISTS flows (
	v smallint NOT NULL,
	capture text NOT NULL,
	vantage text NOT NULL,
	flow bigint NOT NULL,
	flow_id text NOT NULL,
	community_id text NOT NULL,
	client_addr inet NOT NULL,
	client_port integer NOT NULL,
	client_name text,
	server_addr inet NOT NULL,
	server_port integer NOT NULL,
	server_name text,
	roles text NOT NULL,
	vlan bigint[],
	encap text,
	client_isn bigint,
	server_isn bigint,
	"first" timestamptz NOT NULL,
	"last" timestamptz NOT NULL,
	duration float8 NOT NULL,
	client_segments bigint NOT NULL,
	server_segments bigint NOT NULL,
	client_bytes bigint NOT NULL,
	server_bytes bigint NOT NULL,
	syn bigint NOT NULL,
	synack bigint NOT NULL,
	fin bigint NOT NULL,
	rst bigint NOT NULL,
	client_retransmissions bigint NOT NULL,
	client_out_of_order bigint NOT NULL,
	client_duplicate_acks bigint NOT NULL,
	client_zero_windows bigint NOT NULL,
	client_keepalives bigint NOT NULL,
	server_retransmissions bigint NOT NULL,
	server_out_of_order bigint NOT NULL,
	server_duplicate_acks bigint NOT NULL,
	server_zero_windows bigint NOT NULL,
	server_keepalives bigint NOT NULL,
	handshake text NOT NULL,
	rtt float8,
	state text NOT NULL,
	conn_state text NOT NULL,
	history text NOT NULL,
	host text,
	elsewhere text[],
	passage_seen bigint[],
	passage_lost bigint[],
	passage_made bigint[],
	passage_missed bigint[],
	passage_doubled bigint[],
	passage_unsure bigint[],
	"cause" text,
	confidence text,
	reset_frame bigint,
	cut text[],
	PRIMARY KEY (flow_id)
);

CREATE OR REPLACE PROCEDURE load_flows() LANGUAGE sql AS $$
	INSERT INTO flows SELECT DISTINCT ON (flow_id) r.*
		FROM loaded, jsonb_populate_record(NULL::flows, line) AS r
		WHERE line->>'type' = 'flow' ORDER BY flow_id, "last" DESC
	ON CONFLICT (flow_id) DO UPDATE SET
		v = EXCLUDED.v,
		capture = EXCLUDED.capture,
		vantage = EXCLUDED.vantage,
		flow = EXCLUDED.flow,
		flow_id = EXCLUDED.flow_id,
		community_id = EXCLUDED.community_id,
		client_addr = EXCLUDED.client_addr,
		client_port = EXCLUDED.client_port,
		client_name = EXCLUDED.client_name,
		server_addr = EXCLUDED.server_addr,
		server_port = EXCLUDED.server_port,
		server_name = EXCLUDED.server_name,
		roles = EXCLUDED.roles,
		vlan = EXCLUDED.vlan,
		encap = EXCLUDED.encap,
		client_isn = EXCLUDED.client_isn,
		server_isn = EXCLUDED.server_isn,
		"first" = EXCLUDED."first",
		"last" = EXCLUDED."last",
		duration = EXCLUDED.duration,
		client_segments = EXCLUDED.client_segments,
		server_segments = EXCLUDED.server_segments,
		client_bytes = EXCLUDED.client_bytes,
		server_bytes = EXCLUDED.server_bytes,
		syn = EXCLUDED.syn,
		synack = EXCLUDED.synack,
		fin = EXCLUDED.fin,
		rst = EXCLUDED.rst,
		client_retransmissions = EXCLUDED.client_retransmissions,
		client_out_of_order = EXCLUDED.client_out_of_order,
		client_duplicate_acks = EXCLUDED.client_duplicate_acks,
		client_zero_windows = EXCLUDED.client_zero_windows,
		client_keepalives = EXCLUDED.client_keepalives,
		server_retransmissions = EXCLUDED.server_retransmissions,
		server_out_of_order = EXCLUDED.server_out_of_order,
		server_duplicate_acks = EXCLUDED.server_duplicate_acks,
		server_zero_windows = EXCLUDED.server_zero_windows,
		server_keepalives = EXCLUDED.server_keepalives,
		handshake = EXCLUDED.handshake,
		rtt = EXCLUDED.rtt,
		state = EXCLUDED.state,
		conn_state = EXCLUDED.conn_state,
		history = EXCLUDED.history,
		host = EXCLUDED.host,
		elsewhere = EXCLUDED.elsewhere,
		passage_seen = EXCLUDED.passage_seen,
		passage_lost = EXCLUDED.passage_lost,
		passage_made = EXCLUDED.passage_made,
		passage_missed = EXCLUDED.passage_missed,
		passage_doubled = EXCLUDED.passage_doubled,
		passage_unsure = EXCLUDED.passage_unsure,
		"cause" = EXCLUDED."cause",
		confidence = EXCLUDED.confidence,
		reset_frame = EXCLUDED.reset_frame,
		cut = EXCLUDED.cut
		WHERE EXCLUDED."last" >= flows."last";
$$;

CREATE TABLE IF NOT EXISTS resets (
	v smallint NOT NULL,
	capture text NOT NULL,
	vantage text NOT NULL,
	flow bigint NOT NULL,
	flow_id text NOT NULL,
	community_id text NOT NULL,
	frame bigint NOT NULL,
	"time" timestamptz NOT NULL,
	"from" text NOT NULL,
	emitter text NOT NULL,
	"role" text NOT NULL,
	"form" text NOT NULL,
	mechanism text NOT NULL,
	mechanism_confidence text NOT NULL,
	"cause" text NOT NULL,
	confidence text NOT NULL,
	"effect" text NOT NULL,
	severity text NOT NULL,
	headline text NOT NULL,
	"trigger" bigint,
	evidence text[],
	evidence_facts text[],
	evidence_frames bigint[],
	evidence_bears text[],
	alternatives text[],
	alternatives_decided_by text[],
	unknowns text[],
	"check" text[],
	"references" text[],
	kernel_reason text,
	PRIMARY KEY (flow_id, frame)
);

CREATE OR REPLACE PROCEDURE load_resets() LANGUAGE sql AS $$
	INSERT INTO resets SELECT DISTINCT ON (flow_id, frame) r.*
		FROM loaded, jsonb_populate_record(NULL::resets, line) AS r
		WHERE line->>'type' = 'reset' ORDER BY flow_id, frame, "time" DESC
	ON CONFLICT (flow_id, frame) DO UPDATE SET
		v = EXCLUDED.v,
		capture = EXCLUDED.capture,
		vantage = EXCLUDED.vantage,
		flow = EXCLUDED.flow,
		flow_id = EXCLUDED.flow_id,
		community_id = EXCLUDED.community_id,
		frame = EXCLUDED.frame,
		"time" = EXCLUDED."time",
		"from" = EXCLUDED."from",
		emitter = EXCLUDED.emitter,
		"role" = EXCLUDED."role",
		"form" = EXCLUDED."form",
		mechanism = EXCLUDED.mechanism,
		mechanism_confidence = EXCLUDED.mechanism_confidence,
		"cause" = EXCLUDED."cause",
		confidence = EXCLUDED.confidence,
		"effect" = EXCLUDED."effect",
		severity = EXCLUDED.severity,
		headline = EXCLUDED.headline,
		"trigger" = EXCLUDED."trigger",
		evidence = EXCLUDED.evidence,
		evidence_facts = EXCLUDED.evidence_facts,
		evidence_frames = EXCLUDED.evidence_frames,
		evidence_bears = EXCLUDED.evidence_bears,
		alternatives = EXCLUDED.alternatives,
		alternatives_decided_by = EXCLUDED.alternatives_decided_by,
		unknowns = EXCLUDED.unknowns,
		"check" = EXCLUDED."check",
		"references" = EXCLUDED."references",
		kernel_reason = EXCLUDED.kernel_reason
		WHERE EXCLUDED."time" >= resets."time";
$$;

CREATE TABLE IF NOT EXISTS incidents (
	v smallint NOT NULL,
	capture text NOT NULL,
	vantage text NOT NULL,
	"first" timestamptz NOT NULL,
	"last" timestamptz NOT NULL,
	"cause" text NOT NULL,
	server_addr inet,
	server_port integer,
	client_addr inet,
	flows bigint NOT NULL,
	resets bigint NOT NULL,
	headline text NOT NULL,
	PRIMARY KEY (vantage, capture, "cause", "first", headline)
);

CREATE OR REPLACE PROCEDURE load_incidents() LANGUAGE sql AS $$
	INSERT INTO incidents SELECT DISTINCT ON (vantage, capture, "cause", "first", headline) r.*
		FROM loaded, jsonb_populate_record(NULL::incidents, line) AS r
		WHERE line->>'type' = 'incident' ORDER BY vantage, capture, "cause", "first", headline, "last" DESC
	ON CONFLICT (vantage, capture, "cause", "first", headline) DO UPDATE SET
		v = EXCLUDED.v,
		capture = EXCLUDED.capture,
		vantage = EXCLUDED.vantage,
		"first" = EXCLUDED."first",
		"last" = EXCLUDED."last",
		"cause" = EXCLUDED."cause",
		server_addr = EXCLUDED.server_addr,
		server_port = EXCLUDED.server_port,
		client_addr = EXCLUDED.client_addr,
		flows = EXCLUDED.flows,
		resets = EXCLUDED.resets,
		headline = EXCLUDED.headline
		WHERE EXCLUDED."last" >= incidents."last";
$$;

-- From "loaded", which is empty afterwards.
CREATE OR REPLACE PROCEDURE load_report() LANGUAGE sql AS $$
	CALL load_flows();
	CALL load_resets();
	CALL load_incidents();
	TRUNCATE loaded;
$$;
