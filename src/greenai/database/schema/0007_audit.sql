-- The audit as a chain: every event is linked to the one before by a hash, heads are signed, and what was decided
-- in a publication is sealed with it. The application's role can add to it, and neither change nor remove.

CREATE TABLE greenai.audit_link (
    position bigint PRIMARY KEY CHECK (position > 0),
    event_id bigint NOT NULL UNIQUE REFERENCES greenai.audit_event,
    previous bytea NOT NULL CHECK (length(previous) = 32),
    hash     bytea NOT NULL CHECK (length(hash) = 32)
);
COMMENT ON TABLE greenai.audit_link IS 'Append-only: the chain of audit events, in the order in which they were committed';
COMMENT ON COLUMN greenai.audit_link.previous IS 'The hash of the link before; 32 zero bytes for the first';
COMMENT ON COLUMN greenai.audit_link.hash IS 'SHA-256 over position, previous hash (hex) and the event as JSON, blanks between';
SELECT greenai.make_append_only('greenai.audit_link');

CREATE TABLE greenai.audit_head (
    head_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    position  bigint NOT NULL CHECK (position > 0),
    hash      bytea NOT NULL CHECK (length(hash) = 32),
    signed_at timestamptz NOT NULL,
    key_id    text NOT NULL,
    signature bytea NOT NULL CHECK (length(signature) = 64)
);
COMMENT ON TABLE greenai.audit_head IS 'Append-only: signed heads of the chain; the same stand in the anchor outside the database';
COMMENT ON COLUMN greenai.audit_head.key_id IS 'The first 16 hex digits of the SHA-256 of the public key';
COMMENT ON COLUMN greenai.audit_head.signature IS 'Ed25519 over the head as text (greenai.domain.audit)';
SELECT greenai.make_append_only('greenai.audit_head');

-- What people search by; keyset pagination goes by the event's number.
CREATE INDEX ON greenai.audit_event (recon_id, event_id);
CREATE INDEX ON greenai.audit_event (actor_id, event_id);
CREATE INDEX ON greenai.audit_event (action, event_id);
CREATE INDEX ON greenai.audit_event (subject, event_id);
CREATE INDEX ON greenai.audit_event (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX ON greenai.audit_event (at);
-- A publication is sealed once: nobody can bring another seal for it.
CREATE UNIQUE INDEX audit_seal ON greenai.audit_event (((details ->> 'publication')::bigint)) WHERE action = 'publish';

-- Names of actors are part of what was signed.
CREATE TRIGGER name_kept BEFORE UPDATE OF actor_id, name, kind ON greenai.actor
    FOR EACH ROW WHEN ((OLD.actor_id, OLD.name, OLD.kind) IS DISTINCT FROM (NEW.actor_id, NEW.name, NEW.kind))
    EXECUTE FUNCTION greenai.refuse_change();

-- The event as the chain sees it: everything, in one order, as JSON. greenai/store/queries/audit.sql says the same.
CREATE FUNCTION greenai.audit_text(event greenai.audit_event) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_array(
        event.event_id, to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), event.actor_id,
        (SELECT a.name FROM greenai.actor a WHERE a.actor_id = event.actor_id), event.action, event.subject,
        event.recon_id, event.details, event.before, event.after, event.evidence, event.request_id,
        event.model_version)::text
$$;
COMMENT ON FUNCTION greenai.audit_text IS 'The canonical text of an event, over which its link is';

-- At commit, one transaction after the other: from here to its end nobody else links, and no longer.
CREATE FUNCTION greenai.link_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    at_position bigint := 1;
    before bytea := decode(repeat('00', 32), 'hex');
    head record;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'audit events are written in READ COMMITTED transactions' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    PERFORM pg_advisory_xact_lock(7449235258647511040);
    SELECT l.position, l.hash INTO head FROM greenai.audit_link l ORDER BY l.position DESC LIMIT 1;
    IF FOUND THEN
        at_position := head.position + 1;
        before := head.hash;
    END IF;
    INSERT INTO greenai.audit_link (position, event_id, previous, hash)
    VALUES (at_position, NEW.event_id, before, sha256(convert_to(
        at_position || ' ' || encode(before, 'hex') || ' ' || greenai.audit_text(NEW), 'UTF8')));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER link AFTER INSERT ON greenai.audit_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION greenai.link_event();

-- At commit, before the chain is locked: what the publication decided, all of it, as one digest in one event.
CREATE FUNCTION greenai.seal_publication() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD' SET timezone = 'UTC' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
DECLARE
    recon integer;
    name text;
    columns jsonb;
    decisions bigint;
    digest bytea;
BEGIN
    SELECT r.recon_id, n.name INTO STRICT recon, name
    FROM greenai.run r JOIN greenai.recon n USING (recon_id) WHERE r.run_id = NEW.run_id;
    SELECT jsonb_agg(a.attname ORDER BY a.attnum) INTO STRICT columns
    FROM pg_attribute a
    WHERE a.attrelid = 'greenai.decision'::regclass AND a.attnum > 0 AND NOT a.attisdropped;
    -- Two steps: a value holds one gigabyte, the hashes of 33 million decisions.
    SELECT coalesce(sum(g.n), 0), sha256(coalesce(string_agg(g.part, ''::bytea ORDER BY g.bucket), ''::bytea))
    INTO decisions, digest
    FROM (
        SELECT get_byte(h.hash, 0) AS bucket, count(*) AS n, sha256(string_agg(h.hash, ''::bytea ORDER BY h.hash)) AS part
        FROM (SELECT sha256(convert_to(d::text, 'UTF8')) AS hash FROM greenai.decision d
              WHERE d.recon_id = recon AND d.decided_in = NEW.publication_id) h
        GROUP BY 1
    ) g;
    INSERT INTO greenai.audit_event (actor_id, action, subject, recon_id, details, evidence)
    VALUES (0, 'publish', name, recon,
            jsonb_build_object('publication', NEW.publication_id, 'kind', NEW.kind, 'run', NEW.run_id),
            jsonb_build_object('decisions', decisions, 'columns', columns, 'sha256', encode(digest, 'hex')));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER seal AFTER INSERT ON greenai.publication
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION greenai.seal_publication();

-- A check that a publication first wrote as failed, and that does not fail: what was committed stays.
CREATE FUNCTION greenai.unwrite(recon integer, day date, publication bigint, breaks uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM greenai.audit_event e
               WHERE e.action = 'publish' AND (e.details ->> 'publication')::bigint = publication) THEN
        RAISE EXCEPTION 'publication % is sealed', publication USING ERRCODE = 'restrict_violation';
    END IF;
    DELETE FROM greenai.decision d WHERE d.recon_id = recon AND d.business_date = day
       AND d.publication_id = publication AND d.break_id = ANY(breaks);
    DELETE FROM greenai.attribution a WHERE a.recon_id = recon AND a.business_date = day
       AND a.publication_id = publication AND a.break_id = ANY(breaks);
    DELETE FROM greenai.break_version v WHERE v.recon_id = recon AND v.business_date = day
       AND v.publication_id = publication AND v.break_id = ANY(breaks);
END $$;
COMMENT ON FUNCTION greenai.unwrite IS 'Takes back what the publication of this transaction wrote of failed checks';

-- Creating partitions needs the tables' owner; it makes those of our own tables only.
ALTER FUNCTION greenai.ensure_partition(text, integer, date) SECURITY DEFINER;
ALTER FUNCTION greenai.ensure_partition(text, integer, date) SET search_path = pg_catalog, pg_temp;

-- Statistics of what a large publication wrote, before anybody reads it: until the server's own maintenance has come
-- by, plans take a filled partition for an empty one. Tables' owners may have them made.
CREATE FUNCTION greenai.analyze_partitions(recon integer, day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    month text := to_char(day, 'YYYYMM');
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['present_break', format('record_r%s', recon), format('break_r%s', recon),
        format('record_version_r%s_%s', recon, month), format('break_version_r%s_%s', recon, month),
        format('attribution_r%s_%s', recon, month), format('decision_r%s_%s', recon, month)] LOOP
        IF to_regclass(format('greenai.%I', name)) IS NOT NULL THEN
            EXECUTE format('ANALYZE greenai.%I', name);
        END IF;
    END LOOP;
EXCEPTION
    -- Somebody else is at it.
    WHEN lock_not_available THEN NULL;
END $$;
COMMENT ON FUNCTION greenai.analyze_partitions IS 'Has statistics made of what a recon stored in the month of a business date';

-- The role that the platform's processes work in, where whoever migrates may create one. It belongs to the whole
-- server; another database of it may have made it already.
DO $$
BEGIN
    IF to_regrole('greenai_app') IS NULL THEN
        CREATE ROLE greenai_app NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'role greenai_app is missing: let an administrator create it, and migrate again';
END $$;

-- Every migration ends with this, and so may whoever created the role later.
CREATE FUNCTION greenai.grant_application() RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text;
    kept boolean;
BEGIN
    IF to_regrole('greenai_app') IS NULL THEN
        RETURN false;
    END IF;
    IF NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN
        -- Who created it may administrate it, and from PostgreSQL 16 on not yet act as it.
        BEGIN
            EXECUTE format('GRANT greenai_app TO %I', current_user);
        EXCEPTION WHEN insufficient_privilege THEN NULL;
        END;
    END IF;
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO greenai_app', current_database());
    GRANT USAGE ON SCHEMA greenai TO greenai_app;
    GRANT USAGE, CREATE ON SCHEMA golden TO greenai_app;
    FOR name, kept IN
        SELECT format('%I.%I', 'greenai', c.relname),
               c.relname = ANY (ARRAY['publication', 'actor', 'break', 'record', 'record_version', 'check_rule'])
               OR EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'append_only')
        FROM pg_class c
        WHERE c.relnamespace = 'greenai'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
          AND c.relname NOT IN ('audit_link', 'schema_migration')
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM greenai_app', name);
        EXECUTE format('GRANT SELECT, INSERT%s ON %s TO greenai_app', CASE WHEN kept THEN '' ELSE ', UPDATE, DELETE' END, name);
    END LOOP;
    GRANT SELECT ON greenai.audit_link, greenai.schema_migration TO greenai_app;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA greenai TO greenai_app;
    FOR name IN
        SELECT g.table_name FROM greenai.golden_table g
    LOOP
        PERFORM greenai.hand_over(name);
    END LOOP;
    RETURN true;
END $$;
COMMENT ON FUNCTION greenai.grant_application IS 'Gives role greenai_app what the platform needs and no more; false where there is no such role';

-- Golden tables are made, widened and written by runs, whoever runs them: all of them belong to the application.
CREATE FUNCTION greenai.hand_over(golden_table text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    part record;
BEGIN
    IF to_regrole('greenai_app') IS NULL OR NOT pg_has_role(current_user, 'greenai_app', 'MEMBER') THEN
        RETURN;
    END IF;
    FOR part IN
        SELECT 'TABLE' AS what, c.oid::regclass::text AS name FROM pg_class c
        WHERE c.relnamespace = 'golden'::regnamespace AND c.relkind = 'r'
          AND c.relname IN (golden_table, golden_table || '_history') AND c.relowner <> 'greenai_app'::regrole
        UNION ALL
        SELECT 'FUNCTION', p.oid::regprocedure::text FROM pg_proc p
        WHERE p.pronamespace = 'golden'::regnamespace AND p.proname = golden_table || '_as_of'
          AND p.proowner <> 'greenai_app'::regrole
    LOOP
        EXECUTE format('ALTER %s %s OWNER TO greenai_app', part.what, part.name);
    END LOOP;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'golden table % stays with %: %', golden_table, current_user, SQLERRM;
END $$;
COMMENT ON FUNCTION greenai.hand_over IS 'Lets the application''s role own a golden table, its history and its function';
SELECT greenai.grant_application();
