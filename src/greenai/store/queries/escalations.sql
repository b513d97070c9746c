-- Breaks that were not decided in time, and who was told.

-- overdue --
-- Policies of recons of which breaks are overdue that nobody was told of: recon, version, place.
SELECT DISTINCT n.recon_id, n.name, s.version, q.ordinal
FROM greenai.recon n
CROSS JOIN LATERAL (SELECT max(version) AS version FROM greenai.due_policy_set WHERE recon_id = n.recon_id) s
JOIN greenai.due_progress d ON d.recon_id = n.recon_id AND d.version = s.version
JOIN greenai.present_break p ON p.recon_id = n.recon_id AND p.due_at <= %(now)s AND p.state IN ('in_review', 'proposed', 'returned')
JOIN LATERAL (
    SELECT o.ordinal FROM greenai.due_policy o
    WHERE o.recon_id = n.recon_id AND o.version = s.version
      AND (o.kind IS NULL OR o.kind = p.kind) AND (o.reason_code IS NULL OR o.reason_code = p.reason_code)
      AND (o.min_amount IS NULL OR abs(p.amount) >= o.min_amount) AND (o.currency IS NULL OR o.currency = p.currency)
    ORDER BY o.ordinal LIMIT 1
) q ON true
WHERE NOT EXISTS (
    SELECT FROM greenai.escalation_item i
    WHERE i.recon_id = p.recon_id AND i.break_id = p.break_id AND i.due_at = p.due_at)
ORDER BY 1, 4;

-- add --
INSERT INTO greenai.escalation (recon_id, version, ordinal) VALUES (%(recon)s, %(version)s, %(ordinal)s)
RETURNING escalation_id;

-- add_items --
-- Breaks that are overdue by a policy and that nobody was told of: each once for a due time, whoever looks.
INSERT INTO greenai.escalation_item (recon_id, break_id, due_at, escalation_id)
SELECT p.recon_id, p.break_id, p.due_at, %(escalation)s
FROM greenai.present_break p
JOIN LATERAL (
    SELECT o.ordinal FROM greenai.due_policy o
    WHERE o.recon_id = %(recon)s AND o.version = %(version)s
      AND (o.kind IS NULL OR o.kind = p.kind) AND (o.reason_code IS NULL OR o.reason_code = p.reason_code)
      AND (o.min_amount IS NULL OR abs(p.amount) >= o.min_amount) AND (o.currency IS NULL OR o.currency = p.currency)
    ORDER BY o.ordinal LIMIT 1
) q ON q.ordinal = %(ordinal)s
WHERE p.recon_id = %(recon)s AND p.due_at <= %(now)s AND p.state IN ('in_review', 'proposed', 'returned')
ORDER BY p.break_id
ON CONFLICT DO NOTHING;

-- told --
-- What an escalation is about, for those who are told.
SELECT count(*), min(i.due_at), (SELECT max(r.business_date) FROM greenai.present_break p
                                 JOIN greenai.publication b USING (publication_id) JOIN greenai.run r USING (run_id)
                                 WHERE p.recon_id = %(recon)s)
FROM greenai.escalation_item i WHERE i.escalation_id = %(escalation)s;

-- targets --
-- Where those are reached who are to be told: addresses of people, of the members of groups, and others, each once.
-- Who has no address finds it in the workstation.
SELECT DISTINCT x.target FROM (
    SELECT t.address AS target FROM greenai.due_policy_target t
    WHERE (t.recon_id, t.version, t.ordinal) = (%(recon)s, %(version)s, %(ordinal)s) AND t.address IS NOT NULL
    UNION ALL
    SELECT u.email FROM greenai.due_policy_target t
    LEFT JOIN greenai.work_group_member m USING (group_id)
    JOIN greenai.user_account u ON u.actor_id = coalesce(t.actor_id, m.actor_id)
    WHERE (t.recon_id, t.version, t.ordinal) = (%(recon)s, %(version)s, %(ordinal)s) AND NOT u.disabled AND u.email LIKE '_%%@_%%'
) x
ORDER BY 1;

-- escalations --
-- What was told, the last first: of recons that one may read, to somebody or a group of his where asked.
SELECT e.escalation_id, n.name, p.name, e.at,
       (SELECT count(*) FROM greenai.escalation_item i WHERE i.escalation_id = e.escalation_id),
       (SELECT min(i.due_at) FROM greenai.escalation_item i WHERE i.escalation_id = e.escalation_id)
FROM greenai.escalation e
JOIN greenai.recon n USING (recon_id)
JOIN greenai.due_policy p USING (recon_id, version, ordinal)
WHERE e.escalation_id < %(before)s AND (%(recons)s::text[] IS NULL OR n.name = ANY(%(recons)s))
  AND (%(actor)s::integer IS NULL OR EXISTS (
    SELECT FROM greenai.due_policy_target t
    LEFT JOIN greenai.work_group_member m USING (group_id)
    WHERE (t.recon_id, t.version, t.ordinal) = (e.recon_id, e.version, e.ordinal)
      AND coalesce(t.actor_id, m.actor_id) = %(actor)s))
ORDER BY e.escalation_id DESC LIMIT %(limit)s;

-- notify --
INSERT INTO greenai.notice (escalation_id, event, target, payload)
SELECT %(escalation)s, 'escalated', target, %(payload)s FROM unnest(%(targets)s::text[]) AS target
ON CONFLICT DO NOTHING;
