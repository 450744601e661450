-- Signing in to the tenant's applications (OpenID Connect).

-- Where sign-outs may return to, with spaces between.
ALTER TABLE application ADD COLUMN post_logout_redirect_uris TEXT NOT NULL DEFAULT '';

-- A public client has no secret: it runs where none can be kept. Its secret_hash is empty, which no hash is.
ALTER TABLE client ADD COLUMN is_public BOOLEAN NOT NULL DEFAULT FALSE;

-- A sign-in that an application asked for and that waits for somebody: known by the fingerprint of the secret that is in
-- the address of its pages.
CREATE TABLE sign_in_request (
    token_hash TEXT NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL,
    scope TEXT NOT NULL,
    state TEXT,
    nonce TEXT,
    code_challenge TEXT NOT NULL,
    -- As the application wrote it: an id, or a name.
    organization TEXT,
    -- none, login, or nothing.
    prompt TEXT,
    -- Seconds.
    max_age BIGINT,
    login_hint TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_in_request_by_client ON sign_in_request (client_id);
CREATE INDEX sign_in_request_by_end ON sign_in_request (expires_at);

-- What one sign-in gave an application: the code, the tokens and those that take their place hang on it. It ends with the
-- session, the membership, the client, and when the organization no longer has the application.
CREATE TABLE app_grant (
    id TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    application_id TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    -- When the person signed in.
    auth_time BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Until the code is redeemed, the code's end; then the session's.
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (organization_id, person_id)
        REFERENCES membership (organization_id, person_id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, application_id)
        REFERENCES organization_application (organization_id, application_id) ON DELETE CASCADE
);
CREATE INDEX app_grant_by_session ON app_grant (session_id);
CREATE INDEX app_grant_by_client ON app_grant (client_id);
CREATE INDEX app_grant_by_member ON app_grant (person_id, organization_id);
CREATE INDEX app_grant_by_application ON app_grant (organization_id, application_id);
CREATE INDEX app_grant_by_end ON app_grant (expires_at);

-- A code stays after it was used, so that a second use is noticed.
CREATE TABLE authorization_code (
    code_hash TEXT NOT NULL PRIMARY KEY,
    grant_id TEXT NOT NULL REFERENCES app_grant (id) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL,
    code_challenge TEXT NOT NULL,
    nonce TEXT,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX authorization_code_by_grant ON authorization_code (grant_id);

-- So does a refresh token that was replaced.
CREATE TABLE refresh_token (
    token_hash TEXT NOT NULL PRIMARY KEY,
    grant_id TEXT NOT NULL REFERENCES app_grant (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX refresh_token_by_grant ON refresh_token (grant_id);
