-- Connections: places of sources that definitions name.

-- name --
INSERT INTO greenai.connection (name) VALUES (%(name)s) ON CONFLICT DO NOTHING;

-- locked --
SELECT connection_id FROM greenai.connection WHERE name = %(name)s FOR UPDATE;

-- propose --
INSERT INTO greenai.connection_version (connection_id, version, kind, folder, description, proposed_by)
SELECT %(connection)s, coalesce(max(version), 0) + 1, %(kind)s, %(folder)s, %(description)s, %(actor)s
FROM greenai.connection_version WHERE connection_id = %(connection)s
RETURNING version;

-- decide --
UPDATE greenai.connection_version
SET state = %(state)s, decided_by = %(actor)s, decided_at = clock_timestamp(), comment = %(comment)s
WHERE connection_id = %(connection)s AND version = %(version)s AND state = 'proposed'
RETURNING version;

-- suspend --
UPDATE greenai.connection SET suspended_at = clock_timestamp(), suspended_by = %(actor)s
WHERE connection_id = %(connection)s AND suspended_at IS NULL RETURNING connection_id;

-- resume --
UPDATE greenai.connection SET suspended_at = NULL, suspended_by = NULL WHERE connection_id = %(connection)s;

-- folder --
-- Where a connection leads to: its latest approved version, unless it is suspended.
SELECT v.folder
FROM greenai.connection c JOIN greenai.connection_version v USING (connection_id)
WHERE c.name = %(name)s AND c.suspended_at IS NULL AND v.state = 'approved'
ORDER BY v.version DESC LIMIT 1;

-- list --
-- Connections by name, each with the version that holds.
SELECT c.name, v.kind, v.folder, v.description, v.version,
       CASE WHEN c.suspended_at IS NOT NULL THEN 'suspended' WHEN v.version IS NULL THEN 'proposed' ELSE 'approved' END,
       (SELECT p.version FROM greenai.connection_version p
        WHERE p.connection_id = c.connection_id AND p.state = 'proposed')
FROM greenai.connection c
LEFT JOIN LATERAL (SELECT * FROM greenai.connection_version v
                   WHERE v.connection_id = c.connection_id AND v.state = 'approved'
                   ORDER BY v.version DESC LIMIT 1) v ON true
WHERE (%(name)s::text IS NULL OR c.name = %(name)s) AND (%(after)s::text IS NULL OR c.name > %(after)s)
ORDER BY c.name LIMIT %(limit)s;

-- versions --
-- All that was proposed for a connection, the last first.
SELECT v.version, v.kind, v.folder, v.description, v.state, p.name, v.proposed_at, d.name, v.decided_at, v.comment
FROM greenai.connection c
JOIN greenai.connection_version v USING (connection_id)
JOIN greenai.actor p ON p.actor_id = v.proposed_by
LEFT JOIN greenai.actor d ON d.actor_id = v.decided_by
WHERE c.name = %(name)s ORDER BY v.version DESC;
