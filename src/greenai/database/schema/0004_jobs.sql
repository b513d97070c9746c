-- The queue: what is to be done by which engine. What is true stands here; a message in Redis is only a doorbell.

CREATE TABLE greenai.run_request (
    run_id       bigint PRIMARY KEY REFERENCES greenai.run ON DELETE CASCADE,
    folder       text NOT NULL,
    urgency      smallint NOT NULL DEFAULT 0,
    causes       boolean NOT NULL DEFAULT true,
    actor_id     integer NOT NULL REFERENCES greenai.actor
);
COMMENT ON TABLE greenai.run_request IS 'What was asked for with a run that engines work on; a run of the command line has none';
COMMENT ON COLUMN greenai.run_request.folder IS 'Relative locations of the definition start here';
COMMENT ON COLUMN greenai.run_request.urgency IS 'Higher goes first';

CREATE TABLE greenai.job (
    job_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    engine        text NOT NULL CHECK (engine IN ('ingest', 'diff', 'attribution', 'discriminator', 'worker')),
    kind          text NOT NULL,
    run_id        bigint REFERENCES greenai.run ON DELETE CASCADE,
    payload       jsonb NOT NULL DEFAULT '{}',
    state         text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'dead', 'cancelled')),
    urgency       smallint NOT NULL DEFAULT 0,
    size          bigint NOT NULL DEFAULT 0 CHECK (size >= 0),
    attempts      integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    most_attempts integer NOT NULL DEFAULT 5 CHECK (most_attempts > 0),
    token         bigint NOT NULL DEFAULT 0,
    worker        text,
    lease_until   timestamptz,
    ready_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    rung_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at    timestamptz,
    finished_at   timestamptz,
    error         text,
    remedy        text,
    CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CHECK ((state IN ('done', 'dead', 'cancelled')) = (finished_at IS NOT NULL))
);
CREATE UNIQUE INDEX ON greenai.job (run_id, kind) WHERE run_id IS NOT NULL;
CREATE INDEX ON greenai.job (engine, state, ready_at) WHERE state IN ('waiting', 'running');
CREATE INDEX ON greenai.job (state, job_id) WHERE state = 'dead';
CREATE INDEX ON greenai.job (engine, state) WHERE state IN ('waiting', 'running', 'dead');
COMMENT ON TABLE greenai.job IS 'A piece of work for one engine: a stage of a run, or something small; claimed by one worker at a time';
COMMENT ON COLUMN greenai.job.payload IS 'What the engine needs to know, and for the next stage where the workspace has what was found';
COMMENT ON COLUMN greenai.job.size IS 'Bytes or rows it is about, as far as known: small ones go before large ones, until those have waited';
COMMENT ON COLUMN greenai.job.token IS 'Fencing: counts the claims; who has an older one may write nothing any more';
COMMENT ON COLUMN greenai.job.lease_until IS 'Until when the worker is taken to be alive; it renews this while it works';
COMMENT ON COLUMN greenai.job.ready_at IS 'Not before: later after an attempt that failed';
COMMENT ON COLUMN greenai.job.rung_at IS 'When the doorbell was rung last';

CREATE TABLE greenai.outbox (
    outbox_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic      text NOT NULL,
    payload    jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE greenai.outbox IS 'What is to leave the database, written with the change that it tells of and removed once it was sent';
COMMENT ON COLUMN greenai.outbox.topic IS 'ring: a doorbell; others as their sender knows them';
