-- The organization at whose portal somebody of the tenant looks with this session, as its administrators see it. No
-- reference: a session that looks at what is gone still changes nothing until it is stopped.
ALTER TABLE session ADD COLUMN viewing TEXT;

-- Apart from the organization, which is read with every page. The picture is in base64: both databases have text.
CREATE TABLE organization_logo (
    organization_id TEXT NOT NULL PRIMARY KEY REFERENCES organization (id) ON DELETE CASCADE,
    media_type TEXT NOT NULL,
    picture TEXT NOT NULL
);
