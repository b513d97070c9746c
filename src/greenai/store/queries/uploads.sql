-- Uploaded files.

-- add --
INSERT INTO greenai.upload (upload_id, folder, name, media_type, bytes, content_hash, actor_id, expires_at)
VALUES (%(upload)s, %(folder)s, %(name)s, %(media)s, %(bytes)s, %(hash)s, %(actor)s,
        clock_timestamp() + make_interval(days => %(days)s));

-- add_file --
INSERT INTO greenai.upload_file (upload_id, name, bytes, content_hash) VALUES (%(upload)s, %(name)s, %(bytes)s, %(hash)s);

-- list --
-- Uploads that are there, the last first.
SELECT u.upload_id, u.name, u.media_type, u.bytes, u.content_hash, u.actor_id, a.name, u.created_at, u.expires_at,
       ARRAY(SELECT row_to_json(f) FROM (SELECT name, bytes, content_hash FROM greenai.upload_file f
                                         WHERE f.upload_id = u.upload_id ORDER BY name) f)
FROM greenai.upload u JOIN greenai.actor a USING (actor_id)
WHERE u.removed_at IS NULL AND (%(actor)s::integer IS NULL OR u.actor_id = %(actor)s)
  AND (%(upload)s::uuid IS NULL OR u.upload_id = %(upload)s)
  AND (%(at)s::timestamptz IS NULL OR (u.created_at, u.upload_id) < (%(at)s, %(after)s::uuid))
ORDER BY u.created_at DESC, u.upload_id DESC LIMIT %(limit)s;

-- folder --
SELECT folder FROM greenai.upload WHERE upload_id = %(upload)s AND removed_at IS NULL;

-- held --
-- Bytes that somebody's uploads take.
SELECT coalesce(sum(f.bytes), 0) FROM greenai.upload u JOIN greenai.upload_file f USING (upload_id)
WHERE u.removed_at IS NULL AND u.actor_id = %(actor)s;

-- remove --
UPDATE greenai.upload SET removed_at = clock_timestamp() WHERE upload_id = %(upload)s AND removed_at IS NULL
RETURNING folder;

-- expired --
SELECT upload_id, folder FROM greenai.upload WHERE removed_at IS NULL AND expires_at < clock_timestamp()
ORDER BY expires_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED;

-- keep --
UPDATE greenai.upload SET expires_at = clock_timestamp() + make_interval(days => %(days)s) WHERE upload_id = %(upload)s;
