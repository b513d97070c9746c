-- Recons that run by themselves: what was registered, what was due when, and who was told what.

CREATE TABLE greenai.schedule (
    recon_id   integer PRIMARY KEY REFERENCES greenai.recon,
    state      text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'removed')),
    seen_until timestamptz NOT NULL
);
COMMENT ON TABLE greenai.schedule IS 'Recons that run by themselves';
COMMENT ON COLUMN greenai.schedule.seen_until IS 'All that was due up to this moment is known; what was due while it was paused never was';

CREATE TABLE greenai.schedule_version (
    recon_id      integer NOT NULL REFERENCES greenai.schedule,
    registered_at timestamptz NOT NULL,
    version       integer NOT NULL,
    folder        text NOT NULL CHECK (folder <> ''),
    timing        jsonb NOT NULL CHECK (jsonb_typeof(timing) = 'object'),
    actor_id      integer NOT NULL REFERENCES greenai.actor,
    PRIMARY KEY (recon_id, registered_at),
    FOREIGN KEY (recon_id, version) REFERENCES greenai.definition_version
);
COMMENT ON TABLE greenai.schedule_version IS 'What a recon runs by itself, from when on; never changed: something else is registered anew';
COMMENT ON COLUMN greenai.schedule_version.folder IS 'Relative locations of the definition start here';
COMMENT ON COLUMN greenai.schedule_version.timing IS 'The part schedule of the definition, which is no part of its meaning';
CREATE INDEX ON greenai.schedule_version (recon_id, version);

CREATE TABLE greenai.due (
    due_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recon_id      integer NOT NULL,
    registered_at timestamptz NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('cron', 'backfill')),
    business_date date NOT NULL,
    due_at        timestamptz NOT NULL,
    state         text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'missed', 'submitted', 'skipped')),
    first_seen    timestamptz NOT NULL DEFAULT clock_timestamp(),
    run_id        bigint UNIQUE REFERENCES greenai.run ON DELETE SET NULL,
    closed_at     timestamptz,
    error         text,
    FOREIGN KEY (recon_id, registered_at) REFERENCES greenai.schedule_version,
    CHECK (run_id IS NULL OR state = 'submitted'),
    CHECK (state <> 'skipped' OR closed_at IS NOT NULL),
    CHECK (error IS NULL OR state = 'skipped')
);
COMMENT ON TABLE greenai.due IS 'Runs that are to be: one for each time that a schedule names, and for each date that was asked for again';
COMMENT ON COLUMN greenai.due.registered_at IS 'Under which registration of its recon it runs';
COMMENT ON COLUMN greenai.due.state IS 'waiting for files; missed: they are late, and still waited for; submitted; skipped: nothing will come of it';
COMMENT ON COLUMN greenai.due.first_seen IS 'When a scheduler noted it; late where none was running';
COMMENT ON COLUMN greenai.due.run_id IS 'Null of a submitted one: its run said what an earlier one had said, and was forgotten';
COMMENT ON COLUMN greenai.due.closed_at IS 'Since when nothing more can become of it';
CREATE UNIQUE INDEX ON greenai.due (recon_id, due_at) WHERE kind = 'cron';
CREATE UNIQUE INDEX ON greenai.due (recon_id, business_date) WHERE state IN ('waiting', 'missed');
CREATE INDEX ON greenai.due (recon_id, registered_at);
CREATE INDEX ON greenai.due (due_id) WHERE closed_at IS NULL;

CREATE TABLE greenai.notice (
    notice_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    due_id      bigint NOT NULL REFERENCES greenai.due,
    event       text NOT NULL CHECK (event IN ('missed_file', 'overdue', 'failed', 'review_needed', 'completed')),
    target      text NOT NULL CHECK (target LIKE 'webhook:_%' OR target LIKE '_%@_%'),
    payload     jsonb NOT NULL,
    state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dead')),
    attempts    integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at     timestamptz,
    error       text,
    UNIQUE (due_id, event, target),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
COMMENT ON TABLE greenai.notice IS 'What somebody is to be told of, or was: one notice of an event for each target';
COMMENT ON COLUMN greenai.notice.target IS 'An e-mail address, or webhook: and the name of one';
COMMENT ON COLUMN greenai.notice.payload IS 'What was known when it was written, as it is sent';
COMMENT ON COLUMN greenai.notice.next_at IS 'Not before; while somebody sends it, when others may';
COMMENT ON COLUMN greenai.notice.error IS 'Why the last attempt failed';
CREATE INDEX ON greenai.notice (next_at) WHERE state = 'waiting';
