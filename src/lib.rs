//! The language of Guildhall: what there is, what can be asked, and who may ask it.
//!
//! | room | what is said there |
//! |---|---|
//! | [`organizations`] | the companies that the tenant sells to, and the applications that each has |
//! | [`members`] | people as one organization has them, with their roles |
//! | [`assigning`] | members by the handful, and their roles whatever the application |
//! | [`domains`] | domains that organizations prove to be their own |
//! | [`connections`] | ways to sign in, and which of them an organization uses |
//! | [`teams`] | members who work together |
//! | [`invitations`] | how people come into an organization |
//! | [`users`] | the people themselves |
//! | [`applications`] | what the tenant sells, and the clients that call the API |
//! | [`roles`] | permissions, roles, role groups |
//! | [`tenant_roles`] | all roles in one list |
//! | [`sessions`] | coming in: set-up, sign-in, sessions, tokens |
//! | [`oidc`] | signing in to the tenant's applications |
//! | [`passwords`] | choosing one, and what to do when it was forgotten |
//! | [`factors`] | second factors: setting them up, signing in with them, requiring them |
//! | [`account`] | one's own record, addresses and organizations |
//! | [`organization_clients`] | API applications of an organization, whose credentials its members share |
//! | [`portal`] | an organization's own portal, and the tenant's look at it |
//! | [`audit`] | who did what |
//! | [`mail`] | what was sent, what waits, what failed |
//! | [`registrations`] | organizations that people register themselves |
//! | [`webhooks`] | what happens, told to other programs |
//! | [`mail_templates`] | what mails say, in the tenant's own words |
//! | [`tenant`] | the vendor itself |
//! | [`policy`] | who may do what |
//!
//! Everything is pure: it compiles to WebAssembly and to the server, and does no input or output.

// So that the catalogue names operations the same way in every crate.
extern crate self as guildhall;

pub mod account;
pub mod adding;
pub mod applications;
pub mod assigning;
pub mod audit;
pub mod branding;
pub mod caller;
pub mod connections;
pub mod contact;
pub mod custom;
pub mod domains;
pub mod error;
pub mod factors;
pub mod id;
pub mod input;
pub mod invitations;
pub mod links;
pub mod list;
pub mod mail;
pub mod mail_templates;
pub mod members;
pub mod oidc;
pub mod operation;
pub mod organization_clients;
pub mod organizations;
pub mod page;
pub mod passwords;
pub mod person_name;
pub mod policy;
pub mod portal;
pub mod registrations;
pub mod roles;
pub mod secret;
pub mod sessions;
mod strict;
pub mod teams;
pub mod tenant;
pub mod tenant_roles;
pub mod text;
pub mod users;
pub mod value;
mod webhook_url;
pub mod webhooks;

pub use error::{Code, Error, FieldError, Malformed};
pub use operation::{Answer, Entry, Kind, Operation, Runs, Scope};

operation::catalogue! {
    guildhall::organizations::CreateOrganization,
    guildhall::organizations::ListOrganizations,
    guildhall::organizations::GetOrganization,
    guildhall::organizations::GetOrganizationByName,
    guildhall::organizations::UpdateOrganization,
    guildhall::organizations::DeleteOrganization,
    guildhall::organizations::AddOrganizationApps,
    guildhall::organizations::RemoveOrganizationApps,
    guildhall::applications::CreateApplication,
    guildhall::applications::ListApplications,
    guildhall::applications::GetApplication,
    guildhall::applications::UpdateApplication,
    guildhall::applications::DeleteApplication,
    guildhall::applications::CreateClient,
    guildhall::applications::ListClients,
    guildhall::applications::GetClient,
    guildhall::applications::UpdateClient,
    guildhall::applications::RotateClientSecret,
    guildhall::applications::DeleteClient,
    guildhall::roles::CreateRole,
    guildhall::roles::ListRoles,
    guildhall::roles::GetRole,
    guildhall::roles::UpdateRole,
    guildhall::roles::DeleteRole,
    guildhall::roles::GetRoleGrid,
    guildhall::roles::SaveRoleGrid,
    guildhall::roles::CreatePermission,
    guildhall::roles::DeletePermission,
    guildhall::roles::CreateRoleGroup,
    guildhall::roles::ListRoleGroups,
    guildhall::roles::GetRoleGroup,
    guildhall::roles::UpdateRoleGroup,
    guildhall::roles::DeleteRoleGroup,
    guildhall::roles::GetOrganizationRoles,
    guildhall::roles::SetOrganizationRoles,
    guildhall::roles::SetOrganizationRoleGroups,
    guildhall::roles::ListAssignableRoles,
    guildhall::users::CreateUser,
    guildhall::users::ListUsers,
    guildhall::users::GetUser,
    guildhall::users::GetUserByEmail,
    guildhall::users::GetUserByUsername,
    guildhall::users::GetUserByExternalId,
    guildhall::users::UpdateUser,
    guildhall::users::DeleteUser,
    guildhall::users::SetUserPassword,
    guildhall::users::SetTenantAdmin,
    guildhall::members::AddMember,
    guildhall::members::ListMembers,
    guildhall::members::GetMember,
    guildhall::members::UpdateMember,
    guildhall::members::RenameMember,
    guildhall::members::RemoveMember,
    guildhall::members::SetMemberRoles,
    guildhall::members::SetOrganizationAdmin,
    guildhall::members::ChangeMembers,
    guildhall::members::GetMemberAccess,
    guildhall::members::ListMemberships,
    guildhall::invitations::ListInvitations,
    guildhall::invitations::ResendInvitation,
    guildhall::invitations::RevokeInvitation,
    guildhall::invitations::UpdateInvitation,
    guildhall::invitations::CopyInvitationLink,
    guildhall::invitations::ReadInvitation,
    guildhall::invitations::AcceptInvitation,
    guildhall::invitations::JoinByInvitation,
    guildhall::invitations::AskForNewInvitation,
    guildhall::audit::ListAudit,
    guildhall::audit::ListOrganizationAudit,
    guildhall::audit::GetAuditRecord,
    guildhall::sessions::GetMe,
    guildhall::sessions::SignIn,
    guildhall::sessions::SignOut,
    guildhall::sessions::ChangeOwnPassword,
    guildhall::sessions::GetSetUp,
    guildhall::sessions::SetUp,
    guildhall::sessions::IssueClientToken,
    guildhall::sessions::IssueUserToken,
    guildhall::mail::ListMails,
    guildhall::mail::RetryMail,
    guildhall::mail::SendTestMail,
    guildhall::mail::GetMailState,
    guildhall::sessions::ListOwnSessions,
    guildhall::sessions::EndOwnSession,
    guildhall::sessions::EndOtherSessions,
    guildhall::sessions::ListUserSessions,
    guildhall::sessions::EndUserSession,
    guildhall::sessions::EndUserSessions,
    guildhall::passwords::RatePassword,
    guildhall::passwords::RequestPasswordReset,
    guildhall::passwords::GetPasswordReset,
    guildhall::passwords::ResetPassword,
    guildhall::account::GetOwnProfile,
    guildhall::account::UpdateOwnProfile,
    guildhall::account::AddOwnEmail,
    guildhall::account::SendEmailVerification,
    guildhall::account::VerifyOwnEmail,
    guildhall::account::MakeEmailPrimary,
    guildhall::account::RemoveOwnEmail,
    guildhall::account::ListOwnOrganizations,
    guildhall::account::LeaveOrganization,
    guildhall::portal::OpenPortal,
    guildhall::portal::RenameOrganization,
    guildhall::portal::SetOrganizationLogo,
    guildhall::portal::GetOrganizationLogo,
    guildhall::portal::ViewAsOrganizationAdmin,
    guildhall::portal::StopViewing,
    guildhall::mail_templates::ListMailTemplates,
    guildhall::mail_templates::GetMailTemplate,
    guildhall::mail_templates::ListMailTemplateVersions,
    guildhall::mail_templates::UpdateMailTemplate,
    guildhall::mail_templates::ResetMailTemplate,
    guildhall::mail_templates::PreviewMailTemplate,
    guildhall::tenant::GetOverview,
    guildhall::tenant::GetSettings,
    guildhall::tenant::UpdateSettings,
    guildhall::factors::GetOwnFactors,
    guildhall::factors::ConfirmPassword,
    guildhall::factors::BeginAuthenticatorApp,
    guildhall::factors::GetAuthenticatorSetUp,
    guildhall::factors::ConfirmAuthenticatorApp,
    guildhall::factors::RemoveAuthenticatorApp,
    guildhall::factors::RenewRecoveryCodes,
    guildhall::factors::BeginPasskey,
    guildhall::factors::AddPasskey,
    guildhall::factors::RemovePasskey,
    guildhall::factors::GetPendingSignIn,
    guildhall::factors::FinishSignIn,
    guildhall::factors::GetUserFactors,
    guildhall::factors::ResetUserFactors,
    guildhall::factors::ResetMemberFactors,
    guildhall::factors::RequireFactor,
    guildhall::oidc::BeginAppSignIn,
    guildhall::oidc::GetAppSignIn,
    guildhall::oidc::GetAppSignInLogo,
    guildhall::portal::GetInvitationLogo,
    guildhall::oidc::ContinueAppSignIn,
    guildhall::oidc::GetAppSignInChoice,
    guildhall::oidc::RefuseAppSignIn,
    guildhall::oidc::RedeemCode,
    guildhall::oidc::RefreshAppToken,
    guildhall::oidc::GetUserInfo,
    guildhall::oidc::IntrospectToken,
    guildhall::oidc::RevokeToken,
    guildhall::oidc::GetAppSignOut,
    guildhall::oidc::AuthenticateMember,
    guildhall::organizations::GetOrganizationBySlug,
    guildhall::organizations::ListUserOrganizations,
    guildhall::assigning::AssignMembers,
    guildhall::assigning::UnassignMembers,
    guildhall::assigning::ListMemberRoles,
    guildhall::assigning::ListEffectiveRoles,
    guildhall::assigning::GiveMemberRoles,
    guildhall::assigning::TakeMemberRoles,
    guildhall::invitations::GetInvitation,
    guildhall::invitations::InviteMember,
    guildhall::tenant_roles::ListTenantRoles,
    guildhall::tenant_roles::GetTenantRole,
    guildhall::tenant_roles::CreateTenantRole,
    guildhall::tenant_roles::UpdateTenantRole,
    guildhall::tenant_roles::DeleteTenantRole,
    guildhall::applications::ListTenantClients,
    guildhall::connections::ListConnections,
    guildhall::connections::ListOrganizationConnections,
    guildhall::connections::GetOrganizationConnection,
    guildhall::connections::AddOrganizationConnection,
    guildhall::connections::UpdateOrganizationConnection,
    guildhall::connections::RemoveOrganizationConnection,
    guildhall::domains::ListDiscoveryDomains,
    guildhall::domains::GetDiscoveryDomain,
    guildhall::domains::GetDiscoveryDomainByName,
    guildhall::domains::AddDiscoveryDomain,
    guildhall::domains::UpdateDiscoveryDomain,
    guildhall::domains::RemoveDiscoveryDomain,
    guildhall::teams::ListTeams,
    guildhall::teams::GetTeam,
    guildhall::teams::CreateTeam,
    guildhall::teams::UpdateTeam,
    guildhall::teams::DeleteTeam,
    guildhall::teams::ListTeamMembers,
    guildhall::teams::AddTeamMembers,
    guildhall::teams::RemoveTeamMembers,
    guildhall::registrations::RequestOrganization,
    guildhall::registrations::GetOwnRegistrations,
    guildhall::registrations::WithdrawRegistration,
    guildhall::registrations::ListRegistrations,
    guildhall::registrations::GetRegistration,
    guildhall::registrations::ApproveRegistration,
    guildhall::registrations::RejectRegistration,
    guildhall::registrations::GetRegistrationWay,
    guildhall::registrations::BeginRegistration,
    guildhall::registrations::GetBegunRegistration,
    guildhall::registrations::FinishRegistration,
    guildhall::webhooks::CreateWebhook,
    guildhall::webhooks::ListWebhooks,
    guildhall::webhooks::GetWebhook,
    guildhall::webhooks::UpdateWebhook,
    guildhall::webhooks::DeleteWebhook,
    guildhall::webhooks::RotateWebhookSecret,
    guildhall::webhooks::SendTestEvent,
    guildhall::webhooks::ListDeliveries,
    guildhall::webhooks::GetDelivery,
    guildhall::webhooks::ResendDelivery,
    guildhall::organization_clients::ListOrganizationClients,
    guildhall::organization_clients::GetOrganizationClient,
    guildhall::organization_clients::CreateOrganizationClient,
    guildhall::organization_clients::UpdateOrganizationClient,
    guildhall::organization_clients::RotateOrganizationClientSecret,
    guildhall::organization_clients::RevokeOldSecret,
    guildhall::organization_clients::DeleteOrganizationClient,
    guildhall::organization_clients::GetClientSuccession,
    guildhall::organization_clients::ListClientSuccessions,
}
