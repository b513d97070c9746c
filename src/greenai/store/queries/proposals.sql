-- Proposals: frozen lists of breaks, who approved them, and what became of each break.
-- {about} is a condition on p, a row of greenai.present_break; it is put in by greenai.store.proposals.

-- new --
-- A proposal without its list; the list is frozen in the same transaction.
INSERT INTO greenai.proposal (recon_id, kind, maker_id, reason_code, resolution, value, comment, selection,
                              corrects_id, undoes_id)
VALUES (%(recon)s, %(kind)s, %(maker)s, %(reason)s, %(resolution)s, %(value)s, %(comment)s, %(selection)s,
        %(corrects)s, %(undoes)s)
RETURNING proposal_id;

-- lock --
-- Nobody else takes or decides these breaks until the transaction ends; locked in one order by all who lock some.
SELECT count(*), count(*) FILTER (WHERE state = 'proposed')
FROM (SELECT p.state FROM greenai.present_break p WHERE p.recon_id = %(recon)s AND ({about})
      ORDER BY p.break_id FOR UPDATE) locked;

-- let_go --
-- Items that other open proposals held of breaks that are others by now: they fall out of those.
UPDATE greenai.proposal_item i SET open = false, outcome = 'fallen', why = 'it changed after it was proposed'
FROM greenai.present_break p
WHERE i.open AND i.recon_id = %(recon)s AND p.recon_id = %(recon)s AND p.break_id = i.break_id AND ({about})
  AND p.state <> 'proposed' AND NOT EXISTS (
    SELECT FROM greenai.present_break s WHERE s.recon_id = %(recon)s AND s.break_id = i.break_id
       AND (s.business_date, s.publication_id) = (i.business_date, i.publication_id) AND s.state = 'proposed');

-- freeze --
-- The list of a proposal: each break with its version and its latest decision.
WITH wanted AS MATERIALIZED (
    SELECT p.break_id, p.record_id, p.business_date, p.publication_id, p.amount, p.currency
    FROM greenai.present_break p
    WHERE p.recon_id = %(recon)s AND p.state <> 'proposed' AND ({about})
), shown AS (
    UPDATE greenai.present_break p SET state = 'proposed' FROM wanted w
    WHERE p.recon_id = %(recon)s AND p.break_id = w.break_id
)
INSERT INTO greenai.proposal_item (proposal_id, record_id, break_id, recon_id, business_date, publication_id, decided_in,
                                   amount, currency)
SELECT %(proposal)s, w.record_id, w.break_id, %(recon)s, w.business_date, w.publication_id, d.decided_in, w.amount, w.currency
FROM wanted w
CROSS JOIN LATERAL (
    SELECT o.decided_in FROM greenai.decision o
    WHERE o.recon_id = %(recon)s AND o.business_date = w.business_date AND o.break_id = w.break_id
      AND o.publication_id = w.publication_id
    ORDER BY o.decided_in DESC LIMIT 1
) d
ORDER BY w.record_id, w.break_id;

-- digest --
-- SHA-256 over the list in its order: record, break, date, publication and decision of each item, a line each.
SELECT count(*), count(DISTINCT i.record_id),
       encode(sha256(convert_to(coalesce(string_agg(concat_ws(' ', replace(i.record_id::text, '-', ''),
           replace(i.break_id::text, '-', ''), i.business_date, i.publication_id, i.decided_in), E'\n'
           ORDER BY i.record_id, i.break_id), ''), 'UTF8')), 'hex')
FROM greenai.proposal_item i WHERE i.proposal_id = %(proposal)s;

-- close_list --
-- The list is complete and frozen from now on.
UPDATE greenai.proposal SET items = %(items)s, records = %(records)s, digest = %(digest)s, eyes = %(eyes)s,
    eyes_why = %(why)s
WHERE proposal_id = %(proposal)s;

-- about --
-- What a selection is about, by kind and reason, before it is proposed; those in open proposals apart.
SELECT p.kind, p.reason_code, n.functional, p.field, p.state = 'proposed', count(*)
FROM greenai.present_break p JOIN greenai.reason n USING (reason_code)
WHERE p.recon_id = %(recon)s AND ({about})
GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC, 1, 2, 4;

-- sums --
-- The amounts of a selection by currency: sum, and sum of the absolute amounts.
SELECT p.currency, count(*), sum(p.amount), sum(abs(p.amount))
FROM greenai.present_break p
WHERE p.recon_id = %(recon)s AND p.state <> 'proposed' AND ({about}) GROUP BY 1 ORDER BY 1 NULLS LAST;

-- records --
-- How many records a selection is about.
SELECT count(DISTINCT p.record_id) FROM greenai.present_break p
WHERE p.recon_id = %(recon)s AND p.state <> 'proposed' AND ({about});

-- about_list --
-- What a frozen list is about.
SELECT p.kind, p.reason_code, n.functional, p.field, false, count(*)
FROM greenai.proposal_item i
JOIN greenai.present_break p ON p.recon_id = i.recon_id AND p.break_id = i.break_id
JOIN greenai.reason n USING (reason_code)
WHERE i.proposal_id = %(proposal)s GROUP BY 1, 2, 3, 4 ORDER BY 6 DESC, 1, 2, 4;

-- sums_of_list --
-- The amounts of a frozen list by currency.
SELECT i.currency, count(*), sum(i.amount), sum(abs(i.amount))
FROM greenai.proposal_item i WHERE i.proposal_id = %(proposal)s GROUP BY 1 ORDER BY 1 NULLS LAST;

-- reason_used --
-- Whether a reason was ever used in a recon: found by a run, given by a person in a decision, or that of a rule.
SELECT EXISTS (SELECT FROM greenai.present_break p WHERE p.recon_id = %(recon)s AND p.reason_code = %(reason)s)
    OR EXISTS (SELECT FROM greenai.run_cause c JOIN greenai.run r USING (run_id)
               WHERE r.recon_id = %(recon)s AND c.reason_code = %(reason)s)
    OR EXISTS (SELECT FROM greenai.proposal p
               WHERE p.recon_id = %(recon)s AND p.reason_code = %(reason)s AND p.state = 'applied')
    OR EXISTS (SELECT FROM greenai.approved_rule u WHERE u.recon_id = %(recon)s AND u.reason_code = %(reason)s);

-- limits --
-- Above which amounts a recon asks for how many eyes.
SELECT currency, limit_amount, eyes FROM greenai.review_policy WHERE recon_id = %(recon)s ORDER BY currency NULLS LAST;

-- hold_limits --
LOCK TABLE greenai.review_policy IN SHARE ROW EXCLUSIVE MODE;

-- forget_limits --
DELETE FROM greenai.review_policy WHERE recon_id = %(recon)s;

-- limit --
INSERT INTO greenai.review_policy (recon_id, currency, limit_amount, eyes)
VALUES (%(recon)s, %(currency)s, %(limit)s, %(eyes)s);

-- one --
-- A proposal as it stands; with {lock} so that nobody else changes it.
SELECT {columns}
FROM greenai.proposal p JOIN greenai.recon n USING (recon_id) JOIN greenai.actor m ON m.actor_id = p.maker_id
WHERE p.proposal_id = %(proposal)s {lock};

-- listed --
-- Proposals, the newest first.
SELECT {columns}
FROM greenai.proposal p JOIN greenai.recon n USING (recon_id) JOIN greenai.actor m ON m.actor_id = p.maker_id
WHERE (%(recon)s::integer IS NULL OR p.recon_id = %(recon)s)
  AND (%(recons)s::text[] IS NULL OR n.name = ANY(%(recons)s))
  AND (%(state)s::text[] IS NULL OR p.state = ANY(%(state)s))
  AND (%(kind)s::text IS NULL OR p.kind = %(kind)s)
  AND (%(maker)s::text IS NULL OR m.name = %(maker)s)
  AND (%(not_maker)s::integer IS NULL OR p.maker_id <> %(not_maker)s AND NOT EXISTS (
        SELECT FROM greenai.proposal_approval a
        WHERE a.proposal_id = p.proposal_id AND a.checker_id = %(not_maker)s))
  AND (%(before)s::bigint IS NULL OR p.proposal_id < %(before)s)
ORDER BY p.proposal_id DESC LIMIT %(limit)s;

-- approvals --
SELECT a.checker_id, c.name, a.approved_at, a.comment
FROM greenai.proposal_approval a JOIN greenai.actor c ON c.actor_id = a.checker_id
WHERE a.proposal_id = %(proposal)s ORDER BY a.approved_at, a.checker_id;

-- events --
SELECT e.event, e.at, c.name, e.comment
FROM greenai.proposal_event e JOIN greenai.actor c USING (actor_id)
WHERE e.proposal_id = %(proposal)s ORDER BY e.event_id;

-- items --
-- The items of a proposal in order, from a place on.
SELECT replace(i.record_id::text, '-', ''), replace(i.break_id::text, '-', ''), r.key, b.kind, coalesce(b.field, c.field),
       i.business_date, i.amount, i.currency, i.open, i.outcome, i.why, p.value_a, p.value_b, p.reason_code
FROM greenai.proposal_item i
JOIN greenai.break b USING (recon_id, break_id)
JOIN greenai.record r ON r.recon_id = i.recon_id AND r.record_id = i.record_id
LEFT JOIN greenai.check_rule c USING (rule_id)
LEFT JOIN greenai.present_break p ON p.recon_id = i.recon_id AND p.break_id = i.break_id
WHERE i.proposal_id = %(proposal)s
  AND (%(outcome)s::text IS NULL OR i.outcome = %(outcome)s OR %(outcome)s = 'open' AND i.outcome IS NULL)
  AND (%(record)s::uuid IS NULL OR (i.record_id, i.break_id) > (%(record)s, %(break)s::uuid))
ORDER BY i.record_id, i.break_id LIMIT %(limit)s;

-- approve --
INSERT INTO greenai.proposal_approval (proposal_id, checker_id, maker_id, comment)
SELECT p.proposal_id, %(checker)s, p.maker_id, %(comment)s FROM greenai.proposal p WHERE p.proposal_id = %(proposal)s;

-- enter --
-- A proposal is in another state, or was approved by one more; who saw the version before saw another.
UPDATE greenai.proposal SET state = %(state)s, version = version + 1, eyes = greatest(eyes, %(eyes)s),
    eyes_why = coalesce(eyes_why, %(why)s), closed_at = CASE WHEN %(closed)s THEN clock_timestamp() END
WHERE proposal_id = %(proposal)s RETURNING version;

-- event --
INSERT INTO greenai.proposal_event (proposal_id, event, actor_id, comment)
VALUES (%(proposal)s, %(event)s, %(actor)s, %(comment)s);

-- hold_breaks --
-- Nobody else takes or decides the breaks that a proposal holds until the transaction ends.
SELECT count(*) FROM (
    SELECT FROM greenai.present_break p
    WHERE p.recon_id = %(recon)s AND p.break_id IN (
        SELECT i.break_id FROM greenai.proposal_item i WHERE i.proposal_id = %(proposal)s AND i.open)
    ORDER BY p.break_id FOR UPDATE) locked;

-- release --
-- A proposal lets go of its breaks: they are what their latest decision says, or returned where they wait.
WITH freed AS (
    UPDATE greenai.proposal_item SET open = false WHERE proposal_id = %(proposal)s AND open RETURNING break_id
)
UPDATE greenai.present_break p SET state = (
    SELECT CASE WHEN d.outcome = 'review' THEN %(waiting)s ELSE greenai.break_state(d.outcome, d.actor_id) END
    FROM greenai.decision d
    WHERE d.recon_id = p.recon_id AND d.business_date = p.business_date AND d.break_id = p.break_id
      AND d.publication_id = p.publication_id
    ORDER BY d.decided_in DESC LIMIT 1)
FROM freed f WHERE p.recon_id = %(recon)s AND p.break_id = f.break_id AND p.state = 'proposed';

-- unreturned --
-- Breaks of a proposal that was returned and is withdrawn now: they wait for a review like others.
UPDATE greenai.present_break p SET state = 'in_review' FROM greenai.proposal_item i
WHERE i.proposal_id = %(proposal)s AND i.outcome IS NULL AND p.recon_id = %(recon)s AND p.break_id = i.break_id
  AND p.state = 'returned';

-- chunk --
-- The next items to be decided, whole records of them, as they were and as they are.
SELECT replace(i.break_id::text, '-', ''), i.record_id::text,
       CASE WHEN p.break_id IS NULL THEN 'it is resolved'
            WHEN (p.business_date, p.publication_id) <> (i.business_date, i.publication_id) THEN 'another version of it holds'
            WHEN d.decided_in <> i.decided_in THEN 'it was decided otherwise'
            WHEN NOT i.open THEN 'it was let go' END
FROM (
    SELECT n.* FROM greenai.proposal_item n
    WHERE n.proposal_id = %(proposal)s AND n.outcome IS NULL
      AND n.record_id <= (
        SELECT f.record_id FROM (
            SELECT e.record_id FROM greenai.proposal_item e
            WHERE e.proposal_id = %(proposal)s AND e.outcome IS NULL
            ORDER BY e.record_id, e.break_id LIMIT %(limit)s) f
        ORDER BY f.record_id DESC LIMIT 1)
) i
LEFT JOIN greenai.present_break p ON p.recon_id = i.recon_id AND p.break_id = i.break_id
LEFT JOIN LATERAL (
    SELECT o.decided_in FROM greenai.decision o
    WHERE o.recon_id = i.recon_id AND o.business_date = p.business_date AND o.break_id = i.break_id
      AND o.publication_id = p.publication_id
    ORDER BY o.decided_in DESC LIMIT 1
) d ON true
ORDER BY i.record_id, i.break_id;

-- hold_chunk --
-- Nobody else takes these breaks until the transaction ends.
SELECT count(*) FROM (
    SELECT FROM greenai.present_break p WHERE p.recon_id = %(recon)s AND p.break_id = ANY(%(breaks)s::uuid[])
    ORDER BY p.break_id FOR UPDATE) locked;

-- fallen --
-- Items that fall out and return to review, each with why; they are what their latest decision says.
WITH freed AS (
    UPDATE greenai.proposal_item i SET open = false, outcome = 'fallen', why = f.why
    FROM unnest(%(breaks)s::uuid[], %(records)s::uuid[], %(whys)s::text[]) AS f (break_id, record_id, why)
    WHERE i.proposal_id = %(proposal)s AND i.record_id = f.record_id AND i.break_id = f.break_id AND i.outcome IS NULL
    RETURNING i.break_id, i.open
)
UPDATE greenai.present_break p SET state = (
    SELECT greenai.break_state(d.outcome, d.actor_id) FROM greenai.decision d
    WHERE d.recon_id = p.recon_id AND d.business_date = p.business_date AND d.break_id = p.break_id
      AND d.publication_id = p.publication_id
    ORDER BY d.decided_in DESC LIMIT 1)
FROM freed f WHERE p.recon_id = %(recon)s AND p.break_id = f.break_id AND p.state = 'proposed'
  AND NOT EXISTS (SELECT FROM greenai.proposal_item o
                  WHERE o.open AND o.recon_id = %(recon)s AND o.break_id = p.break_id AND o.proposal_id <> %(proposal)s);

-- decided --
-- Items that were decided as proposed.
UPDATE greenai.proposal_item i SET open = false, outcome = 'decided', applied_in = %(publication)s
FROM unnest(%(breaks)s::uuid[], %(records)s::uuid[]) AS f (break_id, record_id)
WHERE i.proposal_id = %(proposal)s AND i.record_id = f.record_id AND i.break_id = f.break_id AND i.outcome IS NULL;

-- undone --
-- Items of an undone proposal, once the undo decided them.
UPDATE greenai.proposal_item i SET outcome = 'undone'
FROM unnest(%(breaks)s::uuid[], %(records)s::uuid[]) AS f (break_id, record_id)
WHERE i.proposal_id = %(proposal)s AND i.record_id = f.record_id AND i.break_id = f.break_id AND i.outcome = 'decided';

-- applied_in --
-- By record, the publication that decided these breaks of a proposal.
SELECT i.record_id::text, min(i.applied_in) FROM greenai.proposal_item i
WHERE i.proposal_id = %(proposal)s AND i.break_id = ANY(%(breaks)s::uuid[]) AND i.applied_in IS NOT NULL
GROUP BY 1;

-- progress --
UPDATE greenai.proposal SET decided = decided + %(more)s WHERE proposal_id = %(proposal)s;

-- beside --
-- Other small proposals of a recon that are approved, the first approved first, locked.
SELECT p.proposal_id FROM greenai.proposal p
WHERE p.recon_id = %(recon)s AND p.state = 'approved' AND p.closed_at IS NULL AND p.items <= %(small)s
  AND p.proposal_id <> %(proposal)s
ORDER BY p.proposal_id LIMIT %(most)s FOR UPDATE SKIP LOCKED;

-- left --
-- Something, while an item waits to be decided.
SELECT 1 FROM greenai.proposal_item WHERE proposal_id = %(proposal)s AND outcome IS NULL LIMIT 1;

-- latest_run --
-- The run that was published last of the latest date of a recon.
SELECT r.run_id FROM greenai.run r JOIN greenai.publication p ON p.run_id = r.run_id AND p.kind = 'run'
WHERE r.recon_id = %(recon)s ORDER BY r.business_date DESC, p.publication_id DESC LIMIT 1;

-- undoable --
-- Breaks that a proposal decided and whose decision still holds.
SELECT replace(i.break_id::text, '-', '')
FROM greenai.proposal_item i
JOIN greenai.present_break p ON p.recon_id = i.recon_id AND p.break_id = i.break_id
CROSS JOIN LATERAL (
    SELECT o.proposal_id FROM greenai.decision o
    WHERE o.recon_id = i.recon_id AND o.business_date = p.business_date AND o.break_id = i.break_id
      AND o.publication_id = p.publication_id
    ORDER BY o.decided_in DESC LIMIT 1
) d
WHERE i.proposal_id = %(proposal)s AND i.outcome = 'decided' AND d.proposal_id = i.proposal_id AND p.state <> 'proposed'
  AND (%(breaks)s::uuid[] IS NULL OR i.break_id = ANY(%(breaks)s))
ORDER BY 1;

-- of_list --
-- The breaks of a list that another proposal may take up again: those that did not change meanwhile.
SELECT replace(i.break_id::text, '-', '')
FROM greenai.proposal_item i
JOIN greenai.present_break p ON p.recon_id = i.recon_id AND p.break_id = i.break_id
 AND (p.business_date, p.publication_id) = (i.business_date, i.publication_id) AND p.state <> 'proposed'
CROSS JOIN LATERAL (
    SELECT o.decided_in FROM greenai.decision o
    WHERE o.recon_id = i.recon_id AND o.business_date = p.business_date AND o.break_id = i.break_id
      AND o.publication_id = p.publication_id
    ORDER BY o.decided_in DESC LIMIT 1
) d
WHERE i.proposal_id = %(proposal)s AND i.outcome IS NULL AND d.decided_in = i.decided_in
ORDER BY 1;

-- drop_changed --
-- Of a list that is corrected: what changed meanwhile, or is another proposal's, falls out.
UPDATE greenai.proposal_item i SET outcome = 'fallen', why = 'it changed before it was proposed again'
WHERE i.proposal_id = %(proposal)s AND i.outcome IS NULL AND NOT i.open AND NOT EXISTS (
    SELECT FROM greenai.proposal_item o WHERE o.proposal_id = %(by)s AND o.record_id = i.record_id AND o.break_id = i.break_id);

-- makers --
-- Who proposed something about breaks of a recon (of one cause) that still wait, or are rejected.
SELECT DISTINCT q.maker_id
FROM greenai.proposal q
JOIN greenai.proposal_item i USING (proposal_id)
JOIN greenai.present_break p ON p.recon_id = i.recon_id AND p.break_id = i.break_id
WHERE q.recon_id = %(recon)s AND q.kind <> 'request_information'
  AND (%(cause)s::uuid IS NULL OR p.cause_id = %(cause)s)
  AND p.state IN ('in_review', 'proposed', 'returned', 'rejected');

-- fallen_counts --
-- How many items fell out of proposals, and how many were undone.
SELECT i.proposal_id, count(*) FILTER (WHERE i.outcome = 'fallen'), count(*) FILTER (WHERE i.outcome = 'undone')
FROM greenai.proposal_item i
WHERE i.proposal_id = ANY(%(proposals)s) AND i.outcome IN ('fallen', 'undone') GROUP BY 1;

-- open_of --
-- The open proposal that holds a break.
SELECT proposal_id FROM greenai.proposal_item WHERE open AND recon_id = %(recon)s AND break_id = %(break)s;

-- recon --
SELECT recon_id FROM greenai.recon WHERE name = %(name)s;
