-- Schedules, what is due, and what became of it.

-- enable --
-- A recon runs by itself from now on; one that was removed begins anew.
INSERT INTO greenai.schedule AS s (recon_id, seen_until) VALUES (%(recon)s, clock_timestamp())
ON CONFLICT (recon_id) DO UPDATE
SET state = CASE s.state WHEN 'removed' THEN 'active' ELSE s.state END,
    seen_until = CASE s.state WHEN 'removed' THEN clock_timestamp() ELSE s.seen_until END;

-- register --
-- Another registration, if it says anything else than the last one; later than it, whatever the clock says.
INSERT INTO greenai.schedule_version (recon_id, registered_at, version, folder, timing, actor_id)
SELECT %(recon)s, greatest(clock_timestamp(), last.registered_at + interval '1 microsecond'),
       %(version)s, %(folder)s, %(timing)s, a.actor_id
FROM greenai.actor a
LEFT JOIN (SELECT * FROM greenai.schedule_version WHERE recon_id = %(recon)s
           ORDER BY registered_at DESC LIMIT 1) last ON true
WHERE a.name = %(actor)s
  AND (last.version, last.folder, last.timing) IS DISTINCT FROM (%(version)s, %(folder)s::text, %(timing)s::jsonb)
RETURNING registered_at;

-- change --
-- Pause, resume or remove; what was due while it did not run never was.
UPDATE greenai.schedule
SET seen_until = CASE WHEN %(state)s = 'active' AND state <> 'active' THEN clock_timestamp() ELSE seen_until END,
    state = %(state)s
WHERE recon_id = (SELECT recon_id FROM greenai.recon WHERE name = %(name)s) AND state <> 'removed'
RETURNING recon_id;

-- schedules --
-- Schedules with their latest registration.
SELECT c.recon_id, c.name, s.state, s.seen_until, v.registered_at, v.version, v.folder, v.timing, d.document
FROM greenai.schedule s
JOIN greenai.recon c USING (recon_id)
JOIN LATERAL (SELECT * FROM greenai.schedule_version v WHERE v.recon_id = s.recon_id
              ORDER BY registered_at DESC LIMIT 1) v ON true
JOIN greenai.definition_version d ON (d.recon_id, d.version) = (v.recon_id, v.version)
WHERE s.state <> 'removed'
ORDER BY c.name;

-- running --
-- Schedules that are not paused.
SELECT s.recon_id, c.name,
       (SELECT max(v.registered_at) FROM greenai.schedule_version v WHERE v.recon_id = s.recon_id), s.seen_until
FROM greenai.schedule s JOIN greenai.recon c USING (recon_id)
WHERE s.state = 'active'
ORDER BY s.recon_id;

-- registrations --
-- All registrations of a recon with their definitions, the first one first.
SELECT v.registered_at, v.folder, v.timing, d.document
FROM greenai.schedule_version v
JOIN greenai.definition_version d USING (recon_id, version)
WHERE v.recon_id = %(recon)s ORDER BY v.registered_at;

-- hold --
-- Nobody else works on a schedule until the transaction ends; nothing where it does not run now.
SELECT seen_until FROM greenai.schedule
WHERE recon_id = %(recon)s AND state = 'active' FOR UPDATE;

-- now --
-- The time, by one clock for all schedulers.
SELECT clock_timestamp();

-- due --
-- One more run that is to be, unless it is known already or an earlier one of its date still waits.
INSERT INTO greenai.due (recon_id, registered_at, kind, business_date, due_at)
VALUES (%(recon)s, %(registered)s, %(kind)s, %(day)s, %(at)s)
ON CONFLICT DO NOTHING RETURNING due_id;

-- seen --
-- All that was due up to a moment is known.
UPDATE greenai.schedule SET seen_until = %(until)s WHERE recon_id = %(recon)s AND seen_until < %(until)s;

-- first_due --
-- When dates of a recon were due first, by date.
SELECT business_date, min(due_at) FROM greenai.due
WHERE recon_id = %(recon)s AND kind = 'cron' AND business_date BETWEEN %(first)s AND %(last)s
GROUP BY business_date;

-- open --
-- Of what more can become.
SELECT u.due_id, u.kind, u.business_date, u.due_at, u.first_seen, u.state, u.run_id,
       u.recon_id, c.name, u.registered_at, r.state, r.error,
       ARRAY(SELECT DISTINCT n.event FROM greenai.notice n WHERE n.due_id = u.due_id)
FROM greenai.due u
JOIN greenai.recon c USING (recon_id)
LEFT JOIN greenai.run r USING (run_id)
WHERE u.closed_at IS NULL AND (NOT %(waiting)s OR u.state IN ('waiting', 'missed'))
ORDER BY u.due_at, u.due_id;

-- take --
-- Take one that waits, if it still does.
SELECT 1 FROM greenai.due WHERE due_id = %(due)s AND state IN ('waiting', 'missed') FOR UPDATE SKIP LOCKED;

-- submitted --
UPDATE greenai.due SET state = 'submitted', run_id = %(run)s WHERE due_id = %(due)s;

-- missed --
UPDATE greenai.due SET state = 'missed' WHERE due_id = %(due)s AND state = 'waiting' RETURNING due_id;

-- skip --
UPDATE greenai.due SET state = 'skipped', closed_at = clock_timestamp(), error = %(error)s
WHERE due_id = %(due)s AND state IN ('waiting', 'missed') RETURNING due_id;

-- close --
UPDATE greenai.due SET closed_at = clock_timestamp() WHERE due_id = %(due)s AND closed_at IS NULL RETURNING due_id;

-- waiting_of --
-- Nothing more is waited for where a recon does not run by itself any more.
UPDATE greenai.due SET state = 'skipped', closed_at = clock_timestamp(), error = %(error)s
WHERE recon_id = %(recon)s AND state IN ('waiting', 'missed');
