-- Runs as pages, what happened to one, and two beside each other.

-- page --
-- Runs of a recon, newest first. A later publication of its date supersedes a run.
SELECT r.run_id, n.name, r.business_date, r.version, r.state, r.requested_at, r.finished_at, r.error,
       w.rows_a, w.rows_b, w.different, w.different + w.only_a + w.only_b + w.duplicates_a + w.duplicates_b,
       (SELECT o.run_id
        FROM greenai.publication q
        JOIN greenai.run o ON o.run_id = q.run_id
        WHERE o.recon_id = r.recon_id AND o.business_date = r.business_date AND q.kind = 'run'
          AND q.publication_id > p.publication_id
        ORDER BY q.publication_id LIMIT 1)
FROM greenai.run r
JOIN greenai.recon n ON n.recon_id = r.recon_id
LEFT JOIN greenai.publication p ON p.run_id = r.run_id AND p.kind = 'run'
LEFT JOIN greenai.run_rows w ON w.run_id = r.run_id
WHERE (%(recon)s::text IS NULL OR n.name = %(recon)s) AND (%(only)s::text[] IS NULL OR n.name = ANY(%(only)s))
  AND (%(state)s::text IS NULL OR r.state = %(state)s)
  AND (%(from)s::date IS NULL OR r.business_date >= %(from)s) AND (%(to)s::date IS NULL OR r.business_date <= %(to)s)
  AND (%(before)s::bigint IS NULL OR r.run_id < %(before)s)
ORDER BY r.run_id DESC LIMIT %(limit)s;

-- place --
-- The recon of a run, its business date, state and error.
SELECT n.name, r.business_date, r.state, r.error FROM greenai.run r JOIN greenai.recon n USING (recon_id)
WHERE r.run_id = %(run)s;

-- standing --
-- What live progress tells: states and stages of runs, and how often the job of each stage was tried.
SELECT r.run_id, r.state, r.error, r.requested_at, r.finished_at,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
           'stage', s.stage, 'attempts', s.attempts, 'started_at', s.started_at, 'finished_at', s.finished_at,
           'rows_in', s.rows_in, 'rows_out', s.rows_out, 'error', s.error) ORDER BY s.started_at)
        FROM greenai.run_stage s WHERE s.run_id = r.run_id), '[]')
FROM greenai.run r WHERE r.run_id = ANY(%(runs)s);

-- events --
-- What is known of what happened to a run, in order.
SELECT at, kind, stage, actor, attempt, message, remedy FROM (
    SELECT r.requested_at AS at, 'requested' AS kind, NULL AS stage, a.name AS actor, NULL::integer AS attempt,
           NULL AS message, NULL AS remedy, 0 AS place
    FROM greenai.run r LEFT JOIN greenai.run_request q USING (run_id) LEFT JOIN greenai.actor a USING (actor_id)
    WHERE r.run_id = %(run)s
    UNION ALL
    SELECT s.started_at, 'stage_begins', s.stage, NULL, s.attempts, NULL, NULL, 1
    FROM greenai.run_stage s WHERE s.run_id = %(run)s
    UNION ALL
    SELECT s.finished_at, CASE WHEN s.error IS NULL THEN 'stage_done' ELSE 'stage_failed' END, s.stage, NULL, s.attempts,
           coalesce(s.error, format('%%s rows in, %%s rows out', s.rows_in, s.rows_out)), NULL, 2
    FROM greenai.run_stage s WHERE s.run_id = %(run)s AND s.finished_at IS NOT NULL
    UNION ALL
    SELECT coalesce(j.finished_at, j.ready_at), CASE j.state WHEN 'dead' THEN 'given_up' ELSE 'tried_again' END, j.kind,
           j.worker, j.attempts, j.error, j.remedy, 3
    FROM greenai.job j WHERE j.run_id = %(run)s AND j.error IS NOT NULL
    UNION ALL
    SELECT p.published_at, CASE p.kind WHEN 'run' THEN 'published' ELSE 'reviewed' END, NULL, NULL, NULL, NULL, NULL, 4
    FROM greenai.publication p WHERE p.run_id = %(run)s
    UNION ALL
    SELECT r.finished_at, r.state, NULL, NULL, NULL, r.error, NULL, 5
    FROM greenai.run r WHERE r.run_id = %(run)s AND r.finished_at IS NOT NULL
) happened
ORDER BY at, place LIMIT %(limit)s;

-- jobs --
-- What the engines did and do for a run.
SELECT job_id, engine, kind, state, attempts, most_attempts, worker, created_at, started_at, finished_at, error, remedy
FROM greenai.job WHERE run_id = %(run)s ORDER BY job_id;

-- known --
-- The publication up to which a run's date is told: that of the run itself where a later run superseded it.
SELECT r.recon_id, r.business_date, p.publication_id,
       EXISTS (SELECT FROM greenai.publication q JOIN greenai.run o USING (run_id)
               WHERE o.recon_id = r.recon_id AND o.business_date = r.business_date AND q.kind = 'run'
                 AND q.publication_id > p.publication_id)
FROM greenai.run r JOIN greenai.publication p ON p.run_id = r.run_id AND p.kind = 'run'
WHERE r.run_id = %(run)s;

-- beside --
-- Breaks of two runs of a recon by what became of them from the first to the second.
SELECT count(*) FILTER (WHERE a.break_id IS NULL), count(*) FILTER (WHERE b.break_id IS NULL),
       count(*) FILTER (WHERE a.break_id = b.break_id AND (a.value_a, a.value_b) IS NOT DISTINCT FROM (b.value_a, b.value_b)),
       count(*) FILTER (WHERE a.break_id = b.break_id AND (a.value_a, a.value_b) IS DISTINCT FROM (b.value_a, b.value_b)),
       count(*) FILTER (WHERE a.break_id = b.break_id AND a.reason_code IS DISTINCT FROM b.reason_code),
       count(*) FILTER (WHERE a.break_id = b.break_id AND a.outcome IS DISTINCT FROM b.outcome)
FROM greenai.decided_at(%(recon)s, %(day_a)s, %(known_a)s) a
FULL JOIN greenai.decided_at(%(recon)s, %(day_b)s, %(known_b)s) b USING (break_id);

-- rejected_rows --
-- Rows that a run could not read, those after one.
SELECT j.ordinal, j.side, j.source, j.line, j.raw, j.why
FROM greenai.rejected_row j JOIN greenai.run r USING (recon_id, business_date, run_id)
WHERE r.run_id = %(run)s AND j.ordinal > %(after)s ORDER BY j.ordinal LIMIT %(limit)s;
