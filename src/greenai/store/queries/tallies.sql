-- Breaks of runs as they were published, counted once for dashboards.

-- untallied --
-- Published runs that were not counted, the newest first; whether nothing was published about their recon since.
SELECT r.run_id, r.recon_id, r.business_date, p.publication_id,
       NOT EXISTS (SELECT FROM greenai.run o JOIN greenai.publication q USING (run_id)
                   WHERE o.recon_id = r.recon_id AND q.publication_id > p.publication_id)
       AND NOT EXISTS (SELECT FROM greenai.run o JOIN greenai.publication q USING (run_id)
                       WHERE o.recon_id = r.recon_id AND o.business_date > r.business_date)
FROM greenai.publication p JOIN greenai.run r USING (run_id)
WHERE p.kind = 'run' AND NOT EXISTS (SELECT FROM greenai.run_tallied t WHERE t.run_id = r.run_id)
ORDER BY p.publication_id DESC LIMIT %(limit)s;

-- take --
-- One who counts a run; others find it counted.
INSERT INTO greenai.run_tallied (run_id) VALUES (%(run)s) ON CONFLICT DO NOTHING RETURNING run_id;

-- now --
-- The breaks of the latest date of a recon, about which nothing was published since.
INSERT INTO greenai.run_tally (run_id, reason_code, method, outcome, automatic, breaks)
SELECT %(run)s, reason_code, method, outcome, actor_id = 0, count(*)
FROM greenai.decided_now(%(recon)s) GROUP BY 2, 3, 4, 5;

-- then --
-- The breaks of any run, as they were known when it was published.
INSERT INTO greenai.run_tally (run_id, reason_code, method, outcome, automatic, breaks)
SELECT %(run)s, reason_code, method, outcome, actor_id = 0, count(*)
FROM greenai.decided_at(%(recon)s, %(day)s, %(publication)s) GROUP BY 2, 3, 4, 5;
