-- The tenant's own words for a mail: each version a row, of which the newest counts. One without words puts the default back.
CREATE TABLE mail_template (
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    version BIGINT NOT NULL,
    subject TEXT,
    body_text TEXT,
    body_html TEXT,
    changed_by TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (kind, language, version)
);
