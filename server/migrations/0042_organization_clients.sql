-- API applications of organizations: clients of their own, whose credentials the members share.
CREATE TABLE organization_client (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT,
    owner_id TEXT NOT NULL,
    -- personal, team, organization
    visibility TEXT NOT NULL,
    team_id TEXT REFERENCES team (id) ON DELETE SET NULL,
    -- What a token remembers of the secret for which it was issued.
    secret_id TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    secret_created_at BIGINT NOT NULL,
    secret_used_at BIGINT,
    -- The secret from before, which counts until it expires.
    old_secret_id TEXT,
    old_secret_hash TEXT,
    old_secret_created_at BIGINT,
    old_secret_used_at BIGINT,
    old_secret_expires_at BIGINT,
    last_used_at BIGINT,
    last_used_from TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (organization_id, name_key),
    -- Nobody's applications go with them: they pass on before a membership ends.
    FOREIGN KEY (organization_id, owner_id) REFERENCES membership (organization_id, person_id)
);
CREATE INDEX organization_client_by_name ON organization_client (organization_id, name_key, id);
CREATE INDEX organization_client_by_owner ON organization_client (owner_id, organization_id);
CREATE INDEX organization_client_by_team ON organization_client (team_id);
