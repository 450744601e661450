-- What the inviter wrote of a person, as JSON: until the person accepts, it is all that the organization sees of them.
ALTER TABLE membership ADD COLUMN typed TEXT;
-- The name alone, for the list of invitations.
ALTER TABLE invitation ADD COLUMN typed_name TEXT;
