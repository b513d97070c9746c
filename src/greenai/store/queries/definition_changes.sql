-- Versions of definitions through the platform: who wrote them, and from when on they hold.

-- author --
INSERT INTO greenai.definition_author (recon_id, version, actor_id, comment)
VALUES (%(recon)s, %(version)s, %(actor)s, %(comment)s) ON CONFLICT DO NOTHING;

-- recons --
-- Recons by name: latest version, the version that holds on a date, what waits for a checker, the latest run.
SELECT r.recon_id, r.name, r.created_at, latest.version, latest.document, held.change_id IS NOT NULL, held.version,
       (SELECT count(*) FROM greenai.definition_change w
        WHERE w.recon_id = r.recon_id AND w.state IN ('proposed', 'approved')),
       run.run_id, run.business_date, run.state, s.state
FROM greenai.recon r
LEFT JOIN LATERAL (SELECT v.version, v.document FROM greenai.definition_version v
                   WHERE v.recon_id = r.recon_id ORDER BY v.version DESC LIMIT 1) latest ON true
LEFT JOIN LATERAL (SELECT c.change_id, c.version FROM greenai.definition_change c
                   WHERE c.recon_id = r.recon_id AND c.state = 'activated' AND c.effective_from <= %(day)s
                   ORDER BY c.effective_from DESC, c.activated_at DESC, c.change_id DESC LIMIT 1) held ON true
LEFT JOIN LATERAL (SELECT n.run_id, n.business_date, n.state FROM greenai.run n
                   WHERE n.recon_id = r.recon_id ORDER BY n.business_date DESC, n.run_id DESC LIMIT 1) run ON true
LEFT JOIN greenai.schedule s ON s.recon_id = r.recon_id AND s.state <> 'removed'
WHERE (%(name)s::text IS NULL OR r.name = %(name)s)
  AND (%(only)s::text[] IS NULL OR r.name = ANY(%(only)s))
  AND (%(search)s::text IS NULL OR strpos(lower(r.name), lower(%(search)s)) > 0)
  AND (%(after)s::text IS NULL OR r.name > %(after)s)
ORDER BY r.name LIMIT %(limit)s;

-- versions --
-- Versions of a recon, the last first: who saved them when, since which date each holds or is to hold.
SELECT v.version, v.fingerprint, v.created_at, v.key_version,
       ARRAY(SELECT a.name FROM greenai.definition_author w JOIN greenai.actor a USING (actor_id)
             WHERE w.recon_id = v.recon_id AND w.version = v.version ORDER BY w.saved_at),
       (SELECT w.comment FROM greenai.definition_author w WHERE w.recon_id = v.recon_id AND w.version = v.version
        ORDER BY w.saved_at LIMIT 1),
       ARRAY(SELECT c.effective_from FROM greenai.definition_change c
             WHERE c.recon_id = v.recon_id AND c.version = v.version AND c.state = 'activated' ORDER BY 1),
       (SELECT count(*) FROM greenai.definition_change c
        WHERE c.recon_id = v.recon_id AND c.version = v.version AND c.state IN ('proposed', 'approved')),
       (SELECT count(*) FROM greenai.run n WHERE n.recon_id = v.recon_id AND n.version = v.version)
FROM greenai.definition_version v
WHERE v.recon_id = %(recon)s AND (%(version)s::integer IS NULL OR v.version = %(version)s)
  AND (%(before)s::integer IS NULL OR v.version < %(before)s)
ORDER BY v.version DESC LIMIT %(limit)s;

-- document --
SELECT document FROM greenai.definition_version WHERE recon_id = %(recon)s AND version = %(version)s;

-- propose --
INSERT INTO greenai.definition_change (recon_id, version, effective_from, comment, proposed_by)
VALUES (%(recon)s, %(version)s, %(from)s, %(comment)s, %(actor)s)
ON CONFLICT (recon_id, version, effective_from) WHERE state IN ('proposed', 'approved') DO NOTHING
RETURNING change_id;

-- locked --
SELECT c.change_id FROM greenai.definition_change c WHERE c.change_id = %(change)s FOR UPDATE;

-- decide --
UPDATE greenai.definition_change
SET state = %(state)s, decided_by = %(actor)s, decided_at = clock_timestamp(), decision = %(comment)s,
    revision = revision + 1
WHERE change_id = %(change)s AND (state = 'proposed' OR state = 'approved' AND %(state)s = 'withdrawn')
RETURNING revision;

-- activate --
UPDATE greenai.definition_change
SET state = 'activated', activated_by = %(actor)s, activated_at = clock_timestamp(), revision = revision + 1
WHERE change_id = %(change)s AND state = 'approved' RETURNING revision;

-- changes --
-- Changes, the last first.
SELECT c.change_id, r.name, c.version, c.effective_from, c.state, c.revision, c.comment, p.name, c.proposed_at,
       d.name, c.decided_at, c.decision, a.name, c.activated_at
FROM greenai.definition_change c
JOIN greenai.recon r USING (recon_id)
JOIN greenai.actor p ON p.actor_id = c.proposed_by
LEFT JOIN greenai.actor d ON d.actor_id = c.decided_by
LEFT JOIN greenai.actor a ON a.actor_id = c.activated_by
WHERE (%(recon)s::text IS NULL OR r.name = %(recon)s)
  AND (%(only)s::text[] IS NULL OR r.name = ANY(%(only)s))
  AND (%(change)s::bigint IS NULL OR c.change_id = %(change)s)
  AND (%(state)s::text IS NULL OR c.state = %(state)s)
  AND (%(before)s::bigint IS NULL OR c.change_id < %(before)s)
ORDER BY c.change_id DESC LIMIT %(limit)s;

-- effective --
-- What holds on a business date: the version, null where the recon is retired.
SELECT c.version, v.document, c.change_id
FROM greenai.definition_change c
LEFT JOIN greenai.definition_version v USING (recon_id, version)
WHERE c.recon_id = %(recon)s AND c.state = 'activated' AND c.effective_from <= %(day)s
ORDER BY c.effective_from DESC, c.activated_at DESC, c.change_id DESC LIMIT 1;

-- ever --
-- Whether anything was activated for a recon.
SELECT EXISTS (SELECT FROM greenai.definition_change WHERE recon_id = %(recon)s AND state = 'activated');

-- reading --
-- Documents that hold on some date from a day on, or are proposed to.
SELECT DISTINCT v.document
FROM greenai.definition_change c JOIN greenai.definition_version v USING (recon_id, version)
WHERE c.state IN ('proposed', 'approved', 'activated') AND strpos(v.document, %(text)s) > 0 LIMIT 1;

-- made --
-- Kinds, fields and reasons of the breaks that wait or are rejected, and about which somebody proposed something.
SELECT DISTINCT p.kind, p.field, p.reason_code
FROM greenai.proposal q
JOIN greenai.proposal_item i USING (proposal_id)
JOIN greenai.present_break p ON p.recon_id = i.recon_id AND p.break_id = i.break_id
WHERE q.recon_id = %(recon)s AND q.maker_id = %(actor)s AND q.kind <> 'request_information'
  AND p.state IN ('in_review', 'proposed', 'returned', 'rejected');
