-- SPDX-License-Identifier: GPL-3.0-or-later
-- Written by make-tables.sh from the contract of the report, tcpwhy-report(5). A name is in double quotes where SQL has it, too.
-- What a line does not have is NULL. Loading a report again changes nothing: doc/scale/README.md.

CREATE TABLE IF NOT EXISTS flows_stored (
	v UInt8,
	capture String,
	vantage String,
	flow UInt64,
	flow_id String,
	community_id String,
	client_addr String,
	client_port UInt16,
	client_name Nullable(String),
	server_addr String,
	server_port UInt16,
	server_name Nullable(String),
	roles LowCardinality(String),
	vlan Array(UInt64),
	encap Nullable(String),
	client_isn Nullable(UInt32),
	server_isn Nullable(UInt32),
	"first" DateTime64(9,'UTC'),
	"last" DateTime64(9,'UTC'),
	duration Float64,
	client_segments UInt64,
	server_segments UInt64,
	client_bytes UInt64,
	server_bytes UInt64,
	syn UInt64,
	synack UInt64,
	fin UInt64,
	rst UInt64,
	client_retransmissions UInt64,
	client_out_of_order UInt64,
	client_duplicate_acks UInt64,
	client_zero_windows UInt64,
	client_keepalives UInt64,
	server_retransmissions UInt64,
	server_out_of_order UInt64,
	server_duplicate_acks UInt64,
	server_zero_windows UInt64,
	server_keepalives UInt64,
	handshake LowCardinality(String),
	rtt Nullable(Float64),
	state LowCardinality(String),
	conn_state LowCardinality(String),
	history String,
	host Nullable(String),
	elsewhere Array(String),
	"cause" Nullable(String),
	confidence Nullable(String),
	reset_frame Nullable(UInt64),
	cut Array(String)
) ENGINE = ReplacingMergeTree("last") ORDER BY (flow_id);

CREATE VIEW IF NOT EXISTS flows AS SELECT * FROM flows_stored FINAL;

CREATE TABLE IF NOT EXISTS resets_stored (
	v UInt8,
	capture String,
	vantage String,
	flow UInt64,
	flow_id String,
	community_id String,
	frame UInt64,
	"time" DateTime64(9,'UTC'),
	"from" LowCardinality(String),
	emitter LowCardinality(String),
	"role" LowCardinality(String),
	"form" LowCardinality(String),
	mechanism LowCardinality(String),
	mechanism_confidence LowCardinality(String),
	"cause" String,
	confidence LowCardinality(String),
	"effect" LowCardinality(String),
	severity LowCardinality(String),
	headline String,
	"trigger" Nullable(UInt64),
	evidence Array(String),
	evidence_facts Array(String),
	evidence_frames Array(UInt64),
	evidence_bears Array(String),
	alternatives Array(String),
	alternatives_decided_by Array(String),
	unknowns Array(String),
	"check" Array(String),
	"references" Array(String),
	kernel_reason Nullable(String)
) ENGINE = ReplacingMergeTree("time") ORDER BY (flow_id, frame);

CREATE VIEW IF NOT EXISTS resets AS SELECT * FROM resets_stored FINAL;

CREATE TABLE IF NOT EXISTS incidents_stored (
	v UInt8,
	capture String,
	vantage String,
	"first" DateTime64(9,'UTC'),
	"last" DateTime64(9,'UTC'),
	"cause" String,
	server_addr Nullable(String),
	server_port Nullable(UInt16),
	client_addr Nullable(String),
	flows UInt64,
	resets UInt64,
	headline String
) ENGINE = ReplacingMergeTree("last") ORDER BY (vantage, capture, "cause", "first", headline);

CREATE VIEW IF NOT EXISTS incidents AS SELECT * FROM incidents_stored FINAL;
