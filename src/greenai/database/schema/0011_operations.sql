-- What people operate: connections to sources, uploaded files, and changes of definitions that others approve.

CREATE TABLE greenai.connection (
    connection_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text NOT NULL UNIQUE CHECK (name ~ '^[a-z][a-z0-9_-]{0,62}$' AND name <> 'uploads'),
    suspended_at  timestamptz,
    suspended_by  integer REFERENCES greenai.actor,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CHECK ((suspended_at IS NULL) = (suspended_by IS NULL))
);
COMMENT ON TABLE greenai.connection IS 'A place of sources that definitions name: connection://name/path';
COMMENT ON COLUMN greenai.connection.name IS 'uploads is the area of uploaded files, which needs no row';
COMMENT ON COLUMN greenai.connection.suspended_at IS 'Since when nothing is read through it; null: it may be used once a version is approved';
CREATE INDEX ON greenai.connection (suspended_by);

CREATE TABLE greenai.connection_version (
    connection_id integer NOT NULL REFERENCES greenai.connection,
    version       integer NOT NULL CHECK (version > 0),
    kind          text NOT NULL CHECK (kind = 'folder'),
    folder        text NOT NULL CHECK (folder LIKE '/_%'),
    description   text NOT NULL DEFAULT '',
    state         text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'approved', 'rejected', 'withdrawn')),
    proposed_by   integer NOT NULL REFERENCES greenai.actor,
    proposed_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    decided_by    integer REFERENCES greenai.actor,
    decided_at    timestamptz,
    comment       text,
    PRIMARY KEY (connection_id, version),
    CHECK ((state = 'proposed') = (decided_by IS NULL)),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT four_eyes CHECK (state NOT IN ('approved', 'rejected') OR decided_by <> proposed_by)
);
COMMENT ON TABLE greenai.connection_version IS 'What a connection leads to; the latest approved version holds';
COMMENT ON COLUMN greenai.connection_version.folder IS 'Absolute, as all engines see it; nothing outside of it is read through the connection';
CREATE UNIQUE INDEX ON greenai.connection_version (connection_id) WHERE state = 'proposed';
CREATE INDEX ON greenai.connection_version (proposed_by);
CREATE INDEX ON greenai.connection_version (decided_by);

CREATE TABLE greenai.upload (
    upload_id    uuid PRIMARY KEY,
    folder       text NOT NULL CHECK (folder LIKE '/_%'),
    name         text NOT NULL CHECK (name <> ''),
    media_type   text NOT NULL,
    bytes        bigint NOT NULL CHECK (bytes >= 0),
    content_hash text NOT NULL,
    actor_id     integer NOT NULL REFERENCES greenai.actor,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at   timestamptz NOT NULL,
    removed_at   timestamptz
);
COMMENT ON TABLE greenai.upload IS 'A file that somebody sent; its files are sources by connection://uploads/id/name until they are removed';
COMMENT ON COLUMN greenai.upload.name IS 'As it was sent, made harmless';
COMMENT ON COLUMN greenai.upload.media_type IS 'By its content, whatever was said';
COMMENT ON COLUMN greenai.upload.expires_at IS 'Removed after this unless an effective definition reads it';
CREATE INDEX ON greenai.upload (actor_id, created_at);
CREATE INDEX ON greenai.upload (expires_at) WHERE removed_at IS NULL;

CREATE TABLE greenai.upload_file (
    upload_id    uuid NOT NULL REFERENCES greenai.upload,
    name         text NOT NULL CHECK (name <> ''),
    bytes        bigint NOT NULL CHECK (bytes >= 0),
    content_hash text NOT NULL,
    PRIMARY KEY (upload_id, name)
);
COMMENT ON TABLE greenai.upload_file IS 'The files of an upload: itself, or what its archive held';

CREATE TABLE greenai.definition_author (
    recon_id integer NOT NULL,
    version  integer NOT NULL,
    actor_id integer NOT NULL REFERENCES greenai.actor,
    saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    comment  text NOT NULL DEFAULT '',
    PRIMARY KEY (recon_id, version, actor_id),
    FOREIGN KEY (recon_id, version) REFERENCES greenai.definition_version
);
COMMENT ON TABLE greenai.definition_author IS 'Who saved a version of a definition through the platform; one of the command line has nobody';
CREATE INDEX ON greenai.definition_author (actor_id);

CREATE TABLE greenai.definition_change (
    change_id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recon_id        integer NOT NULL REFERENCES greenai.recon,
    version         integer,
    effective_from  date NOT NULL,
    state           text NOT NULL DEFAULT 'proposed'
                    CHECK (state IN ('proposed', 'approved', 'activated', 'rejected', 'withdrawn')),
    revision        integer NOT NULL DEFAULT 1 CHECK (revision > 0),
    comment         text NOT NULL DEFAULT '',
    proposed_by     integer NOT NULL REFERENCES greenai.actor,
    proposed_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    decided_by      integer REFERENCES greenai.actor,
    decided_at      timestamptz,
    decision        text,
    activated_by    integer REFERENCES greenai.actor,
    activated_at    timestamptz,
    FOREIGN KEY (recon_id, version) REFERENCES greenai.definition_version,
    CHECK ((state = 'proposed') = (decided_by IS NULL)),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK ((state = 'activated') = (activated_by IS NOT NULL)),
    CHECK ((activated_by IS NULL) = (activated_at IS NULL)),
    CONSTRAINT four_eyes CHECK (state NOT IN ('approved', 'activated', 'rejected') OR decided_by <> proposed_by)
);
COMMENT ON TABLE greenai.definition_change IS 'From which business date on a version is to hold: proposed by one person, approved by another, then activated';
COMMENT ON COLUMN greenai.definition_change.version IS 'null: the recon is retired, no business date from then on is run';
COMMENT ON COLUMN greenai.definition_change.effective_from IS 'A business date takes the activated change with the latest such date up to it; of several the one activated last';
COMMENT ON COLUMN greenai.definition_change.revision IS 'Counts its changes: who decides names the one that was seen';
COMMENT ON COLUMN greenai.definition_change.decision IS 'What the decider said';
CREATE UNIQUE INDEX ON greenai.definition_change (recon_id, version, effective_from) NULLS NOT DISTINCT
    WHERE state IN ('proposed', 'approved');
CREATE INDEX ON greenai.definition_change (recon_id, effective_from, activated_at) WHERE state = 'activated';
CREATE INDEX ON greenai.definition_change (state, change_id);
CREATE INDEX ON greenai.definition_change (recon_id, version);
CREATE INDEX ON greenai.definition_change (proposed_by);
CREATE INDEX ON greenai.definition_change (decided_by);
CREATE INDEX ON greenai.definition_change (activated_by);

-- Whoever wrote a version is its maker too, whoever proposed it.
CREATE FUNCTION greenai.refuse_author() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM greenai.definition_author a
               WHERE a.recon_id = NEW.recon_id AND a.version = NEW.version AND a.actor_id = NEW.decided_by) THEN
        RAISE EXCEPTION 'who wrote a version may not approve it' USING ERRCODE = 'check_violation', CONSTRAINT = 'four_eyes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER four_eyes BEFORE INSERT OR UPDATE ON greenai.definition_change
    FOR EACH ROW WHEN (NEW.state IN ('approved', 'activated')) EXECUTE FUNCTION greenai.refuse_author();
CREATE TRIGGER no_delete BEFORE DELETE ON greenai.definition_change
    FOR EACH ROW EXECUTE FUNCTION greenai.refuse_change();
