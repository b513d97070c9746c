-- Keys by which programs call.

-- by_prefix --
-- A key that may be used now, with its owner and what it is limited to.
SELECT k.key_id, k.actor_id, k.secret_hash, k.expires_at <= clock_timestamp(), k.revoked_at IS NOT NULL,
       k.last_used_at IS NULL OR k.last_used_at < clock_timestamp() - interval '1 minute',
       ARRAY(SELECT permission FROM greenai.api_key_permission p WHERE p.key_id = k.key_id)
FROM greenai.api_key k WHERE k.prefix = %(prefix)s;

-- used --
-- Note that it was used, to the minute; who finds another one noting it leaves it to him.
UPDATE greenai.api_key SET last_used_at = clock_timestamp()
WHERE key_id = (SELECT key_id FROM greenai.api_key
                WHERE key_id = %(key)s AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute')
                FOR UPDATE SKIP LOCKED);

-- add --
INSERT INTO greenai.api_key (actor_id, name, prefix, secret_hash, created_by, expires_at)
VALUES (%(actor)s, %(name)s, %(prefix)s, %(hash)s, %(by)s, %(expires)s) RETURNING key_id;

-- limit --
INSERT INTO greenai.api_key_permission (key_id, permission) SELECT %(key)s, unnest(%(permissions)s::text[]);

-- keys --
-- Keys of one account or of all, the newest first, before one.
SELECT k.key_id, k.actor_id, a.name, k.name, k.prefix, k.created_at, k.expires_at, k.last_used_at, k.revoked_at,
       ARRAY(SELECT permission FROM greenai.api_key_permission p WHERE p.key_id = k.key_id ORDER BY permission)
FROM greenai.api_key k JOIN greenai.actor a USING (actor_id)
WHERE (%(actor)s::integer IS NULL OR k.actor_id = %(actor)s)
  AND (%(key)s::integer IS NULL OR k.key_id = %(key)s)
  AND (%(before)s::integer IS NULL OR k.key_id < %(before)s)
ORDER BY k.key_id DESC LIMIT %(limit)s;

-- revoke --
UPDATE greenai.api_key SET revoked_at = clock_timestamp(), revoked_by = %(by)s
WHERE key_id = %(key)s AND revoked_at IS NULL RETURNING key_id;
