-- A link that replaces a forgotten password: one a person, so that a newer one ends the one before.
CREATE TABLE password_reset (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL UNIQUE,
    -- Where it was sent: it is dead when this is no longer the person's address.
    email TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- What is known of the addresses that people added to their own: proved, or waiting for the link that proves it.
CREATE TABLE email_proof (
    person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    email_key TEXT NOT NULL,
    verified_at BIGINT,
    token_hash TEXT UNIQUE,
    expires_at BIGINT,
    PRIMARY KEY (person_id, email_key)
);
