-- What the scheduler that leads counts and clears away.

-- count --
-- Runs that came to an end which nobody counted, and which are counted now. Locked ones are left for the next time.
UPDATE greenai.run r SET counted = r.state
FROM greenai.recon c
WHERE c.recon_id = r.recon_id AND r.run_id IN (
    SELECT run_id FROM greenai.run WHERE finished_at IS NOT NULL AND counted IS DISTINCT FROM state
    ORDER BY run_id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED)
RETURNING c.name, r.state;

-- published --
-- Of each recon the run that stands for its latest date, and the last publication about it.
SELECT c.recon_id, c.name, last.run_id, last.publication_id
FROM greenai.recon c
CROSS JOIN LATERAL (
    SELECT r.run_id, p.publication_id
    FROM greenai.run r
    CROSS JOIN LATERAL (SELECT max(publication_id) AS publication_id FROM greenai.publication WHERE run_id = r.run_id) p
    WHERE r.recon_id = c.recon_id AND p.publication_id IS NOT NULL
    ORDER BY r.business_date DESC, r.run_id DESC LIMIT 1) last;

-- backlog --
-- Breaks of its latest date that wait for a person.
SELECT count(*) FROM greenai.decided_now(%(recon)s) WHERE outcome = 'review';

-- old_jobs --
-- Jobs that are done, of runs of which nothing is left to do.
DELETE FROM greenai.job WHERE job_id IN (
    SELECT job_id FROM greenai.job j
    WHERE state IN ('done', 'cancelled') AND finished_at < clock_timestamp() - %(age)s
      AND NOT EXISTS (SELECT FROM greenai.job o
                      WHERE o.run_id = j.run_id AND o.state IN ('waiting', 'running', 'dead'))
    LIMIT %(limit)s FOR UPDATE SKIP LOCKED);

-- old_notices --
-- Notices that nobody waits for, of what is long over.
DELETE FROM greenai.notice WHERE notice_id IN (
    SELECT n.notice_id FROM greenai.notice n LEFT JOIN greenai.due u USING (due_id)
    WHERE n.state <> 'waiting' AND greatest(n.created_at, n.sent_at, u.closed_at) < clock_timestamp() - %(age)s
      AND (u.closed_at IS NOT NULL OR n.escalation_id IS NOT NULL)
    LIMIT %(limit)s FOR UPDATE OF n SKIP LOCKED);

-- old_dues --
-- What was due and is long over.
DELETE FROM greenai.due WHERE due_id IN (
    SELECT due_id FROM greenai.due u
    WHERE closed_at < clock_timestamp() - %(age)s
      AND NOT EXISTS (SELECT FROM greenai.notice n WHERE n.due_id = u.due_id)
    LIMIT %(limit)s FOR UPDATE SKIP LOCKED);
