-- A recon `bench` with %(breaks)s present breaks on %(records)s records, straight into the tables: what lists see
-- after a year of runs of it. Values follow from the number of a break by hashes, the same every time.

-- scene --
INSERT INTO greenai.recon (name) VALUES ('bench');
INSERT INTO greenai.key_schema (recon_id, key_version, fingerprint, document)
SELECT recon_id, 1, 'bench', '{"key": ["id"]}' FROM greenai.recon;
INSERT INTO greenai.definition_version (recon_id, version, key_version, fingerprint, document)
SELECT recon_id, 1, 1, 'bench', %(definition)s FROM greenai.recon;
INSERT INTO greenai.recon_amount (recon_id, field, currency) SELECT recon_id, 'notional', 'currency' FROM greenai.recon;
INSERT INTO greenai.actor (name, kind) SELECT 'reviewer' || n, 'person' FROM generate_series(1, 50) n;
INSERT INTO greenai.work_group (name) SELECT 'desk-' || n FROM generate_series(1, 10) n;
INSERT INTO greenai.run (recon_id, version, business_date, state)
SELECT recon_id, 1, '2026-01-01'::date + 7 * n, 'awaiting_review' FROM greenai.recon, generate_series(0, 11) n;
INSERT INTO greenai.publication (run_id, kind) SELECT run_id, 'run' FROM greenai.run ORDER BY run_id;
INSERT INTO greenai.cause (cause_id, document, kind, field, family, expression, scope)
SELECT md5('cause' || n)::uuid, '{}', 'value', (ARRAY['notional', 'price', 'trade_date', 'side', 'counterparty'])[n %% 5 + 1],
       'scale', 'b = a * ' || n, 'desk = ''' || n || '''' FROM generate_series(0, 499) n;
INSERT INTO greenai.unexplained_group (group_id, kind, field, shape, slice)
SELECT md5('group' || n)::uuid, 'value', (ARRAY['notional', 'price', 'trade_date', 'side', 'counterparty'])[n %% 5 + 1],
       'shape ' || n, NULL FROM generate_series(0, 499) n;
INSERT INTO greenai.run_cause (run_id, cause_id, reason_code, breaks, scope_size, exceptions, explanation)
SELECT r.run_id, c.cause_id, (ARRAY['SCALE_ERROR', 'FORMAT', 'ROUNDING', 'TIMING', 'FX_RATE'])[1 + ascii(c.cause_id::text) %% 5],
       1000, 1100, 3, 'b is a multiple of a' FROM greenai.run r, greenai.cause c;
INSERT INTO greenai.run_group (run_id, group_id, breaks, description, why)
SELECT r.run_id, g.group_id, 1000, g.shape, 'nothing fits' FROM greenai.run r, greenai.unexplained_group g;

-- partitions --
SELECT greenai.ensure_partitions(r.recon_id, d::date)
FROM greenai.recon r, generate_series('2026-01-01'::date, '2026-03-31', '1 month') d;

-- numbered --
CREATE TEMP TABLE numbered ON COMMIT DROP AS
SELECT n, md5('break' || n)::uuid AS break_id, md5('record' || n / 2)::uuid AS record_id, p.publication_id, r.business_date,
       (ARRAY['notional', 'price', 'trade_date', 'side', 'counterparty'])[source %% 5 + 1] AS field, h, source,
       h / 7 %% 100 AS fate
FROM (
    -- Which cause or group it is of says which field it is about; the two breaks of a record are about different ones.
    SELECT n, h, h / 17 %% 100 * 5 + CASE n %% 2 WHEN 0 THEN h %% 2 ELSE 2 + h %% 3 END AS source
    FROM (SELECT n, abs(hashint4(n)) AS h FROM generate_series(0, %(breaks)s - 1) n) o
) s
JOIN LATERAL (SELECT s.h / 700 %% 12 AS place) q ON true
JOIN greenai.run r ON r.business_date = '2026-01-01'::date + 7 * q.place
JOIN greenai.publication p USING (run_id);
ANALYZE numbered;

-- records --
INSERT INTO greenai.record (recon_id, record_id, key_version, key)
SELECT %(recon)s, md5('record' || n)::uuid, 1, jsonb_build_array('T-' || lpad(n::text, 9, '0'))
FROM generate_series(0, (%(breaks)s - 1) / 2) n ORDER BY 2;
INSERT INTO greenai.record_version (recon_id, business_date, record_id, publication_id, row_a, row_b)
SELECT %(recon)s, min(business_date), record_id, min(publication_id),
       jsonb_build_object('id', 'T-' || lpad((min(n) / 2)::text, 9, '0'), 'notional', (min(h) %% 90000000 / 100.0)::numeric(18, 2)::text,
                          'price', '1.25', 'trade_date', '2026-01-02', 'side', 'BUY', 'counterparty', 'ACME',
                          'currency', (ARRAY['EUR', 'USD', 'GBP', 'JPY'])[min(h) / 11 %% 4 + 1]),
       jsonb_build_object('id', 'T-' || lpad((min(n) / 2)::text, 9, '0'), 'notional', (min(h) %% 90000000 / 10.0)::numeric(18, 2)::text,
                          'price', '1.26', 'trade_date', '2026-01-03', 'side', 'SELL', 'counterparty', 'ACME LTD',
                          'currency', (ARRAY['EUR', 'USD', 'GBP', 'JPY'])[min(h) / 11 %% 4 + 1])
FROM numbered GROUP BY record_id ORDER BY record_id;

-- breaks --
INSERT INTO greenai.break (recon_id, break_id, record_id, kind, field)
SELECT %(recon)s, break_id, record_id, 'value', field FROM numbered ORDER BY break_id;
INSERT INTO greenai.break_version (recon_id, business_date, break_id, publication_id, present, value_a, value_b)
SELECT %(recon)s, business_date, break_id, publication_id, true, (h %% 90000000 / 100.0)::text, (h %% 90000000 / 10.0)::text
FROM numbered ORDER BY break_id;

-- judged --
INSERT INTO greenai.attribution (recon_id, business_date, break_id, publication_id, reason_code, cause_id, group_id,
                                 method, confidence)
SELECT %(recon)s, business_date, break_id, publication_id,
       CASE WHEN fate < 25 THEN 'UNKNOWN'
            ELSE (ARRAY['SCALE_ERROR', 'FORMAT', 'ROUNDING', 'TIMING', 'FX_RATE'])[source / 5 %% 5 + 1] END,
       CASE WHEN fate >= 40 THEN md5('cause' || source)::uuid END,
       CASE WHEN fate < 25 THEN md5('group' || source)::uuid END,
       CASE WHEN fate < 25 THEN 'none' WHEN fate < 40 THEN 'equivalence' WHEN fate < 50 THEN 'rule' ELSE 'cause' END,
       CASE WHEN fate < 25 THEN NULL WHEN fate < 40 THEN 1 ELSE (60 + h %% 40) / 100.0 END
FROM numbered ORDER BY break_id;
INSERT INTO greenai.decision (recon_id, business_date, break_id, publication_id, decided_in, outcome, rule, policy,
                              resolution, actor_id)
SELECT %(recon)s, business_date, break_id, publication_id, publication_id,
       CASE WHEN fate BETWEEN 25 AND 49 THEN 'passed' WHEN fate BETWEEN 50 AND 54 THEN 'rejected' ELSE 'review' END,
       'default', 'review', 'take_a', 0
FROM numbered ORDER BY break_id;

-- assigned --
-- A tenth of the open ones is somebody's, another tenth a group's; half of the rest is due.
UPDATE greenai.present_break p
SET assignee_id = CASE WHEN h %% 10 = 0 THEN (SELECT actor_id FROM greenai.actor WHERE name = 'reviewer' || 1 + h / 10 %% 50) END,
    assigned_group = CASE WHEN h %% 10 = 1 THEN 'desk-' || 1 + h / 10 %% 10 END,
    due_at = CASE WHEN h / 10 %% 2 = 0 THEN '2026-03-01Z'::timestamptz + h / 20 %% 900 * interval '1 hour' END
FROM (SELECT break_id AS one, abs(hashint4(n)) AS h FROM (
    SELECT break_id, row_number() OVER (ORDER BY break_id)::int AS n FROM greenai.present_break
    WHERE state = 'in_review') open) s
WHERE p.recon_id = %(recon)s AND p.break_id = s.one AND h %% 10 < 5;
