-- Who has which breaks.

-- add --
-- Breaks are given to somebody.
INSERT INTO greenai.assignment (recon_id, actor_id, assignee_id, group_id, selection, comment)
VALUES (%(recon)s, %(actor)s, %(assignee)s, %(group)s, %(selection)s, %(comment)s) RETURNING assignment_id;

-- note --
-- What holds now of the breaks of an assignment; those that are there already are left alone.
UPDATE greenai.present_break p
SET assignee_id = %(assignee)s, assigned_group = CASE WHEN %(keep)s THEN p.assigned_group ELSE %(name)s END
FROM greenai.assignment_item i
WHERE i.assignment_id = %(assignment)s AND p.recon_id = %(recon)s AND p.break_id = i.break_id
  AND (p.assignee_id, p.assigned_group)
      IS DISTINCT FROM (%(assignee)s::integer, CASE WHEN %(keep)s THEN p.assigned_group ELSE %(name)s::text END);

-- present --
-- Those of some breaks that are present now.
SELECT replace(break_id::text, '-', '') FROM greenai.present_break
WHERE recon_id = %(recon)s AND break_id = ANY(%(breaks)s::uuid[]);

-- assignments --
-- What was assigned in a recon, or of one of its breaks, the last first.
SELECT s.assignment_id, s.at, b.name, p.name, g.name,
       (SELECT count(*) FROM greenai.assignment_item i WHERE i.assignment_id = s.assignment_id), s.selection, s.comment
FROM greenai.assignment s
JOIN greenai.actor b ON b.actor_id = s.actor_id
LEFT JOIN greenai.actor p ON p.actor_id = s.assignee_id
LEFT JOIN greenai.work_group g ON g.group_id = s.group_id
WHERE s.recon_id = %(recon)s AND s.assignment_id < %(before)s
  AND (%(assignment)s::bigint IS NULL OR s.assignment_id = %(assignment)s)
  AND (%(break)s::uuid IS NULL OR EXISTS (
    SELECT FROM greenai.assignment_item i
    WHERE i.recon_id = %(recon)s AND i.break_id = %(break)s AND i.assignment_id = s.assignment_id))
ORDER BY s.assignment_id DESC LIMIT %(limit)s;
