-- Groups of people who share work.

-- groups --
-- Groups with their members, by name; one of them by its name, or all.
SELECT g.group_id, g.name, g.description,
       coalesce((SELECT array_agg(a.name ORDER BY a.name)
                 FROM greenai.work_group_member m JOIN greenai.actor a USING (actor_id)
                 WHERE m.group_id = g.group_id), '{}'),
       g.version, g.retired
FROM greenai.work_group g
WHERE (%(name)s::text IS NULL OR g.name = %(name)s) AND (%(retired)s OR NOT g.retired)
ORDER BY g.name;

-- add --
INSERT INTO greenai.work_group (name, description) VALUES (%(name)s, %(description)s)
ON CONFLICT DO NOTHING RETURNING group_id;

-- change --
-- Another description, or retired or not, as the next version.
UPDATE greenai.work_group
SET description = coalesce(%(description)s, description), retired = coalesce(%(retired)s, retired), version = version + 1
WHERE group_id = %(group)s AND version = %(version)s RETURNING group_id;

-- leave --
-- Those who belong to it no more.
DELETE FROM greenai.work_group_member WHERE group_id = %(group)s AND actor_id <> ALL(%(members)s);

-- join --
-- Those who belong to it now.
INSERT INTO greenai.work_group_member (group_id, actor_id)
SELECT %(group)s, actor_id FROM unnest(%(members)s::integer[]) AS actor_id ON CONFLICT DO NOTHING;

-- of_person --
-- The groups that somebody belongs to.
SELECT g.name FROM greenai.work_group_member m JOIN greenai.work_group g USING (group_id)
WHERE m.actor_id = %(actor)s ORDER BY g.name;
