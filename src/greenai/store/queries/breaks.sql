-- Publishing the breaks of a run: from two staged tables to versions, only where something changed.
-- Rows are written in the order of their identities, which keeps indexes and look-ups of foreign keys close together.
-- recon, day, publication: what is published; next: the next later business date with a publication, or null.

-- stage --
-- Where the breaks of the run and the rows behind them arrive; gone with the transaction.
DROP TABLE IF EXISTS pg_temp.staged_break, pg_temp.staged_record, pg_temp.told_record, pg_temp.held_version, pg_temp.held,
    pg_temp.told_break, pg_temp.known_break, pg_temp.change, pg_temp.reverted, pg_temp.held_record, pg_temp.record_change;
CREATE TEMP TABLE staged_break (
    break_id    uuid NOT NULL,
    record_id   uuid NOT NULL,
    kind        text NOT NULL,
    field       text,
    check_rule  text,
    value_a     text,
    value_b     text,
    content     uuid,
    reason_code text NOT NULL,
    cause_id    uuid,
    group_id    uuid,
    method      text NOT NULL,
    confidence  double precision,
    explanation text,
    outcome     text NOT NULL,
    policy      text NOT NULL,
    rule        text NOT NULL,
    resolution  text,
    value       text,
    decided_by  text NOT NULL
) ON COMMIT DROP;
CREATE TEMP TABLE staged_record (record_id uuid NOT NULL, key jsonb NOT NULL, row_a jsonb, row_b jsonb) ON COMMIT DROP;
-- Records of a flow that the run compared and that had breaks before.
CREATE TEMP TABLE told_record (record_id uuid NOT NULL, on_a boolean NOT NULL, on_b boolean NOT NULL) ON COMMIT DROP;

-- words --
-- Reasons, deciders and rules of checks that were not known yet.
INSERT INTO greenai.reason (reason_code, name)
SELECT DISTINCT reason_code, reason_code FROM staged_break ORDER BY 1 ON CONFLICT DO NOTHING;
INSERT INTO greenai.actor (name, kind)
SELECT DISTINCT decided_by, 'person' FROM staged_break ORDER BY 1 ON CONFLICT DO NOTHING;
INSERT INTO greenai.check_rule (rule_id, rule, field)
SELECT DISTINCT md5(check_rule)::uuid, check_rule, field FROM staged_break WHERE kind = 'check'
ORDER BY 1 ON CONFLICT DO NOTHING;

-- held_record --
-- The rows that hold on the day of those records of this run that were known before.
CREATE TEMP TABLE held_record ON COMMIT DROP AS
SELECT s.record_id, v.row_a, v.row_b
FROM staged_record s
JOIN greenai.record r ON r.recon_id = %(recon)s AND r.record_id = s.record_id
CROSS JOIN LATERAL (
    SELECT h.row_a, h.row_b FROM greenai.record_version h
    WHERE h.recon_id = %(recon)s AND h.record_id = s.record_id AND h.business_date <= %(day)s
    ORDER BY h.business_date DESC, h.publication_id DESC LIMIT 1
) v;

-- identities --
-- Records and breaks that were never seen before; which ones were is remembered.
CREATE TEMP TABLE known_break ON COMMIT DROP AS
SELECT s.break_id FROM staged_break s
WHERE EXISTS (SELECT FROM greenai.break b WHERE b.recon_id = %(recon)s AND b.break_id = s.break_id);
ANALYZE known_break (break_id);
INSERT INTO greenai.record (recon_id, record_id, key_version, key)
SELECT %(recon)s, s.record_id, %(key_version)s, s.key FROM staged_record s
WHERE NOT EXISTS (SELECT FROM greenai.record r WHERE r.recon_id = %(recon)s AND r.record_id = s.record_id)
ORDER BY s.record_id;
INSERT INTO greenai.break (recon_id, break_id, record_id, kind, field, rule_id)
SELECT %(recon)s, s.break_id, s.record_id, s.kind, CASE WHEN s.kind <> 'check' THEN s.field END, md5(s.check_rule)::uuid
FROM staged_break s
WHERE NOT EXISTS (SELECT FROM known_break k WHERE k.break_id = s.break_id)
ORDER BY s.break_id;

-- told --
-- Breaks of a flow of which the run tells, for it compared the rows that they are about: what it does not show is gone.
CREATE TEMP TABLE told_break ON COMMIT DROP AS
SELECT b.break_id
FROM told_record t JOIN greenai.break b ON b.recon_id = %(recon)s AND b.record_id = t.record_id
WHERE CASE b.kind
    WHEN 'only_a' THEN t.on_a WHEN 'duplicate_a' THEN t.on_a
    WHEN 'only_b' THEN t.on_b WHEN 'duplicate_b' THEN t.on_b
    WHEN 'check' THEN true
    ELSE t.on_a AND t.on_b
END;
ANALYZE told_break (break_id);

-- held_now --
-- What is present on the latest date. A break that is not among it is new to that date, whatever was before.
CREATE TEMP TABLE held_version ON COMMIT DROP AS
SELECT v.break_id, v.business_date, v.publication_id, v.present, v.value_a, v.value_b, v.content
FROM greenai.present_break p
JOIN greenai.break_version v
  ON v.recon_id = %(recon)s AND v.business_date = p.business_date
 AND v.break_id = p.break_id AND v.publication_id = p.publication_id
WHERE p.recon_id = %(recon)s
  AND (%(full)s OR p.break_id IN (
    SELECT s.break_id FROM staged_break s UNION ALL SELECT t.break_id FROM told_break t));

-- held_then --
-- What holds of every break on a date that others follow.
CREATE TEMP TABLE held_version ON COMMIT DROP AS
SELECT break_id, business_date, publication_id, present, value_a, value_b, content
FROM greenai.breaks_at(%(recon)s, %(day)s, %(publication)s);

-- held --
-- The same with attribution and latest decision.
CREATE TEMP TABLE held ON COMMIT DROP AS
SELECT DISTINCT ON (v.break_id) v.*,
       a.reason_code, a.cause_id, a.group_id, a.method, a.confidence, a.explanation,
       d.outcome, d.policy, d.rule, d.resolution, d.value, d.actor_id, d.comment,
       d.reason_code AS given_reason, d.proposal_id, d.maker_id
FROM held_version v
LEFT JOIN greenai.attribution a
  ON a.recon_id = %(recon)s AND a.business_date = v.business_date
 AND a.break_id = v.break_id AND a.publication_id = v.publication_id
LEFT JOIN greenai.decision d
  ON d.recon_id = %(recon)s AND d.business_date = v.business_date
 AND d.break_id = v.break_id AND d.publication_id = v.publication_id
ORDER BY v.break_id, d.decided_in DESC NULLS LAST;

-- change --
-- Which breaks change, and how. What a person decided stays on a version that stays, whatever the gate says.
CREATE TEMP TABLE change ON COMMIT DROP AS
SELECT c.*,
       -- Only the decision is another one, about a version of this very day: it needs no new version.
       (c.how = 'decided' AND c.held_date = %(day)s) AS appended
FROM (
    SELECT s.break_id, h.business_date AS held_date, h.publication_id AS held_publication,
           CASE
               WHEN h.present IS NOT TRUE THEN 'new'
               WHEN (s.value_a, s.value_b, s.content, s.reason_code, s.cause_id, s.group_id, s.method, s.confidence,
                     s.explanation)
                    IS DISTINCT FROM
                    (h.value_a, h.value_b, h.content, h.reason_code, h.cause_id, h.group_id, h.method, h.confidence,
                     h.explanation)
                    THEN 'changed'
               WHEN coalesce(h.actor_id, 0) = 0
                    AND (s.outcome, s.policy, s.rule, s.resolution, s.value, p.actor_id)
                        IS DISTINCT FROM (h.outcome, h.policy, h.rule, h.resolution, h.value, h.actor_id)
                    THEN 'decided'
           END AS how
    FROM staged_break s
    JOIN greenai.actor p ON p.name = s.decided_by
    LEFT JOIN held h ON h.break_id = s.break_id
    UNION ALL
    SELECT h.break_id, h.business_date, h.publication_id, 'resolved'
    FROM held h
    WHERE h.present AND NOT EXISTS (SELECT FROM staged_break s WHERE s.break_id = h.break_id)
      AND (%(full)s OR h.break_id IN (SELECT t.break_id FROM told_break t))
) c
WHERE c.how IS NOT NULL;

-- versions --
-- The new versions of the day, their attributions and decisions.
INSERT INTO greenai.break_version (recon_id, business_date, break_id, publication_id, present, value_a, value_b,
                                   content)
SELECT %(recon)s, %(day)s, c.break_id, %(publication)s, c.how <> 'resolved', s.value_a, s.value_b, s.content
FROM change c LEFT JOIN staged_break s ON s.break_id = c.break_id
WHERE NOT c.appended
ORDER BY c.break_id;
INSERT INTO greenai.attribution (recon_id, business_date, break_id, publication_id,
                                 reason_code, cause_id, group_id, method, confidence, explanation)
SELECT %(recon)s, %(day)s, c.break_id, %(publication)s,
       s.reason_code, s.cause_id, s.group_id, s.method, s.confidence, s.explanation
FROM change c JOIN staged_break s ON s.break_id = c.break_id
WHERE NOT c.appended
ORDER BY c.break_id;
INSERT INTO greenai.decision (recon_id, business_date, break_id, publication_id, decided_in,
                              outcome, rule, policy, resolution, value, actor_id, comment,
                              reason_code, proposal_id, maker_id)
SELECT %(recon)s, %(day)s, c.break_id,
       CASE WHEN c.appended THEN c.held_publication ELSE %(publication)s END, %(publication)s,
       s.outcome, s.rule, s.policy, s.resolution, s.value, p.actor_id,
       -- A person's decision that goes on to hold keeps its words, its reason, and who proposed it.
       o.comment, o.reason_code, o.proposal_id, o.maker_id
FROM change c
JOIN staged_break s ON s.break_id = c.break_id
JOIN greenai.actor p ON p.name = s.decided_by
LEFT JOIN LATERAL (
    SELECT e.comment, e.reason_code, e.proposal_id, e.maker_id FROM greenai.decision e
    WHERE e.recon_id = %(recon)s AND e.break_id = c.break_id AND e.actor_id = p.actor_id AND e.actor_id <> 0
      AND e.decided_in < %(publication)s
    ORDER BY e.decided_in DESC LIMIT 1
) o ON p.actor_id <> 0
ORDER BY c.break_id;

-- present --
-- What is present on the latest date now, as lists tell it: the same as greenai.told_version, from what is staged.
-- A break that is back is as old as its first date; one that stayed keeps its age, assignee and due time.
DELETE FROM greenai.present_break p USING change c
WHERE p.recon_id = %(recon)s AND p.break_id = c.break_id AND c.how = 'resolved';
INSERT INTO greenai.present_break AS p (
    recon_id, break_id, business_date, publication_id, record_id, cause_id, group_id, confidence, first_date,
    kind, state, method, reason_code, field, key_text, amount, currency, key, check_rule, value_a, value_b)
SELECT %(recon)s, c.break_id, %(day)s, CASE WHEN c.appended THEN c.held_publication ELSE %(publication)s END,
       s.record_id, s.cause_id, s.group_id, s.confidence,
       coalesce(least(greenai.as_date(greenai.member(r.row_a, e.field)), greenai.as_date(greenai.member(r.row_b, e.field))),
                f.first_date, %(day)s),
       s.kind, greenai.break_state(s.outcome, o.actor_id),
       CASE WHEN d.reason_code IS NULL THEN s.method ELSE 'person' END, coalesce(d.reason_code, s.reason_code),
       s.field, greenai.key_text(r.key),
       coalesce(greenai.as_number(greenai.member(r.row_a, m.field)), greenai.as_number(greenai.member(r.row_b, m.field))),
       coalesce(greenai.member(r.row_a, m.currency), greenai.member(r.row_b, m.currency)),
       r.key, s.check_rule, left(s.value_a, 400), left(s.value_b, 400)
FROM change c
JOIN staged_break s ON s.break_id = c.break_id
JOIN staged_record r ON r.record_id = s.record_id
JOIN greenai.actor o ON o.name = s.decided_by
LEFT JOIN LATERAL (
    SELECT n.reason_code FROM greenai.decision n
    WHERE o.actor_id <> 0 AND n.recon_id = %(recon)s AND n.business_date = %(day)s AND n.break_id = c.break_id
      AND n.publication_id = CASE WHEN c.appended THEN c.held_publication ELSE %(publication)s END
      AND n.decided_in = %(publication)s
) d ON true
LEFT JOIN greenai.recon_amount m ON m.recon_id = %(recon)s
LEFT JOIN greenai.recon_age e ON e.recon_id = %(recon)s
LEFT JOIN (
    SELECT h.break_id, min(h.business_date) AS first_date
    FROM (
        SELECT DISTINCT ON (v.break_id, v.business_date) v.break_id, v.business_date, v.present
        FROM greenai.break_version v
        WHERE v.recon_id = %(recon)s AND v.break_id IN (
            SELECT n.break_id FROM change n JOIN known_break k ON k.break_id = n.break_id WHERE n.how = 'new')
        ORDER BY v.break_id, v.business_date, v.publication_id DESC
    ) h
    WHERE h.present
    GROUP BY h.break_id
) f ON f.break_id = c.break_id
WHERE c.how <> 'resolved'
ORDER BY c.break_id
ON CONFLICT (recon_id, break_id) DO UPDATE
SET business_date = excluded.business_date, publication_id = excluded.publication_id,
    cause_id = excluded.cause_id, group_id = excluded.group_id, confidence = excluded.confidence,
    -- That somebody proposes something is about a version.
    state = CASE WHEN p.state IN ('proposed', 'returned') AND excluded.state = 'in_review'
                  AND (p.business_date, p.publication_id) = (excluded.business_date, excluded.publication_id)
                 THEN p.state ELSE excluded.state END,
    method = excluded.method, reason_code = excluded.reason_code, amount = excluded.amount, currency = excluded.currency,
    value_a = excluded.value_a, value_b = excluded.value_b;
-- Rows of records that changed where their breaks did not.
UPDATE greenai.present_break p
SET amount = n.amount, currency = n.currency,
    first_date = CASE WHEN n.aged THEN coalesce(n.since, greenai.first_present(p.recon_id, p.break_id)) ELSE p.first_date END
FROM (
    SELECT b.break_id,
           coalesce(greenai.as_number(greenai.member(r.row_a, m.field)),
                    greenai.as_number(greenai.member(r.row_b, m.field))) AS amount,
           coalesce(greenai.member(r.row_a, m.currency), greenai.member(r.row_b, m.currency)) AS currency,
           e.field IS NOT NULL AS aged,
           least(greenai.as_date(greenai.member(r.row_a, e.field)), greenai.as_date(greenai.member(r.row_b, e.field))) AS since
    FROM record_change r
    JOIN greenai.break b ON b.recon_id = %(recon)s AND b.record_id = r.record_id
    LEFT JOIN greenai.recon_amount m ON m.recon_id = %(recon)s
    LEFT JOIN greenai.recon_age e ON e.recon_id = %(recon)s
    WHERE r.known
) n
WHERE p.recon_id = %(recon)s AND p.break_id = n.break_id
  AND ((p.amount, p.currency) IS DISTINCT FROM (n.amount, n.currency) OR (n.aged AND p.first_date IS DISTINCT FROM n.since));

-- present_then --
-- The same after a date that others follow, or that was told anew: found in history, for all that it touched.
SELECT greenai.refresh_present_breaks(%(recon)s, ARRAY(
    SELECT c.break_id FROM change c
    UNION
    SELECT b.break_id FROM record_change r
    JOIN greenai.break b ON b.recon_id = %(recon)s AND b.record_id = r.record_id WHERE r.known));

-- present_reverted --
-- And after a run of a flow told less than the last one of its day.
SELECT greenai.refresh_present_breaks(%(recon)s, ARRAY(
    SELECT o.break_id FROM reverted r
    JOIN greenai.break b ON b.recon_id = %(recon)s AND b.break_id = r.break_id
    JOIN greenai.break o ON o.recon_id = %(recon)s AND o.record_id = b.record_id));

-- kept_versions --
-- A later date was published before: what held there keeps holding, as a version of its own from there on.
-- Where absence says nothing, the later date said nothing of breaks that come or go on this one.
CREATE TEMP TABLE kept ON COMMIT DROP AS
SELECT c.break_id FROM change c
WHERE (%(absence)s OR c.how <> 'resolved' AND EXISTS (SELECT FROM held h WHERE h.break_id = c.break_id AND h.present))
  AND NOT EXISTS (
    SELECT FROM greenai.break_version v
    WHERE v.recon_id = %(recon)s AND v.break_id = c.break_id
      AND v.business_date > %(day)s AND v.business_date <= %(next)s);
INSERT INTO greenai.break_version (recon_id, business_date, break_id, publication_id, present, value_a, value_b,
                                   content)
SELECT %(recon)s, %(next)s, k.break_id, %(publication)s, coalesce(h.present, false), h.value_a, h.value_b, h.content
FROM kept k LEFT JOIN held h ON h.break_id = k.break_id;
INSERT INTO greenai.attribution (recon_id, business_date, break_id, publication_id,
                                 reason_code, cause_id, group_id, method, confidence, explanation)
SELECT %(recon)s, %(next)s, k.break_id, %(publication)s,
       h.reason_code, h.cause_id, h.group_id, h.method, h.confidence, h.explanation
FROM kept k JOIN held h ON h.break_id = k.break_id
WHERE h.present;
INSERT INTO greenai.decision (recon_id, business_date, break_id, publication_id, decided_in,
                              outcome, rule, policy, resolution, value, actor_id, comment,
                              reason_code, proposal_id, maker_id)
SELECT %(recon)s, %(next)s, k.break_id, %(publication)s, %(publication)s,
       h.outcome, h.rule, h.policy, h.resolution, h.value, h.actor_id, h.comment,
       h.given_reason, h.proposal_id, h.maker_id
FROM kept k JOIN held h ON h.break_id = k.break_id
WHERE h.present;
DROP TABLE kept;

-- reverted --
-- What an earlier run of the day said of breaks, and this one says no more: there, what held on the eve holds again.
CREATE TEMP TABLE reverted ON COMMIT DROP AS
SELECT v.break_id, e.business_date, e.publication_id, coalesce(e.present, false) AS present, e.value_a, e.value_b,
       e.content
FROM (
    SELECT DISTINCT ON (o.break_id) o.*
    FROM greenai.break_version o
    WHERE o.recon_id = %(recon)s AND o.business_date = %(day)s AND o.publication_id < %(publication)s
    ORDER BY o.break_id, o.publication_id DESC
) v
JOIN greenai.publication p ON p.publication_id = v.publication_id AND p.kind = 'run'
LEFT JOIN LATERAL (
    SELECT h.* FROM greenai.break_version h
    WHERE h.recon_id = %(recon)s AND h.break_id = v.break_id AND h.business_date < %(day)s
    ORDER BY h.business_date DESC, h.publication_id DESC LIMIT 1
) e ON true
WHERE NOT EXISTS (SELECT FROM staged_break s WHERE s.break_id = v.break_id)
  AND NOT EXISTS (SELECT FROM told_break t WHERE t.break_id = v.break_id)
  AND (v.present, v.value_a, v.value_b, v.content)
      IS DISTINCT FROM (coalesce(e.present, false), e.value_a, e.value_b, e.content);
INSERT INTO greenai.break_version (recon_id, business_date, break_id, publication_id, present, value_a, value_b,
                                   content)
SELECT %(recon)s, %(day)s, break_id, %(publication)s, present, value_a, value_b, content FROM reverted
ORDER BY break_id;
INSERT INTO greenai.attribution (recon_id, business_date, break_id, publication_id,
                                 reason_code, cause_id, group_id, method, confidence, explanation)
SELECT %(recon)s, %(day)s, r.break_id, %(publication)s,
       a.reason_code, a.cause_id, a.group_id, a.method, a.confidence, a.explanation
FROM reverted r
JOIN greenai.attribution a
  ON a.recon_id = %(recon)s AND a.business_date = r.business_date
 AND a.break_id = r.break_id AND a.publication_id = r.publication_id
WHERE r.present;
INSERT INTO greenai.decision (recon_id, business_date, break_id, publication_id, decided_in,
                              outcome, rule, policy, resolution, value, actor_id, comment,
                              reason_code, proposal_id, maker_id)
SELECT DISTINCT ON (d.break_id) %(recon)s, %(day)s::date, d.break_id, %(publication)s::bigint, %(publication)s::bigint,
       d.outcome, d.rule, d.policy, d.resolution, d.value, d.actor_id, d.comment,
       d.reason_code, d.proposal_id, d.maker_id
FROM reverted r
JOIN greenai.decision d
  ON d.recon_id = %(recon)s AND d.business_date = r.business_date
 AND d.break_id = r.break_id AND d.publication_id = r.publication_id
WHERE r.present
ORDER BY d.break_id, d.decided_in DESC;

-- reverted_records --
-- The rows of such records are those of the eve again.
INSERT INTO greenai.record_version (recon_id, business_date, record_id, publication_id, row_a, row_b)
SELECT %(recon)s, %(day)s, b.record_id, %(publication)s, e.row_a, e.row_b
FROM (
    SELECT DISTINCT b.record_id FROM reverted r
    JOIN greenai.break b ON b.recon_id = %(recon)s AND b.break_id = r.break_id
    WHERE r.present
) b
CROSS JOIN LATERAL (
    SELECT h.row_a, h.row_b FROM greenai.record_version h
    WHERE h.recon_id = %(recon)s AND h.record_id = b.record_id AND h.business_date < %(day)s
    ORDER BY h.business_date DESC, h.publication_id DESC LIMIT 1
) e
WHERE NOT EXISTS (SELECT FROM staged_record s WHERE s.record_id = b.record_id)
  AND EXISTS (
    SELECT FROM greenai.record_version v
    WHERE v.recon_id = %(recon)s AND v.record_id = b.record_id AND v.business_date = %(day)s);

-- record_change --
-- Records whose rows are others than before.
CREATE TEMP TABLE record_change ON COMMIT DROP AS
SELECT s.record_id, s.row_a, s.row_b, h.row_a AS held_a, h.row_b AS held_b,
       h.record_id IS NOT NULL AS known
FROM staged_record s LEFT JOIN held_record h ON h.record_id = s.record_id
WHERE h.record_id IS NULL OR (s.row_a, s.row_b) IS DISTINCT FROM (h.row_a, h.row_b);
INSERT INTO greenai.record_version (recon_id, business_date, record_id, publication_id, row_a, row_b)
SELECT %(recon)s, %(day)s, record_id, %(publication)s, row_a, row_b FROM record_change
ORDER BY record_id;

-- kept_records --
-- Their rows on a later date that was published before stay what they were; unknown ones stay unknown,
-- but where absence says nothing.
INSERT INTO greenai.record_version (recon_id, business_date, record_id, publication_id, row_a, row_b)
SELECT %(recon)s, %(next)s, c.record_id, %(publication)s, c.held_a, c.held_b
FROM record_change c
WHERE (%(absence)s OR c.known AND NOT EXISTS (
    -- Breaks of a flow that come or go on this date do so on later ones, and their rows with them.
    SELECT FROM greenai.break b JOIN change x ON x.break_id = b.break_id
    WHERE %(told)s AND b.recon_id = %(recon)s AND b.record_id = c.record_id AND x.how IN ('new', 'resolved')))
  AND NOT EXISTS (
    SELECT FROM greenai.record_version v
    WHERE v.recon_id = %(recon)s AND v.record_id = c.record_id
      AND v.business_date > %(day)s AND v.business_date <= %(next)s);

-- tally --
-- What was counted since the last run is put together.
SELECT greenai.compact_tally(%(recon)s);

-- counts --
-- How many breaks there are of each kind of change, and how many were staged.
SELECT count(*) FILTER (WHERE how = 'new'),
       count(*) FILTER (WHERE how IN ('changed', 'decided')),
       count(*) FILTER (WHERE how = 'resolved'),
       (SELECT count(*) FROM staged_break)
FROM change;
