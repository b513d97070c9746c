-- Accounts of people and programs, and their roles.

-- by_id --
SELECT u.actor_id, a.name, a.kind, u.display_name, u.email, u.password_hash, u.must_change, u.disabled,
       u.failures, u.locked_until, u.last_login_at, u.epoch, u.version, u.created_at
FROM greenai.user_account u JOIN greenai.actor a USING (actor_id)
WHERE u.actor_id = %(actor)s;

-- by_name --
SELECT u.actor_id, a.name, a.kind, u.display_name, u.email, u.password_hash, u.must_change, u.disabled,
       u.failures, u.locked_until, u.last_login_at, u.epoch, u.version, u.created_at
FROM greenai.user_account u JOIN greenai.actor a USING (actor_id)
WHERE a.name = %(name)s;

-- by_identity --
-- The account that a provider knows by a subject.
SELECT u.actor_id, a.name, a.kind, u.display_name, u.email, u.password_hash, u.must_change, u.disabled,
       u.failures, u.locked_until, u.last_login_at, u.epoch, u.version, u.created_at
FROM greenai.user_identity i
JOIN greenai.user_account u USING (actor_id)
JOIN greenai.actor a USING (actor_id)
WHERE i.issuer = %(issuer)s AND i.subject = %(subject)s;

-- page --
-- Accounts by name, those after one, whose names begin with a text; of one kind, and usable, or of all.
SELECT u.actor_id, a.name, a.kind, u.display_name, u.email, u.password_hash, u.must_change, u.disabled,
       u.failures, u.locked_until, u.last_login_at, u.epoch, u.version, u.created_at
FROM greenai.user_account u JOIN greenai.actor a USING (actor_id)
WHERE (%(after)s::integer = 0 OR a.name > (SELECT name FROM greenai.actor WHERE actor_id = %(after)s))
  AND (starts_with(lower(a.name), lower(%(search)s)) OR starts_with(lower(u.display_name), lower(%(search)s)))
  AND (NOT %(people)s OR (a.kind = 'person' AND NOT u.disabled))
ORDER BY a.name LIMIT %(limit)s;

-- lock --
-- One change of an account at a time.
SELECT actor_id FROM greenai.user_account WHERE actor_id = %(actor)s FOR NO KEY UPDATE;

-- actor --
SELECT actor_id, kind FROM greenai.actor WHERE name = %(name)s;

-- new_actor --
INSERT INTO greenai.actor (name, kind) VALUES (%(name)s, %(kind)s) ON CONFLICT DO NOTHING RETURNING actor_id;

-- add --
INSERT INTO greenai.user_account (actor_id, display_name, email, password_hash, password_changed_at, must_change)
VALUES (%(actor)s, %(display)s, %(email)s, %(hash)s, CASE WHEN %(hash)s::text IS NOT NULL THEN now() END, %(must_change)s)
ON CONFLICT DO NOTHING RETURNING actor_id;

-- change --
-- What administrators edit; sessions end when it is disabled. No row: it is no longer the version that was seen.
UPDATE greenai.user_account
SET display_name = %(display)s, email = %(email)s, disabled = %(disabled)s, version = version + 1,
    epoch = epoch + CASE WHEN %(disabled)s AND NOT disabled THEN 1 ELSE 0 END
WHERE actor_id = %(actor)s AND version = coalesce(%(version)s::integer, version)
RETURNING version;

-- password --
-- A new password ends all sessions, and a lock.
UPDATE greenai.user_account
SET password_hash = %(hash)s, password_changed_at = now(), must_change = %(must_change)s, epoch = epoch + 1,
    failures = 0, locked_until = NULL
WHERE actor_id = %(actor)s RETURNING epoch;

-- rehash --
-- The same password, hashed as is done now.
UPDATE greenai.user_account SET password_hash = %(hash)s WHERE actor_id = %(actor)s;

-- failed --
-- Count a failed login; every so many lock the account for a while. While it is locked nothing is counted.
UPDATE greenai.user_account
SET failures = CASE WHEN failures + 1 >= %(most)s THEN 0 ELSE failures + 1 END,
    locked_until = CASE WHEN failures + 1 >= %(most)s THEN clock_timestamp() + %(period)s ELSE locked_until END
WHERE actor_id = %(actor)s AND (locked_until IS NULL OR locked_until <= clock_timestamp())
RETURNING failures = 0;

-- logged_in --
UPDATE greenai.user_account SET failures = 0, locked_until = NULL, last_login_at = clock_timestamp()
WHERE actor_id = %(actor)s;

-- unlock --
UPDATE greenai.user_account SET failures = 0, locked_until = NULL WHERE actor_id = %(actor)s;

-- locked --
SELECT coalesce(locked_until > clock_timestamp(), false) FROM greenai.user_account WHERE actor_id = %(actor)s;

-- end_sessions --
UPDATE greenai.user_account SET epoch = epoch + 1 WHERE actor_id = %(actor)s RETURNING epoch;

-- roles --
SELECT r.role, n.name FROM greenai.user_role r LEFT JOIN greenai.recon n USING (recon_id)
WHERE r.actor_id = %(actor)s
ORDER BY r.role, n.name NULLS FIRST;

-- roles_of --
-- The roles of several accounts.
SELECT r.actor_id, r.role, n.name FROM greenai.user_role r LEFT JOIN greenai.recon n USING (recon_id)
WHERE r.actor_id = ANY(%(actors)s)
ORDER BY r.actor_id, r.role, n.name NULLS FIRST;

-- no_roles --
DELETE FROM greenai.user_role WHERE actor_id = %(actor)s;

-- grant --
-- No row: there is no such recon.
INSERT INTO greenai.user_role (actor_id, role, recon_id, granted_by)
SELECT %(actor)s, %(role)s, n.recon_id, %(by)s
FROM (SELECT NULL::integer AS recon_id WHERE %(recon)s::text IS NULL
      UNION ALL SELECT recon_id FROM greenai.recon WHERE name = %(recon)s) n
RETURNING role;

-- raised --
UPDATE greenai.user_account SET version = version + 1 WHERE actor_id = %(actor)s RETURNING version;

-- lock_administrators --
-- Of two who take the last ones away at once, one waits for the other.
SELECT actor_id FROM greenai.user_account u
WHERE EXISTS (SELECT FROM greenai.user_role r WHERE r.actor_id = u.actor_id AND r.role = 'administrator')
ORDER BY actor_id FOR NO KEY UPDATE;

-- administrators --
-- Who can administrate the platform now; asked after the lock, for a statement that waits sees roles as they were before.
SELECT u.actor_id FROM greenai.user_account u
WHERE NOT u.disabled AND EXISTS (
    SELECT FROM greenai.user_role r WHERE r.actor_id = u.actor_id AND r.role = 'administrator' AND r.recon_id IS NULL)
ORDER BY u.actor_id;

-- recons --
-- Those of these names that there are.
SELECT name FROM greenai.recon WHERE name = ANY(%(names)s);

-- link --
INSERT INTO greenai.user_identity (issuer, subject, actor_id) VALUES (%(issuer)s, %(subject)s, %(actor)s)
ON CONFLICT DO NOTHING RETURNING actor_id;

-- unlink --
DELETE FROM greenai.user_identity WHERE issuer = %(issuer)s AND subject = %(subject)s AND actor_id = %(actor)s
RETURNING actor_id;

-- identities --
SELECT issuer, subject FROM greenai.user_identity WHERE actor_id = %(actor)s ORDER BY issuer, subject;

-- preferences --
SELECT document, version FROM greenai.user_preference WHERE actor_id = %(actor)s;

-- prefer --
-- No row: they are no longer what was seen. Version 0: there are none yet.
INSERT INTO greenai.user_preference AS p (actor_id, document)
SELECT %(actor)s, %(document)s WHERE coalesce(%(version)s::integer, 0) = 0
   OR EXISTS (SELECT FROM greenai.user_preference WHERE actor_id = %(actor)s)
ON CONFLICT (actor_id) DO UPDATE SET document = excluded.document, version = p.version + 1, changed_at = now()
WHERE p.version = coalesce(%(version)s::integer, p.version)
RETURNING version;
