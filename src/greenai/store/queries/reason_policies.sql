-- What the gate does with breaks of each reason.

-- policies --
-- By the definition of the last published run of a recon, where it says so; and how many open breaks have the reason.
SELECT r.reason_code, r.name, r.functional, d.policy, d.resolution, coalesce(o.breaks, 0)
FROM greenai.reason r
LEFT JOIN LATERAL (
    SELECT n.recon_id, n.version FROM greenai.run n
    JOIN greenai.publication p ON p.run_id = n.run_id AND p.kind = 'run'
    WHERE n.recon_id = %(recon)s ORDER BY n.business_date DESC, p.publication_id DESC LIMIT 1
) v ON true
LEFT JOIN greenai.definition_policy d ON d.recon_id = v.recon_id AND d.version = v.version AND d.reason_code = r.reason_code
LEFT JOIN (
    SELECT reason_code, count(*) AS breaks FROM greenai.present_break
    WHERE recon_id = %(recon)s AND state IN ('in_review', 'proposed', 'returned') GROUP BY 1
) o ON o.reason_code = r.reason_code
ORDER BY r.reason_code;

-- rule --
-- The reason that a rule of these terms gives now.
SELECT reason_code FROM greenai.reason_rule
WHERE (recon_id, kind, family, field, scope_column, whole)
      IS NOT DISTINCT FROM (%(recon)s::integer, %(kind)s::text, %(family)s::text, %(field)s::text, %(column)s::text, %(whole)s::boolean);
