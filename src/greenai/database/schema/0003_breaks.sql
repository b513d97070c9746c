-- Breaks across runs. Identities are stable; what a run says about them is a version, written only when it
-- changed. A version is valid from its business date to the next version's; among versions of one business
-- date the one of the latest publication holds. Large tables are partitioned by recon, then by month.

CREATE TABLE greenai.record (
    recon_id    integer NOT NULL,
    record_id   uuid NOT NULL,
    key_version integer NOT NULL,
    key         jsonb NOT NULL CHECK (jsonb_typeof(key) = 'array'),
    PRIMARY KEY (recon_id, record_id),
    FOREIGN KEY (recon_id, key_version) REFERENCES greenai.key_schema
) PARTITION BY LIST (recon_id);
COMMENT ON TABLE greenai.record IS 'A record that ever had a break, with one identity across runs';
COMMENT ON COLUMN greenai.record.record_id IS 'MD5 over key version and key';
COMMENT ON COLUMN greenai.record.key IS 'The normalised key values as text, in the order of the key; empty for breaks of the whole input';

CREATE TABLE greenai.record_version (
    recon_id       integer NOT NULL,
    business_date  date NOT NULL,
    record_id      uuid NOT NULL,
    publication_id bigint NOT NULL REFERENCES greenai.publication,
    row_a          jsonb,
    row_b          jsonb,
    PRIMARY KEY (recon_id, business_date, record_id, publication_id),
    FOREIGN KEY (recon_id, record_id) REFERENCES greenai.record
) PARTITION BY LIST (recon_id);
COMMENT ON TABLE greenai.record_version IS 'The rows behind a record''s breaks as both sides gave them, normalised, by field name';
CREATE INDEX ON greenai.record_version (recon_id, record_id, business_date DESC, publication_id DESC);
COMMENT ON COLUMN greenai.record_version.row_a IS 'Field name to canonical text, null where side a has no row';

CREATE TABLE greenai.check_rule (
    rule_id uuid PRIMARY KEY,
    rule    text NOT NULL,
    field   text
);
COMMENT ON TABLE greenai.check_rule IS 'A condition on stored rows that failed once: of a definition''s checks, or of what a golden table can hold';
COMMENT ON COLUMN greenai.check_rule.rule_id IS 'MD5 over the rule: rules may be longer than an index holds';
COMMENT ON COLUMN greenai.check_rule.rule IS 'Like not_null(notional), depends(code -> name)';
COMMENT ON COLUMN greenai.check_rule.field IS 'What a failure is about, null where that is no single field';

CREATE TABLE greenai.break (
    recon_id  integer NOT NULL,
    break_id  uuid NOT NULL,
    record_id uuid NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('value', 'only_a', 'only_b', 'duplicate_a', 'duplicate_b', 'check')),
    field     text,
    rule_id   uuid REFERENCES greenai.check_rule,
    PRIMARY KEY (recon_id, break_id),
    FOREIGN KEY (recon_id, record_id) REFERENCES greenai.record,
    CHECK ((kind = 'value') = (field IS NOT NULL)),
    CHECK ((kind = 'check') = (rule_id IS NOT NULL))
) PARTITION BY LIST (recon_id);
COMMENT ON TABLE greenai.break IS 'One difference with one identity across runs: recon, key version, key, kind, field, ordinal';
COMMENT ON COLUMN greenai.break.field IS 'The field of a difference; what a failed check is about stands with its rule';
COMMENT ON COLUMN greenai.break.rule_id IS 'The rule of a failed check';
COMMENT ON COLUMN greenai.break.break_id IS 'As in breaks.parquet: MD5 over key, kind, field and ordinal, or the rule of a check; over that and the key version from its second on';
CREATE INDEX ON greenai.break (recon_id, record_id);

CREATE TABLE greenai.break_version (
    recon_id       integer NOT NULL,
    business_date  date NOT NULL,
    break_id       uuid NOT NULL,
    publication_id bigint NOT NULL REFERENCES greenai.publication,
    present        boolean NOT NULL,
    value_a        text,
    value_b        text,
    content        uuid,
    PRIMARY KEY (recon_id, business_date, break_id, publication_id),
    FOREIGN KEY (recon_id, break_id) REFERENCES greenai.break
) PARTITION BY LIST (recon_id);
COMMENT ON TABLE greenai.break_version IS 'What a break looks like from a business date on, as known from a publication on';
COMMENT ON COLUMN greenai.break_version.content IS 'MD5 over the rows of the key on the break''s side, for breaks of whole records: another content is another version';
COMMENT ON COLUMN greenai.break_version.present IS 'false: a later complete input no longer shows it, the break is resolved';
CREATE INDEX ON greenai.break_version (recon_id, break_id, business_date DESC, publication_id DESC);

-- It follows from break_version, attribution, decision and record_version, like an index does, so that neither a run
-- nor a list need read history. Whose work a break is (assignee, due) and that it is proposed are noted here as well.
CREATE TABLE greenai.present_break (
    recon_id       integer NOT NULL REFERENCES greenai.recon,
    break_id       uuid NOT NULL,
    business_date  date NOT NULL,
    publication_id bigint NOT NULL,
    record_id      uuid NOT NULL,
    cause_id       uuid,
    group_id       uuid,
    confidence     double precision,
    first_date     date NOT NULL,
    assignee_id    integer,
    due_at         timestamptz,
    kind           text NOT NULL,
    state          text NOT NULL CHECK (state IN ('passed', 'in_review', 'proposed', 'approved', 'returned', 'rejected')),
    method         text NOT NULL,
    reason_code    text NOT NULL,
    field          text,
    key_text       text COLLATE "C" NOT NULL,
    amount         numeric,
    currency       text,
    assigned_group text,
    key            jsonb NOT NULL,
    check_rule     text,
    value_a        text,
    value_b        text,
    PRIMARY KEY (recon_id, break_id)
);
COMMENT ON TABLE greenai.present_break IS 'The breaks that are present on the latest business date of their recon, as known today, with all that lists filter and sort by: an index of break_version';
COMMENT ON COLUMN greenai.present_break.business_date IS 'With publication_id: the version that holds';
COMMENT ON COLUMN greenai.present_break.first_date IS 'The first business date on which it was present: its age counts from here';
COMMENT ON COLUMN greenai.present_break.state IS 'passed by the gate; approved by a person; in_review, proposed, returned: open; rejected';
COMMENT ON COLUMN greenai.present_break.field IS 'What the break is about; of a failed check the field of its rule';
COMMENT ON COLUMN greenai.present_break.key_text IS 'The parts of the key joined by |, the first 400 characters; empty for the whole input';
COMMENT ON COLUMN greenai.present_break.value_a IS 'The first 400 characters, like value_b: a list reads no other table';
COMMENT ON COLUMN greenai.present_break.amount IS 'In the amount field of the definition: what side a says of the record, else what side b says';

CREATE TABLE greenai.cause (
    cause_id   uuid PRIMARY KEY,
    document   jsonb NOT NULL CHECK (jsonb_typeof(document) = 'object'),
    kind       text NOT NULL CHECK (kind IN ('value', 'only_a', 'only_b', 'duplicate_a', 'duplicate_b')),
    field      text,
    family     text NOT NULL,
    expression text NOT NULL,
    scope      text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((kind = 'value') = (field IS NOT NULL))
);
COMMENT ON TABLE greenai.cause IS 'A verified explanation shared by many breaks: transformation and scope, the same wherever they are found';
COMMENT ON COLUMN greenai.cause.cause_id IS 'MD5 over the document';
COMMENT ON COLUMN greenai.cause.document IS 'By which a run computes it again; kind, field, family, expression and scope say the same to readers';

CREATE TABLE greenai.run_cause (
    run_id           bigint NOT NULL REFERENCES greenai.run ON DELETE CASCADE,
    cause_id         uuid NOT NULL REFERENCES greenai.cause,
    reason_code      text NOT NULL REFERENCES greenai.reason,
    breaks           bigint NOT NULL CHECK (breaks >= 0),
    scope_size       bigint NOT NULL CHECK (scope_size >= 0),
    exceptions       bigint NOT NULL CHECK (exceptions BETWEEN 0 AND scope_size),
    explanation      text NOT NULL,
    PRIMARY KEY (run_id, cause_id)
);
COMMENT ON TABLE greenai.run_cause IS 'What a run found of a cause: what it explains there, and what not';
COMMENT ON COLUMN greenai.run_cause.scope_size IS 'Records in its scope of which it speaks';
COMMENT ON COLUMN greenai.run_cause.exceptions IS 'Those of them for which it does not hold, whatever else explains them';
CREATE INDEX ON greenai.run_cause (cause_id);

CREATE TABLE greenai.approved_rule (
    rule_id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recon_id       integer NOT NULL REFERENCES greenai.recon,
    cause_id       uuid NOT NULL REFERENCES greenai.cause,
    reason_code    text NOT NULL REFERENCES greenai.reason,
    resolution     text CHECK (resolution IN ('take_a', 'take_b', 'exclude')),
    max_exceptions double precision NOT NULL CHECK (max_exceptions BETWEEN 0 AND 1),
    smallest_scope bigint NOT NULL CHECK (smallest_scope > 0),
    largest_scope  bigint NOT NULL CHECK (largest_scope >= smallest_scope)
);
COMMENT ON TABLE greenai.approved_rule IS 'A cause that a person accepted for a recon: it explains the next runs, within the range in which it was approved. Never changed: another range is another approval';
COMMENT ON COLUMN greenai.approved_rule.resolution IS 'null: what the definition says for the reason';
COMMENT ON COLUMN greenai.approved_rule.max_exceptions IS 'Share of the records in the scope of which it speaks';
CREATE INDEX ON greenai.approved_rule (recon_id, cause_id);

CREATE TABLE greenai.rule_event (
    event_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule_id    integer NOT NULL REFERENCES greenai.approved_rule,
    event      text NOT NULL CHECK (event IN ('accepted', 'suspended', 'resumed', 'withdrawn')),
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_id   integer NOT NULL REFERENCES greenai.actor,
    run_id     bigint REFERENCES greenai.run,
    scope_size bigint CHECK (scope_size >= 0),
    exceptions bigint CHECK (exceptions BETWEEN 0 AND scope_size),
    comment    text,
    CHECK ((actor_id = 0) = (run_id IS NOT NULL)),
    CHECK (run_id IS NULL OR event = 'suspended'),
    CHECK ((scope_size IS NULL) = (exceptions IS NULL)),
    CHECK (scope_size IS NULL OR run_id IS NOT NULL)
);
COMMENT ON TABLE greenai.rule_event IS 'Append-only: what became of approved rules, by whom; the latest event holds';
COMMENT ON COLUMN greenai.rule_event.run_id IS 'The run that suspended the rule, because it left its range';
COMMENT ON COLUMN greenai.rule_event.scope_size IS 'Null also where the rule could not be computed';
CREATE INDEX ON greenai.rule_event (rule_id, event_id DESC);

CREATE VIEW greenai.rule_state AS
SELECT DISTINCT ON (r.rule_id) r.*, e.event AS state, e.event_id, e.at, e.actor_id
FROM greenai.approved_rule r JOIN greenai.rule_event e USING (rule_id)
ORDER BY r.rule_id, e.event_id DESC;
COMMENT ON VIEW greenai.rule_state IS 'Approved rules with their latest event: accepted and resumed ones decide, suspended and withdrawn ones do not';

CREATE TABLE greenai.unexplained_group (
    group_id uuid PRIMARY KEY,
    kind     text NOT NULL,
    field    text,
    shape    text NOT NULL,
    slice    text
);
COMMENT ON TABLE greenai.unexplained_group IS 'Breaks that nothing explains and that look alike, the same wherever they are found; no cause';
COMMENT ON COLUMN greenai.unexplained_group.group_id IS 'MD5 over kind, field, shape and slice; where the breaks are exceptions of a cause, over that too';
COMMENT ON COLUMN greenai.unexplained_group.slice IS 'A condition on a context column that all its breaks meet';

CREATE TABLE greenai.run_group (
    run_id      bigint NOT NULL REFERENCES greenai.run,
    group_id    uuid NOT NULL REFERENCES greenai.unexplained_group,
    breaks      bigint NOT NULL CHECK (breaks > 0),
    description text NOT NULL,
    why         text NOT NULL,
    PRIMARY KEY (run_id, group_id)
);
COMMENT ON TABLE greenai.run_group IS 'What a run found of a group of breaks that nothing explains';
COMMENT ON COLUMN greenai.run_group.why IS 'Why nothing explains them';
CREATE INDEX ON greenai.run_group (group_id);

CREATE TABLE greenai.attribution (
    recon_id       integer NOT NULL,
    business_date  date NOT NULL,
    break_id       uuid NOT NULL,
    publication_id bigint NOT NULL,
    reason_code    text NOT NULL REFERENCES greenai.reason,
    cause_id       uuid REFERENCES greenai.cause,
    group_id       uuid REFERENCES greenai.unexplained_group,
    method         text NOT NULL CHECK (method IN ('equivalence', 'rule', 'cause', 'model', 'person', 'check', 'none')),
    confidence     double precision CHECK (confidence BETWEEN 0 AND 1),
    explanation    text,
    PRIMARY KEY (recon_id, business_date, break_id, publication_id),
    FOREIGN KEY (recon_id, business_date, break_id, publication_id) REFERENCES greenai.break_version
) PARTITION BY LIST (recon_id);
COMMENT ON TABLE greenai.attribution IS 'The link from a version of a break to its reason, with method, confidence and evidence';

CREATE TABLE greenai.decision (
    recon_id       integer NOT NULL,
    business_date  date NOT NULL,
    break_id       uuid NOT NULL,
    publication_id bigint NOT NULL,
    decided_in     bigint NOT NULL REFERENCES greenai.publication,
    outcome        text NOT NULL CHECK (outcome IN ('passed', 'review', 'rejected')),
    rule           text NOT NULL,
    policy         text NOT NULL CHECK (policy IN ('pass', 'review', 'reject')),
    resolution     text CHECK (resolution IN ('take_a', 'take_b', 'take_value', 'exclude')),
    value          text,
    actor_id       integer NOT NULL REFERENCES greenai.actor,
    comment        text,
    reason_code    text REFERENCES greenai.reason,
    proposal_id    bigint,
    maker_id       integer,
    PRIMARY KEY (recon_id, business_date, break_id, publication_id, decided_in),
    FOREIGN KEY (recon_id, business_date, break_id, publication_id) REFERENCES greenai.break_version,
    CHECK (resolution = 'take_value' OR value IS NULL),
    CHECK ((proposal_id IS NULL) = (maker_id IS NULL)),
    CONSTRAINT four_eyes CHECK (maker_id <> actor_id)
) PARTITION BY LIST (recon_id);
COMMENT ON TABLE greenai.decision IS 'What was decided about a version of a break, by which rule and whom; the latest publication''s decision holds. Inputs of the rule are the version and its attribution, which never change';
COMMENT ON COLUMN greenai.decision.reason_code IS 'The reason that a person gave instead of the attributed one; null where that one holds';
COMMENT ON COLUMN greenai.decision.proposal_id IS 'Which proposal was approved; null where the gate decided, or a program on behalf of a person without one';
COMMENT ON COLUMN greenai.decision.maker_id IS 'Who proposed it: another person than who approved it';
COMMENT ON COLUMN greenai.decision.rule IS 'Why: proof, policy:FORMAT=pass, approved, default, ...';
CREATE INDEX ON greenai.decision (recon_id, break_id) WHERE actor_id <> 0;
-- Publications follow one another on the pages too: a few bytes find the decisions of one.
CREATE INDEX ON greenai.decision USING brin (decided_in) WITH (autosummarize = on);

CREATE TABLE greenai.audit_event (
    event_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at            timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_id      integer NOT NULL REFERENCES greenai.actor,
    action        text NOT NULL CHECK (action <> ''),
    subject       text NOT NULL,
    recon_id      integer REFERENCES greenai.recon,
    details       jsonb NOT NULL DEFAULT '{}',
    before        jsonb,
    after         jsonb,
    evidence      jsonb,
    request_id    text,
    model_version text
);
COMMENT ON TABLE greenai.audit_event IS 'Append-only: who did what to which subject, and when; chained in audit_link';
COMMENT ON COLUMN greenai.audit_event.subject IS 'The recon, or what else it is about: platform, a user, a role';
COMMENT ON COLUMN greenai.audit_event.before IS 'What held before; null where nothing did or that is said elsewhere';
COMMENT ON COLUMN greenai.audit_event.evidence IS 'What it was decided on: breaks, causes, counts, digests';
COMMENT ON COLUMN greenai.audit_event.request_id IS 'The request to the BFF it came with, as in the logs';
COMMENT ON COLUMN greenai.audit_event.model_version IS 'The model that had a part in it';

CREATE FUNCTION greenai.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%.% is append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
-- Rows of such a table are never changed or removed; of the partitioned ones below an unpublished row may go again.
CREATE FUNCTION greenai.make_append_only(name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION greenai.refuse_change()', name);
    EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION greenai.refuse_change()', name);
END $$;
COMMENT ON FUNCTION greenai.make_append_only IS 'Lets a table only grow; who has such a trigger gets no right to change or remove (greenai.grant_application)';
SELECT greenai.make_append_only('greenai.audit_event');
SELECT greenai.make_append_only('greenai.rule_event');
SELECT greenai.make_append_only('greenai.approved_rule');
CREATE TRIGGER append_only BEFORE UPDATE ON greenai.break_version
    FOR EACH ROW EXECUTE FUNCTION greenai.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE ON greenai.attribution
    FOR EACH ROW EXECUTE FUNCTION greenai.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE ON greenai.decision
    FOR EACH ROW EXECUTE FUNCTION greenai.refuse_change();

-- The partitions of one table that a recon needs for a business date; cheap when they exist. Creating one locks its
-- table, and tables that it refers to: callers who create come one at a time, and one table to a transaction.
CREATE FUNCTION greenai.ensure_partition(parent text, recon integer, day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    whole text := format('%s_r%s', parent, recon);
    first date := date_trunc('month', day)::date;
    month text := format('%s_%s', whole, to_char(first, 'YYYYMM'));
BEGIN
    IF parent IN ('record', 'break') THEN
        IF to_regclass(format('greenai.%I', whole)) IS NULL THEN
            EXECUTE format('CREATE TABLE greenai.%I PARTITION OF greenai.%I FOR VALUES IN (%s)', whole, parent, recon);
        END IF;
        RETURN;
    END IF;
    IF to_regclass(format('greenai.%I', whole)) IS NULL THEN
        EXECUTE format('CREATE TABLE greenai.%I PARTITION OF greenai.%I FOR VALUES IN (%s) PARTITION BY RANGE (business_date)',
                       whole, parent, recon);
    END IF;
    IF to_regclass(format('greenai.%I', month)) IS NULL THEN
        EXECUTE format('CREATE TABLE greenai.%I PARTITION OF greenai.%I FOR VALUES FROM (%L) TO (%L)',
                       month, whole, first, (first + interval '1 month')::date);
    END IF;
END $$;
COMMENT ON FUNCTION greenai.ensure_partition IS 'Creates the partitions of one table for a recon and the month of a business date';

-- All of them, in the order in which they refer to one another.
CREATE FUNCTION greenai.ensure_partitions(recon integer, day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    parent text;
BEGIN
    FOREACH parent IN ARRAY ARRAY['record', 'break', 'rejected_row', 'record_version', 'break_version', 'attribution', 'decision'] LOOP
        PERFORM greenai.ensure_partition(parent, recon, day);
    END LOOP;
END $$;
COMMENT ON FUNCTION greenai.ensure_partitions IS 'Creates the partitions of a recon for the month of a business date';

-- What is known of the breaks of a recon for a business date, as of a publication.
CREATE FUNCTION greenai.breaks_at(recon integer, day date, known bigint)
RETURNS TABLE (break_id uuid, business_date date, publication_id bigint, present boolean, value_a text, value_b text,
               content uuid)
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (v.break_id) v.break_id, v.business_date, v.publication_id, v.present, v.value_a, v.value_b,
           v.content
    FROM greenai.break_version v
    WHERE v.recon_id = recon AND v.business_date <= day AND v.publication_id <= known
    ORDER BY v.break_id, v.business_date DESC, v.publication_id DESC
$$;
COMMENT ON FUNCTION greenai.breaks_at IS 'The version of every break that held for a business date, as known at a publication; resolved ones included';

CREATE VIEW greenai.decided_version AS
SELECT v.recon_id, v.break_id, b.record_id, v.present, b.kind, coalesce(b.field, c.field) AS field, c.rule AS check_rule,
       v.value_a, v.value_b, coalesce(d.reason_code, a.reason_code) AS reason_code, a.cause_id,
       CASE WHEN d.reason_code IS NULL THEN a.method ELSE 'person' END AS method, a.confidence, a.explanation,
       d.outcome, d.policy, d.rule, d.resolution, d.value, d.actor_id, d.comment,
       v.business_date, v.publication_id, d.decided_in
FROM greenai.break_version v
JOIN greenai.break b USING (recon_id, break_id)
LEFT JOIN greenai.check_rule c USING (rule_id)
LEFT JOIN greenai.attribution a USING (recon_id, business_date, break_id, publication_id)
LEFT JOIN greenai.decision d USING (recon_id, business_date, break_id, publication_id);
COMMENT ON VIEW greenai.decided_version IS 'Versions of breaks with their attribution, once for every decision about them';

-- All that is known of the breaks that are present on a business date, as of a publication.
CREATE FUNCTION greenai.decided_at(recon integer, day date, known bigint)
RETURNS SETOF greenai.decided_version LANGUAGE sql STABLE AS $$
    SELECT * FROM (
        SELECT DISTINCT ON (d.break_id) d.*
        FROM greenai.decided_version d
        WHERE d.recon_id = recon AND d.business_date <= day AND d.publication_id <= known
          AND (d.decided_in IS NULL OR d.decided_in <= known)
        ORDER BY d.break_id, d.business_date DESC, d.publication_id DESC, d.decided_in DESC NULLS LAST
    ) held
    WHERE present
$$;
COMMENT ON FUNCTION greenai.decided_at IS 'Every break present on a business date with its attribution and its latest decision, as known at a publication';

-- The same for the latest business date of a recon as known today, without reading history.
CREATE FUNCTION greenai.decided_now(recon integer)
RETURNS SETOF greenai.decided_version LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (p.break_id) d.*
    FROM greenai.present_break p
    JOIN greenai.decided_version d
      ON d.recon_id = recon AND (d.business_date, d.break_id, d.publication_id) = (p.business_date, p.break_id, p.publication_id)
    WHERE p.recon_id = recon
    ORDER BY p.break_id, d.decided_in DESC NULLS LAST
$$;
COMMENT ON FUNCTION greenai.decided_now IS 'Every break present on the latest business date of a recon with its attribution and its latest decision';
