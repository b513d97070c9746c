-- begin --
-- Take a key; nothing comes back when it was taken before. A request that is under way with it is waited for.
INSERT INTO greenai.idempotency (actor_id, key, request) VALUES (%(actor)s, %(key)s, %(request)s)
ON CONFLICT DO NOTHING RETURNING 1

-- held --
-- What was asked for and answered under a key.
SELECT request, status, headers, body FROM greenai.idempotency WHERE actor_id = %(actor)s AND key = %(key)s

-- answered --
-- Note the answer.
UPDATE greenai.idempotency SET status = %(status)s, headers = %(headers)s, body = %(body)s
WHERE actor_id = %(actor)s AND key = %(key)s

-- forget --
-- Remove keys of the day before yesterday and earlier.
DELETE FROM greenai.idempotency WHERE created_at < now() - interval '1 day'
