-- How much went out lately to an address and on behalf of an organization is asked before each mail that somebody sends.
CREATE INDEX outbox_by_recipient ON outbox (LOWER(recipient), created_at);
CREATE INDEX outbox_by_organization ON outbox (organization_id, created_at);
