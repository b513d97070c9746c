-- Decisions of persons. Actor 0 is the gate.

-- earlier --
-- Versions that hold on a day and whose latest decision a person made. Written for COPY: parameters are literals.
SELECT replace(d.break_id::text, '-', ''), v.value_a, v.value_b, a.reason_code, a.explanation,
       d.outcome, d.resolution, d.value, p.name
FROM greenai.decision d
JOIN greenai.actor p ON p.actor_id = d.actor_id
JOIN greenai.break_version v
  ON v.recon_id = {recon} AND v.business_date = d.business_date
 AND v.break_id = d.break_id AND v.publication_id = d.publication_id
JOIN greenai.attribution a
  ON a.recon_id = {recon} AND a.business_date = d.business_date
 AND a.break_id = d.break_id AND a.publication_id = d.publication_id
WHERE d.recon_id = {recon} AND d.business_date <= {day} AND d.actor_id <> 0 AND v.present
  AND NOT EXISTS (
    SELECT FROM greenai.decision later
    WHERE later.recon_id = {recon} AND later.business_date = d.business_date AND later.break_id = d.break_id
      AND later.publication_id = d.publication_id AND later.decided_in > d.decided_in)
  AND NOT EXISTS (
    SELECT FROM greenai.break_version later
    WHERE later.recon_id = {recon} AND later.break_id = d.break_id AND later.business_date <= {day}
      AND (later.business_date, later.publication_id) > (d.business_date, d.publication_id))

-- earlier_now --
-- The same for the latest date.
SELECT replace(d.break_id::text, '-', ''), v.value_a, v.value_b, a.reason_code, a.explanation,
       d.outcome, d.resolution, d.value, p.name
FROM greenai.decision d
JOIN greenai.present_break h
  ON h.recon_id = {recon} AND h.break_id = d.break_id
 AND h.business_date = d.business_date AND h.publication_id = d.publication_id
JOIN greenai.actor p ON p.actor_id = d.actor_id
JOIN greenai.break_version v
  ON v.recon_id = {recon} AND v.business_date = d.business_date
 AND v.break_id = d.break_id AND v.publication_id = d.publication_id
JOIN greenai.attribution a
  ON a.recon_id = {recon} AND a.business_date = d.business_date
 AND a.break_id = d.break_id AND a.publication_id = d.publication_id
WHERE d.recon_id = {recon} AND d.actor_id <> 0
  AND NOT EXISTS (
    SELECT FROM greenai.decision later
    WHERE later.recon_id = {recon} AND later.business_date = d.business_date AND later.break_id = d.break_id
      AND later.publication_id = d.publication_id AND later.decided_in > d.decided_in)

-- review --
-- A person's decision about the versions that hold on a day of the breaks named; gives those that are present.
INSERT INTO greenai.decision (recon_id, business_date, break_id, publication_id, decided_in,
                              outcome, rule, policy, resolution, value, actor_id, comment)
SELECT %(recon)s, v.business_date, v.break_id, v.publication_id, %(publication)s, %(outcome)s, %(rule)s, d.policy,
       coalesce(%(resolution)s, d.resolution),
       -- A value that was taken before stays taken with its resolution.
       CASE WHEN %(resolution)s::text IS NULL THEN d.value ELSE %(value)s END,
       p.actor_id, %(comment)s
FROM unnest(%(breaks)s::uuid[]) AS wanted (break_id)
CROSS JOIN LATERAL (
    SELECT h.* FROM greenai.break_version h
    WHERE h.recon_id = %(recon)s AND h.break_id = wanted.break_id AND h.business_date <= %(day)s
    ORDER BY h.business_date DESC, h.publication_id DESC LIMIT 1
) v
CROSS JOIN LATERAL (
    SELECT o.policy, o.resolution, o.value FROM greenai.decision o
    WHERE o.recon_id = %(recon)s AND o.business_date = v.business_date AND o.break_id = v.break_id
      AND o.publication_id = v.publication_id
    ORDER BY o.decided_in DESC LIMIT 1
) d
JOIN greenai.actor p ON p.name = %(actor)s
WHERE v.present
RETURNING replace(break_id::text, '-', '');
