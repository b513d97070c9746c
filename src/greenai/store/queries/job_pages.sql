-- Jobs and notices as pages for people.

-- jobs --
SELECT j.job_id, j.engine, j.kind, j.run_id, c.name, r.business_date, j.state, j.urgency, j.size, j.attempts, j.most_attempts,
       j.worker, j.created_at, j.started_at, j.finished_at, j.ready_at, j.error, j.remedy
FROM greenai.job j LEFT JOIN greenai.run r USING (run_id) LEFT JOIN greenai.recon c USING (recon_id)
WHERE (%(state)s::text IS NULL OR j.state = %(state)s) AND (%(before)s::bigint IS NULL OR j.job_id < %(before)s)
ORDER BY j.job_id DESC LIMIT %(limit)s;

-- notices --
SELECT n.notice_id, c.name, coalesce(u.business_date, e.at::date), u.run_id, n.event, n.target, n.state, n.attempts,
       n.created_at, n.sent_at, n.error
FROM greenai.notice n
LEFT JOIN greenai.due u USING (due_id)
LEFT JOIN greenai.escalation e USING (escalation_id)
JOIN greenai.recon c ON c.recon_id = coalesce(u.recon_id, e.recon_id)
WHERE (%(notice)s::bigint IS NULL OR n.notice_id = %(notice)s)
  AND (%(recon)s::text IS NULL OR c.name = %(recon)s) AND (%(only)s::text[] IS NULL OR c.name = ANY(%(only)s))
  AND (%(state)s::text IS NULL OR n.state = %(state)s) AND (%(before)s::bigint IS NULL OR n.notice_id < %(before)s)
ORDER BY n.notice_id DESC LIMIT %(limit)s;
