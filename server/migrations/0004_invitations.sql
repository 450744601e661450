ALTER TABLE invitation ADD COLUMN token_hash TEXT;
ALTER TABLE invitation ADD COLUMN sent_at BIGINT;
ALTER TABLE invitation ADD COLUMN accepted_at BIGINT;
ALTER TABLE invitation ADD COLUMN revoked_at BIGINT;
-- When somebody whose link had run out asked for a new one.
ALTER TABLE invitation ADD COLUMN asked_at BIGINT;
CREATE UNIQUE INDEX invitation_one_pending ON invitation (organization_id, person_id, COALESCE(application_id, ''))
    WHERE status = 'pending';

-- Every link that there was; the current one is in invitation.token_hash. An older one is known, and dead.
CREATE TABLE invitation_link (
    token_hash TEXT NOT NULL PRIMARY KEY,
    invitation_id TEXT NOT NULL REFERENCES invitation (id) ON DELETE CASCADE,
    -- It was sent to the address and shown to nobody: whoever opens it reads that mailbox.
    proves_address BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX invitation_link_by_invitation ON invitation_link (invitation_id);

-- Whoever was invited is no member before they accept: the membership is there, and allows nothing.
ALTER TABLE membership ADD COLUMN accepted BOOLEAN NOT NULL DEFAULT TRUE;
UPDATE membership SET accepted = FALSE WHERE person_id IN (SELECT id FROM person WHERE status = 'Pending');

-- What a disabled account goes back to.
ALTER TABLE person ADD COLUMN was_pending BOOLEAN NOT NULL DEFAULT FALSE;

-- The tenant made the account, or its backend: no organization in somebody else's name.
ALTER TABLE person ADD COLUMN vouched BOOLEAN NOT NULL DEFAULT FALSE;
