-- What the Auth0-compatible API speaks of, and the console and the native API as well.

-- An organization's name in addresses. Those from before get theirs at the start, made of their names.
ALTER TABLE organization ADD COLUMN slug TEXT;
CREATE UNIQUE INDEX organization_by_slug ON organization (slug);
-- JSON.
ALTER TABLE organization ADD COLUMN metadata TEXT;
ALTER TABLE organization ADD COLUMN color_primary TEXT;
ALTER TABLE organization ADD COLUMN color_page_background TEXT;
-- Pages by number skip rows: those that are skipped are read in the index alone. That of organizations is there from the first.
CREATE INDEX role_by_name ON role (name_key, id);
CREATE INDEX client_by_name ON client (name_key, id);

-- Ways to sign in. The passwords of this program are one, and the first.
CREATE TABLE connection (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    strategy TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
INSERT INTO connection (id, name, strategy, created_at)
VALUES ('con_00000000000000000000000001', 'Username-Password-Authentication', 'auth0', 0);

CREATE TABLE organization_connection (
    organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    connection_id TEXT NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
    assign_membership_on_login BOOLEAN NOT NULL,
    show_as_button BOOLEAN NOT NULL,
    is_signup_enabled BOOLEAN NOT NULL,
    PRIMARY KEY (organization_id, connection_id)
);
CREATE INDEX organization_connection_by_connection ON organization_connection (connection_id);

-- Domains that organizations say are their own. Several may say so of one; one proves it.
CREATE TABLE discovery_domain (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    domain TEXT NOT NULL,
    -- pending, verified
    status TEXT NOT NULL,
    is_used BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    verified_at BIGINT,
    UNIQUE (organization_id, domain)
);
CREATE UNIQUE INDEX discovery_domain_one_owner ON discovery_domain (domain) WHERE status = 'verified';

-- The client through whose application's own sign-in the link leads; absent where it leads to us.
ALTER TABLE invitation ADD COLUMN client_id TEXT;
ALTER TABLE invitation ADD COLUMN inviter_name TEXT;
-- JSON: what somebody new begins with.
ALTER TABLE invitation ADD COLUMN custom_app_data TEXT;
ALTER TABLE invitation ADD COLUMN custom_data TEXT;
-- Milliseconds; absent for the usual time.
ALTER TABLE invitation ADD COLUMN lifetime BIGINT;

-- The application that roles of no application in particular are of.
ALTER TABLE tenant ADD COLUMN roles_application_id TEXT;
