-- Mail on its way out, written in the same transaction as the change that it tells of. `body` is the rendered mail as JSON,
-- encrypted where there is a key, since it may hold a link that works once; it is emptied when the mail was sent.
-- No references: what was sent stays when the things are gone.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    message_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    recipient TEXT NOT NULL,
    recipient_name TEXT,
    subject TEXT NOT NULL,
    body TEXT,
    organization_id TEXT,
    person_id TEXT,
    -- What it is about: a newer mail about the same takes its place while it waits.
    concerns TEXT,
    -- waiting, sending, sent, failed, cancelled
    status TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    -- When what it says stops being true, such as a link that has run out.
    expires_at BIGINT,
    claimed_by TEXT,
    claimed_at BIGINT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX outbox_by_status ON outbox (status, next_at);
CREATE INDEX outbox_by_creation ON outbox (created_at, id);
CREATE INDEX outbox_by_concern ON outbox (concerns);
