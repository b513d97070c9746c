-- Lists of breaks as people want to see them again.

-- views --
-- One's own and shared ones, of recons that one may read; one of them by its number, or all.
SELECT v.view_id, a.name, n.name, v.name, v.document, v.shared, v.version, v.changed_at
FROM greenai.saved_view v
JOIN greenai.actor a ON a.actor_id = v.owner_id
JOIN greenai.recon n USING (recon_id)
WHERE (v.owner_id = %(actor)s OR v.shared)
  AND (%(recons)s::text[] IS NULL OR n.name = ANY(%(recons)s))
  AND (%(recon)s::text IS NULL OR n.name = %(recon)s)
  AND (%(view)s::bigint IS NULL OR v.view_id = %(view)s)
  AND v.view_id > %(after)s
ORDER BY v.view_id LIMIT %(limit)s;

-- add --
INSERT INTO greenai.saved_view (owner_id, recon_id, name, document, shared)
VALUES (%(actor)s, %(recon)s, %(name)s, %(document)s, %(shared)s) ON CONFLICT DO NOTHING RETURNING view_id;

-- taken --
-- Whether another view of the same owner and recon has a name.
SELECT 1 FROM greenai.saved_view v JOIN greenai.saved_view o USING (owner_id, recon_id)
WHERE v.view_id = %(view)s AND o.view_id <> v.view_id AND o.name = %(name)s;

-- change --
UPDATE greenai.saved_view
SET name = %(name)s, document = %(document)s, shared = %(shared)s, version = version + 1, changed_at = clock_timestamp()
WHERE view_id = %(view)s AND owner_id = %(actor)s AND version = %(version)s RETURNING view_id;

-- remove --
DELETE FROM greenai.saved_view WHERE view_id = %(view)s AND owner_id = %(actor)s RETURNING name;
