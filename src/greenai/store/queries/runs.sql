-- What is noted of runs while they go on and when they are published.

-- past_stage --
-- A stage that ended some seconds ago.
INSERT INTO greenai.run_stage (run_id, stage, started_at, finished_at, rows_in, rows_out)
SELECT %(run)s, %(stage)s, ended - make_interval(secs => %(seconds)s), ended, %(rows_in)s, %(rows_out)s
FROM (SELECT clock_timestamp() - make_interval(secs => %(ago)s) AS ended) at;

-- begin_stage --
-- A stage begins, for the first time or again.
INSERT INTO greenai.run_stage AS s (run_id, stage) VALUES (%(run)s, %(stage)s)
ON CONFLICT (run_id, stage) DO UPDATE
SET attempts = s.attempts + 1, started_at = excluded.started_at,
    finished_at = NULL, rows_in = NULL, rows_out = NULL, error = NULL;

-- published --
-- The latest published run of a business date with its version and the digest of its inputs.
SELECT r.run_id, r.version, r.input_digest
FROM greenai.publication p JOIN greenai.run r USING (run_id)
WHERE r.recon_id = %(recon)s AND r.business_date = %(day)s
ORDER BY p.publication_id DESC LIMIT 1;

-- publication --
-- A new publication of a run, later than all of its recon, whatever the clock says.
INSERT INTO greenai.publication (run_id, kind, published_at)
SELECT r.run_id, %(kind)s, greatest(clock_timestamp(), (
    SELECT max(p.published_at) + interval '1 microsecond'
    FROM greenai.publication p JOIN greenai.run o USING (run_id) WHERE o.recon_id = r.recon_id))
FROM greenai.run r WHERE r.run_id = %(run)s
RETURNING publication_id, published_at;

-- last_rows --
-- How many rows would have been stored by the latest published run of a business date.
SELECT s.candidates
FROM greenai.run_result s
JOIN greenai.publication p USING (run_id)
JOIN greenai.run r USING (run_id)
WHERE r.recon_id = %(recon)s AND r.business_date = %(day)s AND p.kind = 'run'
ORDER BY p.publication_id DESC LIMIT 1;

-- table --
-- What became of a golden table, if there is one of that name.
INSERT INTO greenai.run_table (run_id, table_name, inserted, updated, removed, unchanged, pending)
SELECT %(run)s, table_name, %(inserted)s, %(updated)s, %(removed)s, %(unchanged)s, %(pending)s
FROM greenai.golden_table WHERE table_name = %(table)s;
