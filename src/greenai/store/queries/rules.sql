-- Approved rules: which there are, what became of them, and the causes that they were.

-- active --
-- The rules of a recon that decide, the first approved first.
SELECT s.rule_id, replace(c.cause_id::text, '-', ''), c.document, c.expression, c.scope, c.field,
       s.reason_code, n.functional, s.resolution, s.max_exceptions, s.smallest_scope, s.largest_scope
FROM greenai.rule_state s
JOIN greenai.cause c USING (cause_id)
JOIN greenai.reason n USING (reason_code)
WHERE s.recon_id = %(recon)s AND s.state IN ('accepted', 'resumed')
ORDER BY s.rule_id;

-- event --
-- Something happens to a rule.
INSERT INTO greenai.rule_event (rule_id, event, actor_id, run_id, scope_size, exceptions, comment)
SELECT %(rule)s, %(event)s, a.actor_id, %(run)s, %(size)s, %(exceptions)s, %(comment)s
FROM greenai.actor a WHERE a.name = %(actor)s;

-- approve --
-- A new rule.
INSERT INTO greenai.approved_rule (recon_id, cause_id, reason_code, resolution,
                                   max_exceptions, smallest_scope, largest_scope)
VALUES (%(recon)s, %(cause)s, %(reason)s, %(resolution)s, %(max_exceptions)s, %(smallest)s, %(largest)s)
RETURNING rule_id;

-- latest --
-- The run of a recon that was published last.
SELECT p.run_id FROM greenai.publication p JOIN greenai.run r USING (run_id)
WHERE r.recon_id = %(recon)s AND p.kind = 'run' ORDER BY p.publication_id DESC LIMIT 1;

-- recons --
-- Recons by number or by name, all where neither is given.
SELECT recon_id, name FROM greenai.recon
WHERE (%(name)s::text IS NULL OR name = %(name)s) ORDER BY name;

-- run --
-- The recon of a run that was published.
SELECT r.recon_id, n.name FROM greenai.run r JOIN greenai.recon n USING (recon_id)
WHERE r.run_id = %(run)s AND EXISTS (
    SELECT FROM greenai.publication p WHERE p.run_id = r.run_id AND p.kind = 'run');

-- causes --
-- Causes of a recon: those that a run found, and those that are rules; or one that ever was found.
SELECT replace(c.cause_id::text, '-', ''), c.field, c.family, c.expression, c.scope,
       coalesce(f.reason_code, s.reason_code), f.run_id, f.breaks, f.scope_size, f.exceptions,
       f.explanation, s.rule_id, s.state, c.document, n.functional, s.reason_code, s.resolution,
       s.max_exceptions, s.smallest_scope, s.largest_scope, c.kind
FROM greenai.cause c
LEFT JOIN LATERAL (
    SELECT x.* FROM greenai.run_cause x JOIN greenai.run r USING (run_id)
    WHERE x.cause_id = c.cause_id AND r.recon_id = %(recon)s
      AND (x.run_id = %(run)s OR %(cause)s::uuid IS NOT NULL)
    ORDER BY x.run_id DESC LIMIT 1
) f ON true
LEFT JOIN LATERAL (
    SELECT l.* FROM greenai.rule_state l
    WHERE l.cause_id = c.cause_id AND l.recon_id = %(recon)s AND l.state <> 'withdrawn'
) s ON true
LEFT JOIN greenai.reason n ON n.reason_code = s.reason_code
WHERE (f.run_id IS NOT NULL OR s.rule_id IS NOT NULL)
  AND (%(cause)s::uuid IS NULL OR c.cause_id = %(cause)s)
  AND (%(cause)s::uuid IS NOT NULL OR s.rule_id IS NOT NULL
       OR c.cause_id IN (SELECT y.cause_id FROM greenai.run_cause y WHERE y.run_id = %(run)s))
ORDER BY f.breaks DESC NULLS LAST, 1;

-- named --
-- Causes whose identity begins so, with the recons in which they were found.
SELECT DISTINCT replace(c.cause_id::text, '-', ''), r.recon_id, n.name
FROM greenai.cause c
JOIN greenai.run_cause x USING (cause_id)
JOIN greenai.run r USING (run_id)
JOIN greenai.recon n USING (recon_id)
WHERE starts_with(replace(c.cause_id::text, '-', ''), %(prefix)s)
  AND (%(name)s::text IS NULL OR n.name = %(name)s)
ORDER BY 1, 3 LIMIT 10;

-- changes --
-- What became of a rule.
SELECT e.event, e.at, a.name, e.run_id, e.scope_size, e.exceptions, e.comment
FROM greenai.rule_event e JOIN greenai.actor a USING (actor_id)
WHERE e.rule_id = %(rule)s ORDER BY e.event_id;
