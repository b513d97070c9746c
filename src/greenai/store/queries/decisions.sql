-- Decisions of persons. Actor 0 is the gate.

-- earlier --
-- Versions that hold on a day and whose latest decision a person made, those included that were resolved since:
-- what comes back as it was is decided. Written for COPY: parameters are literals.
SELECT replace(d.break_id::text, '-', ''), v.value_a, v.value_b, a.reason_code, a.explanation,
       replace(v.content::text, '-', ''), d.outcome, d.resolution, d.value, p.name
FROM greenai.decision d
JOIN greenai.actor p ON p.actor_id = d.actor_id
JOIN greenai.break_version v
  ON v.recon_id = {recon} AND v.business_date = d.business_date
 AND v.break_id = d.break_id AND v.publication_id = d.publication_id
JOIN greenai.attribution a
  ON a.recon_id = {recon} AND a.business_date = d.business_date
 AND a.break_id = d.break_id AND a.publication_id = d.publication_id
WHERE d.recon_id = {recon} AND d.business_date <= {day} AND d.actor_id <> 0 AND v.present AND {about}
  AND NOT EXISTS (
    SELECT FROM greenai.decision later
    WHERE later.recon_id = {recon} AND later.business_date = d.business_date AND later.break_id = d.break_id
      AND later.publication_id = d.publication_id AND later.decided_in > d.decided_in)
  AND NOT EXISTS (
    SELECT FROM greenai.break_version later
    WHERE later.recon_id = {recon} AND later.break_id = d.break_id AND later.business_date <= {day}
      AND (later.business_date, later.publication_id) > (d.business_date, d.publication_id)
      AND (later.present OR NOT EXISTS (
        SELECT FROM greenai.break b
        WHERE b.recon_id = {recon} AND b.break_id = d.break_id AND b.kind <> 'check')))

-- earlier_now --
-- The same for the latest date: of what is present, and of what was present before; failed checks are told anew.
SELECT replace(d.break_id::text, '-', ''), v.value_a, v.value_b, a.reason_code, a.explanation,
       replace(v.content::text, '-', ''), d.outcome, d.resolution, d.value, p.name
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
WHERE d.recon_id = {recon} AND d.actor_id <> 0 AND {about}
  AND NOT EXISTS (
    SELECT FROM greenai.decision later
    WHERE later.recon_id = {recon} AND later.business_date = d.business_date AND later.break_id = d.break_id
      AND later.publication_id = d.publication_id AND later.decided_in > d.decided_in)
UNION ALL
SELECT replace(d.break_id::text, '-', ''), v.value_a, v.value_b, a.reason_code, a.explanation,
       replace(v.content::text, '-', ''), d.outcome, d.resolution, d.value, p.name
FROM greenai.decision d
JOIN greenai.break b ON b.recon_id = {recon} AND b.break_id = d.break_id AND b.kind <> 'check'
JOIN greenai.actor p ON p.actor_id = d.actor_id
JOIN greenai.break_version v
  ON v.recon_id = {recon} AND v.business_date = d.business_date
 AND v.break_id = d.break_id AND v.publication_id = d.publication_id
JOIN greenai.attribution a
  ON a.recon_id = {recon} AND a.business_date = d.business_date
 AND a.break_id = d.break_id AND a.publication_id = d.publication_id
WHERE d.recon_id = {recon} AND d.actor_id <> 0 AND v.present AND {about}
  AND NOT EXISTS (SELECT FROM greenai.present_break h WHERE h.recon_id = {recon} AND h.break_id = d.break_id)
  AND NOT EXISTS (
    SELECT FROM greenai.decision later
    WHERE later.recon_id = {recon} AND later.business_date = d.business_date AND later.break_id = d.break_id
      AND later.publication_id = d.publication_id AND later.decided_in > d.decided_in)
  AND NOT EXISTS (
    SELECT FROM greenai.break_version later
    WHERE later.recon_id = {recon} AND later.break_id = d.break_id AND later.present
      AND (later.business_date, later.publication_id) > (d.business_date, d.publication_id))

-- review --
-- A person's decision about a day of the breaks named; gives those that are present. What holds since an earlier
-- day is decided as a version of the day's own, so that the earlier day stays as it was.
WITH held AS (
    SELECT v.*, d.policy, d.resolution, d.value,
           CASE WHEN v.business_date < %(day)s THEN %(publication)s ELSE v.publication_id END AS own
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
    WHERE v.present
), version AS (
    INSERT INTO greenai.break_version (recon_id, business_date, break_id, publication_id, present, value_a, value_b,
                                       content)
    SELECT recon_id, %(day)s, break_id, own, true, value_a, value_b, content FROM held WHERE business_date < %(day)s
), attributed AS (
    INSERT INTO greenai.attribution (recon_id, business_date, break_id, publication_id,
                                     reason_code, cause_id, group_id, method, confidence, explanation)
    SELECT a.recon_id, %(day)s, a.break_id, h.own,
           a.reason_code, a.cause_id, a.group_id, a.method, a.confidence, a.explanation
    FROM held h JOIN greenai.attribution a USING (recon_id, business_date, break_id, publication_id)
    WHERE h.business_date < %(day)s
), shown AS (
    UPDATE greenai.present_break p
    SET business_date = %(day)s, publication_id = h.own, state = greenai.break_state(%(outcome)s, o.actor_id),
        reason_code = coalesce(%(reason)s, a.reason_code),
        method = CASE WHEN %(reason)s::text IS NULL THEN a.method ELSE 'person' END
    FROM held h
    JOIN greenai.attribution a USING (recon_id, business_date, break_id, publication_id)
    JOIN greenai.actor o ON o.name = %(actor)s
    WHERE p.recon_id = %(recon)s AND p.break_id = h.break_id
      AND (p.business_date, p.publication_id) = (h.business_date, h.publication_id)
)
INSERT INTO greenai.decision (recon_id, business_date, break_id, publication_id, decided_in,
                              outcome, rule, policy, resolution, value, actor_id, comment,
                              reason_code, proposal_id, maker_id)
SELECT %(recon)s, %(day)s, h.break_id, h.own, %(publication)s, %(outcome)s, %(rule)s, h.policy,
       coalesce(%(resolution)s, h.resolution),
       -- A value that was taken before stays taken with its resolution.
       CASE WHEN %(resolution)s::text IS NULL THEN h.value ELSE %(value)s END,
       p.actor_id, %(comment)s, %(reason)s, %(proposal)s::bigint, %(maker)s::integer
FROM held h JOIN greenai.actor p ON p.name = %(actor)s
RETURNING replace(break_id::text, '-', '');

-- kept --
-- A later date was published before: what held there keeps holding, as a version of its own from there on.
WITH held AS (
    SELECT v.* FROM unnest(%(breaks)s::uuid[]) AS wanted (break_id)
    CROSS JOIN LATERAL (
        SELECT h.* FROM greenai.break_version h
        WHERE h.recon_id = %(recon)s AND h.break_id = wanted.break_id AND h.business_date <= %(day)s
          AND h.publication_id < %(publication)s
        ORDER BY h.business_date DESC, h.publication_id DESC LIMIT 1) v
    WHERE NOT EXISTS (
        SELECT FROM greenai.break_version l
        WHERE l.recon_id = %(recon)s AND l.break_id = wanted.break_id
          AND l.business_date > %(day)s AND l.business_date <= %(next)s)
), version AS (
    INSERT INTO greenai.break_version (recon_id, business_date, break_id, publication_id, present, value_a, value_b,
                                       content)
    SELECT recon_id, %(next)s, break_id, %(publication)s, present, value_a, value_b, content FROM held
), attributed AS (
    INSERT INTO greenai.attribution (recon_id, business_date, break_id, publication_id,
                                     reason_code, cause_id, group_id, method, confidence, explanation)
    SELECT a.recon_id, %(next)s, a.break_id, %(publication)s,
           a.reason_code, a.cause_id, a.group_id, a.method, a.confidence, a.explanation
    FROM held h JOIN greenai.attribution a USING (recon_id, business_date, break_id, publication_id)
), decided AS (
    INSERT INTO greenai.decision (recon_id, business_date, break_id, publication_id, decided_in,
                                  outcome, rule, policy, resolution, value, actor_id, comment,
                                  reason_code, proposal_id, maker_id)
    SELECT DISTINCT ON (d.break_id) d.recon_id, %(next)s::date, d.break_id, %(publication)s::bigint,
           %(publication)s::bigint, d.outcome, d.rule, d.policy, d.resolution, d.value, d.actor_id, d.comment,
           d.reason_code, d.proposal_id, d.maker_id
    FROM held h JOIN greenai.decision d USING (recon_id, business_date, break_id, publication_id)
    ORDER BY d.break_id, d.decided_in DESC
)
UPDATE greenai.present_break p SET business_date = %(next)s, publication_id = %(publication)s
FROM held h WHERE p.recon_id = %(recon)s AND p.break_id = h.break_id AND p.business_date <= %(day)s;
