-- The audit: its chain, its heads, and what publications decided, for search and for verification.

-- chain --
-- Every link in order with the canonical text of its event; null where the event is gone. The text is written out
-- here, as greenai.audit_text says it: a verification that asked a function of the database would believe it.
SELECT l.position, l.event_id, l.previous, l.hash,
       CASE WHEN e.event_id IS NOT NULL THEN jsonb_build_array(
           e.event_id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.actor_id, a.name, e.action,
           e.subject, e.recon_id, e.details, e.before, e.after, e.evidence, e.request_id, e.model_version)::text END
FROM greenai.audit_link l
LEFT JOIN greenai.audit_event e USING (event_id)
LEFT JOIN greenai.actor a USING (actor_id)
ORDER BY l.position;

-- unlinked --
-- Events that are in no chain.
SELECT e.event_id FROM greenai.audit_event e
WHERE NOT EXISTS (SELECT FROM greenai.audit_link l WHERE l.event_id = e.event_id) ORDER BY 1 LIMIT %(limit)s;

-- head --
-- The last link.
SELECT position, hash FROM greenai.audit_link ORDER BY position DESC LIMIT 1;

-- heads --
-- Signed heads, latest first.
SELECT head_id, position, hash, signed_at, key_id, signature FROM greenai.audit_head
WHERE head_id < coalesce(%(below)s, 9223372036854775807) ORDER BY head_id DESC LIMIT %(limit)s;

-- all_heads --
-- Signed heads in order.
SELECT head_id, position, hash, signed_at, key_id, signature FROM greenai.audit_head ORDER BY head_id;

-- add_head --
-- Keep a signed head.
INSERT INTO greenai.audit_head (position, hash, signed_at, key_id, signature)
VALUES (%(position)s, %(hash)s, %(signed_at)s, %(key_id)s, %(signature)s);

-- seals --
-- What was sealed of each publication.
SELECT (e.details ->> 'publication')::bigint, e.recon_id, e.event_id, e.evidence
FROM greenai.audit_event e WHERE e.action = 'publish' ORDER BY 1;

-- publications --
-- Publications without a seal.
SELECT p.publication_id FROM greenai.publication p WHERE NOT EXISTS (
    SELECT FROM greenai.audit_event e
    WHERE e.action = 'publish' AND (e.details ->> 'publication')::bigint = p.publication_id)
ORDER BY 1 LIMIT %(limit)s;

-- digests --
-- What there is of the decisions of each publication of a recon, as greenai.seal_publication counts it.
SELECT g.decided_in, sum(g.n)::bigint, sha256(string_agg(g.part, ''::bytea ORDER BY g.bucket))
FROM (
    SELECT h.decided_in, get_byte(h.hash, 0) AS bucket, count(*) AS n,
           sha256(string_agg(h.hash, ''::bytea ORDER BY h.hash)) AS part
    FROM (SELECT d.decided_in, sha256(convert_to(ROW({columns})::text, 'UTF8')) AS hash
          FROM greenai.decision d WHERE d.recon_id = {recon}) h
    GROUP BY 1, 2
) g
GROUP BY 1 ORDER BY 1;

-- recons --
-- All recons by number.
SELECT recon_id, name FROM greenai.recon ORDER BY 1;

-- columns --
-- The columns of decisions.
SELECT a.attname FROM pg_catalog.pg_attribute a
WHERE a.attrelid = 'greenai.decision'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum;

-- events --
-- Events, latest first, each with its place in the chain.
SELECT e.event_id, e.at, a.name, e.action, e.subject, n.name, e.details, e.before, e.after, e.evidence, e.request_id,
       e.model_version, l.position, encode(l.hash, 'hex')
FROM greenai.audit_event e
JOIN greenai.actor a USING (actor_id)
LEFT JOIN greenai.recon n USING (recon_id)
LEFT JOIN greenai.audit_link l USING (event_id)
WHERE {conditions}
ORDER BY e.event_id DESC LIMIT {limit};
