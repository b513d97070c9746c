-- Who does something, and what they did.

-- known --
INSERT INTO greenai.actor (name, kind) VALUES (%(actor)s, %(kind)s) ON CONFLICT DO NOTHING;

-- audit --
-- Who did what, and to which recon or what else.
INSERT INTO greenai.audit_event (actor_id, action, subject, recon_id, details, before, after, evidence,
                                 request_id, model_version)
SELECT a.actor_id, %(action)s, coalesce(%(subject)s, n.name, 'platform'), n.recon_id, %(details)s, %(before)s, %(after)s,
       %(evidence)s, %(request)s, %(model)s
FROM greenai.actor a
LEFT JOIN greenai.recon n
  ON n.recon_id = coalesce(%(recon)s::integer, (SELECT r.recon_id FROM greenai.run r WHERE r.run_id = %(run)s::bigint))
WHERE a.name = %(actor)s;
