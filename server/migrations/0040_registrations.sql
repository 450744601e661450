-- Organizations that people register themselves, where the tenant lets them.
ALTER TABLE tenant ADD COLUMN self_registration BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE tenant ADD COLUMN auto_approval BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE registration (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    requester_id TEXT REFERENCES person (id) ON DELETE SET NULL,
    -- pending, approved, rejected, withdrawn
    status TEXT NOT NULL,
    reason TEXT,
    -- A person or a client; absent where it was approved automatically.
    decided_by TEXT,
    decided_at BIGINT,
    organization_id TEXT REFERENCES organization (id) ON DELETE SET NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
-- While it waits, nobody else gets the name.
CREATE UNIQUE INDEX registration_one_pending ON registration (name_key) WHERE status = 'pending';
CREATE INDEX registration_by_status ON registration (status, id);
CREATE INDEX registration_by_requester ON registration (requester_id, id);
CREATE INDEX registration_by_organization ON registration (organization_id);

-- What somebody new asked for, until the address is proved: one an address, so that a newer link ends the one before.
CREATE TABLE begun_registration (
    email_key TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    -- JSON.
    person_name TEXT NOT NULL,
    organization_name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX begun_registration_by_end ON begun_registration (expires_at);
