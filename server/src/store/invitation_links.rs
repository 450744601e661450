//! The links of invitations: only a fingerprint of each is kept. Whoever has one needs no other right.

use guildhall::branding::{Color, Colors};
use guildhall::id::{ApplicationId, InvitationId, OrganizationId, RoleId, UserId};
use guildhall::users::PersonName;

use super::{Tx, invitation_list, listed};
use crate::authorize::Permit;
use crate::fault::Fault;

/// Makes a link the current one of an invitation that waits, and every earlier one dead.
///
/// # Errors
/// The database's.
pub async fn renew(
    tx: &mut Tx,
    id: InvitationId,
    token_hash: &str,
    proves_address: bool,
    now: i64,
    expires_at: i64,
) -> Result<(), sqlx::Error> {
    tx.query(
        "INSERT INTO invitation_link (token_hash, invitation_id, proves_address, created_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(token_hash.to_owned())
    .bind(id.to_string())
    .bind(proves_address)
    .bind(now)
    .execute()
    .await?;
    tx.query(
        "UPDATE invitation SET token_hash = $2, sent_at = $3, expires_at = $4, asked_at = NULL
         WHERE id = $1 AND status = 'pending'",
    )
    .bind(id.to_string())
    .bind(token_hash.to_owned())
    .bind(now)
    .bind(expires_at)
    .execute()
    .await
    .map(|_| ())
}

#[derive(sqlx::FromRow)]
struct OpenedRow {
    #[sqlx(try_from = "String")]
    id: InvitationId,
    #[sqlx(try_from = "String")]
    organization_id: OrganizationId,
    organization_name: String,
    organization_enabled: bool,
    logo_url: Option<String>,
    color_primary: Option<String>,
    color_page_background: Option<String>,
    application_id: Option<String>,
    application_name: Option<String>,
    redirect_uris: Option<String>,
    initiate_login_uri: Option<String>,
    #[sqlx(try_from = "String")]
    person_id: UserId,
    email: String,
    role_ids: String,
    status: String,
    expires_at: i64,
    asked_at: Option<i64>,
    invited_by: Option<String>,
    is_current: bool,
    proves_address: bool,
    membership_accepted: Option<bool>,
    typed_name: Option<String>,
    made_for_this: bool,
    inviter_name: Option<String>,
    gives_all: bool,
}

/// What a link leads to. Having it is the right to read and accept the invitation.
#[derive(Debug, Clone)]
pub struct Opened {
    pub id: InvitationId,
    pub organization: OrganizationId,
    pub organization_name: String,
    pub organization_enabled: bool,
    pub logo_url: Option<String>,
    pub colors: Colors,
    pub app: Option<ApplicationId>,
    pub app_name: Option<String>,
    pub redirect_uris: Vec<String>,
    /// Where the application's own sign-in begins, where it says so.
    pub initiate_login_uri: Option<String>,
    pub person: UserId,
    pub email: String,
    pub role_ids: Vec<RoleId>,
    /// The names of those of the roles that are still there.
    pub role_names: Vec<String>,
    pub status: String,
    pub expires_at: i64,
    pub asked_at: Option<i64>,
    pub invited_by: Option<String>,
    /// No newer link took its place.
    pub is_current: bool,
    /// It was sent to the address and shown to nobody.
    pub proves_address: bool,
    /// Whether the person accepted an invitation into the organization before; `None` where they are not in it any more.
    pub membership_accepted: Option<bool>,
    /// What the inviter calls them.
    pub typed_name: Option<PersonName>,
    /// The account was made with this membership and has no other: nobody else has a part in it.
    pub made_for_this: bool,
    /// Who invites, in the inviter's own words.
    pub inviter_name: Option<String>,
    /// It gives all its roles, whatever applications they are of.
    pub gives_all: bool,
}

/// Finds what a link leads to.
///
/// # Errors
/// The database's.
pub async fn open(tx: &mut Tx, token_hash: &str) -> Result<Option<Opened>, Fault> {
    let row: Option<OpenedRow> = tx
        .query(
            "SELECT i.id, i.organization_id, o.name AS organization_name, o.enabled AS organization_enabled, o.logo_url,
                    o.color_primary, o.color_page_background, i.application_id, a.name AS application_name, a.redirect_uris,
                    a.initiate_login_uri, i.person_id, i.email, i.role_ids, i.status, i.expires_at, i.asked_at, i.invited_by,
                    (l.token_hash = COALESCE(i.token_hash, '')) AS is_current, l.proves_address,
                    m.accepted AS membership_accepted, i.typed_name, i.inviter_name, (i.client_id IS NOT NULL) AS gives_all,
                    (COALESCE(p.created_at >= m.created_at, FALSE) AND NOT EXISTS (SELECT 1 FROM membership x
                        WHERE x.person_id = i.person_id AND x.organization_id <> i.organization_id)) AS made_for_this
             FROM invitation_link l JOIN invitation i ON i.id = l.invitation_id JOIN person p ON p.id = i.person_id
             JOIN organization o ON o.id = i.organization_id
             LEFT JOIN application a ON a.id = i.application_id
             LEFT JOIN membership m ON m.organization_id = i.organization_id AND m.person_id = i.person_id
             WHERE l.token_hash = $1",
        )
        .bind(token_hash.to_owned())
        .optional()
        .await?;
    let Some(row) = row else { return Ok(None) };
    let color = |text: Option<String>| text.and_then(|text| Color::parse(&text).ok());
    let role_ids: Vec<RoleId> = serde_json::from_str(&row.role_ids)?;
    let names = invitation_list::role_names(tx, row.organization_id).await?;
    let role_names = role_ids
        .iter()
        .filter_map(|role| {
            if role.is_built_in() {
                Some(role.to_string())
            } else {
                names
                    .get(&role.to_string())
                    .map(|(name, display, _)| display.as_ref().unwrap_or(name).clone())
            }
        })
        .collect();
    Ok(Some(Opened {
        id: row.id,
        organization: row.organization_id,
        organization_name: row.organization_name,
        organization_enabled: row.organization_enabled,
        logo_url: row.logo_url,
        colors: Colors {
            primary: color(row.color_primary),
            page_background: color(row.color_page_background),
        },
        app: row
            .application_id
            .map(|id| id.parse())
            .transpose()
            .map_err(anyhow::Error::from)?,
        app_name: row.application_name,
        redirect_uris: listed(&row.redirect_uris.unwrap_or_default()),
        initiate_login_uri: row.initiate_login_uri,
        person: row.person_id,
        email: row.email,
        role_ids,
        role_names,
        status: row.status,
        expires_at: row.expires_at,
        asked_at: row.asked_at,
        invited_by: row.invited_by,
        is_current: row.is_current,
        proves_address: row.proves_address,
        membership_accepted: row.membership_accepted,
        typed_name: row
            .typed_name
            .map(|name| serde_json::from_str(&name))
            .transpose()?,
        made_for_this: row.made_for_this,
        inviter_name: row.inviter_name,
        gives_all: row.gives_all,
    }))
}

/// Uses up a link: of several that come at once, one is told `true`.
///
/// # Errors
/// The database's.
pub async fn accept(tx: &mut Tx, id: InvitationId, token_hash: &str, now: i64) -> Result<bool, sqlx::Error> {
    let accepted = tx
        .query(
            "UPDATE invitation SET status = 'accepted', accepted_at = $3
             WHERE id = $1 AND token_hash = $2 AND status = 'pending' AND expires_at > $3",
        )
        .bind(id.to_string())
        .bind(token_hash.to_owned())
        .bind(now)
        .execute()
        .await?;
    Ok(accepted == 1)
}

/// Notes that a new one was asked for.
///
/// # Errors
/// The database's.
pub async fn asked(tx: &mut Tx, id: InvitationId, now: i64) -> Result<(), sqlx::Error> {
    tx.query("UPDATE invitation SET asked_at = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(now)
        .execute()
        .await
        .map(|_| ())
}

/// Makes a membership one that was accepted, without the roles that invitations have to bring: this one's, and those
/// that still wait. What somebody gave otherwise stays.
///
/// # Errors
/// The database's.
pub async fn enter(tx: &mut Tx, opened: &Opened, now: i64) -> Result<(), sqlx::Error> {
    take_in(tx, opened.organization, opened.person, opened.app, now).await
}

/// The same for somebody whom the tenant makes a member whatever they were invited as: their invitations wait on, for the
/// roles that they have to bring.
///
/// # Errors
/// The database's.
pub async fn vouch(tx: &mut Tx, permit: &Permit, person: UserId, now: i64) -> Result<(), Fault> {
    Ok(take_in(tx, permit.organization()?, person, None, now).await?)
}

async fn take_in(
    tx: &mut Tx,
    organization: OrganizationId,
    person: UserId,
    app: Option<ApplicationId>,
    now: i64,
) -> Result<(), sqlx::Error> {
    tx.query(
        "DELETE FROM member_role WHERE organization_id = $1 AND person_id = $2 AND (application_id IS NULL
            OR application_id = $3 OR EXISTS (SELECT 1 FROM invitation i
                WHERE i.organization_id = $1 AND i.person_id = $2 AND i.status = 'pending'
                  AND (i.application_id = member_role.application_id
                    OR i.role_ids LIKE '%\"' || member_role.role_id || '\"%')))",
    )
    .bind(organization.to_string())
    .bind(person.to_string())
    .bind(app.map(|app| app.to_string()))
    .execute()
    .await?;
    tx.query(
        "UPDATE membership SET accepted = TRUE, accepted_at = $3, typed = NULL, version = version + 1, updated_at = $3
         WHERE organization_id = $1 AND person_id = $2",
    )
    .bind(organization.to_string())
    .bind(person.to_string())
    .bind(now)
    .execute()
    .await
    .map(|_| ())
}
