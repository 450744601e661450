-- Where an application's own sign-in begins.
ALTER TABLE application ADD COLUMN initiate_login_uri TEXT;
