-- Who does something, and what they did.

-- known --
INSERT INTO greenai.actor (name, kind) VALUES (%(actor)s, %(kind)s) ON CONFLICT DO NOTHING;

-- audit --
-- Who did what, and to which recon.
INSERT INTO greenai.audit_event (actor_id, action, subject, details)
SELECT a.actor_id, %(action)s, coalesce(n.name, 'platform'), %(details)s
FROM greenai.actor a
LEFT JOIN greenai.recon n
  ON n.recon_id = coalesce(%(recon)s::integer, (SELECT r.recon_id FROM greenai.run r WHERE r.run_id = %(run)s::bigint))
WHERE a.name = %(actor)s;
