-- SPDX-License-Identifier: GPL-3.0-or-later
-- Questions to the tables of this folder, in words that PostgreSQL, DuckDB and ClickHouse all take. A comment line names each; the answers
-- are compared with what tcpwhy --json itself says by `make check-scale`.

-- causes: what ends connections, most first
SELECT "cause", count(*) AS resets
FROM resets
GROUP BY "cause"
ORDER BY resets DESC, "cause";

-- services: where it is no harmless reset, and what their causes are
SELECT f.server_addr AS server, f.server_port AS port, r."cause" AS why, count(*) AS resets
FROM resets AS r JOIN flows AS f ON f.flow_id = r.flow_id
WHERE r.severity <> 'info' AND r."role" = 'primary'
GROUP BY f.server_addr, f.server_port, r."cause"
ORDER BY resets DESC;

-- refused: which services refuse, and what part of their connections
SELECT server_addr, server_port, count(*) AS connections, sum(CASE WHEN state = 'refused' THEN 1 ELSE 0 END) AS refused
FROM flows
GROUP BY server_addr, server_port
HAVING sum(CASE WHEN state = 'refused' THEN 1 ELSE 0 END) > 0
ORDER BY refused DESC;

-- minutes: when it happened
SELECT date_trunc('minute', "time") AS minute, count(*) AS resets
FROM resets
GROUP BY date_trunc('minute', "time")
ORDER BY minute;

-- one-sided: connections that were reset at one place of capture and not at another; most NAT keeps the initial sequence numbers
SELECT client_isn, server_isn, count(*) AS places, sum(CASE WHEN rst > 0 THEN 1 ELSE 0 END) AS reset_at
FROM flows
WHERE client_isn IS NOT NULL AND server_isn IS NOT NULL
GROUP BY client_isn, server_isn
HAVING count(DISTINCT vantage) > 1 AND sum(CASE WHEN rst > 0 THEN 1 ELSE 0 END) BETWEEN 1 AND count(*) - 1
ORDER BY client_isn;

-- facts: what the verdicts of a cause stand on
SELECT fact, count(*) AS verdicts
FROM (SELECT unnest(evidence_facts) AS fact FROM resets WHERE "cause" = 'refused-closed-port') AS facts
GROUP BY fact
ORDER BY verdicts DESC, fact;

-- sure: how sure the verdicts are
SELECT "cause", confidence, count(*) AS resets
FROM resets
GROUP BY "cause", confidence
ORDER BY "cause", confidence;
