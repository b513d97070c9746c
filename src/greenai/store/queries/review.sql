-- Decisions of persons on their way into golden tables.

-- reopened --
-- Something, when a person decided about the whole input of a day after its last run was published.
SELECT 1
FROM greenai.decision d
JOIN greenai.break b ON b.recon_id = d.recon_id AND b.break_id = d.break_id
JOIN greenai.record r ON r.recon_id = b.recon_id AND r.record_id = b.record_id
WHERE d.recon_id = %(recon)s AND d.actor_id <> 0 AND d.business_date <= %(day)s AND r.key = '[]'
  AND d.decided_in > (
    SELECT max(p.publication_id) FROM greenai.publication p JOIN greenai.run n USING (run_id)
    WHERE n.recon_id = %(recon)s AND n.business_date = %(day)s AND p.kind = 'run')
LIMIT 1;
