-- Writes that were asked for under an Idempotency-Key, and what was answered: asking again answers the same.

CREATE TABLE greenai.idempotency (
    actor_id   integer NOT NULL REFERENCES greenai.actor,
    key        text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request    text NOT NULL,
    status     smallint,
    headers    jsonb,
    body       bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor_id, key)
);
COMMENT ON TABLE greenai.idempotency IS 'Answers to writes that were asked for under a key, in the transaction of the write; kept for a day';
COMMENT ON COLUMN greenai.idempotency.request IS 'SHA-256 over method, path, query and body: another request under the same key is a mistake';
CREATE INDEX ON greenai.idempotency (created_at);
