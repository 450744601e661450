-- A person's access tokens from before this moment (milliseconds since the Unix epoch) are dead: the password was changed
-- or reset, or the account disabled.
ALTER TABLE person ADD COLUMN tokens_valid_from BIGINT NOT NULL DEFAULT 0;
