-- What lists tell of the breaks that are present, besides what a publication brings (see breaks.sql).

-- amount --
-- Which members of the rows say amount and currency; gives a row when they are others than before.
INSERT INTO greenai.recon_amount AS m (recon_id, field, currency) VALUES (%(recon)s, %(field)s, %(currency)s)
ON CONFLICT (recon_id) DO UPDATE SET field = excluded.field, currency = excluded.currency
WHERE (m.field, m.currency) IS DISTINCT FROM (excluded.field, excluded.currency)
RETURNING 1;

-- no_amount --
-- The definition counts in no field any more; gives a row when it did.
DELETE FROM greenai.recon_amount WHERE recon_id = %(recon)s RETURNING 1;

-- amounts --
-- Every present break under another amount field, from the latest rows of its record.
UPDATE greenai.present_break p
SET amount = coalesce(greenai.as_number(greenai.member(v.row_a, m.field)),
                      greenai.as_number(greenai.member(v.row_b, m.field))),
    currency = coalesce(greenai.member(v.row_a, m.currency), greenai.member(v.row_b, m.currency))
FROM greenai.record r
LEFT JOIN greenai.recon_amount m ON m.recon_id = r.recon_id
LEFT JOIN LATERAL (
    SELECT o.row_a, o.row_b FROM greenai.record_version o
    WHERE o.recon_id = %(recon)s AND o.record_id = r.record_id
    ORDER BY o.business_date DESC, o.publication_id DESC LIMIT 1
) v ON true
WHERE p.recon_id = %(recon)s AND r.recon_id = %(recon)s AND r.record_id = p.record_id;

-- age --
-- Which member of the rows says since when a break counts; gives a row when it is another than before.
INSERT INTO greenai.recon_age AS e (recon_id, field) VALUES (%(recon)s, %(field)s)
ON CONFLICT (recon_id) DO UPDATE SET field = excluded.field WHERE e.field <> excluded.field
RETURNING 1;

-- no_age --
-- Breaks count from when they were seen first again; gives a row when they did not.
DELETE FROM greenai.recon_age WHERE recon_id = %(recon)s RETURNING 1;

-- ages --
-- Every present break by another age field, from the latest rows of its record.
UPDATE greenai.present_break p
SET first_date = coalesce(least(greenai.as_date(greenai.member(v.row_a, e.field)), greenai.as_date(greenai.member(v.row_b, e.field))),
                          greenai.first_present(p.recon_id, p.break_id))
FROM greenai.record r
LEFT JOIN greenai.recon_age e ON e.recon_id = r.recon_id
LEFT JOIN LATERAL (
    SELECT o.row_a, o.row_b FROM greenai.record_version o
    WHERE o.recon_id = %(recon)s AND o.record_id = r.record_id
    ORDER BY o.business_date DESC, o.publication_id DESC LIMIT 1
) v ON true
WHERE p.recon_id = %(recon)s AND r.recon_id = %(recon)s AND r.record_id = p.record_id;

-- refresh --
-- The rows of some breaks as versions, attributions and decisions say.
SELECT greenai.refresh_present_breaks(%(recon)s, %(breaks)s::uuid[]);

-- rebuild --
-- All rows of a recon from scratch.
SELECT greenai.rebuild_present_breaks(%(recon)s);
