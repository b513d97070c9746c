-- What the store says of runs.

-- runs --
-- Runs, newest first: one by its number, those of one recon, or all. A later publication of its date supersedes a run.
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
WHERE (%(run)s::bigint IS NULL OR r.run_id = %(run)s) AND (%(recon)s::text IS NULL OR n.name = %(recon)s)
ORDER BY r.run_id DESC
LIMIT %(limit)s;

-- run --
-- What else there is of one run.
SELECT r.recon_id, v.fingerprint, p.publication_id, p.published_at, s.amount
FROM greenai.run r
JOIN greenai.definition_version v ON v.recon_id = r.recon_id AND v.version = r.version
LEFT JOIN greenai.publication p ON p.run_id = r.run_id AND p.kind = 'run'
LEFT JOIN greenai.run_result s ON s.run_id = r.run_id
WHERE r.run_id = %(run)s;

-- systems --
-- The systems behind both sides.
SELECT d.side, s.name
FROM greenai.run r
JOIN greenai.definition_source d ON d.recon_id = r.recon_id AND d.version = r.version
JOIN greenai.source_system s ON s.source_system_id = d.source_system_id
WHERE r.run_id = %(run)s ORDER BY d.side;

-- inputs --
-- The files that it read.
SELECT side, location, content_hash, bytes FROM greenai.run_input WHERE run_id = %(run)s ORDER BY side, ordinal;

-- stages --
-- Its stages in the order of the pipeline.
SELECT stage, attempts, started_at, extract(epoch FROM finished_at - started_at)::double precision, rows_in, rows_out, error
FROM greenai.run_stage WHERE run_id = %(run)s
ORDER BY array_position(ARRAY['ingest', 'compare', 'attribute', 'discriminate', 'decide'], stage);

-- rows --
-- Its row counts, in the order of summary.json.
SELECT rows_a, rows_b, matched, equal, different, only_a, only_b, duplicates_a, duplicates_b, rejected_a, rejected_b,
       carried_a, carried_b
FROM greenai.run_rows WHERE run_id = %(run)s;

-- unbroken --
-- Its records without a difference.
SELECT unbroken FROM greenai.run_result WHERE run_id = %(run)s;

-- fields --
-- Its compared fields.
SELECT field, different, within_tolerance FROM greenai.run_field WHERE run_id = %(run)s ORDER BY ordinal;

-- totals --
-- Its sums by currency.
SELECT currency, amount_a, amount_b FROM greenai.run_total WHERE run_id = %(run)s ORDER BY ordinal;

-- breaks --
-- Breaks present on its date by reason and decision, and those that passed by what let them.
SELECT reason_code, outcome, count(*), CASE WHEN outcome = 'passed' THEN split_part(rule, ':', 1) END
FROM greenai.decided_at(%(recon)s, %(day)s, %(known)s) GROUP BY 1, 2, 4
ORDER BY 3 DESC, 1, 2, 4;

-- suspended --
-- Approved rules that it suspended, and why.
SELECT replace(r.cause_id::text, '-', ''), e.comment
FROM greenai.rule_event e JOIN greenai.approved_rule r USING (rule_id)
WHERE e.run_id = %(run)s ORDER BY e.event_id;

-- records --
-- Records with a break by the worst of their decisions; whether a break differs at all, or checks only fail;
-- and apart those of the whole input.
SELECT whole, rank, differs, count(*)
FROM (
    SELECT r.record_id IS NOT NULL AS whole,
           max(array_position(ARRAY['passed', 'review', 'rejected'], d.outcome)) AS rank,
           bool_or(d.kind <> 'check') AS differs
    FROM greenai.decided_at(%(recon)s, %(day)s, %(known)s) d
    LEFT JOIN greenai.record r
      ON r.recon_id = %(recon)s AND r.record_id = d.record_id AND d.kind = 'check' AND r.key = '[]'
    GROUP BY d.record_id, 1
) AS record
GROUP BY 1, 2, 3;

-- checks --
-- Rules of checks that do not hold.
SELECT check_rule, field, count(*), min(explanation) FROM greenai.decided_at(%(recon)s, %(day)s, %(known)s)
WHERE kind = 'check' GROUP BY 1, 2 ORDER BY 3 DESC, 1;

-- document --
-- Its definition.
SELECT v.document
FROM greenai.run r JOIN greenai.definition_version v ON v.recon_id = r.recon_id AND v.version = r.version
WHERE r.run_id = %(run)s;

-- oldest --
-- The greatest age in days of a break that waits on its date, counted from a field of its record's rows where there is
-- a date, else from the business date on which the break was seen first.
SELECT max(greatest(%(day)s::date - coalesce(g.given, f.first), 0))
FROM greenai.decided_at(%(recon)s, %(day)s, %(known)s) d
CROSS JOIN LATERAL (
    SELECT min(business_date) AS first
    FROM (
        SELECT DISTINCT ON (v.business_date) v.business_date, v.present
        FROM greenai.break_version v
        WHERE v.recon_id = %(recon)s AND v.break_id = d.break_id
          AND v.business_date <= %(day)s AND v.publication_id <= %(known)s
        ORDER BY v.business_date, v.publication_id DESC
    ) held
    WHERE present
) f
LEFT JOIN LATERAL (
    SELECT (
        -- Another version of the definition may have read texts there: what is no date must not end in an error.
        SELECT min(CASE WHEN text ~ '^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])( |$)'
                        THEN (left(text, 8) || '01')::date + (substr(text, 9, 2)::integer - 1) END)
        FROM (VALUES (h.row_a), (h.row_b)) side (given)
        CROSS JOIN LATERAL (SELECT side.given ->> %(age)s AS text) cell
        WHERE jsonb_typeof(side.given) = 'object'
          AND NOT coalesce(side.given -> 'greenai:unreadable' ? %(age)s, false)
    ) AS given
    FROM greenai.record_version h
    WHERE %(age)s::text IS NOT NULL AND h.recon_id = %(recon)s AND h.record_id = d.record_id
      AND h.business_date <= %(day)s AND h.publication_id <= %(known)s
    ORDER BY h.business_date DESC, h.publication_id DESC LIMIT 1
) g ON true
WHERE d.outcome = 'review';

-- tables --
-- What became of its golden tables, that of the records first.
SELECT t.table_name, t.inserted, t.updated, t.removed, t.unchanged, t.pending
FROM greenai.run_table t
JOIN greenai.golden_table g ON g.table_name = t.table_name
WHERE t.run_id = %(run)s ORDER BY g.role <> 'main', t.table_name;

-- rejected_rows --
-- Rows that could not be read.
SELECT j.side, j.source, j.line, j.raw, j.why
FROM greenai.rejected_row j
WHERE j.recon_id = %(recon)s AND j.business_date = %(day)s AND j.run_id = %(run)s
ORDER BY j.ordinal LIMIT %(limit)s;

-- rejected_breaks --
-- Breaks by which records are kept out, with the rows that are.
SELECT r.key, d.kind, d.field, d.value_a, d.value_b, d.reason_code,
       -- What is said of a cause or a group stands once, with the run that found it.
       coalesce(d.explanation, c.explanation, u.why), d.rule, a.name, d.comment, v.row_a, v.row_b
FROM greenai.decided_at(%(recon)s, %(day)s, %(known)s) d
JOIN greenai.actor a ON a.actor_id = d.actor_id
JOIN greenai.record r ON r.recon_id = %(recon)s AND r.record_id = d.record_id
LEFT JOIN greenai.publication p ON p.publication_id = d.publication_id
LEFT JOIN greenai.run_cause c ON c.run_id = p.run_id AND c.cause_id = d.cause_id
LEFT JOIN greenai.attribution t
  ON t.recon_id = d.recon_id AND t.business_date = d.business_date AND t.break_id = d.break_id
 AND t.publication_id = d.publication_id
LEFT JOIN greenai.run_group u ON u.run_id = p.run_id AND u.group_id = t.group_id
LEFT JOIN LATERAL (
    SELECT h.row_a, h.row_b FROM greenai.record_version h
    WHERE h.recon_id = %(recon)s AND h.record_id = d.record_id
      AND h.business_date <= %(day)s AND h.publication_id <= %(known)s
    ORDER BY h.business_date DESC, h.publication_id DESC LIMIT 1
) v ON true
WHERE d.outcome = 'rejected'
ORDER BY r.key, d.kind, d.field LIMIT %(limit)s;
