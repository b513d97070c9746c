-- Until when breaks are to be decided.

-- latest --
-- The policies of a recon that hold: who set them, and when.
SELECT s.version, s.at, a.name
FROM greenai.due_policy_set s JOIN greenai.actor a USING (actor_id)
WHERE s.recon_id = %(recon)s ORDER BY s.version DESC LIMIT 1;

-- policies --
-- Policies of a version, in order, with those who are told.
SELECT p.name, p.business_days, p.by_time, p.timezone, p.calendar, p.kind, p.reason_code, p.min_amount, p.currency,
       coalesce((SELECT array_agg(ARRAY[CASE WHEN t.actor_id IS NOT NULL THEN 'person'
                                             WHEN t.group_id IS NOT NULL THEN 'group'
                                             WHEN t.address LIKE 'webhook:%%' THEN 'webhook' ELSE 'email' END,
                                        coalesce(a.name, g.name, regexp_replace(t.address, '^webhook:', ''))] ORDER BY t.place)
                 FROM greenai.due_policy_target t
                 LEFT JOIN greenai.actor a USING (actor_id)
                 LEFT JOIN greenai.work_group g USING (group_id)
                 WHERE t.recon_id = p.recon_id AND t.version = p.version AND t.ordinal = p.ordinal), '{}')
FROM greenai.due_policy p
WHERE p.recon_id = %(recon)s AND p.version = %(version)s ORDER BY p.ordinal;

-- add_set --
-- Another version; none when somebody else has set it meanwhile.
INSERT INTO greenai.due_policy_set (recon_id, version, actor_id) VALUES (%(recon)s, %(version)s, %(actor)s)
ON CONFLICT DO NOTHING RETURNING version;

-- add --
INSERT INTO greenai.due_policy (recon_id, version, ordinal, name, kind, reason_code, min_amount, currency, business_days,
                                by_time, timezone, calendar)
VALUES (%(recon)s, %(version)s, %(ordinal)s, %(name)s, %(kind)s, %(reason)s, %(min_amount)s, %(currency)s,
        %(business_days)s, %(by_time)s, %(timezone)s, %(calendar)s);

-- add_target --
INSERT INTO greenai.due_policy_target (recon_id, version, ordinal, place, actor_id, group_id, address)
VALUES (%(recon)s, %(version)s, %(ordinal)s, %(place)s, %(actor)s, %(group)s, %(address)s);

-- unknown_reasons --
-- Those of some codes that are no reason.
SELECT code FROM unnest(%(codes)s::text[]) AS code
WHERE NOT EXISTS (SELECT FROM greenai.reason r WHERE r.reason_code = code) ORDER BY code;

-- standing --
-- Recons whose breaks may lack due times: of policies or a run that were not there when it was last seen to.
SELECT n.recon_id, n.name, s.version, coalesce(l.publication_id, 0)
FROM greenai.recon n
CROSS JOIN LATERAL (SELECT max(version) AS version FROM greenai.due_policy_set WHERE recon_id = n.recon_id) s
CROSS JOIN LATERAL (
    SELECT max(b.publication_id) AS publication_id
    FROM greenai.run r JOIN greenai.publication b ON b.run_id = r.run_id AND b.kind = 'run'
    WHERE r.recon_id = n.recon_id
) l
LEFT JOIN greenai.due_progress d USING (recon_id)
WHERE s.version IS NOT NULL AND (d.version, d.publication_id) IS DISTINCT FROM (s.version, coalesce(l.publication_id, 0))
ORDER BY n.recon_id;

-- first_dates --
-- The dates since which open breaks of a recon are there, and the policy of each.
SELECT DISTINCT q.ordinal, p.first_date
FROM greenai.present_break p
JOIN LATERAL (
    SELECT o.ordinal FROM greenai.due_policy o
    WHERE o.recon_id = %(recon)s AND o.version = %(version)s
      AND (o.kind IS NULL OR o.kind = p.kind) AND (o.reason_code IS NULL OR o.reason_code = p.reason_code)
      AND (o.min_amount IS NULL OR abs(p.amount) >= o.min_amount) AND (o.currency IS NULL OR o.currency = p.currency)
    ORDER BY o.ordinal LIMIT 1
) q ON true
WHERE p.recon_id = %(recon)s AND p.state IN ('in_review', 'proposed', 'returned');

-- set_due --
-- The next open breaks, in the order of their numbers, have the due times of their policies; without one they have
-- none. Returns the last one, and how many changed: a part at a time, so that nobody waits long for a row.
WITH part AS MATERIALIZED (
    SELECT p.break_id, p.first_date, p.kind, p.reason_code, p.amount, p.currency, p.due_at
    FROM greenai.present_break p
    WHERE p.recon_id = %(recon)s AND p.break_id > %(after)s AND p.state IN ('in_review', 'proposed', 'returned')
    ORDER BY p.break_id LIMIT %(limit)s
), wanted AS (
    SELECT t.break_id, u.due_at
    FROM part t
    LEFT JOIN LATERAL (
        SELECT o.ordinal FROM greenai.due_policy o
        WHERE o.recon_id = %(recon)s AND o.version = %(version)s
          AND (o.kind IS NULL OR o.kind = t.kind) AND (o.reason_code IS NULL OR o.reason_code = t.reason_code)
          AND (o.min_amount IS NULL OR abs(t.amount) >= o.min_amount) AND (o.currency IS NULL OR o.currency = t.currency)
        ORDER BY o.ordinal LIMIT 1
    ) q ON true
    LEFT JOIN unnest(%(ordinals)s::integer[], %(dates)s::date[], %(dues)s::timestamptz[]) AS u (ordinal, first_date, due_at)
      ON u.ordinal = q.ordinal AND u.first_date = t.first_date
    WHERE t.due_at IS DISTINCT FROM u.due_at
), changed AS (
    UPDATE greenai.present_break p SET due_at = w.due_at
    FROM wanted w
    WHERE p.recon_id = %(recon)s AND p.break_id = w.break_id AND p.due_at IS DISTINCT FROM w.due_at
    RETURNING 1
)
SELECT (SELECT break_id::text FROM part ORDER BY break_id DESC LIMIT 1), (SELECT count(*) FROM changed);

-- progress --
-- Up to these policies and this publication breaks have their due times.
INSERT INTO greenai.due_progress (recon_id, version, publication_id) VALUES (%(recon)s, %(version)s, %(publication)s)
ON CONFLICT (recon_id) DO UPDATE SET version = excluded.version, publication_id = excluded.publication_id;
