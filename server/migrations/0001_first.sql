-- Types that SQLite and PostgreSQL both understand. Times are milliseconds since the Unix epoch.
-- "person" stands for a user, which is a reserved word of PostgreSQL.

CREATE TABLE tenant (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    setup_token_hash TEXT,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE signing_key (
    kid TEXT NOT NULL PRIMARY KEY,
    seed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    retires_at BIGINT
);

-- Totals of lists. Sharded, so that writers on PostgreSQL do not wait for each other's commit.
CREATE TABLE counter (
    subject TEXT NOT NULL,
    shard BIGINT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (subject, shard)
);

CREATE TABLE application (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    description TEXT,
    redirect_uris TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE client (
    id TEXT NOT NULL PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    scopes TEXT NOT NULL,
    last_used_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX client_by_application ON client (application_id, name_key, id);

CREATE TABLE permission (
    application_id TEXT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT,
    PRIMARY KEY (application_id, name)
);

CREATE TABLE role (
    id TEXT NOT NULL PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    display_name TEXT,
    description TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (application_id, name_key)
);

CREATE TABLE role_permission (
    role_id TEXT NOT NULL REFERENCES role (id) ON DELETE CASCADE,
    application_id TEXT NOT NULL,
    permission TEXT NOT NULL,
    PRIMARY KEY (role_id, permission),
    FOREIGN KEY (application_id, permission) REFERENCES permission (application_id, name)
);
CREATE INDEX role_permission_by_permission ON role_permission (application_id, permission);

CREATE TABLE role_group (
    id TEXT NOT NULL PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    display_name TEXT,
    description TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (application_id, name_key)
);

CREATE TABLE role_group_role (
    role_group_id TEXT NOT NULL REFERENCES role_group (id) ON DELETE CASCADE,
    role_id TEXT NOT NULL REFERENCES role (id) ON DELETE CASCADE,
    PRIMARY KEY (role_group_id, role_id)
);
CREATE INDEX role_group_role_by_role ON role_group_role (role_id);

CREATE TABLE organization (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    domain TEXT NOT NULL,
    more_domains TEXT NOT NULL,
    alias_name TEXT,
    logo_url TEXT,
    enabled BOOLEAN NOT NULL,
    managing_organization_id TEXT REFERENCES organization (id) ON DELETE SET NULL,
    search_text TEXT NOT NULL,
    -- Moved by whoever changes who administers it, so that two such changes never overlap.
    admin_guard BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX organization_by_name ON organization (name_key, id);
CREATE INDEX organization_by_creation ON organization (created_at, id);
CREATE INDEX organization_by_manager ON organization (managing_organization_id);

CREATE TABLE organization_application (
    organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    application_id TEXT NOT NULL REFERENCES application (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, application_id)
);
CREATE INDEX organization_application_by_application ON organization_application (application_id, organization_id);

CREATE TABLE organization_role_group (
    organization_id TEXT NOT NULL,
    application_id TEXT NOT NULL,
    role_group_id TEXT NOT NULL REFERENCES role_group (id) ON DELETE CASCADE,
    PRIMARY KEY (organization_id, role_group_id),
    FOREIGN KEY (organization_id, application_id)
        REFERENCES organization_application (organization_id, application_id) ON DELETE CASCADE
);
CREATE INDEX organization_role_group_by_group ON organization_role_group (role_group_id);

CREATE TABLE organization_role (
    organization_id TEXT NOT NULL,
    application_id TEXT NOT NULL,
    role_id TEXT NOT NULL REFERENCES role (id) ON DELETE CASCADE,
    PRIMARY KEY (organization_id, role_id),
    FOREIGN KEY (organization_id, application_id)
        REFERENCES organization_application (organization_id, application_id) ON DELETE CASCADE
);
CREATE INDEX organization_role_by_role ON organization_role (role_id);

CREATE TABLE person (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT,
    email_key TEXT UNIQUE,
    email_verified BOOLEAN NOT NULL,
    phone_number TEXT UNIQUE,
    phone_number_verified BOOLEAN NOT NULL,
    username TEXT,
    username_key TEXT UNIQUE,
    external_user_id TEXT UNIQUE,
    external_account_id TEXT,
    name TEXT,
    address TEXT,
    birthday TEXT,
    picture TEXT,
    language TEXT,
    custom_data TEXT,
    custom_app_data TEXT,
    secondary_emails TEXT NOT NULL,
    secondary_phone_numbers TEXT NOT NULL,
    status TEXT NOT NULL,
    status_changed_at BIGINT NOT NULL,
    tenant_admin BOOLEAN NOT NULL,
    password_hash TEXT,
    password_must_change BOOLEAN NOT NULL,
    last_auth BIGINT,
    sort_key TEXT NOT NULL,
    search_text TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX person_by_name ON person (sort_key, id);
CREATE INDEX person_by_creation ON person (created_at, id);
CREATE INDEX person_by_status ON person (status, sort_key, id);
CREATE INDEX person_admins ON person (tenant_admin) WHERE tenant_admin;

-- sort_key, search_text and status repeat the person's, so that one index serves a page of members.
CREATE TABLE membership (
    organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    enabled BOOLEAN NOT NULL,
    department TEXT,
    title TEXT,
    manager TEXT,
    delegated_access TEXT,
    sort_key TEXT NOT NULL,
    search_text TEXT NOT NULL,
    status TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, person_id)
);
CREATE INDEX membership_by_name ON membership (organization_id, sort_key, person_id);
CREATE INDEX membership_by_status ON membership (organization_id, status, sort_key, person_id);
CREATE INDEX membership_by_creation ON membership (organization_id, created_at, person_id);
CREATE INDEX membership_by_person ON membership (person_id, organization_id);

-- A role of an application, or one of the two that every organization has, whose id is its name and whose
-- application_id is null.
CREATE TABLE member_role (
    organization_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    role_id TEXT NOT NULL,
    application_id TEXT,
    PRIMARY KEY (organization_id, person_id, role_id),
    FOREIGN KEY (organization_id, person_id)
        REFERENCES membership (organization_id, person_id) ON DELETE CASCADE
);
CREATE INDEX member_role_by_role ON member_role (role_id, organization_id, person_id);
CREATE INDEX member_role_by_application ON member_role (application_id, organization_id, person_id);

CREATE TABLE invitation (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    application_id TEXT REFERENCES application (id) ON DELETE CASCADE,
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    role_ids TEXT NOT NULL,
    status TEXT NOT NULL,
    invited_by TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX invitation_by_organization ON invitation (organization_id, status, id);
CREATE INDEX invitation_by_person ON invitation (person_id);
CREATE INDEX invitation_by_application ON invitation (application_id);
CREATE INDEX invitation_by_status ON invitation (status, expires_at);

CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    ip TEXT,
    user_agent TEXT,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_by_person ON session (person_id, id);

-- No references: what was done stays when the things are gone.
CREATE TABLE audit (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    actor_name TEXT,
    operation TEXT NOT NULL,
    organization_id TEXT,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    target_name TEXT,
    ip TEXT,
    user_agent TEXT,
    request_id TEXT,
    before_value TEXT,
    after_value TEXT,
    search_text TEXT NOT NULL
);
CREATE INDEX audit_by_organization ON audit (organization_id, id);
CREATE INDEX audit_by_actor ON audit (actor_id, id);
CREATE INDEX audit_by_target ON audit (target_id, id);
CREATE INDEX audit_by_operation ON audit (operation, id);

CREATE TABLE idempotency (
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    operation TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    response TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_by_creation ON idempotency (created_at);
