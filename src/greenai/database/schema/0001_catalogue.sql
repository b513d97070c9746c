-- Who is reconciled and how: systems, recons, their definitions, keys and policies, the reasons.
-- Identifiers are surrogate where a natural key is wide or may be renamed; every table is in third normal form.

CREATE SCHEMA IF NOT EXISTS greenai;
CREATE SCHEMA IF NOT EXISTS golden;
COMMENT ON SCHEMA greenai IS 'Runs, breaks, decisions: what greenai knows of the data it reconciles';
COMMENT ON SCHEMA golden IS 'Explained data only: one owning recon per table, written by the gate alone';

CREATE TABLE greenai.actor (
    actor_id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL UNIQUE CHECK (name <> ''),
    kind       text NOT NULL CHECK (kind IN ('gate', 'person', 'program')),
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE greenai.actor IS 'Who decides or asks for runs: the gate itself, a person, a program (the scheduler)';
COMMENT ON COLUMN greenai.actor.actor_id IS '0 is the gate';
INSERT INTO greenai.actor (actor_id, name, kind) OVERRIDING SYSTEM VALUE VALUES (0, 'gate', 'gate');

CREATE TABLE greenai.source_system (
    source_system_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name             text NOT NULL UNIQUE CHECK (name <> ''),
    created_at       timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE greenai.source_system IS 'A system that data comes from, as definitions name it';

CREATE TABLE greenai.recon (
    recon_id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL UNIQUE CHECK (name ~ '^[A-Za-z_][A-Za-z0-9_]{0,62}$'),
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE greenai.recon IS 'A named reconciliation of source a against source b';

CREATE TABLE greenai.key_schema (
    recon_id    integer NOT NULL REFERENCES greenai.recon,
    key_version integer NOT NULL CHECK (key_version > 0),
    fingerprint text NOT NULL,
    document    jsonb NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (recon_id, key_version),
    UNIQUE (recon_id, fingerprint)
);
COMMENT ON TABLE greenai.key_schema IS 'A way to identify records: key fields with their types and normalisation; another one gives other identities';
COMMENT ON COLUMN greenai.key_schema.document IS 'The key fields in order, each with type, columns and steps of both sides';

CREATE TABLE greenai.definition_version (
    recon_id    integer NOT NULL REFERENCES greenai.recon,
    version     integer NOT NULL CHECK (version > 0),
    key_version integer,
    fingerprint text NOT NULL,
    document    text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (recon_id, version),
    UNIQUE (recon_id, fingerprint),
    FOREIGN KEY (recon_id, key_version) REFERENCES greenai.key_schema
);
COMMENT ON TABLE greenai.definition_version IS 'One saved meaning of a recon''s definition; description and comments do not make a version';
COMMENT ON COLUMN greenai.definition_version.key_version IS 'How its first run identified records; null until then';
COMMENT ON COLUMN greenai.definition_version.fingerprint IS 'SHA-256 over the meaning (greenai.definition.fingerprint)';
COMMENT ON COLUMN greenai.definition_version.document IS 'The definition as YAML';

CREATE TABLE greenai.definition_source (
    recon_id         integer NOT NULL,
    version          integer NOT NULL,
    side             text NOT NULL CHECK (side IN ('a', 'b')),
    source_system_id integer NOT NULL REFERENCES greenai.source_system,
    PRIMARY KEY (recon_id, version, side),
    FOREIGN KEY (recon_id, version) REFERENCES greenai.definition_version
);
COMMENT ON TABLE greenai.definition_source IS 'The system behind each side of a definition version';

CREATE TABLE greenai.reason (
    reason_code text PRIMARY KEY CHECK (reason_code ~ '^[A-Z][A-Z0-9_]{0,62}$'),
    name        text NOT NULL,
    functional  boolean,
    created_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE greenai.reason IS 'Business labels of breaks; a store may add its own';
COMMENT ON COLUMN greenai.reason.functional IS 'true: the systems legitimately differ; false: something is wrong; null: nobody knows';
INSERT INTO greenai.reason (reason_code, name, functional) VALUES
    ('FORMAT', 'Same value, written otherwise', true),
    ('ROUNDING', 'Rounded differently', true),
    ('CODE_MAPPING', 'Same thing under another code', true),
    ('TIMING', 'Cut-off, settlement lag or time zone', true),
    ('FX_RATE', 'Another rate source or quote side', true),
    ('PRICE_SOURCE', 'Another price source', true),
    ('AGGREGATION', 'Detail against summary', true),
    ('LATE_ARRIVAL', 'Arrived after the cut-off', true),
    ('SCALE_ERROR', 'Wrong by a factor', false),
    ('SIGN_ERROR', 'Wrong sign', false),
    ('TRUNCATION', 'Cut off', false),
    ('ENCODING', 'Bytes read in a wrong encoding', false),
    ('MANUAL_ENTRY', 'Typing error', false),
    ('STALE_DATA', 'An older value', false),
    ('MISSING_RECORD', 'Record missing on one side', false),
    ('DUPLICATE_RECORD', 'Record present more than once', false),
    ('MISSING_VALUE', 'Value missing on one side', false),
    ('INVALID_VALUE', 'Value cannot be read as its type', false),
    ('CHECK_FAILED', 'A check of the definition does not hold', false),
    ('FIELD_SWAP', 'Two fields exchanged', false),
    ('DATE_SWAP', 'Day and month exchanged', false),
    ('REFERENCE_DATA', 'Reference data disagree', false),
    ('UNKNOWN', 'Not explained', NULL);

CREATE TABLE greenai.reason_rule (
    reason_rule_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recon_id       integer REFERENCES greenai.recon,
    kind           text NOT NULL DEFAULT 'value'
                   CHECK (kind IN ('value', 'only_a', 'only_b', 'duplicate_a', 'duplicate_b')),
    family         text CHECK (family <> ''),
    field          text CHECK (field <> ''),
    scope_column   text CHECK (scope_column <> ''),
    whole          boolean,
    reason_code    text NOT NULL REFERENCES greenai.reason,
    UNIQUE NULLS NOT DISTINCT (recon_id, kind, family, field, scope_column, whole)
);
COMMENT ON TABLE greenai.reason_rule IS 'Which reason a cause has; of several that fit, the one that says most: recon, field, scope_column, whole, family, in this order';
COMMENT ON COLUMN greenai.reason_rule.recon_id IS 'null: any recon';
COMMENT ON COLUMN greenai.reason_rule.family IS 'null: any family of transformations';
COMMENT ON COLUMN greenai.reason_rule.field IS 'null: any field';
COMMENT ON COLUMN greenai.reason_rule.scope_column IS 'A context column that the scope of the cause speaks of; null: whatever it speaks of';
COMMENT ON COLUMN greenai.reason_rule.whole IS 'true: nothing of the scope is left out; false: something is; null: either';
CREATE INDEX ON greenai.reason_rule (reason_code);
INSERT INTO greenai.reason_rule (family, reason_code) VALUES
    ('whitespace', 'FORMAT'), ('case', 'FORMAT'), ('padding', 'FORMAT'), ('affix', 'FORMAT'),
    ('null_default', 'MISSING_VALUE'), ('numeric_format', 'FORMAT'), ('date_format', 'FORMAT'),
    ('scale', 'SCALE_ERROR'), ('sign', 'SIGN_ERROR'), ('rounding', 'ROUNDING'), ('truncation', 'TRUNCATION'),
    ('offset', 'PRICE_SOURCE'), ('affine', 'REFERENCE_DATA'), ('reference_multiply', 'FX_RATE'),
    ('date_shift', 'TIMING'), ('business_day_shift', 'TIMING'), ('time_shift', 'TIMING'),
    ('day_month_swap', 'DATE_SWAP'), ('encoding', 'ENCODING'), ('value_map', 'CODE_MAPPING'),
    ('field_swap', 'FIELD_SWAP'), ('lag', 'STALE_DATA'), ('typo', 'MANUAL_ENTRY');
-- A slice of which nothing came is on its way; where some came, the rest is missing.
INSERT INTO greenai.reason_rule (kind, whole, reason_code) VALUES
    ('only_a', true, 'LATE_ARRIVAL'), ('only_b', true, 'LATE_ARRIVAL'),
    ('only_a', NULL, 'MISSING_RECORD'), ('only_b', NULL, 'MISSING_RECORD'),
    ('duplicate_a', NULL, 'DUPLICATE_RECORD'), ('duplicate_b', NULL, 'DUPLICATE_RECORD');

CREATE TABLE greenai.definition_policy (
    recon_id    integer NOT NULL,
    version     integer NOT NULL,
    reason_code text NOT NULL REFERENCES greenai.reason,
    policy      text CHECK (policy IN ('pass', 'review', 'reject')),
    resolution  text CHECK (resolution IN ('take_a', 'take_b', 'exclude')),
    PRIMARY KEY (recon_id, version, reason_code),
    FOREIGN KEY (recon_id, version) REFERENCES greenai.definition_version,
    CHECK (policy IS NOT NULL OR resolution IS NOT NULL)
);
COMMENT ON TABLE greenai.definition_policy IS 'What the gate of a definition version does with breaks of one reason, where it says so';

CREATE TABLE greenai.golden_table (
    table_name text PRIMARY KEY,
    recon_id   integer NOT NULL REFERENCES greenai.recon,
    role       text NOT NULL CHECK (role IN ('main', 'reference')),
    layout     jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE greenai.golden_table IS 'Tables of schema golden and the one recon that owns each';
COMMENT ON COLUMN greenai.golden_table.layout IS 'Key, columns and types as created; a definition that needs another layout is refused or migrated by it';
CREATE INDEX ON greenai.golden_table (recon_id);
