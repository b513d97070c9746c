-- Accounts of people and programs, what they may, and the keys by which programs call.

CREATE TABLE greenai.user_account (
    actor_id            integer PRIMARY KEY REFERENCES greenai.actor CHECK (actor_id <> 0),
    display_name        text NOT NULL CHECK (display_name <> ''),
    email               text CHECK (email <> ''),
    password_hash       text CHECK (password_hash LIKE '$argon2id$%'),
    password_changed_at timestamptz,
    must_change         boolean NOT NULL DEFAULT false,
    disabled            boolean NOT NULL DEFAULT false,
    failures            integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    locked_until        timestamptz,
    last_login_at       timestamptz,
    epoch               integer NOT NULL DEFAULT 1 CHECK (epoch > 0),
    version             integer NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at          timestamptz NOT NULL DEFAULT now(),
    CHECK (password_hash IS NULL OR password_changed_at IS NOT NULL)
);
COMMENT ON TABLE greenai.user_account IS 'Who may log in or own API keys: a person, or a program; its name is the actor''s';
COMMENT ON COLUMN greenai.user_account.password_hash IS 'Argon2id with its parameters; null: logs in elsewhere, or is a program';
COMMENT ON COLUMN greenai.user_account.must_change IS 'The password was given by somebody else and gives no right before it is changed';
COMMENT ON COLUMN greenai.user_account.failures IS 'Failed logins since the last good one or the last lock';
COMMENT ON COLUMN greenai.user_account.epoch IS 'Sessions of an earlier one have ended: raised by a new password, disabling, and logging out everywhere';
COMMENT ON COLUMN greenai.user_account.version IS 'Raised by each change of what administrators edit, so that nobody overwrites what he has not seen';

CREATE TABLE greenai.user_identity (
    issuer    text NOT NULL CHECK (issuer <> ''),
    subject   text NOT NULL CHECK (subject <> ''),
    actor_id  integer NOT NULL REFERENCES greenai.user_account,
    linked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issuer, subject)
);
COMMENT ON TABLE greenai.user_identity IS 'As whom an OpenID Connect provider knows an account; never by e-mail, which can change hands';
CREATE INDEX ON greenai.user_identity (actor_id);

CREATE TABLE greenai.user_role (
    actor_id   integer NOT NULL REFERENCES greenai.user_account,
    role       text NOT NULL CHECK (role IN ('analyst', 'senior_analyst', 'supervisor', 'manager', 'auditor', 'administrator', 'service')),
    recon_id   integer REFERENCES greenai.recon,
    granted_by integer NOT NULL REFERENCES greenai.actor,
    granted_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (actor_id, role, recon_id)
);
COMMENT ON TABLE greenai.user_role IS 'Roles of accounts; what a role may stands in greenai.identity.permissions';
COMMENT ON COLUMN greenai.user_role.recon_id IS 'null: for all recons';
CREATE INDEX ON greenai.user_role (recon_id);
CREATE INDEX ON greenai.user_role (granted_by);
CREATE INDEX ON greenai.user_role (actor_id) WHERE role = 'administrator';

CREATE TABLE greenai.user_preference (
    actor_id   integer PRIMARY KEY REFERENCES greenai.user_account,
    document   jsonb NOT NULL CHECK (jsonb_typeof(document) = 'object'),
    version    integer NOT NULL DEFAULT 1 CHECK (version > 0),
    changed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE greenai.user_preference IS 'How somebody wants the workstation: theme, columns, shortcuts';

CREATE TABLE greenai.api_key (
    key_id       integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    actor_id     integer NOT NULL REFERENCES greenai.user_account,
    name         text NOT NULL CHECK (name <> ''),
    prefix       text NOT NULL UNIQUE,
    secret_hash  bytea NOT NULL CHECK (length(secret_hash) = 32),
    created_by   integer NOT NULL REFERENCES greenai.actor,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL CHECK (expires_at > created_at),
    last_used_at timestamptz,
    revoked_at   timestamptz,
    revoked_by   integer REFERENCES greenai.actor,
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
COMMENT ON TABLE greenai.api_key IS 'Keys by which programs call as an account; it counts as its owner, also for four eyes';
COMMENT ON COLUMN greenai.api_key.prefix IS 'The part of the key that may be shown, and by which it is found';
COMMENT ON COLUMN greenai.api_key.secret_hash IS 'SHA-256 of the secret part, which has 256 random bits and needs no slow hash';
COMMENT ON COLUMN greenai.api_key.last_used_at IS 'To the minute';
CREATE INDEX ON greenai.api_key (actor_id);
CREATE INDEX ON greenai.api_key (created_by);
CREATE INDEX ON greenai.api_key (revoked_by);

CREATE TABLE greenai.api_key_permission (
    key_id     integer NOT NULL REFERENCES greenai.api_key,
    permission text NOT NULL CHECK (permission ~ '^[a-z]+\.[a-z]+$'),
    PRIMARY KEY (key_id, permission)
);
COMMENT ON TABLE greenai.api_key_permission IS 'What a key is limited to, of what its owner may';
