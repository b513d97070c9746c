-- The queue. Times are the server's: the clocks of workers need not agree.
-- size and waiting: a job twice as large goes first after it waited half a minute longer.

-- add --
-- A new job; one that a run has already is left as it is.
INSERT INTO greenai.job (engine, kind, run_id, payload, urgency, size, most_attempts, ready_at)
VALUES (%(engine)s, %(kind)s, %(run)s, %(payload)s, %(urgency)s, %(size)s, %(most)s,
        clock_timestamp() + make_interval(secs => %(delay)s))
ON CONFLICT (run_id, kind) WHERE run_id IS NOT NULL DO NOTHING
RETURNING job_id;

-- ring --
-- An entry of the outbox: somebody is to look for work. Who sends what it holds is woken when it is there.
WITH entry AS (
    INSERT INTO greenai.outbox (topic, payload) VALUES ('ring', jsonb_build_object('engine', %(engine)s::text))
    RETURNING topic
)
SELECT pg_notify('greenai_outbox', topic) FROM entry;

-- claim --
-- The most urgent job of an engine that nobody works on, or whose worker is gone. Gone too often: left to `bury`.
UPDATE greenai.job j
SET state = 'running', token = token + 1, attempts = attempts + 1, worker = %(worker)s,
    lease_until = clock_timestamp() + make_interval(secs => %(lease)s),
    started_at = clock_timestamp(), error = NULL, remedy = NULL
FROM (
    SELECT job_id FROM greenai.job
    WHERE engine = %(engine)s AND size <= %(largest)s AND attempts < most_attempts
      AND (state = 'waiting' AND ready_at <= clock_timestamp() OR state = 'running' AND lease_until < clock_timestamp())
    ORDER BY urgency DESC,
             log(2, size + 1) - extract(epoch FROM clock_timestamp() - created_at) / 30, job_id
    LIMIT 1 FOR UPDATE SKIP LOCKED
) next
WHERE j.job_id = next.job_id
RETURNING j.job_id, j.engine, j.kind, j.run_id, j.payload, j.token, j.attempts, j.most_attempts, j.size, j.urgency;

-- renew --
-- The worker lives: true while the claim is current.
UPDATE greenai.job SET lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
WHERE job_id = %(job)s AND token = %(token)s AND state = 'running'
RETURNING job_id;

-- committed --
-- Whether what was done under a token counts.
SELECT FROM greenai.job WHERE job_id = %(job)s AND token = %(token)s AND state = 'done';

-- hold --
-- Lock a claimed job until the transaction ends: no row when the claim is not current any more.
SELECT job_id FROM greenai.job WHERE job_id = %(job)s AND token = %(token)s AND state = 'running' FOR UPDATE;

-- done --
UPDATE greenai.job SET state = 'done', lease_until = NULL, worker = NULL, finished_at = clock_timestamp(),
    payload = payload || %(result)s
WHERE job_id = %(job)s;

-- again --
-- After an error: back into the queue, later.
UPDATE greenai.job SET state = 'waiting', lease_until = NULL, worker = NULL, error = %(error)s, remedy = %(remedy)s,
    ready_at = clock_timestamp() + make_interval(secs => %(delay)s)
WHERE job_id = %(job)s AND token = %(token)s AND state = 'running' RETURNING job_id;

-- back --
-- Handed back unfinished, because the worker stops: the attempt does not count.
UPDATE greenai.job SET state = 'waiting', lease_until = NULL, worker = NULL, attempts = attempts - 1,
    ready_at = clock_timestamp()
WHERE job_id = %(job)s AND token = %(token)s AND state = 'running' RETURNING job_id;

-- dead --
UPDATE greenai.job SET state = 'dead', lease_until = NULL, worker = NULL, finished_at = clock_timestamp(),
    error = %(error)s, remedy = %(remedy)s
WHERE job_id = %(job)s AND token = %(token)s AND state = 'running' RETURNING job_id;

-- bury --
-- Jobs whose worker was gone at their last attempt.
UPDATE greenai.job SET state = 'dead', lease_until = NULL, finished_at = clock_timestamp(), worker = NULL,
    error = 'its process ended in the middle, ' || attempts || ' times',
    remedy = 'look into the log of ' || engine || ' (memory, disk); then greenai jobs retry ' || job_id
WHERE state = 'running' AND lease_until < clock_timestamp() AND attempts >= most_attempts
RETURNING job_id, run_id, kind, error;

-- sleepers --
-- Sessions of workers that leave the server waiting in a transaction: process, job and token of each.
-- Those for which the server works, as in a slow commit, do not sleep.
SELECT pid, substring(application_name FROM '^greenai job ([0-9]{1,18})/')::bigint,
       substring(application_name FROM '/([0-9]{1,18})$')::bigint
FROM pg_stat_activity
WHERE datname = current_database() AND usename = session_user AND xact_start IS NOT NULL AND wait_event_type = 'Client'
  AND pid <> pg_backend_pid() AND application_name ~ '^greenai job [0-9]{1,18}/[0-9]{1,18}$';

-- late --
-- Of these the ones that hold no claim any more: taken over, or unheard of. After a cancellation a worker that lives
-- has time to learn of it by itself.
SELECT w.pid, w.job_id
FROM unnest(%(pids)s::integer[], %(jobs)s::bigint[], %(tokens)s::bigint[]) w (pid, job_id, token)
JOIN greenai.job j USING (job_id)
WHERE j.token > w.token OR j.state = 'running' AND j.lease_until < clock_timestamp()
   OR j.state IN ('dead', 'cancelled') AND j.finished_at < clock_timestamp() - make_interval(secs => %(learning)s);

-- expel --
SELECT pg_terminate_backend(pid) FROM unnest(%(pids)s::integer[]) pid;

-- overdue --
-- Engines with a job that has waited for some seconds since the doorbell rang; marked as rung.
WITH late AS (
    UPDATE greenai.job SET rung_at = clock_timestamp()
    WHERE job_id IN (
        SELECT job_id FROM greenai.job
        WHERE (state = 'waiting' AND ready_at <= clock_timestamp() OR state = 'running' AND lease_until < clock_timestamp())
          AND rung_at < clock_timestamp() - make_interval(secs => %(after)s)
        FOR UPDATE SKIP LOCKED)
    RETURNING engine)
SELECT DISTINCT engine FROM late ORDER BY engine;

-- forget --
-- What followed a stage of a run is to be done again, so it is not known any more.
DELETE FROM greenai.job WHERE run_id = %(run)s AND kind = ANY(%(kinds)s);

-- restart --
-- An earlier stage is to be done again, as long as it has attempts.
UPDATE greenai.job SET lease_until = NULL, worker = NULL, ready_at = clock_timestamp(),
    state = CASE WHEN attempts < most_attempts THEN 'waiting' ELSE 'dead' END,
    finished_at = CASE WHEN attempts < most_attempts THEN NULL ELSE clock_timestamp() END,
    error = %(error)s, remedy = %(remedy)s
WHERE run_id = %(run)s AND kind = %(kind)s RETURNING engine, state;

-- cancel --
-- The jobs of a run that nobody finished: whoever works on one learns of it when the lease is renewed.
UPDATE greenai.job SET state = 'cancelled', lease_until = NULL, worker = NULL, finished_at = clock_timestamp()
WHERE run_id = %(run)s AND state IN ('waiting', 'running', 'dead') RETURNING job_id;

-- retry --
-- A dead job is tried again, with all its attempts.
UPDATE greenai.job SET state = 'waiting', attempts = 0, finished_at = NULL, error = NULL, remedy = NULL,
    ready_at = clock_timestamp()
WHERE job_id = %(job)s AND state = 'dead' RETURNING engine, run_id;

-- list --
SELECT j.job_id, j.engine, j.kind, j.run_id, c.name, r.business_date, j.state, j.urgency, j.size, j.attempts, j.most_attempts,
       j.worker, j.created_at, j.started_at, j.finished_at, j.ready_at, j.error, j.remedy
FROM greenai.job j LEFT JOIN greenai.run r USING (run_id) LEFT JOIN greenai.recon c USING (recon_id)
WHERE (%(state)s::text IS NULL OR j.state = %(state)s) AND (%(run)s::bigint IS NULL OR j.run_id = %(run)s)
  AND (%(job)s::bigint IS NULL OR j.job_id = %(job)s)
ORDER BY j.job_id DESC LIMIT %(limit)s;

-- depth --
-- Jobs by engine and state that are not done.
SELECT engine, state, count(*) FROM greenai.job WHERE state IN ('waiting', 'running', 'dead') GROUP BY 1, 2 ORDER BY 1, 2;

-- sent --
-- Entries of one topic to be sent now; of two relays each takes others.
DELETE FROM greenai.outbox WHERE outbox_id IN (
    SELECT outbox_id FROM greenai.outbox WHERE topic = %(topic)s ORDER BY outbox_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING payload;
