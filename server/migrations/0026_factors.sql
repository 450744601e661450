-- Second factors.

-- How whoever is signed in has proved who they are, with spaces between (RFC 8176), and when they last gave the password.
ALTER TABLE session ADD COLUMN amr TEXT NOT NULL DEFAULT 'pwd';
ALTER TABLE session ADD COLUMN confirmed_at BIGINT NOT NULL DEFAULT 0;
-- What the passkey that this session is about to add must sign, and until when.
ALTER TABLE session ADD COLUMN passkey_challenge TEXT;
ALTER TABLE session ADD COLUMN passkey_until BIGINT;
ALTER TABLE app_grant ADD COLUMN amr TEXT NOT NULL DEFAULT 'pwd';

-- Whether an organization is closed to members who have not signed in with a second factor.
ALTER TABLE organization ADD COLUMN requires_factor BOOLEAN NOT NULL DEFAULT FALSE;

-- An authenticator app: the one that counts, and the one that is being set up beside it. The secrets are encrypted.
CREATE TABLE authenticator_app (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    secret TEXT,
    created_at BIGINT,
    last_used_at BIGINT,
    -- The last time step of which a code was taken: none of it, nor an earlier one, is taken again.
    last_step BIGINT NOT NULL DEFAULT 0,
    next_secret TEXT,
    next_until BIGINT,
    -- The session that sets it up: no other one is shown the secret.
    next_session TEXT
);

-- A used code stays, so that it is known how many there were.
CREATE TABLE recovery_code (
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (person_id, code_hash)
);

CREATE TABLE passkey (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    -- The authenticator's id of it, in base64url.
    credential_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- SubjectPublicKeyInfo in base64url.
    public_key TEXT NOT NULL,
    sign_count BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX passkey_by_person ON passkey (person_id, created_at);

-- A sign-in whose password was right: known by the fingerprint of the token that is in the browser's cookie.
CREATE TABLE pending_sign_in (
    token_hash TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    -- What a passkey must sign.
    challenge TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX pending_sign_in_by_person ON pending_sign_in (person_id);
CREATE INDEX pending_sign_in_by_end ON pending_sign_in (expires_at);

-- How often a code was guessed wrong lately, whatever the server and the address.
CREATE TABLE factor_guess (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    failures BIGINT NOT NULL,
    since BIGINT NOT NULL
);
