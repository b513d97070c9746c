-- One break: all that the store knows of it.

-- head --
-- The version that holds, or the last one that was present; what is told of it, and whether it is gone.
SELECT replace(b.break_id::text, '-', ''), replace(b.record_id::text, '-', ''), r.key, b.kind,
       coalesce(b.field, c.field), c.rule, v.business_date, v.publication_id, v.value_a, v.value_b,
       n.present, n.business_date,
       coalesce(p.state, 'resolved'), p.first_date, p.amount, p.currency, i.name, p.assigned_group, p.due_at,
       m.reason_code, m.name, m.functional, replace(a.cause_id::text, '-', ''), replace(a.group_id::text, '-', ''),
       coalesce(p.method, a.method), a.confidence, a.explanation,
       w.row_a, w.row_b, w.business_date
FROM greenai.break b
JOIN greenai.record r USING (recon_id, record_id)
LEFT JOIN greenai.check_rule c USING (rule_id)
CROSS JOIN LATERAL (
    SELECT o.* FROM greenai.break_version o
    WHERE o.recon_id = b.recon_id AND o.break_id = b.break_id
    ORDER BY o.business_date DESC, o.publication_id DESC LIMIT 1
) n
CROSS JOIN LATERAL (
    SELECT o.* FROM greenai.break_version o
    WHERE o.recon_id = b.recon_id AND o.break_id = b.break_id AND o.present
    ORDER BY o.business_date DESC, o.publication_id DESC LIMIT 1
) v
JOIN greenai.attribution a
  ON a.recon_id = b.recon_id AND a.business_date = v.business_date
 AND a.break_id = b.break_id AND a.publication_id = v.publication_id
LEFT JOIN greenai.present_break p ON p.recon_id = b.recon_id AND p.break_id = b.break_id
JOIN greenai.reason m ON m.reason_code = coalesce(p.reason_code, a.reason_code)
LEFT JOIN greenai.actor i ON i.actor_id = p.assignee_id
LEFT JOIN LATERAL (
    SELECT o.row_a, o.row_b, o.business_date FROM greenai.record_version o
    WHERE o.recon_id = b.recon_id AND o.record_id = b.record_id
    ORDER BY o.business_date DESC, o.publication_id DESC LIMIT 1
) w ON true
WHERE b.recon_id = %(recon)s AND b.break_id = %(break)s::uuid;

-- decisions --
-- What was decided about a version, the last decision first.
SELECT d.outcome, d.rule, d.policy, d.resolution, d.value, d.reason_code, a.name, d.actor_id <> 0, m.name, d.comment,
       d.proposal_id, q.published_at
FROM greenai.decision d
JOIN greenai.actor a USING (actor_id)
LEFT JOIN greenai.actor m ON m.actor_id = d.maker_id
JOIN greenai.publication q ON q.publication_id = d.decided_in
WHERE d.recon_id = %(recon)s AND d.business_date = %(day)s AND d.break_id = %(break)s::uuid
  AND d.publication_id = %(publication)s
ORDER BY d.decided_in DESC LIMIT 20;

-- run_of --
-- The run that holds for a date (null: the latest), and the definition by which it ran.
SELECT r.run_id, r.business_date, r.version, d.fingerprint
FROM greenai.run r
JOIN greenai.publication p ON p.run_id = r.run_id AND p.kind = 'run'
JOIN greenai.definition_version d ON d.recon_id = r.recon_id AND d.version = r.version
WHERE r.recon_id = %(recon)s AND (%(day)s::date IS NULL OR r.business_date = %(day)s)
ORDER BY r.business_date DESC, p.publication_id DESC LIMIT 1;

-- contents --
-- The hashes of the files that a run read, by side, in the order in which it read them.
SELECT side, array_agg(content_hash ORDER BY ordinal) FROM greenai.run_input WHERE run_id = %(run)s GROUP BY side;

-- document --
-- A definition as it was saved.
SELECT document FROM greenai.definition_version WHERE recon_id = %(recon)s AND version = %(version)s;

-- beside --
-- The other breaks of its record that are present.
SELECT replace(p.break_id::text, '-', ''), p.kind, p.field, p.state, p.reason_code, v.value_a, v.value_b
FROM greenai.break b
JOIN greenai.present_break p ON p.recon_id = b.recon_id AND p.break_id = b.break_id
JOIN greenai.break_version v
  ON v.recon_id = p.recon_id AND v.business_date = p.business_date
 AND v.break_id = p.break_id AND v.publication_id = p.publication_id
WHERE b.recon_id = %(recon)s AND b.record_id = %(record)s::uuid AND b.break_id <> %(break)s::uuid
ORDER BY p.field, p.kind, p.break_id LIMIT 200;

-- alternatives --
-- Other causes that a run found for breaks of the same kind and field, with other reasons.
SELECT m.reason_code, n.name, n.functional, replace(c.cause_id::text, '-', ''), c.expression, c.scope,
       m.breaks, m.scope_size, m.exceptions
FROM greenai.run_cause m
JOIN greenai.cause c USING (cause_id)
JOIN greenai.reason n ON n.reason_code = m.reason_code
WHERE m.run_id = %(run)s AND c.kind = %(kind)s AND c.field IS NOT DISTINCT FROM %(field)s AND m.reason_code <> %(reason)s
ORDER BY m.breaks DESC, c.cause_id LIMIT 2;

-- precedents --
-- The reasons of breaks of the same kind and field that persons decided about, of so many that were looked at:
-- identities are hashes, so that the first ones are as good as any.
SELECT coalesce(s.given, a.reason_code) AS reason, n.name, n.functional, count(*), sum(count(*)) OVER ()
FROM (
    SELECT d.recon_id, d.business_date, d.break_id, d.publication_id, d.reason_code AS given FROM greenai.decision d
    WHERE d.recon_id = %(recon)s AND d.actor_id <> 0 AND d.outcome = 'passed' ORDER BY d.break_id LIMIT %(most)s
) s
JOIN greenai.break b USING (recon_id, break_id)
JOIN greenai.attribution a USING (recon_id, business_date, break_id, publication_id)
JOIN greenai.reason n ON n.reason_code = coalesce(s.given, a.reason_code)
WHERE b.kind = %(kind)s AND b.field IS NOT DISTINCT FROM %(field)s AND b.break_id <> %(break)s::uuid
GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1 LIMIT 4;

-- history --
-- What was said and decided of a break, the last thing first: one row for each version and each decision about it.
SELECT v.business_date, v.publication_id, coalesce(d.decided_in, v.publication_id), p.published_at, p.kind, p.run_id,
       d.decided_in IS NULL OR d.decided_in = v.publication_id, v.present, v.value_a, v.value_b,
       coalesce(d.reason_code, a.reason_code), CASE WHEN d.reason_code IS NULL THEN a.method ELSE 'person' END,
       a.confidence, a.explanation, d.outcome, d.rule, d.resolution, d.value, w.name, d.comment
FROM greenai.break_version v
LEFT JOIN greenai.attribution a USING (recon_id, business_date, break_id, publication_id)
LEFT JOIN greenai.decision d USING (recon_id, business_date, break_id, publication_id)
LEFT JOIN greenai.actor w USING (actor_id)
JOIN greenai.publication p ON p.publication_id = coalesce(d.decided_in, v.publication_id)
WHERE v.recon_id = %(recon)s AND v.break_id = %(break)s::uuid
  AND (%(before)s::bigint IS NULL
       OR (coalesce(d.decided_in, v.publication_id), v.business_date) < (%(before)s::bigint, %(date)s::date))
ORDER BY 3 DESC, 1 DESC LIMIT %(limit)s;
