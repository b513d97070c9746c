-- Decisions of persons on their way into golden tables.
-- recon, day, publication: what is decided about; next: the next later business date with a publication, or null.

-- run --
-- A run, its definition, and the run of its date that was published last.
SELECT r.recon_id, r.business_date, v.document, n.name,
       (SELECT p.run_id
        FROM greenai.publication p JOIN greenai.run o USING (run_id)
        WHERE o.recon_id = r.recon_id AND o.business_date = r.business_date AND p.kind = 'run'
        ORDER BY p.publication_id DESC LIMIT 1)
FROM greenai.run r
JOIN greenai.recon n USING (recon_id)
JOIN greenai.definition_version v ON v.recon_id = r.recon_id AND v.version = r.version
WHERE r.run_id = %(run)s;

-- whole --
-- The whole input as a record: its key is empty under every version of the key.
SELECT md5(key_version || '|[]')::uuid::text FROM greenai.key_schema WHERE recon_id = %(recon)s;

-- of_whole --
-- Those of some breaks that are about the whole input.
SELECT b.break_id::text, c.rule FROM greenai.break b JOIN greenai.check_rule c USING (rule_id)
WHERE b.recon_id = %(recon)s AND b.break_id = ANY(%(breaks)s::uuid[]) AND b.record_id = ANY(%(whole)s::uuid[])
ORDER BY 1;

-- reopened --
-- Something, when a person decided about the whole input of a day after its last run was published.
SELECT 1
FROM greenai.break b
JOIN greenai.decision d ON d.recon_id = b.recon_id AND d.break_id = b.break_id AND d.actor_id <> 0
JOIN greenai.publication c ON c.publication_id = d.decided_in AND c.kind = 'review'
JOIN greenai.run o ON o.run_id = c.run_id AND o.business_date = %(day)s
WHERE b.recon_id = %(recon)s AND b.record_id IN (
    SELECT md5(k.key_version || '|[]')::uuid FROM greenai.key_schema k WHERE k.recon_id = %(recon)s)
  AND d.business_date <= %(day)s AND d.decided_in > (
    SELECT max(p.publication_id) FROM greenai.publication p JOIN greenai.run n USING (run_id)
    WHERE n.recon_id = %(recon)s AND n.business_date = %(day)s AND p.kind = 'run')
LIMIT 1;

-- tables --
-- The golden tables of a recon with their layouts.
SELECT table_name, role = 'main', layout FROM greenai.golden_table
WHERE recon_id = %(recon)s AND table_name = ANY(%(tables)s);

-- breaks_of_key --
-- The breaks of the records with a key.
SELECT b.break_id::text
FROM greenai.record r JOIN greenai.break b ON b.recon_id = r.recon_id AND b.record_id = r.record_id
CROSS JOIN LATERAL (
    SELECT h.present FROM greenai.break_version h
    WHERE h.recon_id = r.recon_id AND h.break_id = b.break_id AND h.business_date <= %(day)s
    ORDER BY h.business_date DESC, h.publication_id DESC LIMIT 1
) v
WHERE r.recon_id = %(recon)s AND r.key = %(key)s AND v.present;

-- records --
-- The records of breaks with the rows that hold on the day; breaks of the whole input have none.
SELECT r.record_id::text, r.key_version, v.row_a, v.row_b
FROM greenai.record r
LEFT JOIN LATERAL (
    SELECT h.row_a, h.row_b FROM greenai.record_version h
    WHERE h.recon_id = r.recon_id AND h.record_id = r.record_id AND h.business_date <= %(day)s
    ORDER BY h.business_date DESC, h.publication_id DESC LIMIT 1
) v ON true
WHERE r.recon_id = %(recon)s AND r.record_id <> ALL(%(whole)s::uuid[]) AND r.record_id IN (
    SELECT b.record_id FROM greenai.break b WHERE b.recon_id = %(recon)s AND b.break_id = ANY(%(breaks)s::uuid[]));

-- row_texts --
-- The rows of records that hold on the day, as texts.
SELECT r.record_id::text, v.row_a::text, v.row_b::text
FROM greenai.record r
CROSS JOIN LATERAL (
    SELECT h.row_a, h.row_b FROM greenai.record_version h
    WHERE h.recon_id = r.recon_id AND h.record_id = r.record_id AND h.business_date <= %(day)s
    ORDER BY h.business_date DESC, h.publication_id DESC LIMIT 1
) v
WHERE r.recon_id = %(recon)s AND r.record_id = ANY(%(records)s::uuid[]);

-- breaks --
-- The breaks of records, and those of the whole input, that are present on the day, as they are attributed;
-- what an approved rule had to do with them; and whether a person excludes the record by it.
SELECT replace(b.break_id::text, '-', ''), b.record_id::text, b.record_id = ANY(%(whole)s::uuid[]),
       b.kind, coalesce(b.field, c.field), v.value_a, v.value_b, a.reason_code, n.functional, a.confidence, a.explanation,
       a.method, g.rule, CASE WHEN starts_with(g.rule, 'rule:') THEN g.resolution END,
       replace(v.content::text, '-', ''), d.excluded
FROM greenai.break b
LEFT JOIN greenai.check_rule c ON c.rule_id = b.rule_id
CROSS JOIN LATERAL (
    SELECT h.* FROM greenai.break_version h
    WHERE h.recon_id = %(recon)s AND h.break_id = b.break_id AND h.business_date <= %(day)s
    ORDER BY h.business_date DESC, h.publication_id DESC LIMIT 1
) v
JOIN greenai.attribution a
  ON a.recon_id = v.recon_id AND a.business_date = v.business_date
 AND a.break_id = v.break_id AND a.publication_id = v.publication_id
JOIN greenai.reason n ON n.reason_code = a.reason_code
CROSS JOIN LATERAL (
    SELECT o.actor_id <> 0 AND o.resolution IS NOT DISTINCT FROM 'exclude' AS excluded FROM greenai.decision o
    WHERE o.recon_id = v.recon_id AND o.business_date = v.business_date
      AND o.break_id = v.break_id AND o.publication_id = v.publication_id
    ORDER BY o.decided_in DESC LIMIT 1
) d
LEFT JOIN LATERAL (
    SELECT o.rule, o.resolution FROM greenai.decision o
    WHERE o.recon_id = v.recon_id AND o.business_date = v.business_date
      AND o.break_id = v.break_id AND o.publication_id = v.publication_id
      AND (starts_with(o.rule, 'rule:') OR starts_with(o.rule, 'exception:'))
    ORDER BY o.decided_in DESC LIMIT 1
) g ON true
WHERE b.recon_id = %(recon)s AND v.present AND b.record_id = ANY(%(records)s::uuid[] || %(whole)s::uuid[]);

-- waiting --
-- Something, when a break that is present on the day waits for a person or is rejected.
SELECT 1 FROM greenai.decided_at(%(recon)s, %(day)s, %(publication)s) WHERE outcome <> 'passed' LIMIT 1;

-- waiting_now --
-- The same for the latest date, by what lists know.
SELECT 1 FROM greenai.present_break WHERE recon_id = %(recon)s AND state IN ('in_review', 'proposed', 'returned')
UNION ALL
SELECT 1 FROM greenai.present_break WHERE recon_id = %(recon)s AND state = 'rejected'
LIMIT 1;

-- state --
-- The state of the run.
SELECT state FROM greenai.run WHERE run_id = %(run)s;

-- unwritten --
-- Versions that this publication wrote of failed checks are no more: what it says is that they do not fail.
SELECT greenai.unwrite(%(recon)s, %(day)s, %(publication)s, %(breaks)s::uuid[]);

-- resolve --
-- Failed checks that do not fail any more from the day on.
INSERT INTO greenai.break_version (recon_id, business_date, break_id, publication_id, present)
SELECT %(recon)s, %(day)s, break_id, %(publication)s, false FROM unnest(%(breaks)s::uuid[]) AS break_id;

-- resolved_now --
-- Lists say what holds of them now: they are not present any more, but where a later date was published.
SELECT greenai.refresh_present_breaks(%(recon)s, %(breaks)s::uuid[]);
