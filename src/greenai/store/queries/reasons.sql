-- Reasons, and which reason a cause has.

-- reasons --
-- All of them.
SELECT reason_code, name, functional FROM greenai.reason ORDER BY reason_code;

-- mapping --
-- What holds for a recon, that which says most first.
SELECT r.kind, r.family, r.field, r.scope_column, r.whole, r.reason_code, e.functional
FROM greenai.reason_rule r
JOIN greenai.reason e USING (reason_code)
WHERE r.recon_id IS NULL OR r.recon_id = %(recon)s
ORDER BY r.recon_id IS NULL, r.field IS NULL, r.scope_column IS NULL, r.whole IS NULL, r.family IS NULL,
         r.kind, r.field, r.scope_column, r.whole, r.family;

-- rules --
-- The same with names, of all recons or of one.
SELECT r.reason_code, r.kind, r.family, r.field, r.scope_column, r.whole, n.name
FROM greenai.reason_rule r
LEFT JOIN greenai.recon n USING (recon_id)
WHERE %(recon)s::text IS NULL OR n.name IS NULL OR n.name = %(recon)s
ORDER BY n.name IS NULL, n.name, r.field IS NULL, r.scope_column IS NULL, r.whole IS NULL, r.family IS NULL,
         r.kind, r.field, r.scope_column, r.whole, r.family;
