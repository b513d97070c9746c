-- Lists over the breaks that are present now: what a row of greenai.present_break says, and the indexes of ten
-- queries (docs/lists.md). Whatever writes versions or decisions brings the rows up to date in its transaction.

CREATE TABLE greenai.recon_amount (
    recon_id integer PRIMARY KEY REFERENCES greenai.recon,
    field    text NOT NULL,
    currency text
);
COMMENT ON TABLE greenai.recon_amount IS 'Which members of the rows of a recon say amount and currency, as its last published run was told';

CREATE TABLE greenai.recon_age (
    recon_id integer PRIMARY KEY REFERENCES greenai.recon,
    field    text NOT NULL
);
COMMENT ON TABLE greenai.recon_age IS 'Which member of the rows of a recon says since when a break counts, where the definition names one';

CREATE FUNCTION greenai.break_state(outcome text, actor_id integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE outcome WHEN 'rejected' THEN 'rejected' WHEN 'review' THEN 'in_review'
           ELSE CASE actor_id WHEN 0 THEN 'passed' ELSE 'approved' END END
$$;
COMMENT ON FUNCTION greenai.break_state IS 'The state of a break by its latest decision; actor 0 is the gate';

CREATE FUNCTION greenai.key_text(key jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left(CASE WHEN jsonb_array_length(key) = 1 THEN coalesce(key ->> 0, '')
                ELSE array_to_string(ARRAY(SELECT jsonb_array_elements_text(key)), '|', '') END, 400)
$$;
COMMENT ON FUNCTION greenai.key_text IS 'A key as lists show it, sort by it and search it';

-- A key that repeats on a side has an array of rows: the first speaks for it.
CREATE FUNCTION greenai.member(given jsonb, name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(given ->> name, given -> 0 ->> name)
$$;
COMMENT ON FUNCTION greenai.member IS 'What the row of a side says of a field, as text';

CREATE FUNCTION greenai.as_number(written text) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN written ~ '^[+-]?[0-9]{1,60}([.][0-9]{1,60})?([eE][+-]?[0-9]{1,2})?$' THEN written::numeric END
$$;
COMMENT ON FUNCTION greenai.as_number IS 'The number that a text says, null where it says none';

CREATE FUNCTION greenai.as_date(written text) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN written ~ '^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([ T]|$)' THEN
        CASE WHEN substr(written, 9, 2)::integer <= extract(day FROM
                make_date(substr(written, 1, 4)::integer, substr(written, 6, 2)::integer, 1) + interval '1 month' - interval '1 day')
        THEN make_date(substr(written, 1, 4)::integer, substr(written, 6, 2)::integer, substr(written, 9, 2)::integer) END END
$$;
COMMENT ON FUNCTION greenai.as_date IS 'The date that a text begins with, null where it says none';

CREATE FUNCTION greenai.first_present(recon integer, break_id uuid) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT min(s.business_date) FROM (
        SELECT DISTINCT ON (o.business_date) o.business_date, o.present FROM greenai.break_version o
        WHERE o.recon_id = recon AND o.break_id = first_present.break_id
        ORDER BY o.business_date DESC, o.publication_id DESC
    ) s WHERE s.present
$$;
COMMENT ON FUNCTION greenai.first_present IS 'The business date on which a break was seen first';

-- What a row of present_break says of a version, if that is the one that holds.
CREATE VIEW greenai.told_version AS
SELECT v.recon_id, v.break_id, v.business_date, v.publication_id, b.record_id, a.cause_id, a.group_id, a.confidence,
       coalesce(least(greenai.as_date(greenai.member(w.row_a, e.field)), greenai.as_date(greenai.member(w.row_b, e.field))),
                f.first_date) AS first_date,
       b.kind, greenai.break_state(d.outcome, d.actor_id) AS state,
       CASE WHEN d.reason_code IS NULL THEN a.method ELSE 'person' END AS method,
       coalesce(d.reason_code, a.reason_code) AS reason_code,
       coalesce(b.field, c.field) AS field, greenai.key_text(r.key) AS key_text,
       coalesce(greenai.as_number(greenai.member(w.row_a, m.field)), greenai.as_number(greenai.member(w.row_b, m.field))) AS amount,
       coalesce(greenai.member(w.row_a, m.currency), greenai.member(w.row_b, m.currency)) AS currency,
       r.key, c.rule AS check_rule, left(v.value_a, 400) AS value_a, left(v.value_b, 400) AS value_b
FROM greenai.break_version v
JOIN greenai.break b USING (recon_id, break_id)
JOIN greenai.record r USING (recon_id, record_id)
JOIN greenai.attribution a USING (recon_id, business_date, break_id, publication_id)
LEFT JOIN greenai.check_rule c USING (rule_id)
LEFT JOIN greenai.recon_amount m USING (recon_id)
LEFT JOIN greenai.recon_age e USING (recon_id)
CROSS JOIN LATERAL (
    SELECT o.outcome, o.actor_id, o.reason_code FROM greenai.decision o
    WHERE o.recon_id = v.recon_id AND o.business_date = v.business_date AND o.break_id = v.break_id
      AND o.publication_id = v.publication_id
    ORDER BY o.decided_in DESC LIMIT 1
) d
CROSS JOIN LATERAL (
    SELECT min(s.business_date) AS first_date FROM (
        SELECT DISTINCT ON (o.business_date) o.business_date, o.present FROM greenai.break_version o
        WHERE o.recon_id = v.recon_id AND o.break_id = v.break_id
        ORDER BY o.business_date DESC, o.publication_id DESC
    ) s WHERE s.present
) f
LEFT JOIN LATERAL (
    SELECT o.row_a, o.row_b FROM greenai.record_version o
    WHERE o.recon_id = v.recon_id AND o.record_id = b.record_id
    ORDER BY o.business_date DESC, o.publication_id DESC LIMIT 1
) w ON true
WHERE v.present;
COMMENT ON VIEW greenai.told_version IS 'What lists tell of a version of a break, from the tables that know it';

-- The versions of some breaks that hold now, of all where none are named; without those that are gone.
CREATE FUNCTION greenai.present_versions(recon integer, wanted uuid[])
RETURNS TABLE (break_id uuid, business_date date, publication_id bigint) LANGUAGE sql STABLE AS $$
    SELECT h.break_id, h.business_date, h.publication_id
    FROM greenai.breaks_at(recon, 'infinity', 9223372036854775807) h WHERE wanted IS NULL AND h.present
    UNION ALL
    SELECT h.break_id, h.business_date, h.publication_id
    FROM (SELECT DISTINCT one FROM unnest(wanted) AS one) w
    CROSS JOIN LATERAL (
        SELECT o.* FROM greenai.break_version o
        WHERE o.recon_id = recon AND o.break_id = w.one
        ORDER BY o.business_date DESC, o.publication_id DESC LIMIT 1
    ) h
    WHERE h.present
$$;
COMMENT ON FUNCTION greenai.present_versions IS 'Pointers to the versions that hold on the latest date of a recon, found in history';

-- Assignees and due times stay while a break is present; that it is proposed, while its version holds.
CREATE FUNCTION greenai.refresh_present_breaks(recon integer, wanted uuid[]) RETURNS void LANGUAGE sql AS $$
    WITH told AS MATERIALIZED (
        SELECT t.* FROM greenai.present_versions(recon, wanted) h
        JOIN greenai.told_version t
          ON t.recon_id = recon AND t.business_date = h.business_date
         AND t.break_id = h.break_id AND t.publication_id = h.publication_id
    ), gone AS (
        DELETE FROM greenai.present_break p
        WHERE p.recon_id = recon AND (wanted IS NULL OR p.break_id = ANY(wanted))
          AND NOT EXISTS (SELECT FROM told t WHERE t.break_id = p.break_id)
    )
    INSERT INTO greenai.present_break AS p (
        recon_id, break_id, business_date, publication_id, record_id, cause_id, group_id, confidence, first_date,
        kind, state, method, reason_code, field, key_text, amount, currency, key, check_rule, value_a, value_b)
    SELECT t.recon_id, t.break_id, t.business_date, t.publication_id, t.record_id, t.cause_id, t.group_id,
           t.confidence, t.first_date, t.kind, t.state, t.method, t.reason_code, t.field, t.key_text, t.amount, t.currency,
           t.key, t.check_rule, t.value_a, t.value_b
    FROM told t ORDER BY t.break_id
    ON CONFLICT (recon_id, break_id) DO UPDATE
    SET business_date = excluded.business_date, publication_id = excluded.publication_id,
        record_id = excluded.record_id, cause_id = excluded.cause_id, group_id = excluded.group_id,
        confidence = excluded.confidence, first_date = excluded.first_date, kind = excluded.kind,
        state = CASE WHEN p.state IN ('proposed', 'returned') AND excluded.state = 'in_review'
                      AND (p.business_date, p.publication_id) = (excluded.business_date, excluded.publication_id)
                     THEN p.state ELSE excluded.state END,
        method = excluded.method, reason_code = excluded.reason_code, field = excluded.field,
        key_text = excluded.key_text, amount = excluded.amount, currency = excluded.currency,
        key = excluded.key, check_rule = excluded.check_rule, value_a = excluded.value_a, value_b = excluded.value_b
    WHERE (p.business_date, p.publication_id, p.record_id, p.cause_id, p.group_id, p.confidence, p.first_date, p.kind,
           p.state, p.method, p.reason_code, p.field, p.key_text, p.amount, p.currency, p.key, p.check_rule, p.value_a, p.value_b)
          IS DISTINCT FROM
          (excluded.business_date, excluded.publication_id, excluded.record_id, excluded.cause_id, excluded.group_id,
           excluded.confidence, excluded.first_date, excluded.kind, excluded.state, excluded.method,
           excluded.reason_code, excluded.field, excluded.key_text, excluded.amount, excluded.currency, excluded.key,
           excluded.check_rule, excluded.value_a, excluded.value_b)
$$;
COMMENT ON FUNCTION greenai.refresh_present_breaks IS 'Brings the list rows of some breaks (null: of all) in line with versions, attributions and decisions';

CREATE FUNCTION greenai.rebuild_present_breaks(recon integer) RETURNS void LANGUAGE sql AS $$
    SELECT greenai.refresh_present_breaks(recon, NULL)
$$;
COMMENT ON FUNCTION greenai.rebuild_present_breaks IS 'Makes the list rows of a recon from scratch: the same that runs and reviews left, as a test shows';

-- Indexes of the ten queries; `break_id` makes an order total, so that pages neither repeat nor skip.
CREATE INDEX present_open_age ON greenai.present_break (recon_id, first_date, break_id)
    WHERE state IN ('in_review', 'proposed', 'returned');
CREATE INDEX present_open_amount ON greenai.present_break (recon_id, amount, break_id)
    WHERE state IN ('in_review', 'proposed', 'returned');
CREATE INDEX present_open_field ON greenai.present_break (recon_id, field, first_date, break_id)
    WHERE state IN ('in_review', 'proposed', 'returned');
CREATE INDEX present_open_reason ON greenai.present_break (recon_id, reason_code, first_date, break_id)
    WHERE state IN ('in_review', 'proposed', 'returned');
CREATE INDEX present_cause ON greenai.present_break (recon_id, cause_id, first_date, break_id) WHERE cause_id IS NOT NULL;
CREATE INDEX present_group ON greenai.present_break (recon_id, group_id, first_date, break_id) WHERE group_id IS NOT NULL;
CREATE INDEX present_assignee ON greenai.present_break (recon_id, assignee_id, due_at, break_id) WHERE assignee_id IS NOT NULL;
CREATE INDEX present_assigned_group ON greenai.present_break (recon_id, assigned_group, due_at, break_id)
    WHERE assigned_group IS NOT NULL;
CREATE INDEX present_unassigned_due ON greenai.present_break (recon_id, due_at, break_id)
    WHERE assignee_id IS NULL AND due_at IS NOT NULL;
CREATE INDEX present_key ON greenai.present_break (recon_id, key_text, break_id);
CREATE INDEX present_rejected ON greenai.present_break (recon_id, first_date, break_id) WHERE state = 'rejected';
CREATE INDEX present_passed ON greenai.present_break (recon_id, method, first_date, break_id) WHERE state = 'passed';

-- How many present breaks there are of each sort, as changes that add up: nobody waits for anybody to count, and the
-- publication of a run puts them together. Whatever changes present_break is counted by its triggers.
CREATE TABLE greenai.present_tally (
    recon_id    integer NOT NULL REFERENCES greenai.recon,
    first_date  date NOT NULL,
    state       text NOT NULL,
    kind        text NOT NULL,
    method      text NOT NULL,
    reason_code text NOT NULL,
    field       text,
    currency    text,
    breaks      bigint NOT NULL,
    with_amount bigint NOT NULL,
    amount      numeric NOT NULL
);
COMMENT ON TABLE greenai.present_tally IS 'Present breaks counted by what lists filter by: the sum over all its rows is what present_break holds';
COMMENT ON COLUMN greenai.present_tally.breaks IS 'By how many there are more; fewer, where negative';
COMMENT ON COLUMN greenai.present_tally.with_amount IS 'Of these, how many with an amount';
CREATE INDEX ON greenai.present_tally (recon_id);

CREATE TABLE greenai.cause_tally (
    recon_id    integer NOT NULL REFERENCES greenai.recon,
    cause_id    uuid,
    group_id    uuid,
    state       text NOT NULL,
    currency    text,
    breaks      bigint NOT NULL,
    with_amount bigint NOT NULL,
    amount      numeric NOT NULL,
    CHECK (cause_id IS NOT NULL OR group_id IS NOT NULL)
);
COMMENT ON TABLE greenai.cause_tally IS 'Like present_tally, of the breaks that have a cause or are in a group';
CREATE INDEX ON greenai.cause_tally (recon_id, cause_id);
CREATE INDEX ON greenai.cause_tally (recon_id, group_id) WHERE group_id IS NOT NULL;

CREATE TABLE greenai.holder_tally (
    recon_id       integer NOT NULL REFERENCES greenai.recon,
    assignee_id    integer REFERENCES greenai.actor,
    assigned_group text,
    state          text NOT NULL,
    breaks         bigint NOT NULL,
    CHECK (assignee_id IS NOT NULL OR assigned_group IS NOT NULL)
);
COMMENT ON TABLE greenai.holder_tally IS 'Like present_tally, of the breaks that somebody has';
CREATE INDEX ON greenai.holder_tally (recon_id);

CREATE FUNCTION greenai.count_new_breaks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO greenai.present_tally
    SELECT recon_id, first_date, state, kind, method, reason_code, field, currency,
           count(*), count(amount), coalesce(sum(amount), 0)
    FROM new_rows GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
    INSERT INTO greenai.cause_tally
    SELECT recon_id, cause_id, group_id, state, currency, count(*), count(amount), coalesce(sum(amount), 0)
    FROM new_rows WHERE cause_id IS NOT NULL OR group_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5;
    INSERT INTO greenai.holder_tally
    SELECT recon_id, assignee_id, assigned_group, state, count(*)
    FROM new_rows WHERE assignee_id IS NOT NULL OR assigned_group IS NOT NULL GROUP BY 1, 2, 3, 4;
    RETURN NULL;
END $$;
CREATE FUNCTION greenai.count_gone_breaks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO greenai.present_tally
    SELECT recon_id, first_date, state, kind, method, reason_code, field, currency,
           -count(*), -count(amount), -coalesce(sum(amount), 0)
    FROM old_rows GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
    INSERT INTO greenai.cause_tally
    SELECT recon_id, cause_id, group_id, state, currency, -count(*), -count(amount), -coalesce(sum(amount), 0)
    FROM old_rows WHERE cause_id IS NOT NULL OR group_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5;
    INSERT INTO greenai.holder_tally
    SELECT recon_id, assignee_id, assigned_group, state, -count(*)
    FROM old_rows WHERE assignee_id IS NOT NULL OR assigned_group IS NOT NULL GROUP BY 1, 2, 3, 4;
    RETURN NULL;
END $$;
CREATE FUNCTION greenai.count_changed_breaks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO greenai.present_tally
    SELECT recon_id, first_date, state, kind, method, reason_code, field, currency,
           sum(n), sum(n * (amount IS NOT NULL)::int), coalesce(sum(n * amount), 0)
    FROM (SELECT 1 AS n, * FROM new_rows UNION ALL SELECT -1, * FROM old_rows) changed
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    HAVING (sum(n), sum(n * (amount IS NOT NULL)::int), coalesce(sum(n * amount), 0)) <> (0, 0, 0);
    INSERT INTO greenai.cause_tally
    SELECT recon_id, cause_id, group_id, state, currency,
           sum(n), sum(n * (amount IS NOT NULL)::int), coalesce(sum(n * amount), 0)
    FROM (SELECT 1 AS n, * FROM new_rows UNION ALL SELECT -1, * FROM old_rows) changed
    WHERE cause_id IS NOT NULL OR group_id IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5
    HAVING (sum(n), sum(n * (amount IS NOT NULL)::int), coalesce(sum(n * amount), 0)) <> (0, 0, 0);
    INSERT INTO greenai.holder_tally
    SELECT recon_id, assignee_id, assigned_group, state, sum(n)
    FROM (SELECT 1 AS n, * FROM new_rows UNION ALL SELECT -1, * FROM old_rows) changed
    WHERE assignee_id IS NOT NULL OR assigned_group IS NOT NULL
    GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER counted_new AFTER INSERT ON greenai.present_break REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION greenai.count_new_breaks();
CREATE TRIGGER counted_gone AFTER DELETE ON greenai.present_break REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION greenai.count_gone_breaks();
CREATE TRIGGER counted_changed AFTER UPDATE ON greenai.present_break
    REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION greenai.count_changed_breaks();

CREATE FUNCTION greenai.compact_tally(recon integer) RETURNS void LANGUAGE sql AS $$
    WITH gone AS (DELETE FROM greenai.present_tally t WHERE t.recon_id = recon RETURNING *)
    INSERT INTO greenai.present_tally
    SELECT recon_id, first_date, state, kind, method, reason_code, field, currency,
           sum(breaks), sum(with_amount), sum(amount)
    FROM gone GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    HAVING (sum(breaks), sum(with_amount), sum(amount)) <> (0, 0, 0);
    WITH gone AS (DELETE FROM greenai.cause_tally t WHERE t.recon_id = recon RETURNING *)
    INSERT INTO greenai.cause_tally
    SELECT recon_id, cause_id, group_id, state, currency, sum(breaks), sum(with_amount), sum(amount)
    FROM gone GROUP BY 1, 2, 3, 4, 5
    HAVING (sum(breaks), sum(with_amount), sum(amount)) <> (0, 0, 0);
    WITH gone AS (DELETE FROM greenai.holder_tally t WHERE t.recon_id = recon RETURNING *)
    INSERT INTO greenai.holder_tally
    SELECT recon_id, assignee_id, assigned_group, state, sum(breaks) FROM gone GROUP BY 1, 2, 3, 4 HAVING sum(breaks) <> 0;
$$;
COMMENT ON FUNCTION greenai.compact_tally IS 'Puts the counted changes of a recon together: one row for each sort of break';
