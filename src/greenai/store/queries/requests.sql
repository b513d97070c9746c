-- Runs that were asked for, and what becomes of them.

-- request --
WITH made AS (
    INSERT INTO greenai.run (recon_id, version, business_date, state)
    VALUES (%(recon)s, %(version)s, %(day)s, 'queued') RETURNING run_id)
INSERT INTO greenai.run_request (run_id, folder, urgency, causes, actor_id)
SELECT run_id, %(folder)s, %(urgency)s, %(causes)s, actor_id FROM made, greenai.actor WHERE name = %(actor)s
RETURNING run_id;

-- requested --
SELECT r.run_id, r.recon_id, c.name, r.version, d.document, r.business_date, q.folder, q.causes, q.urgency,
       r.state, r.error
FROM greenai.run_request q JOIN greenai.run r USING (run_id) JOIN greenai.recon c USING (recon_id)
JOIN greenai.definition_version d USING (recon_id, version)
WHERE run_id = %(run)s;

-- standing --
SELECT r.state, r.error FROM greenai.run_request q JOIN greenai.run r USING (run_id) WHERE run_id = %(run)s;

-- kept --
-- Runs that go on, and those that failed a short time ago and of whose date nothing was published since.
SELECT r.run_id FROM greenai.run r
WHERE r.run_id = ANY(%(runs)s) AND r.state NOT IN ('awaiting_review', 'completed', 'cancelled')
  AND (r.state <> 'failed' OR r.finished_at > clock_timestamp() - %(age)s AND NOT EXISTS (
      SELECT FROM greenai.publication p JOIN greenai.run o USING (run_id)
      WHERE o.recon_id = r.recon_id AND o.business_date = r.business_date AND o.run_id > r.run_id));

-- enter --
UPDATE greenai.run SET state = %(state)s, finished_at = NULL, error = NULL, counted = NULL
WHERE run_id = %(run)s AND state NOT IN ('awaiting_review', 'completed', 'cancelled');

-- end --
UPDATE greenai.run SET state = %(state)s, finished_at = clock_timestamp(), error = %(error)s
WHERE run_id = %(run)s AND state NOT IN ('awaiting_review', 'completed', 'failed', 'cancelled')
RETURNING run_id;

-- cancel --
-- Also a run that failed: nobody will try it again.
UPDATE greenai.run SET state = 'cancelled', finished_at = clock_timestamp(), error = %(error)s
WHERE run_id = %(run)s AND state NOT IN ('awaiting_review', 'completed', 'cancelled')
RETURNING run_id;

-- requester --
SELECT a.name FROM greenai.run_request q JOIN greenai.actor a USING (actor_id) WHERE q.run_id = %(run)s;
