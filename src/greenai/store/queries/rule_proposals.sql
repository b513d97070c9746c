-- Rule proposals: what is to become of causes as rules, and who approved it.

-- new --
INSERT INTO greenai.rule_proposal (recon_id, cause_id, change, maker_id, reason_code, resolution, max_exceptions,
                                   smallest_scope, largest_scope, comment, eyes, eyes_why)
VALUES (%(recon)s, %(cause)s, %(change)s, %(maker)s, %(reason)s, %(resolution)s, %(max_exceptions)s, %(smallest)s,
        %(largest)s, %(comment)s, %(eyes)s, %(why)s)
ON CONFLICT (recon_id, cause_id) WHERE state = 'proposed' DO NOTHING
RETURNING rule_proposal_id;

-- one --
-- A rule proposal as it stands; with {lock} so that nobody else changes it.
SELECT {columns} FROM greenai.rule_proposal p
JOIN greenai.recon n USING (recon_id) JOIN greenai.cause c USING (cause_id)
JOIN greenai.actor m ON m.actor_id = p.maker_id LEFT JOIN greenai.actor b ON b.actor_id = p.closed_by
WHERE p.rule_proposal_id = %(proposal)s {lock};

-- listed --
-- Rule proposals, the newest first.
SELECT {columns} FROM greenai.rule_proposal p
JOIN greenai.recon n USING (recon_id) JOIN greenai.cause c USING (cause_id)
JOIN greenai.actor m ON m.actor_id = p.maker_id LEFT JOIN greenai.actor b ON b.actor_id = p.closed_by
WHERE (%(recon)s::integer IS NULL OR p.recon_id = %(recon)s)
  AND (%(recons)s::text[] IS NULL OR n.name = ANY(%(recons)s))
  AND (%(cause)s::uuid IS NULL OR p.cause_id = %(cause)s)
  AND (%(state)s::text IS NULL OR p.state = %(state)s)
  AND (%(not_maker)s::integer IS NULL OR p.maker_id <> %(not_maker)s AND NOT EXISTS (
        SELECT FROM greenai.rule_approval a
        WHERE a.rule_proposal_id = p.rule_proposal_id AND a.checker_id = %(not_maker)s))
  AND (%(before)s::bigint IS NULL OR p.rule_proposal_id < %(before)s)
ORDER BY p.rule_proposal_id DESC LIMIT %(limit)s;

-- approve --
INSERT INTO greenai.rule_approval (rule_proposal_id, checker_id, maker_id, comment)
SELECT p.rule_proposal_id, %(checker)s, p.maker_id, %(comment)s
FROM greenai.rule_proposal p WHERE p.rule_proposal_id = %(proposal)s;

-- approvals --
SELECT a.checker_id, c.name, a.approved_at, a.comment
FROM greenai.rule_approval a JOIN greenai.actor c ON c.actor_id = a.checker_id
WHERE a.rule_proposal_id = %(proposal)s ORDER BY a.approved_at, a.checker_id;

-- enter --
-- Another state, or one more approval; closed with who closed it, and why.
UPDATE greenai.rule_proposal SET state = %(state)s, version = version + 1,
    closed_at = CASE WHEN %(state)s <> 'proposed' THEN clock_timestamp() END,
    closed_by = CASE WHEN %(state)s <> 'proposed' THEN %(actor)s::integer END, closed_why = %(comment)s
WHERE rule_proposal_id = %(proposal)s;
