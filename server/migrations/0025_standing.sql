-- Since when whoever is in an organization is a member of it, and not only invited: what they did before is not its to see.
ALTER TABLE membership ADD COLUMN accepted_at BIGINT;
UPDATE membership SET accepted_at = COALESCE(
    (SELECT MIN(i.accepted_at) FROM invitation i WHERE i.organization_id = membership.organization_id
        AND i.person_id = membership.person_id AND i.accepted_at >= membership.created_at),
    created_at) WHERE accepted;

-- Who made it an invitation that makes an administrator: it ends with their own right to make one.
ALTER TABLE invitation ADD COLUMN admin_by TEXT;
UPDATE invitation SET admin_by = invited_by WHERE status = 'pending' AND role_ids LIKE '%"Organization Admin"%';
CREATE INDEX invitation_by_admin ON invitation (admin_by) WHERE admin_by IS NOT NULL;
