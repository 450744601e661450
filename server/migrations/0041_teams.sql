-- Teams of an organization's members. Each organization has one that stays, in which everybody begins.
CREATE TABLE team (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    is_default BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (organization_id, name_key),
    UNIQUE (organization_id, id)
);
CREATE UNIQUE INDEX team_default ON team (organization_id) WHERE is_default;

CREATE TABLE team_member (
    team_id TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (team_id, person_id),
    FOREIGN KEY (organization_id, team_id) REFERENCES team (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, person_id)
        REFERENCES membership (organization_id, person_id) ON DELETE CASCADE
);
CREATE INDEX team_member_by_person ON team_member (organization_id, person_id, team_id);

-- The organizations from before get theirs, and so do their members. A default team's id is made of its organization's.
INSERT INTO team (id, organization_id, name, name_key, is_default, version, created_at, updated_at)
SELECT 'tea_' || SUBSTR(id, 5), id, 'Default team', 'default team', TRUE, 1, created_at, created_at FROM organization;
INSERT INTO team_member (team_id, organization_id, person_id)
SELECT 'tea_' || SUBSTR(organization_id, 5), organization_id, person_id FROM membership;
