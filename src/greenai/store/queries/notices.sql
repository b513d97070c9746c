-- What somebody is to be told of.

-- add --
INSERT INTO greenai.notice (due_id, event, target, payload)
SELECT %(due)s, %(event)s, target, %(payload)s FROM unnest(%(targets)s::text[]) AS target
ON CONFLICT DO NOTHING;

-- claim --
-- Take the notice that has waited longest; others may try again should this process die with it.
UPDATE greenai.notice n SET attempts = attempts + 1, next_at = clock_timestamp() + %(lease)s
WHERE notice_id = (
    SELECT notice_id FROM greenai.notice
    WHERE state = 'waiting' AND next_at <= clock_timestamp()
    ORDER BY next_at, notice_id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING notice_id, event, target, payload, attempts, created_at;

-- sent --
UPDATE greenai.notice SET state = 'sent', sent_at = clock_timestamp(), error = NULL
WHERE notice_id = %(notice)s AND state = 'waiting' AND attempts = %(attempt)s;

-- failed --
-- Another attempt later, or none any more.
UPDATE greenai.notice
SET state = CASE WHEN %(again)s::interval IS NULL THEN 'dead' ELSE 'waiting' END,
    next_at = clock_timestamp() + coalesce(%(again)s::interval, interval '0'), error = %(error)s
WHERE notice_id = %(notice)s AND state = 'waiting' AND attempts = %(attempt)s;

-- retry --
UPDATE greenai.notice SET state = 'waiting', attempts = 0, next_at = clock_timestamp()
WHERE notice_id = %(notice)s AND state = 'dead' RETURNING notice_id;

-- log --
-- What was told to whom, the last first.
SELECT n.notice_id, c.name, coalesce(u.business_date, e.at::date), u.run_id, n.event, n.target, n.state, n.attempts,
       n.created_at, n.sent_at, n.error
FROM greenai.notice n
LEFT JOIN greenai.due u USING (due_id)
LEFT JOIN greenai.escalation e USING (escalation_id)
JOIN greenai.recon c ON c.recon_id = coalesce(u.recon_id, e.recon_id)
WHERE (%(recon)s::text IS NULL OR c.name = %(recon)s) AND (%(state)s::text IS NULL OR n.state = %(state)s)
ORDER BY n.notice_id DESC LIMIT %(limit)s;
