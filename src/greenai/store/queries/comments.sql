-- What people say about breaks, and to whom.

-- add --
INSERT INTO greenai.break_comment (recon_id, break_id, actor_id, body)
VALUES (%(recon)s, %(break)s, %(actor)s, %(body)s) RETURNING comment_id;

-- mention --
INSERT INTO greenai.comment_mention (comment_id, actor_id)
SELECT %(comment)s, actor_id FROM unnest(%(actors)s::integer[]) AS actor_id ON CONFLICT DO NOTHING;

-- comments --
-- The comments on a break, or one of them, the first one first.
SELECT c.comment_id, n.name, replace(c.break_id::text, '-', ''), a.name, c.at, c.body,
       coalesce((SELECT array_agg(p.name ORDER BY p.name)
                 FROM greenai.comment_mention m JOIN greenai.actor p USING (actor_id)
                 WHERE m.comment_id = c.comment_id), '{}')
FROM greenai.break_comment c
JOIN greenai.recon n USING (recon_id)
JOIN greenai.actor a ON a.actor_id = c.actor_id
WHERE c.recon_id = %(recon)s AND c.break_id = %(break)s AND c.comment_id > %(after)s
  AND (%(comment)s::bigint IS NULL OR c.comment_id = %(comment)s)
ORDER BY c.comment_id LIMIT %(limit)s;

-- mentions --
-- Comments that speak to somebody, the last one first, of recons that this person may read.
SELECT c.comment_id, n.name, replace(c.break_id::text, '-', ''), a.name, c.at, c.body,
       (SELECT array_agg(p.name ORDER BY p.name)
        FROM greenai.comment_mention o JOIN greenai.actor p USING (actor_id)
        WHERE o.comment_id = c.comment_id),
       m.read_at
FROM greenai.comment_mention m
JOIN greenai.break_comment c USING (comment_id)
JOIN greenai.recon n USING (recon_id)
JOIN greenai.actor a ON a.actor_id = c.actor_id
WHERE m.actor_id = %(actor)s AND m.comment_id < %(before)s
  AND (%(recons)s::text[] IS NULL OR n.name = ANY(%(recons)s))
  AND (NOT %(unread)s OR m.read_at IS NULL)
ORDER BY m.comment_id DESC LIMIT %(limit)s;

-- unread --
-- How many of them somebody does not know yet.
SELECT count(*)
FROM greenai.comment_mention m
JOIN greenai.break_comment c USING (comment_id)
JOIN greenai.recon n USING (recon_id)
WHERE m.actor_id = %(actor)s AND m.read_at IS NULL
  AND (%(recons)s::text[] IS NULL OR n.name = ANY(%(recons)s));

-- read --
-- Somebody knows of comments, or of all; who knew already, has known since then.
UPDATE greenai.comment_mention SET read_at = clock_timestamp()
WHERE actor_id = %(actor)s AND read_at IS NULL
  AND (%(comments)s::bigint[] IS NULL OR comment_id = ANY(%(comments)s));

-- persons --
-- Those of some names who are persons.
SELECT name, actor_id FROM greenai.actor WHERE name = ANY(%(names)s) AND kind = 'person';
