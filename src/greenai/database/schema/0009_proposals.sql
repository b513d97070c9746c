-- Proposals: what a maker wants to be decided, and the checkers without whom nothing is.
-- What is proposed never changes: a correction is another proposal, and so is an undo.

CREATE TABLE greenai.proposal (
    proposal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recon_id    integer NOT NULL REFERENCES greenai.recon,
    kind        text NOT NULL CHECK (kind IN ('accept', 'override', 'reject', 'request_information', 'undo')),
    maker_id    integer NOT NULL REFERENCES greenai.actor CHECK (maker_id <> 0),
    proposed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason_code text REFERENCES greenai.reason,
    resolution  text CHECK (resolution IN ('take_a', 'take_b', 'take_value', 'exclude')),
    value       text,
    comment     text CHECK (comment <> ''),
    selection   jsonb NOT NULL CHECK (jsonb_typeof(selection) = 'object'),
    items       bigint NOT NULL DEFAULT 0 CHECK (items >= 0),
    records     bigint NOT NULL DEFAULT 0 CHECK (records BETWEEN 0 AND items),
    digest      text CHECK (digest ~ '^[0-9a-f]{64}$'),
    eyes        smallint NOT NULL DEFAULT 4 CHECK (eyes IN (4, 6)),
    eyes_why    text,
    corrects_id bigint UNIQUE REFERENCES greenai.proposal,
    undoes_id   bigint REFERENCES greenai.proposal,
    state       text NOT NULL DEFAULT 'proposed' CHECK (state IN (
        'proposed', 'approved', 'applied', 'returned', 'corrected', 'withdrawn', 'answered')),
    version     integer NOT NULL DEFAULT 1 CHECK (version > 0),
    decided     bigint NOT NULL DEFAULT 0 CHECK (decided BETWEEN 0 AND items),
    closed_at   timestamptz,
    UNIQUE (proposal_id, maker_id),
    UNIQUE (proposal_id, recon_id),
    CHECK ((kind = 'undo') = (undoes_id IS NOT NULL)),
    CHECK (kind = 'override' OR coalesce(reason_code, resolution, value) IS NULL),
    CHECK (kind <> 'override' OR coalesce(reason_code, resolution) IS NOT NULL),
    CHECK ((value IS NOT NULL) = (resolution IS NOT DISTINCT FROM 'take_value')),
    CHECK (kind IN ('accept', 'override', 'undo') OR comment IS NOT NULL),
    CHECK ((closed_at IS NULL) = (state IN ('proposed', 'approved', 'returned')))
);
COMMENT ON TABLE greenai.proposal IS 'What a maker wants to be decided about a frozen list of breaks; a checker approves it or returns it';
COMMENT ON COLUMN greenai.proposal.selection IS 'How the breaks were chosen: {"breaks": n}, {"cause": id}, {"filter": {...}}; the list itself is in proposal_item';
COMMENT ON COLUMN greenai.proposal.digest IS 'SHA-256 over the list as it was frozen (store/queries/proposals.sql, digest); null within the transaction that freezes it';
COMMENT ON COLUMN greenai.proposal.eyes IS '4: one checker; 6: two checkers, different from one another and from the maker';
COMMENT ON COLUMN greenai.proposal.eyes_why IS 'Why two checkers are needed';
COMMENT ON COLUMN greenai.proposal.corrects_id IS 'The returned proposal that this one corrects';
COMMENT ON COLUMN greenai.proposal.undoes_id IS 'The proposal whose decisions this one takes back';
COMMENT ON COLUMN greenai.proposal.state IS 'approved: its breaks are being decided; applied: all of them are, but for those that fell out';
COMMENT ON COLUMN greenai.proposal.version IS 'Counts the changes of state: who acts says which one they saw';
COMMENT ON COLUMN greenai.proposal.decided IS 'How many items were decided: the progress of a large one';
CREATE INDEX ON greenai.proposal (recon_id, proposal_id DESC);
CREATE INDEX ON greenai.proposal (state, proposal_id DESC) WHERE closed_at IS NULL;
CREATE INDEX ON greenai.proposal (maker_id, proposal_id DESC);
CREATE INDEX ON greenai.proposal (undoes_id) WHERE undoes_id IS NOT NULL;
CREATE INDEX ON greenai.proposal (recon_id, reason_code) WHERE reason_code IS NOT NULL;
CREATE TRIGGER never_removed BEFORE DELETE ON greenai.proposal FOR EACH ROW EXECUTE FUNCTION greenai.refuse_change();
CREATE TRIGGER frozen BEFORE UPDATE ON greenai.proposal FOR EACH ROW
    WHEN (OLD.digest IS NOT NULL AND (
        (OLD.recon_id, OLD.kind, OLD.maker_id, OLD.proposed_at, OLD.reason_code, OLD.resolution, OLD.value, OLD.comment,
         OLD.selection, OLD.items, OLD.records, OLD.digest, OLD.corrects_id, OLD.undoes_id)
        IS DISTINCT FROM
        (NEW.recon_id, NEW.kind, NEW.maker_id, NEW.proposed_at, NEW.reason_code, NEW.resolution, NEW.value, NEW.comment,
         NEW.selection, NEW.items, NEW.records, NEW.digest, NEW.corrects_id, NEW.undoes_id)
        OR NEW.eyes < OLD.eyes OR NEW.version < OLD.version OR NEW.decided < OLD.decided OR OLD.closed_at IS NOT NULL))
    EXECUTE FUNCTION greenai.refuse_change();

CREATE TABLE greenai.proposal_item (
    proposal_id    bigint NOT NULL,
    record_id      uuid NOT NULL,
    break_id       uuid NOT NULL,
    recon_id       integer NOT NULL,
    business_date  date NOT NULL,
    publication_id bigint NOT NULL,
    decided_in     bigint NOT NULL,
    amount         numeric,
    currency       text,
    open           boolean NOT NULL DEFAULT true,
    outcome        text CHECK (outcome IN ('decided', 'fallen', 'undone')),
    why            text,
    applied_in     bigint REFERENCES greenai.publication,
    PRIMARY KEY (proposal_id, record_id, break_id),
    FOREIGN KEY (proposal_id, recon_id) REFERENCES greenai.proposal (proposal_id, recon_id),
    CHECK (NOT open OR outcome IS NULL),
    CHECK ((outcome IS NOT DISTINCT FROM 'fallen') = (why IS NOT NULL)),
    CHECK ((applied_in IS NOT NULL) = (outcome IS NOT NULL AND outcome <> 'fallen'))
);
COMMENT ON TABLE greenai.proposal_item IS 'The frozen list of a proposal: each break as it was, and what became of it';
COMMENT ON COLUMN greenai.proposal_item.decided_in IS 'With date and publication: the version and its latest decision that the maker saw; another one, and the item falls out';
COMMENT ON COLUMN greenai.proposal_item.open IS 'Whether the proposal still holds the break: at most one does';
COMMENT ON COLUMN greenai.proposal_item.outcome IS 'decided as proposed; fallen out, because it changed meanwhile; undone after it was decided; null: not yet';
COMMENT ON COLUMN greenai.proposal_item.applied_in IS 'The publication that decided it';
CREATE UNIQUE INDEX proposal_item_open ON greenai.proposal_item (recon_id, break_id) WHERE open;
CREATE INDEX ON greenai.proposal_item (proposal_id) WHERE outcome = 'fallen';
CREATE INDEX ON greenai.proposal_item (proposal_id) WHERE outcome = 'undone';
CREATE TRIGGER frozen BEFORE UPDATE ON greenai.proposal_item FOR EACH ROW
    WHEN ((OLD.proposal_id, OLD.record_id, OLD.break_id, OLD.recon_id, OLD.business_date, OLD.publication_id, OLD.decided_in,
           OLD.amount, OLD.currency)
          IS DISTINCT FROM
          (NEW.proposal_id, NEW.record_id, NEW.break_id, NEW.recon_id, NEW.business_date, NEW.publication_id, NEW.decided_in,
           NEW.amount, NEW.currency)
          OR NEW.open AND NOT OLD.open
          OR OLD.outcome IS NOT NULL AND (OLD.outcome, NEW.outcome) IS DISTINCT FROM ('decided', 'undone'))
    EXECUTE FUNCTION greenai.refuse_change();
CREATE TRIGGER never_removed BEFORE DELETE ON greenai.proposal_item
    FOR EACH ROW EXECUTE FUNCTION greenai.refuse_change();

CREATE TABLE greenai.proposal_approval (
    proposal_id bigint NOT NULL,
    checker_id  integer NOT NULL REFERENCES greenai.actor CHECK (checker_id <> 0),
    maker_id    integer NOT NULL,
    approved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    comment     text,
    PRIMARY KEY (proposal_id, checker_id),
    FOREIGN KEY (proposal_id, maker_id) REFERENCES greenai.proposal (proposal_id, maker_id),
    CONSTRAINT four_eyes CHECK (checker_id <> maker_id)
);
COMMENT ON TABLE greenai.proposal_approval IS 'Append-only: who approved a proposal; never its maker';
SELECT greenai.make_append_only('greenai.proposal_approval');

-- A decision that follows a proposal is one of its checkers', and its maker's.
ALTER TABLE greenai.decision
    ADD FOREIGN KEY (proposal_id, maker_id) REFERENCES greenai.proposal (proposal_id, maker_id),
    ADD FOREIGN KEY (proposal_id, actor_id) REFERENCES greenai.proposal_approval (proposal_id, checker_id);

CREATE TABLE greenai.proposal_event (
    event_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    proposal_id bigint NOT NULL REFERENCES greenai.proposal,
    event       text NOT NULL CHECK (event IN (
        'proposed', 'approved', 'returned', 'corrected', 'withdrawn', 'answered', 'applied', 'undo_proposed', 'undone')),
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_id    integer NOT NULL REFERENCES greenai.actor,
    comment     text
);
COMMENT ON TABLE greenai.proposal_event IS 'Append-only: what happened to a proposal, as those who read it are told';
CREATE INDEX ON greenai.proposal_event (proposal_id, event_id);
SELECT greenai.make_append_only('greenai.proposal_event');

CREATE TABLE greenai.review_policy (
    policy_id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recon_id     integer NOT NULL REFERENCES greenai.recon,
    currency     text CHECK (currency <> ''),
    limit_amount numeric NOT NULL CHECK (limit_amount >= 0),
    eyes         smallint NOT NULL DEFAULT 6 CHECK (eyes IN (4, 6)),
    UNIQUE NULLS NOT DISTINCT (recon_id, currency)
);
COMMENT ON TABLE greenai.review_policy IS 'Above which amount of a proposal how many eyes are needed';
COMMENT ON COLUMN greenai.review_policy.currency IS 'null: every currency that has no limit of its own, and amounts without one';
COMMENT ON COLUMN greenai.review_policy.limit_amount IS 'Compared with the sum of the absolute amounts of a proposal''s breaks in the currency';

CREATE TABLE greenai.rule_proposal (
    rule_proposal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recon_id         integer NOT NULL REFERENCES greenai.recon,
    cause_id         uuid NOT NULL REFERENCES greenai.cause,
    change           text NOT NULL CHECK (change IN ('accept', 'suspend', 'resume', 'withdraw')),
    maker_id         integer NOT NULL REFERENCES greenai.actor CHECK (maker_id <> 0),
    proposed_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason_code      text REFERENCES greenai.reason,
    resolution       text CHECK (resolution IN ('take_a', 'take_b', 'exclude')),
    max_exceptions   double precision CHECK (max_exceptions BETWEEN 0 AND 1),
    smallest_scope   bigint CHECK (smallest_scope > 0),
    largest_scope    bigint CHECK (largest_scope >= smallest_scope),
    comment          text CHECK (comment <> ''),
    eyes             smallint NOT NULL CHECK (eyes IN (4, 6)),
    eyes_why         text,
    state            text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'approved', 'returned', 'withdrawn')),
    version          integer NOT NULL DEFAULT 1 CHECK (version > 0),
    closed_at        timestamptz,
    closed_by        integer REFERENCES greenai.actor,
    closed_why       text,
    UNIQUE (rule_proposal_id, maker_id),
    CHECK (change = 'accept' OR coalesce(reason_code, resolution) IS NULL AND max_exceptions IS NULL),
    CHECK (change = 'accept' OR smallest_scope IS NULL),
    CHECK ((smallest_scope IS NULL) = (largest_scope IS NULL)),
    CHECK ((state = 'proposed') = (closed_at IS NULL)),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
    CONSTRAINT four_eyes CHECK (state NOT IN ('approved', 'returned') OR closed_by <> maker_id)
);
COMMENT ON TABLE greenai.rule_proposal IS 'What a maker wants to become of a cause as a rule; a checker approves it or returns it';
COMMENT ON COLUMN greenai.rule_proposal.version IS 'Counts the changes: who acts says which one they saw';
COMMENT ON COLUMN greenai.rule_proposal.closed_why IS 'What the person said who closed it';
CREATE UNIQUE INDEX ON greenai.rule_proposal (recon_id, cause_id) WHERE state = 'proposed';
CREATE INDEX ON greenai.rule_proposal (recon_id, rule_proposal_id DESC);
CREATE INDEX ON greenai.rule_proposal (cause_id);

CREATE TABLE greenai.rule_approval (
    rule_proposal_id bigint NOT NULL,
    checker_id       integer NOT NULL REFERENCES greenai.actor CHECK (checker_id <> 0),
    maker_id         integer NOT NULL,
    approved_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    comment          text,
    PRIMARY KEY (rule_proposal_id, checker_id),
    FOREIGN KEY (rule_proposal_id, maker_id) REFERENCES greenai.rule_proposal (rule_proposal_id, maker_id),
    CONSTRAINT four_eyes CHECK (checker_id <> maker_id)
);
COMMENT ON TABLE greenai.rule_approval IS 'Append-only: who approved a rule proposal; never its maker';
SELECT greenai.make_append_only('greenai.rule_approval');
