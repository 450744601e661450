-- Endpoints that events are sent to. The secrets are encrypted where there is a key.
CREATE TABLE webhook (
    id TEXT NOT NULL PRIMARY KEY,
    -- Absent for the tenant's.
    organization_id TEXT REFERENCES organization (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    description TEXT,
    -- Words with spaces between; empty for all.
    event_types TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    -- gone, failing
    disabled_because TEXT,
    failing_since BIGINT,
    secret TEXT NOT NULL,
    previous_secret TEXT,
    previous_until BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX webhook_by_organization ON webhook (organization_id, id);

-- Events on their way, written in the same transaction as the audit record that they tell of. What is sent is made of the
-- record at the first try, and stays the same from then on.
CREATE TABLE webhook_delivery (
    webhook_id TEXT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    event_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    -- Absent for a test.
    audit_id TEXT,
    payload TEXT,
    -- waiting, sending, delivered, failed
    status TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    claimed_by TEXT,
    claimed_at BIGINT,
    last_status BIGINT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    delivered_at BIGINT,
    PRIMARY KEY (webhook_id, event_id)
);
CREATE INDEX webhook_delivery_by_status ON webhook_delivery (status, next_at);
CREATE INDEX webhook_delivery_by_webhook_status ON webhook_delivery (webhook_id, status, event_id);
CREATE INDEX webhook_delivery_by_creation ON webhook_delivery (created_at);

CREATE TABLE webhook_try (
    webhook_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    duration BIGINT NOT NULL,
    status BIGINT,
    error TEXT,
    answer TEXT,
    PRIMARY KEY (webhook_id, event_id, at),
    FOREIGN KEY (webhook_id, event_id) REFERENCES webhook_delivery (webhook_id, event_id) ON DELETE CASCADE
);
