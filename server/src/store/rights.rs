//! What `authorize` looks up: who somebody is, and what they are in one organization.

use guildhall::caller::ClientKind;
use guildhall::id::{ApplicationId, ClientId, OrganizationId, SessionId, UserId};

use super::organization_client_tokens::Secrets;
use super::{Tx, listed};
use crate::auth::amr;
use crate::fault::Fault;

/// A person's rights, in the tenant and in one organization.
#[derive(Debug, Clone)]
pub struct UserRights {
    /// The account is not disabled.
    pub active: bool,
    pub tenant_admin: bool,
    pub must_change_password: bool,
    /// Access tokens from before this moment are dead; milliseconds since the Unix epoch.
    pub tokens_valid_from: i64,
    pub membership: Option<MembershipRights>,
    /// Whether the organization is enabled; `None` when there is none.
    pub organization_enabled: Option<bool>,
}

/// What a membership allows.
#[derive(Debug, Clone, Copy)]
pub struct MembershipRights {
    /// Why it allows nothing at the moment.
    pub closed: Option<Closed>,
    pub admin: bool,
    /// The organization asks for a second factor.
    pub requires_factor: bool,
}

/// Why an organization is closed to one of its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// Somebody suspended the membership.
    Suspended,
    /// The organization is disabled, for everybody.
    Disabled,
}

/// A client that exists.
#[derive(Debug, Clone)]
pub struct ClientRights {
    pub kind: ClientKind,
    /// What it was granted; empty for all that its kind has.
    pub scopes: Vec<String>,
    /// The secrets that count, of an organization's own client: a token ends with the one for which it was issued.
    pub secrets: Option<Secrets>,
}

/// A session that exists.
#[derive(Debug, Clone)]
pub struct SessionRights {
    pub session_id: SessionId,
    pub user_id: UserId,
    /// Milliseconds since the Unix epoch.
    pub expires_at: i64,
    /// To the minute.
    pub last_used_at: i64,
    /// The organization at whose portal it looks.
    pub viewing: Option<OrganizationId>,
    /// Whether a second factor was proved.
    pub second_factor: bool,
}

#[derive(sqlx::FromRow)]
struct UserRow {
    status: String,
    tenant_admin: bool,
    password_must_change: bool,
    tokens_valid_from: i64,
    membership_enabled: Option<bool>,
    membership_accepted: Option<bool>,
    organization_enabled: Option<bool>,
    requires_factor: Option<bool>,
    admin: Option<String>,
}

/// A person's rights; `None` when there is no such person.
///
/// # Errors
/// The database's.
pub async fn user(
    tx: &mut Tx,
    id: UserId,
    organization: Option<OrganizationId>,
) -> Result<Option<UserRights>, sqlx::Error> {
    let row: Option<UserRow> = tx
        .query(
            "SELECT p.status, p.tenant_admin, p.password_must_change, p.tokens_valid_from,
                    m.enabled AS membership_enabled, m.accepted AS membership_accepted, o.enabled AS organization_enabled,
                    o.requires_factor, r.role_id AS admin
             FROM person p
             LEFT JOIN membership m ON m.organization_id = $2 AND m.person_id = p.id
             LEFT JOIN organization o ON o.id = $2
             LEFT JOIN member_role r ON r.organization_id = m.organization_id AND r.person_id = p.id
                                    AND r.role_id = 'Organization Admin'
             WHERE p.id = $1",
        )
        .bind(id.to_string())
        .bind(organization.map(|id| id.to_string()))
        .optional()
        .await?;
    Ok(row.map(|row| UserRights {
        active: row.status != "Disabled",
        tenant_admin: row.tenant_admin,
        must_change_password: row.password_must_change,
        tokens_valid_from: row.tokens_valid_from,
        organization_enabled: row.organization_enabled,
        // Whoever was only invited is nobody here yet, whatever they are invited as.
        membership: row
            .membership_enabled
            .filter(|_| row.membership_accepted == Some(true) && row.status != "Pending")
            .map(|enabled| MembershipRights {
                // Whoever is suspended learns nothing more of the organization.
                closed: match row.organization_enabled {
                    _ if !enabled => Some(Closed::Suspended),
                    Some(true) => None,
                    _ => Some(Closed::Disabled),
                },
                admin: row.admin.is_some(),
                requires_factor: row.requires_factor == Some(true),
            }),
    }))
}

/// A client; `None` when there is no such client.
///
/// # Errors
/// The database's, and a stored application id that is none.
pub async fn client(tx: &mut Tx, id: ClientId) -> Result<Option<ClientRights>, Fault> {
    let row: Option<(String, String, String)> = tx
        .query(
            "SELECT a.id, a.kind, c.scopes FROM client c JOIN application a ON a.id = c.application_id WHERE c.id = $1",
        )
        .bind(id.to_string())
        .optional()
        .await?;
    if row.is_none() {
        return organization_client(tx, id).await;
    }
    row.map(|(app, kind, scopes)| {
        let app: ApplicationId = app.parse().map_err(anyhow::Error::from)?;
        Ok(ClientRights {
            kind: if kind == "management" {
                ClientKind::Management
            } else {
                ClientKind::Application(app)
            },
            scopes: listed(&scopes),
            secrets: None,
        })
    })
    .transpose()
}

/// A client that an organization itself made, where the organization is enabled.
async fn organization_client(tx: &mut Tx, id: ClientId) -> Result<Option<ClientRights>, Fault> {
    let secrets = super::organization_client_tokens::secrets(tx, id).await?;
    Ok(secrets.map(|secrets| ClientRights {
        kind: ClientKind::Organization(secrets.organization_id),
        scopes: Vec::new(),
        secrets: Some(secrets),
    }))
}

/// The session of a token's fingerprint; `None` when it was ended.
///
/// # Errors
/// The database's, and stored ids that are none.
pub async fn session(tx: &mut Tx, token_hash: &str) -> Result<Option<SessionRights>, Fault> {
    let row: Option<(String, String, i64, i64, Option<String>, String)> = tx
        .query(
            "SELECT id, person_id, expires_at, last_used_at, viewing, amr FROM session WHERE token_hash = $1",
        )
        .bind(token_hash.to_owned())
        .optional()
        .await?;
    row.map(|(id, person, expires_at, last_used_at, viewing, amr)| {
        Ok(SessionRights {
            session_id: id.parse().map_err(anyhow::Error::from)?,
            user_id: person.parse().map_err(anyhow::Error::from)?,
            expires_at,
            last_used_at,
            viewing: viewing
                .map(|id| id.parse())
                .transpose()
                .map_err(anyhow::Error::from)?,
            second_factor: amr::has_second_factor(&amr),
        })
    })
    .transpose()
}

/// What an access token needs to know of the session that asked for it.
#[derive(Debug, Clone, Copy)]
pub struct TokenSession {
    pub expires_at: i64,
    /// Whether a second factor was proved.
    pub second_factor: bool,
}

/// The session that asked for an access token; `None` when it was ended.
///
/// # Errors
/// The database's.
pub async fn token_session(tx: &mut Tx, id: SessionId) -> Result<Option<TokenSession>, sqlx::Error> {
    let row: Option<(i64, String)> = tx
        .query("SELECT expires_at, amr FROM session WHERE id = $1")
        .bind(id.to_string())
        .optional()
        .await?;
    Ok(row.map(|(expires_at, amr)| TokenSession {
        expires_at,
        second_factor: amr::has_second_factor(&amr),
    }))
}

/// Whether an organization that is enabled has an application.
///
/// # Errors
/// The database's.
pub async fn application_is_in(
    tx: &mut Tx,
    app: ApplicationId,
    organization: OrganizationId,
) -> Result<bool, sqlx::Error> {
    tx.query(
        "SELECT 1 FROM organization_application a JOIN organization o ON o.id = a.organization_id
             WHERE a.organization_id = $1 AND a.application_id = $2 AND o.enabled",
    )
    .bind(organization.to_string())
    .bind(app.to_string())
    .exists()
    .await
}
