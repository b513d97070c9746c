-- Causes, and groups of what nothing explains, as they stand in a recon now.

-- page --
-- {of}: one cause, one group, or all of both.
-- Those with present breaks and those of the last run; open breaks first by number, then by identity.
WITH newest AS (
    SELECT p.run_id FROM greenai.publication p JOIN greenai.run r USING (run_id)
    WHERE r.recon_id = %(recon)s AND p.kind = 'run'
    ORDER BY r.business_date DESC, p.publication_id DESC LIMIT 1
), counted AS (
    SELECT coalesce(t.cause_id, t.group_id) AS id, t.cause_id IS NOT NULL AS explains, sum(t.breaks)::bigint AS total,
           coalesce(sum(t.breaks) FILTER (WHERE t.state IN ('in_review', 'returned')), 0)::bigint AS open
    FROM greenai.cause_tally t
    WHERE t.recon_id = %(recon)s AND {of}
    GROUP BY 1, 2 HAVING sum(t.breaks) > 0
), known AS (
    SELECT id, explains, total, open FROM counted
    UNION ALL
    SELECT c.cause_id, true, 0, 0 FROM newest n JOIN greenai.run_cause c USING (run_id)
    WHERE (%(one)s::uuid IS NULL OR c.cause_id = %(one)s::uuid)
      AND c.cause_id NOT IN (SELECT k.id FROM counted k WHERE k.explains)
), listed AS (
    SELECT k.* FROM known k
    WHERE (%(explains)s::boolean IS NULL OR k.explains = %(explains)s)
      AND (%(open)s::bigint IS NULL OR (-k.open, k.id) > (-%(open)s::bigint, %(after)s::uuid))
    ORDER BY -k.open, k.id LIMIT %(limit)s
)
SELECT replace(l.id::text, '-', ''), l.explains, coalesce(c.kind, g.kind), coalesce(c.field, g.field), c.family,
       c.expression, c.scope, g.shape, g.slice, m.reason_code, coalesce(m.explanation, u.description), u.why,
       l.open, l.total, m.breaks, m.scope_size, m.exceptions, m.run_id, y.sums,
       s.rule_id, CASE s.state WHEN 'resumed' THEN 'accepted' ELSE s.state END, s.at, s.by
FROM listed l
LEFT JOIN greenai.cause c ON l.explains AND c.cause_id = l.id
LEFT JOIN greenai.unexplained_group g ON NOT l.explains AND g.group_id = l.id
LEFT JOIN LATERAL (
    SELECT o.* FROM greenai.run_cause o JOIN greenai.run r USING (run_id)
    WHERE l.explains AND o.cause_id = l.id AND r.recon_id = %(recon)s ORDER BY o.run_id DESC LIMIT 1
) m ON true
LEFT JOIN LATERAL (
    SELECT o.* FROM greenai.run_group o JOIN greenai.run r USING (run_id)
    WHERE NOT l.explains AND o.group_id = l.id AND r.recon_id = %(recon)s ORDER BY o.run_id DESC LIMIT 1
) u ON true
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('currency', c.currency, 'breaks', c.breaks, 'with_amount', c.with_amount,
                                        'amount', CASE WHEN c.with_amount > 0 THEN c.amount::text END)
                     ORDER BY c.breaks DESC, c.currency) AS sums
    FROM (
        SELECT t.currency, sum(t.breaks) AS breaks, sum(t.with_amount) AS with_amount, sum(t.amount) AS amount
        FROM greenai.cause_tally t
        WHERE t.recon_id = %(recon)s AND (l.explains AND t.cause_id = l.id OR NOT l.explains AND t.group_id = l.id)
          AND t.state IN ('in_review', 'returned')
        GROUP BY 1 HAVING sum(t.breaks) > 0
    ) c
) y ON true
LEFT JOIN LATERAL (
    SELECT o.rule_id, o.state, o.at, a.name AS by
    FROM greenai.rule_state o LEFT JOIN greenai.actor a USING (actor_id)
    WHERE l.explains AND o.recon_id = %(recon)s AND o.cause_id = l.id ORDER BY o.rule_id DESC LIMIT 1
) s ON true
ORDER BY -l.open, l.id;

-- exists --
-- Whether a recon knows a cause or a group.
SELECT EXISTS (SELECT FROM greenai.run_cause c JOIN greenai.run r USING (run_id)
               WHERE r.recon_id = %(recon)s AND c.cause_id = %(one)s::uuid)
    OR EXISTS (SELECT FROM greenai.run_group c JOIN greenai.run r USING (run_id)
               WHERE r.recon_id = %(recon)s AND c.group_id = %(one)s::uuid);

-- exceptions --
-- Open breaks of the same kind and field that a run found to be exceptions of a cause, in its words: the
-- oldest of so many that were looked at.
SELECT replace(o.break_id::text, '-', ''), o.key_text, v.value_a, v.value_b, o.state
FROM (
    SELECT p.* FROM greenai.present_break p JOIN greenai.cause c ON c.cause_id = %(one)s::uuid
    WHERE p.recon_id = %(recon)s AND p.field = c.field AND p.kind = c.kind AND p.cause_id IS NULL
      AND p.state IN ('in_review', 'proposed', 'returned')
    ORDER BY p.first_date, p.break_id LIMIT %(most)s
) o
JOIN greenai.attribution a
  ON a.recon_id = o.recon_id AND a.business_date = o.business_date
 AND a.break_id = o.break_id AND a.publication_id = o.publication_id AND a.explanation = %(words)s
JOIN greenai.break_version v
  ON v.recon_id = o.recon_id AND v.business_date = o.business_date
 AND v.break_id = o.break_id AND v.publication_id = o.publication_id
ORDER BY o.first_date, o.break_id LIMIT %(limit)s;
