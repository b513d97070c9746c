-- Runs: one execution of one definition version for one business date, its stages, inputs and numbers.
-- Numbers that follow from others (rows of a side, equal pairs) are not stored; greenai.run_rows derives them.

CREATE TABLE greenai.run (
    run_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recon_id      integer NOT NULL,
    version       integer NOT NULL,
    business_date date NOT NULL,
    input_digest  text,
    state         text NOT NULL DEFAULT 'queued' CHECK (state IN (
        'queued', 'ingesting', 'comparing', 'attributing', 'discriminating', 'deciding',
        'awaiting_review', 'completed', 'failed', 'cancelled')),
    requested_at  timestamptz NOT NULL DEFAULT now(),
    finished_at   timestamptz,
    error         text,
    counted       text,
    FOREIGN KEY (recon_id, version) REFERENCES greenai.definition_version
);
COMMENT ON TABLE greenai.run IS 'One execution of one definition version for one business date';
COMMENT ON COLUMN greenai.run.input_digest IS 'SHA-256 over the content hashes of all inputs of both sides, and in words what else was asked for; null until they are read';
COMMENT ON COLUMN greenai.run.counted IS 'The end that metrics have counted; null again when the run is tried again';
CREATE INDEX ON greenai.run (recon_id, business_date, run_id);
CREATE INDEX ON greenai.run (run_id) WHERE finished_at IS NOT NULL AND counted IS DISTINCT FROM state;
CREATE INDEX ON greenai.run (state) WHERE state NOT IN ('awaiting_review', 'completed', 'failed', 'cancelled');

CREATE TABLE greenai.publication (
    publication_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id         bigint NOT NULL REFERENCES greenai.run,
    kind           text NOT NULL CHECK (kind IN ('run', 'review')),
    published_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE greenai.publication IS 'A moment at which breaks, decisions and golden rows changed, all at once: a run''s result, or decisions of people about it. Its number orders what was known when';
CREATE UNIQUE INDEX ON greenai.publication (run_id) WHERE kind = 'run';
CREATE INDEX ON greenai.publication (run_id);

CREATE TABLE greenai.run_stage (
    run_id      bigint NOT NULL REFERENCES greenai.run ON DELETE CASCADE,
    stage       text NOT NULL CHECK (stage IN ('ingest', 'compare', 'attribute', 'discriminate', 'decide')),
    attempts    integer NOT NULL DEFAULT 1 CHECK (attempts > 0),
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    rows_in     bigint CHECK (rows_in >= 0),
    rows_out    bigint CHECK (rows_out >= 0),
    error       text,
    PRIMARY KEY (run_id, stage)
);
COMMENT ON TABLE greenai.run_stage IS 'The stages of a run: attempts, times, rows in and out';

CREATE TABLE greenai.run_input (
    run_id       bigint NOT NULL REFERENCES greenai.run ON DELETE CASCADE,
    side         text NOT NULL CHECK (side IN ('a', 'b')),
    ordinal      integer NOT NULL CHECK (ordinal >= 0),
    location     text NOT NULL,
    content_hash text NOT NULL,
    bytes        bigint CHECK (bytes >= 0),
    PRIMARY KEY (run_id, side, ordinal)
);
COMMENT ON TABLE greenai.run_input IS 'Lineage: every file that a run read';
COMMENT ON COLUMN greenai.run_input.content_hash IS 'Algorithm and hash of the content, like sha256:...';

CREATE TABLE greenai.run_result (
    run_id     bigint PRIMARY KEY REFERENCES greenai.run ON DELETE CASCADE,
    equal      bigint NOT NULL CHECK (equal >= 0),
    different  bigint NOT NULL CHECK (different >= 0),
    amount     text,
    unbroken   bigint NOT NULL CHECK (unbroken >= 0),
    candidates bigint CHECK (candidates >= 0)
);
COMMENT ON TABLE greenai.run_result IS 'Numbers of a published run';
COMMENT ON COLUMN greenai.run_result.amount IS 'The field that totals are counted in';
COMMENT ON COLUMN greenai.run_result.unbroken IS 'Records without a difference; fewer than equal pairs where keys repeat';
COMMENT ON COLUMN greenai.run_result.candidates IS 'Rows that would be stored if all passed: what a row_count check compares with';

CREATE TABLE greenai.run_table (
    run_id     bigint NOT NULL REFERENCES greenai.run ON DELETE CASCADE,
    table_name text NOT NULL REFERENCES greenai.golden_table,
    inserted   bigint NOT NULL CHECK (inserted >= 0),
    updated    bigint NOT NULL CHECK (updated >= 0),
    removed    bigint NOT NULL CHECK (removed >= 0),
    unchanged  bigint NOT NULL CHECK (unchanged >= 0),
    pending    bigint NOT NULL CHECK (pending >= 0),
    PRIMARY KEY (run_id, table_name)
);
COMMENT ON TABLE greenai.run_table IS 'What became of the rows of each golden table when a run was published';
COMMENT ON COLUMN greenai.run_table.pending IS 'Rows that wait behind their last stored version';
CREATE INDEX ON greenai.run_table (table_name);

CREATE TABLE greenai.run_side (
    run_id     bigint NOT NULL REFERENCES greenai.run ON DELETE CASCADE,
    side       text NOT NULL CHECK (side IN ('a', 'b')),
    only_here  bigint NOT NULL CHECK (only_here >= 0),
    duplicates bigint NOT NULL CHECK (duplicates >= 0),
    rejected   bigint NOT NULL CHECK (rejected >= 0),
    carried    bigint CHECK (carried >= 0),
    PRIMARY KEY (run_id, side)
);
COMMENT ON COLUMN greenai.run_side.carried IS 'Open rows of earlier dates that joined; null where nothing could';
COMMENT ON TABLE greenai.run_side IS 'Rows of one side that found no partner, and rows that could not be read';

CREATE TABLE greenai.run_field (
    run_id           bigint NOT NULL REFERENCES greenai.run ON DELETE CASCADE,
    ordinal          integer NOT NULL CHECK (ordinal >= 0),
    field            text NOT NULL,
    different        bigint NOT NULL CHECK (different >= 0),
    within_tolerance bigint NOT NULL CHECK (within_tolerance >= 0),
    PRIMARY KEY (run_id, field),
    UNIQUE (run_id, ordinal)
);
COMMENT ON TABLE greenai.run_field IS 'Compared fields: pairs that differ, and that differ within the tolerance';

CREATE TABLE greenai.run_total (
    run_id   bigint NOT NULL REFERENCES greenai.run ON DELETE CASCADE,
    ordinal  integer NOT NULL,
    currency text,
    amount_a numeric NOT NULL,
    amount_b numeric NOT NULL,
    PRIMARY KEY (run_id, ordinal)
);
COMMENT ON TABLE greenai.run_total IS 'Sums of the amount field by currency';

CREATE TABLE greenai.rejected_row (
    recon_id      integer NOT NULL REFERENCES greenai.recon,
    business_date date NOT NULL,
    run_id        bigint NOT NULL REFERENCES greenai.run,
    ordinal       bigint NOT NULL,
    side          text NOT NULL CHECK (side IN ('a', 'b')),
    source        text NOT NULL,
    line          bigint,
    raw           text NOT NULL,
    why           text NOT NULL,
    PRIMARY KEY (recon_id, business_date, run_id, ordinal)
) PARTITION BY LIST (recon_id);
CREATE INDEX ON greenai.rejected_row (run_id);
COMMENT ON TABLE greenai.rejected_row IS 'Rows that could not be split into columns or whose key could not be read: where, what and why';

CREATE VIEW greenai.run_rows AS
SELECT r.run_id,
       r.equal + r.different AS matched,
       r.equal,
       r.different,
       a.only_here AS only_a,
       b.only_here AS only_b,
       a.duplicates AS duplicates_a,
       b.duplicates AS duplicates_b,
       a.rejected AS rejected_a,
       b.rejected AS rejected_b,
       r.equal + r.different + a.only_here + a.duplicates - coalesce(a.carried, 0) AS rows_a,
       r.equal + r.different + b.only_here + b.duplicates - coalesce(b.carried, 0) AS rows_b,
       a.carried AS carried_a,
       b.carried AS carried_b
FROM greenai.run_result r
JOIN greenai.run_side a ON a.run_id = r.run_id AND a.side = 'a'
JOIN greenai.run_side b ON b.run_id = r.run_id AND b.side = 'b';
COMMENT ON VIEW greenai.run_rows IS 'Row counts of published runs under the names of summary.json';
