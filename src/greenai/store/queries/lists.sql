-- Lists of the breaks that are present. {where} is a condition on p, a row of present_break, from greenai.store.filters;
-- {order} and {beyond} are made of the fixed words of greenai.store.lists.

-- recon --
-- The number of a recon, and the latest business date that was published for it.
SELECT n.recon_id, (
    SELECT r.business_date FROM greenai.run r
    WHERE r.recon_id = n.recon_id AND EXISTS (SELECT FROM greenai.publication p WHERE p.run_id = r.run_id)
    ORDER BY r.business_date DESC LIMIT 1)
FROM greenai.recon n WHERE n.name = %(name)s;

-- newest --
-- The latest business date that was published.
SELECT r.business_date FROM greenai.run r
WHERE r.recon_id = %(recon)s AND EXISTS (SELECT FROM greenai.publication p WHERE p.run_id = r.run_id)
ORDER BY r.business_date DESC LIMIT 1;

-- page --
-- A page: one range of one index.
SELECT replace(p.break_id::text, '-', ''), replace(p.record_id::text, '-', ''), p.key, p.key_text, p.kind, p.field,
       p.check_rule, p.state, p.reason_code, replace(p.cause_id::text, '-', ''), replace(p.group_id::text, '-', ''),
       p.method, p.confidence, p.amount, p.currency, p.first_date,
       (SELECT a.name FROM greenai.actor a WHERE a.actor_id = p.assignee_id), p.assigned_group, p.due_at,
       p.business_date, p.value_a, p.value_b, {sorted}
FROM greenai.present_break p WHERE {where} AND {beyond} ORDER BY {order} LIMIT {limit}

-- place --
-- The first place in the order whose key is not before one.
SELECT p.key_text, replace(p.break_id::text, '-', '') FROM greenai.present_break p
WHERE {where} AND p.key_text >= {key} ORDER BY p.key_text, p.break_id LIMIT 1

-- before_place --
-- The entry before a place in the order of keys.
SELECT p.key_text, replace(p.break_id::text, '-', '') FROM greenai.present_break p
WHERE {where} AND (p.key_text, p.break_id) < ({key}, {break_id}::uuid) ORDER BY p.key_text DESC, p.break_id DESC LIMIT 1

-- count --
-- How many there are by currency, with their sum, up to a number of them.
SELECT p.currency, count(*), count(p.amount), sum(p.amount)
FROM (SELECT p.currency, p.amount FROM greenai.present_break p WHERE {where} LIMIT {most}) p
GROUP BY p.currency ORDER BY 2 DESC, 1

-- tallied --
-- The same, however many there are, from what was counted already; {where} says nothing else.
SELECT p.currency, sum(p.breaks)::bigint, sum(p.with_amount)::bigint, CASE WHEN sum(p.with_amount) > 0 THEN sum(p.amount) END
FROM greenai.present_tally p WHERE {where}
GROUP BY p.currency HAVING sum(p.breaks) > 0 ORDER BY 2 DESC, 1

-- facets --
-- Breaks of a filter by each of its sides: the name of the side, the value, how many.
SELECT CASE grouping(p.state, p.kind, p.field, p.reason_code, p.method, p.currency, p.first_date)
           WHEN 63 THEN 'state' WHEN 95 THEN 'kind' WHEN 111 THEN 'field' WHEN 119 THEN 'reason'
           WHEN 123 THEN 'method' WHEN 125 THEN 'currency' WHEN 126 THEN 'first_date' END,
       coalesce(p.state, p.kind, p.field, p.reason_code, p.method, p.currency, p.first_date::text),
       sum(p.breaks)::bigint
FROM ({source}) p
GROUP BY GROUPING SETS ((p.state), (p.kind), (p.field), (p.reason_code), (p.method), (p.currency), (p.first_date))
HAVING sum(p.breaks) <> 0
ORDER BY 1, 3 DESC, 2

-- counted --
-- Of which facets are counted: what was counted already.
SELECT p.state, p.kind, p.field, p.reason_code, p.method, p.currency, p.first_date, p.breaks
FROM greenai.present_tally p WHERE {where}

-- looked_at --
-- The same, break by break, up to a number of them.
SELECT p.state, p.kind, p.field, p.reason_code, p.method, p.currency, p.first_date, 1 AS breaks
FROM greenai.present_break p WHERE {where} LIMIT {most}

-- holders --
-- Who has how many breaks in some states, from what was counted already.
SELECT a.name, t.assigned_group, sum(t.breaks)::bigint
FROM greenai.holder_tally t LEFT JOIN greenai.actor a ON a.actor_id = t.assignee_id
WHERE t.recon_id = %(recon)s AND t.state = ANY(%(states)s)
GROUP BY 1, 2 HAVING sum(t.breaks) > 0 ORDER BY 3 DESC, 1, 2;

-- assignees --
-- Who has how many breaks of a filter.
SELECT a.name, p.assigned_group, count(*) FROM (
    SELECT p.assignee_id, p.assigned_group FROM greenai.present_break p
    WHERE {where} AND (p.assignee_id IS NOT NULL OR p.assigned_group IS NOT NULL) LIMIT {most}
) p LEFT JOIN greenai.actor a ON a.actor_id = p.assignee_id
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
