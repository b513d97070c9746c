-- Figures of a recon for dashboards, all of the breaks that are present now but for those of runs.
-- recon; open states are in_review, proposed and returned.

-- rates --
-- The published runs of a recon, the last one of each business date, the latest date first.
SELECT DISTINCT ON (r.business_date)
       r.run_id, r.business_date, p.published_at, w.rows_a, w.rows_b, w.matched, w.equal,
       w.matched + w.only_a + w.only_b + w.duplicates_a + w.duplicates_b AS records,
       round(w.equal::numeric / nullif(w.matched + w.only_a + w.only_b + w.duplicates_a + w.duplicates_b, 0), 6)::text,
       t.breaks, t.automatic, t.rejected, t.unexplained,
       round(t.automatic::numeric / nullif(t.breaks, 0), 6)::text
FROM greenai.run r
JOIN greenai.publication p ON p.run_id = r.run_id AND p.kind = 'run'
JOIN greenai.run_rows w ON w.run_id = r.run_id
LEFT JOIN LATERAL (
    SELECT coalesce(sum(y.breaks), 0)::bigint AS breaks,
           coalesce(sum(y.breaks) FILTER (WHERE y.outcome = 'passed' AND y.automatic), 0)::bigint AS automatic,
           coalesce(sum(y.breaks) FILTER (WHERE y.outcome = 'rejected'), 0)::bigint AS rejected,
           coalesce(sum(y.breaks) FILTER (WHERE y.method = 'none'), 0)::bigint AS unexplained
    FROM greenai.run_tallied d LEFT JOIN greenai.run_tally y USING (run_id)
    WHERE d.run_id = r.run_id GROUP BY d.run_id
) t ON true
WHERE r.recon_id = %(recon)s
ORDER BY r.business_date DESC, p.publication_id DESC LIMIT 366;

-- ageing --
-- Open breaks by age in business dates of the recon's calendar of days: band, currency, how many, sum of amounts.
SELECT width_bucket(p.age, %(bands)s::integer[]) - 1 AS band, p.currency, count(*), sum(p.amount), sum(abs(p.amount))
FROM (SELECT greatest(%(today)s::date - first_date, 0) AS age, currency, amount FROM greenai.present_break
      WHERE recon_id = %(recon)s AND state IN ('in_review', 'proposed', 'returned')) p
GROUP BY 1, 2 ORDER BY 1, 2 NULLS LAST;

-- today --
-- The latest business date of a recon that was published: ages are counted to it.
SELECT max(r.business_date) FROM greenai.run r JOIN greenai.publication p ON p.run_id = r.run_id
WHERE r.recon_id = %(recon)s;

-- causes --
-- What the latest runs found of causes: those that explain most in them, with the breaks of each business date.
WITH latest AS (
    SELECT DISTINCT ON (r.business_date) r.run_id, r.business_date
    FROM greenai.run r JOIN greenai.publication p ON p.run_id = r.run_id AND p.kind = 'run'
    WHERE r.recon_id = %(recon)s ORDER BY r.business_date DESC, p.publication_id DESC LIMIT 90
), most AS (
    SELECT c.cause_id, sum(c.breaks) AS breaks FROM latest l JOIN greenai.run_cause c USING (run_id)
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50
)
SELECT replace(m.cause_id::text, '-', ''), u.kind, u.field, u.family, u.expression, u.scope,
       (SELECT c.reason_code FROM greenai.run_cause c JOIN latest l USING (run_id)
        WHERE c.cause_id = m.cause_id ORDER BY l.business_date DESC LIMIT 1),
       m.breaks::bigint,
       (SELECT jsonb_agg(jsonb_build_object('run', l.run_id, 'business_date', l.business_date, 'breaks', c.breaks,
                                            'exceptions', c.exceptions) ORDER BY l.business_date)
        FROM greenai.run_cause c JOIN latest l USING (run_id) WHERE c.cause_id = m.cause_id)
FROM most m JOIN greenai.cause u USING (cause_id)
ORDER BY m.breaks DESC, m.cause_id;

-- present_causes --
-- How many breaks that are present now each cause has, and how many of them are open.
SELECT replace(cause_id::text, '-', ''), count(*), count(*) FILTER (WHERE state IN ('in_review', 'proposed', 'returned'))
FROM greenai.present_break WHERE recon_id = %(recon)s AND cause_id IS NOT NULL GROUP BY 1;

-- run_totals --
-- What both sides sum up to by currency, by the last published run of the latest date.
SELECT r.run_id, r.business_date, t.currency, t.amount_a, t.amount_b
FROM (SELECT o.run_id, o.business_date FROM greenai.run o JOIN greenai.publication p ON p.run_id = o.run_id AND p.kind = 'run'
      WHERE o.recon_id = %(recon)s ORDER BY o.business_date DESC, p.publication_id DESC LIMIT 1) r
JOIN greenai.run_total t USING (run_id) ORDER BY t.ordinal;

-- state_totals --
-- Breaks that are present now by state and currency.
SELECT state, currency, count(*), sum(amount), sum(abs(amount)) FROM greenai.present_break
WHERE recon_id = %(recon)s GROUP BY 1, 2 ORDER BY 1, 2 NULLS LAST;

-- value_at_risk --
-- What open breaks put at stake by currency: each record once, whatever number of breaks it has; and without an amount.
SELECT currency, count(*), count(*) FILTER (WHERE amount IS NULL), sum(breaks)::bigint, coalesce(sum(abs(amount)), 0), max(abs(amount))
FROM (SELECT record_id, currency, max(amount) AS amount, count(*) AS breaks FROM greenai.present_break
      WHERE recon_id = %(recon)s AND state IN ('in_review', 'proposed', 'returned') GROUP BY 1, 2) r
GROUP BY 1 ORDER BY 5 DESC, 1;

-- risk_by_reason --
-- The same by reason: a record counts in each reason that its breaks have.
SELECT reason_code, currency, count(*), sum(breaks)::bigint, coalesce(sum(abs(amount)), 0)
FROM (SELECT record_id, reason_code, currency, max(amount) AS amount, count(*) AS breaks FROM greenai.present_break
      WHERE recon_id = %(recon)s AND state IN ('in_review', 'proposed', 'returned') GROUP BY 1, 2, 3) r
GROUP BY 1, 2 ORDER BY 5 DESC, 1, 2;

-- workload --
-- Open breaks by who has them.
SELECT a.name, p.assigned_group, count(*), count(*) FILTER (WHERE p.due_at <= %(now)s),
       count(*) FILTER (WHERE p.due_at > %(now)s AND p.due_at <= %(now)s + interval '1 day'),
       min(p.first_date), min(p.due_at)
FROM greenai.present_break p LEFT JOIN greenai.actor a ON a.actor_id = p.assignee_id
WHERE p.recon_id = %(recon)s AND p.state IN ('in_review', 'proposed', 'returned')
GROUP BY 1, 2 ORDER BY 3 DESC, 1 NULLS LAST, 2 NULLS LAST;

-- done --
-- What people did in the last days: breaks that they proposed decisions about, and that they approved.
SELECT a.name, sum(d.proposed)::bigint, sum(d.approved)::bigint
FROM (
    SELECT q.maker_id AS actor_id, sum(q.items) AS proposed, 0 AS approved FROM greenai.proposal q
    WHERE q.recon_id = %(recon)s AND q.proposed_at > %(now)s - %(span)s::interval GROUP BY 1
    UNION ALL
    SELECT v.checker_id, 0, sum(q.decided) FROM greenai.proposal_approval v JOIN greenai.proposal q USING (proposal_id)
    WHERE q.recon_id = %(recon)s AND v.approved_at > %(now)s - %(span)s::interval GROUP BY 1
) d JOIN greenai.actor a USING (actor_id)
GROUP BY 1 ORDER BY 1;

-- backlog --
-- Open breaks against their due times: 0 overdue, 1 within a day, 2 within a week, 3 later, 4 without one.
SELECT CASE WHEN due_at IS NULL THEN 4 WHEN due_at <= %(now)s THEN 0 WHEN due_at <= %(now)s + interval '1 day' THEN 1
            WHEN due_at <= %(now)s + interval '7 days' THEN 2 ELSE 3 END, count(*), min(due_at)
FROM greenai.present_break
WHERE recon_id = %(recon)s AND state IN ('in_review', 'proposed', 'returned') GROUP BY 1 ORDER BY 1;

-- overview --
-- A recon in one row: its latest published run, and its breaks by state.
SELECT l.run_id, l.business_date, l.state, l.published_at,
       (SELECT r.state FROM greenai.run r WHERE r.recon_id = %(recon)s ORDER BY r.run_id DESC LIMIT 1),
       b.open, b.passed, b.approved, b.rejected, b.overdue, b.unassigned, b.oldest
FROM (SELECT count(*) FILTER (WHERE state IN ('in_review', 'proposed', 'returned')) AS open,
             count(*) FILTER (WHERE state = 'passed') AS passed, count(*) FILTER (WHERE state = 'approved') AS approved,
             count(*) FILTER (WHERE state = 'rejected') AS rejected,
             count(*) FILTER (WHERE state IN ('in_review', 'proposed', 'returned') AND due_at <= %(now)s) AS overdue,
             count(*) FILTER (WHERE state IN ('in_review', 'proposed', 'returned') AND assignee_id IS NULL
                              AND assigned_group IS NULL) AS unassigned,
             min(first_date) FILTER (WHERE state IN ('in_review', 'proposed', 'returned')) AS oldest
      FROM greenai.present_break WHERE recon_id = %(recon)s) b
LEFT JOIN LATERAL (
    SELECT r.run_id, r.business_date, r.state, p.published_at
    FROM greenai.run r JOIN greenai.publication p ON p.run_id = r.run_id AND p.kind = 'run'
    WHERE r.recon_id = %(recon)s ORDER BY r.business_date DESC, p.publication_id DESC LIMIT 1
) l ON true;

-- recons --
-- The recons that one may see, by name.
SELECT recon_id, name FROM greenai.recon
WHERE %(recons)s::text[] IS NULL OR name = ANY(%(recons)s) ORDER BY name;
