-- Who works on what, until when, and what they say about it; how runs turned out, for dashboards.
-- What a person did stands as an act of its own and is never changed; greenai.present_break has what holds now.

CREATE TABLE greenai.work_group (
    group_id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    description text NOT NULL DEFAULT '',
    version     integer NOT NULL DEFAULT 1 CHECK (version > 0),
    retired     boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE greenai.work_group IS 'People who share work: breaks are assigned to a group as to a person';
COMMENT ON COLUMN greenai.work_group.retired IS 'Nothing more is assigned to it; what was, stays';

CREATE TABLE greenai.work_group_member (
    group_id integer NOT NULL REFERENCES greenai.work_group,
    actor_id integer NOT NULL REFERENCES greenai.actor,
    since    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (group_id, actor_id)
);
CREATE INDEX ON greenai.work_group_member (actor_id);
COMMENT ON TABLE greenai.work_group_member IS 'Who belongs to a group now';

CREATE TABLE greenai.assignment (
    assignment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recon_id      integer NOT NULL REFERENCES greenai.recon,
    at            timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_id      integer NOT NULL REFERENCES greenai.actor,
    assignee_id   integer REFERENCES greenai.actor,
    group_id      integer REFERENCES greenai.work_group,
    selection     jsonb NOT NULL CHECK (jsonb_typeof(selection) = 'object'),
    comment       text CHECK (length(comment) BETWEEN 1 AND 2000)
);
CREATE INDEX ON greenai.assignment (recon_id, assignment_id);
COMMENT ON TABLE greenai.assignment IS 'Append-only: who gave breaks to whom';
COMMENT ON COLUMN greenai.assignment.actor_id IS 'Who assigned';
COMMENT ON COLUMN greenai.assignment.assignee_id IS 'Null with a null group: nobody has them any more';
COMMENT ON COLUMN greenai.assignment.selection IS 'How the breaks were chosen: ids, a cause or a filter';

CREATE TABLE greenai.assignment_item (
    assignment_id bigint NOT NULL REFERENCES greenai.assignment,
    recon_id      integer NOT NULL,
    break_id      uuid NOT NULL,
    PRIMARY KEY (assignment_id, break_id)
);
CREATE INDEX ON greenai.assignment_item (recon_id, break_id, assignment_id DESC);
COMMENT ON TABLE greenai.assignment_item IS 'Append-only: the breaks of an assignment';

CREATE TABLE greenai.due_policy_set (
    recon_id integer NOT NULL REFERENCES greenai.recon,
    version  integer NOT NULL CHECK (version > 0),
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_id integer NOT NULL REFERENCES greenai.actor,
    PRIMARY KEY (recon_id, version)
);
COMMENT ON TABLE greenai.due_policy_set IS 'Append-only: the due policies of a recon as somebody set them; the latest version holds';

CREATE TABLE greenai.due_policy (
    recon_id      integer NOT NULL,
    version       integer NOT NULL,
    ordinal       integer NOT NULL CHECK (ordinal >= 0),
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    kind          text CHECK (kind IN ('value', 'only_a', 'only_b', 'duplicate_a', 'duplicate_b', 'check')),
    reason_code   text REFERENCES greenai.reason,
    min_amount    numeric CHECK (min_amount >= 0),
    currency      text CHECK (currency <> ''),
    business_days integer NOT NULL CHECK (business_days BETWEEN 0 AND 3660),
    by_time       time NOT NULL,
    timezone      text NOT NULL CHECK (timezone <> ''),
    calendar      jsonb NOT NULL CHECK (jsonb_typeof(calendar) = 'object'),
    PRIMARY KEY (recon_id, version, ordinal),
    FOREIGN KEY (recon_id, version) REFERENCES greenai.due_policy_set
);
COMMENT ON TABLE greenai.due_policy IS 'Until when breaks are to be decided: of the policies that fit a break, the first holds';
COMMENT ON COLUMN greenai.due_policy.kind IS 'null: any; the same of reason_code, min_amount and currency';
COMMENT ON COLUMN greenai.due_policy.min_amount IS 'Against the amount of the break without its sign';
COMMENT ON COLUMN greenai.due_policy.business_days IS 'Counted from the first date of the break';
COMMENT ON COLUMN greenai.due_policy.calendar IS 'Business days as in a schedule: name, closed, holidays';

CREATE TABLE greenai.due_policy_target (
    recon_id integer NOT NULL,
    version  integer NOT NULL,
    ordinal  integer NOT NULL,
    place    integer NOT NULL CHECK (place >= 0),
    actor_id integer REFERENCES greenai.actor,
    group_id integer REFERENCES greenai.work_group,
    address  text CHECK (address LIKE 'webhook:_%' OR address LIKE '_%@_%'),
    PRIMARY KEY (recon_id, version, ordinal, place),
    FOREIGN KEY (recon_id, version, ordinal) REFERENCES greenai.due_policy,
    CHECK (num_nonnulls(actor_id, group_id, address) = 1)
);
COMMENT ON TABLE greenai.due_policy_target IS 'Who is told of what is overdue: a person, a group, an e-mail address or a webhook';

CREATE TABLE greenai.due_progress (
    recon_id       integer PRIMARY KEY REFERENCES greenai.recon,
    version        integer NOT NULL,
    publication_id bigint NOT NULL,
    FOREIGN KEY (recon_id, version) REFERENCES greenai.due_policy_set
);
COMMENT ON TABLE greenai.due_progress IS 'The policies, and the publication about a recon, up to which breaks have their due times';

CREATE TABLE greenai.escalation (
    escalation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recon_id      integer NOT NULL,
    version       integer NOT NULL,
    ordinal       integer NOT NULL,
    at            timestamptz NOT NULL DEFAULT clock_timestamp(),
    FOREIGN KEY (recon_id, version, ordinal) REFERENCES greenai.due_policy
);
CREATE INDEX ON greenai.escalation (recon_id, version, ordinal);
COMMENT ON TABLE greenai.escalation IS 'Append-only: the targets of a policy were told that breaks are overdue';

CREATE TABLE greenai.escalation_item (
    recon_id      integer NOT NULL,
    break_id      uuid NOT NULL,
    due_at        timestamptz NOT NULL,
    escalation_id bigint NOT NULL REFERENCES greenai.escalation,
    PRIMARY KEY (recon_id, break_id, due_at)
);
CREATE INDEX ON greenai.escalation_item (escalation_id);
COMMENT ON TABLE greenai.escalation_item IS 'Append-only: overdue breaks that were told of, each once for a due time';

CREATE TABLE greenai.break_comment (
    comment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recon_id   integer NOT NULL REFERENCES greenai.recon,
    break_id   uuid NOT NULL,
    actor_id   integer NOT NULL REFERENCES greenai.actor,
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    body       text NOT NULL CHECK (length(body) BETWEEN 1 AND 10000),
    FOREIGN KEY (recon_id, break_id) REFERENCES greenai.break
);
CREATE INDEX ON greenai.break_comment (recon_id, break_id, comment_id);
COMMENT ON TABLE greenai.break_comment IS 'Append-only: what people say about a break';

CREATE TABLE greenai.comment_mention (
    comment_id bigint NOT NULL REFERENCES greenai.break_comment,
    actor_id   integer NOT NULL REFERENCES greenai.actor,
    read_at    timestamptz,
    PRIMARY KEY (comment_id, actor_id)
);
CREATE INDEX ON greenai.comment_mention (actor_id, comment_id DESC);
COMMENT ON TABLE greenai.comment_mention IS 'Whom a comment speaks to, and since when they know';

CREATE TABLE greenai.saved_view (
    view_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id   integer NOT NULL REFERENCES greenai.actor,
    recon_id   integer NOT NULL REFERENCES greenai.recon,
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    document   jsonb NOT NULL CHECK (jsonb_typeof(document) = 'object'),
    shared     boolean NOT NULL DEFAULT false,
    version    integer NOT NULL DEFAULT 1 CHECK (version > 0),
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (owner_id, recon_id, name)
);
CREATE INDEX ON greenai.saved_view (recon_id) WHERE shared;
COMMENT ON TABLE greenai.saved_view IS 'A list of breaks as somebody wants to see it again: filter, columns, sort';
COMMENT ON COLUMN greenai.saved_view.shared IS 'Others who may read the recon see it too; only its owner changes it';

CREATE TABLE greenai.run_tally (
    run_id      bigint NOT NULL REFERENCES greenai.run ON DELETE CASCADE,
    reason_code text NOT NULL REFERENCES greenai.reason,
    method      text NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('passed', 'review', 'rejected')),
    automatic   boolean NOT NULL,
    breaks      bigint NOT NULL CHECK (breaks > 0),
    PRIMARY KEY (run_id, reason_code, method, outcome, automatic)
);
COMMENT ON TABLE greenai.run_tally IS 'Breaks of a run as it was published, counted once for dashboards: it follows from versions, attributions and decisions';
COMMENT ON COLUMN greenai.run_tally.automatic IS 'The gate decided, and no person';

CREATE TABLE greenai.run_tallied (
    run_id     bigint PRIMARY KEY REFERENCES greenai.run ON DELETE CASCADE,
    tallied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE greenai.run_tallied IS 'Published runs that were counted; one without breaks has no tally';

-- Notices of overdue breaks go the way of all notices.
ALTER TABLE greenai.notice
    ALTER COLUMN due_id DROP NOT NULL,
    ADD COLUMN escalation_id bigint REFERENCES greenai.escalation,
    DROP CONSTRAINT notice_event_check,
    ADD CONSTRAINT notice_event_check CHECK (event IN ('missed_file', 'overdue', 'failed', 'review_needed', 'completed', 'escalated')),
    ADD CONSTRAINT notice_subject_check CHECK (num_nonnulls(due_id, escalation_id) = 1),
    ADD UNIQUE (escalation_id, event, target);
COMMENT ON COLUMN greenai.notice.escalation_id IS 'What it tells of, where that is no due run';

SELECT greenai.make_append_only('greenai.assignment');
SELECT greenai.make_append_only('greenai.assignment_item');
SELECT greenai.make_append_only('greenai.due_policy_set');
SELECT greenai.make_append_only('greenai.due_policy');
SELECT greenai.make_append_only('greenai.due_policy_target');
SELECT greenai.make_append_only('greenai.escalation');
SELECT greenai.make_append_only('greenai.escalation_item');
SELECT greenai.make_append_only('greenai.break_comment');

-- What holds now refers to what it names.
ALTER TABLE greenai.present_break
    ADD FOREIGN KEY (assignee_id) REFERENCES greenai.actor,
    ADD FOREIGN KEY (assigned_group) REFERENCES greenai.work_group (name);
SELECT greenai.grant_application();
