-- Open records of earlier dates: what a flow carries into the next comparison. Written for COPY: parameters are literals.
-- recon, key_version, day: what is run; side, kind: of which rows.

-- known --
-- The last publication of a run for a date before the day; 0 where there is none.
SELECT coalesce(max(p.publication_id), 0)
FROM greenai.publication p JOIN greenai.run r USING (run_id)
WHERE r.recon_id = %(recon)s AND r.business_date < %(day)s AND p.kind = 'run';

-- newest --
-- The latest date for which something was published.
SELECT max(r.business_date) FROM greenai.publication p JOIN greenai.run r USING (run_id) WHERE r.recon_id = %(recon)s;

-- present_now --
-- Versions that are present on the latest date.
SELECT break_id, business_date, publication_id FROM greenai.present_break WHERE recon_id = {recon}

-- present_then --
-- Versions that are present on the eve of the day.
SELECT break_id, business_date, publication_id
FROM greenai.breaks_at({recon}, {day}::date - 1, 9223372036854775807) WHERE present

-- present_there --
-- Versions that are present on the day itself, as it was published before.
SELECT break_id, business_date, publication_id
FROM greenai.breaks_at({recon}, {day}::date, 9223372036854775807) WHERE present

-- open_rows --
-- Records that stand on one side only and wait, with the row that side gave last: identity, and the fields as texts.
SELECT replace(b.record_id::text, '-', ''), {fields}
FROM ({present}) p
JOIN greenai.break b ON b.recon_id = {recon} AND b.break_id = p.break_id AND b.kind = {kind}
JOIN greenai.record r ON r.recon_id = {recon} AND r.record_id = b.record_id AND r.key_version = {key_version}
CROSS JOIN LATERAL (
    SELECT d.outcome FROM greenai.decision d
    WHERE d.recon_id = {recon} AND d.business_date = p.business_date
      AND d.break_id = p.break_id AND d.publication_id = p.publication_id
    ORDER BY d.decided_in DESC LIMIT 1
) d
CROSS JOIN LATERAL (
    SELECT v.{side} AS given FROM greenai.record_version v
    WHERE v.recon_id = {recon} AND v.record_id = b.record_id AND v.business_date < {day} AND v.{side} IS NOT NULL
    ORDER BY v.business_date DESC, v.publication_id DESC LIMIT 1
) v
WHERE d.outcome = 'review' AND jsonb_typeof(v.given) = 'object'

-- broken --
-- Records with a break that is present, or of which an earlier run of the day told.
SELECT DISTINCT replace(b.record_id::text, '-', '')
FROM (
    SELECT p.break_id FROM ({present}) p
    UNION ALL
    SELECT v.break_id FROM greenai.break_version v WHERE v.recon_id = {recon} AND v.business_date = {day}
) told
JOIN greenai.break b ON b.recon_id = {recon} AND b.break_id = told.break_id

-- first_seen --
-- Since when breaks are known that were present on an earlier date already: identity and first date.
SELECT replace(break_id::text, '-', ''), min(business_date)
FROM (
    SELECT DISTINCT ON (v.break_id, v.business_date) v.break_id, v.business_date, v.present
    FROM greenai.break_version v
    WHERE v.recon_id = {recon} AND v.business_date < {day}
      AND v.break_id IN (SELECT a.break_id FROM pg_temp.aged_break a)
    ORDER BY v.break_id, v.business_date, v.publication_id DESC
) held
WHERE present
GROUP BY break_id
