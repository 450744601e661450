//! An organization's own portal: who may open it, what its administrators set there, and how the tenant's administrators look
//! at it as they see it.

use serde::{Deserialize, Serialize};

use crate::id::OrganizationId;
use crate::invitations::InvitationToken;
use crate::operation::{Scope, operation};
use crate::organizations::Organization;
use crate::text::{Name, Text};

/// What stands over the pages of an organization's portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PortalHead {
    pub organization_id: OrganizationId,
    pub name: String,
    pub logo_url: Option<String>,
    /// Whether it is only looked at, by an administrator of the tenant.
    pub viewing: bool,
}

/// Opens an organization's portal: whoever may not is told why.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenPortal {
    pub organization_id: OrganizationId,
}
operation!(OpenPortal => PortalHead, "open_portal", Read, EnterPortal, |op| Scope::Organization(op.organization_id));

/// Gives an organization another name: the one change of its record that is its administrators' own.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RenameOrganization {
    pub organization_id: OrganizationId,
    /// Unique in the tenant, compared without case.
    pub name: Name,
}
operation!(RenameOrganization => Organization, "rename_organization", Write, BrandOrganization, |op| Scope::Organization(op.organization_id));

/// Bytes that a logo has at most.
pub const LOGO_SIZE: usize = 100 * 1024;

/// Replaces or takes away an organization's logo.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetOrganizationLogo {
    pub organization_id: OrganizationId,
    /// A PNG, JPEG or WebP picture of 100 KiB at most, in base64; absent to have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Text<1, 140_000>>,
}
operation!(SetOrganizationLogo => Organization, "set_organization_logo", Write, BrandOrganization, |op| Scope::Organization(op.organization_id));

/// An organization's logo as it was uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OrganizationLogo {
    /// `image/png`, `image/jpeg` or `image/webp`.
    pub media_type: String,
    /// The picture in base64.
    pub picture: String,
}

/// Reads an organization's logo.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetOrganizationLogo {
    pub organization_id: OrganizationId,
}
operation!(GetOrganizationLogo => OrganizationLogo, "get_organization_logo", Read, ReadOrganization, |op| Scope::Organization(op.organization_id));

/// Reads the uploaded logo of the organization that an invitation is of, while it can be accepted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetInvitationLogo {
    pub token: InvitationToken,
}
operation!(GetInvitationLogo => OrganizationLogo, "get_invitation_logo", Read, Enter, |op| Scope::Public);

/// Looks at an organization's portal as its administrators see it, with this session: until it is stopped, the session reads
/// what they may read there, changes nothing, and opens nothing else.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ViewAsOrganizationAdmin {
    pub organization_id: OrganizationId,
}
operation!(ViewAsOrganizationAdmin => (), "view_as_organization_admin", Write, ViewAsOthers, |op| Scope::Organization(op.organization_id));

/// Ends the look at an organization's portal; answers which one it was.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StopViewing {}
operation!(StopViewing => Option<OrganizationId>, "stop_viewing", Write, StepOut, |op| Scope::Own);
