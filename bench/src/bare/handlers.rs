//! The handlers, over the types of one driver; the statements are those that both databases understand.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::{Path, Query, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use guildhall::id::{OrganizationId, RequestId, UserId};
use guildhall::policy::{Standing, scopes_of};
use guildhall::text::fold;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rand::Rng as _;
use serde::Deserialize;
use sha2::Digest as _;

use super::super::answers::*;
use super::{BEGIN, Pool, Transaction};

#[derive(Clone)]
struct App {
    pool: Pool,
    signs: Arc<EncodingKey>,
    /// As many as the real server gives to such a client.
    scopes: Arc<str>,
}

pub fn router(pool: Pool) -> Router {
    // The PKCS#8 envelope of an Ed25519 seed; any seed will do.
    let mut der = vec![
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ];
    der.extend([7; 32]);
    let app = App {
        pool,
        signs: Arc::new(EncodingKey::from_ed_der(&der)),
        scopes: scopes_of(Standing::ManagementClient).join(" ").into(),
    };
    Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/v1/organizations", post(create_organization))
        .route(
            "/v1/organizations/{organization}/members",
            get(list_members).post(add_member),
        )
        // Beside the real server's Auth0-compatible API: the same rows.
        .route("/api/v2/organizations/{organization}/members", get(list_members))
        .route(
            "/v1/organizations/{organization}/members/{person}",
            get(get_member),
        )
        .route(
            "/v1/applications/{app}/organizations/{organization}/members/{person}/roles",
            post(set_roles),
        )
        .route("/oidc/token", post(token))
        .with_state(app)
}

fn now() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or_default()
}

/// One of the rows that a total is spread over.
fn shard() -> i64 {
    rand::rng().random_range(0..16)
}

macro_rules! member_columns {
    () => {
        "SELECT p.id, p.email, p.email_verified, p.phone_number, p.phone_number_verified, p.username, p.external_user_id,
                p.external_account_id, p.name, p.address, p.birthday, p.picture, p.language, p.custom_data,
                p.custom_app_data, p.secondary_emails, p.secondary_phone_numbers, p.status, p.status_changed_at,
                p.last_auth, p.version, p.created_at, p.updated_at, m.organization_id, m.enabled, m.department, m.title,
                m.manager, m.sort_key, m.status AS member_status, m.version AS membership_version,
                m.created_at AS joined_at, m.updated_at AS membership_updated_at,
                (SELECT string_agg(mr.role_id || '\u{1f}' || COALESCE(mr.application_id, '') || '\u{1f}'
                                   || COALESCE(r.name, mr.role_id), '\u{1e}')
                 FROM member_role mr LEFT JOIN role r ON r.id = mr.role_id
                 WHERE mr.organization_id = m.organization_id AND mr.person_id = m.person_id) AS roles
         FROM membership m JOIN person p ON p.id = m.person_id"
    };
}

async fn get_member(
    State(app): State<App>,
    Path((organization, person)): Path<(String, String)>,
) -> Result<Json<One<Member>>, Failed> {
    let row: Option<MemberRow> = sqlx::query_as(concat!(
        member_columns!(),
        " WHERE m.organization_id = $1 AND m.person_id = $2"
    ))
    .bind(organization)
    .bind(person)
    .fetch_optional(&app.pool)
    .await?;
    let row = row.ok_or(Failed::Refused(StatusCode::NOT_FOUND, "no such member"))?;
    Ok(Json(One { result: row.read()? }))
}

#[derive(Deserialize)]
struct Page {
    limit: Option<i64>,
    cursor: Option<String>,
    role_id: Option<String>,
}

async fn list_members(
    State(app): State<App>,
    Path(organization): Path<String>,
    Query(page): Query<Page>,
) -> Result<Json<Many<Member>>, Failed> {
    let limit = page.limit.unwrap_or(50).clamp(1, 100);
    let after = page.cursor.as_deref().map(read_cursor).transpose()?;
    let is_first = after.is_none();
    let (key, id) = after.unwrap_or_default();
    let mut rows: Vec<MemberRow> = match page.role_id {
        None => {
            sqlx::query_as(concat!(
                member_columns!(),
                " WHERE m.organization_id = $1 AND (m.sort_key, m.person_id) > ($2, $3)
                  ORDER BY m.sort_key, m.person_id LIMIT $4"
            ))
            .bind(organization)
            .bind(key)
            .bind(id)
            .bind(limit + 1)
            .fetch_all(&app.pool)
            .await?
        }
        Some(role) => {
            sqlx::query_as(concat!(
                member_columns!(),
                " WHERE m.organization_id = $1 AND (m.sort_key, m.person_id) > ($2, $3)
                    AND EXISTS (SELECT 1 FROM member_role f WHERE f.organization_id = m.organization_id
                                AND f.person_id = m.person_id AND f.role_id = $5)
                  ORDER BY m.sort_key, m.person_id LIMIT $4"
            ))
            .bind(organization)
            .bind(key)
            .bind(id)
            .bind(limit + 1)
            .bind(role)
            .fetch_all(&app.pool)
            .await?
        }
    };
    let wanted = usize::try_from(limit)?;
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    let cursor = |row: Option<&MemberRow>, direction: char| {
        row.map(|row| {
            let text = format!("members.name.a.{direction}\u{1f}{}\u{1f}{}", row.sort_key, row.id);
            URL_SAFE_NO_PAD.encode(text)
        })
    };
    let page_info = PageInfo {
        limit,
        next_cursor: if more { cursor(rows.last(), 'n') } else { None },
        previous_cursor: if is_first { None } else { cursor(rows.first(), 'p') },
    };
    let result = rows
        .into_iter()
        .map(MemberRow::read)
        .collect::<serde_json::Result<_>>()?;
    Ok(Json(Many { result, page_info }))
}

fn read_cursor(cursor: &str) -> Result<(String, String), Failed> {
    let wrong = || Failed::Refused(StatusCode::BAD_REQUEST, "not a cursor");
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| wrong())?;
    let text = String::from_utf8(bytes).map_err(|_| wrong())?;
    let mut parts = text.split('\u{1f}').skip(1);
    match (parts.next(), parts.next()) {
        (Some(key), Some(id)) => Ok((key.to_owned(), id.to_owned())),
        _ => Err(wrong()),
    }
}

async fn add_member(
    State(app): State<App>,
    Path(organization): Path<String>,
    Json(new): Json<NewMember>,
) -> Result<Json<One<Member>>, Failed> {
    let now = now();
    let id = UserId::compose(now, rand::rng().random()).to_string();
    let name = new.name.as_ref().map(serde_json::to_string).transpose()?;
    let full = new.name.as_ref().map_or_else(String::new, |name| {
        let part = |part: &Option<String>| part.clone().unwrap_or_default();
        format!("{} {}", part(&name.first_name), part(&name.last_name))
    });
    let sort_key = fold(&full);
    let search_text = fold(&format!("{full} {} {id}", new.email));

    let mut tx: Transaction = app.pool.begin_with(BEGIN).await?;
    sqlx::query(
        "INSERT INTO person (id, email, email_key, email_verified, phone_number_verified, name, secondary_emails,
                             secondary_phone_numbers, status, status_changed_at, tenant_admin, password_must_change,
                             sort_key, search_text, version, created_at, updated_at)
         VALUES ($1, $2, $3, FALSE, FALSE, $4, '', '', 'Active', $5, FALSE, FALSE, $6, $7, 1, $5, $5)",
    )
    .bind(&id)
    .bind(&new.email)
    .bind(new.email.to_lowercase())
    .bind(name)
    .bind(now)
    .bind(&sort_key)
    .bind(&search_text)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO membership (organization_id, person_id, enabled, sort_key, search_text, status, version,
                                 created_at, updated_at)
         VALUES ($1, $2, TRUE, $3, $4, 'Active', 1, $5, $5)",
    )
    .bind(&organization)
    .bind(&id)
    .bind(&sort_key)
    .bind(&search_text)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    let mut roles = Vec::with_capacity(new.role_ids.len());
    for role in new.role_ids {
        let found: Option<(String, String)> =
            sqlx::query_as("SELECT name, application_id FROM role WHERE id = $1")
                .bind(&role)
                .fetch_optional(&mut *tx)
                .await?;
        let (role_name, app_id) = found.ok_or(Failed::Refused(StatusCode::BAD_REQUEST, "no such role"))?;
        sqlx::query(
            "INSERT INTO member_role (organization_id, person_id, role_id, application_id) VALUES ($1, $2, $3, $4)",
        )
        .bind(&organization)
        .bind(&id)
        .bind(&role)
        .bind(&app_id)
        .execute(&mut *tx)
        .await?;
        roles.push(Role {
            role_id: role,
            role_name,
            app_id: Some(app_id),
        });
    }
    // The tables keep totals, so whoever writes to them has to.
    sqlx::query(
        "INSERT INTO counter (subject, shard, value) VALUES ($1, $2, 1), ('people', $2, 1), ('members', $2, 1)
         ON CONFLICT (subject, shard) DO UPDATE SET value = counter.value + excluded.value",
    )
    .bind(format!("{organization}/members"))
    .bind(shard())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;

    let result = Member {
        user_id: id,
        organization_id: organization,
        email: Some(Email {
            value: new.email,
            email_verified: false,
        }),
        phone_number: None,
        username: None,
        name: new.name,
        address: None,
        birthday: None,
        picture: None,
        language: None,
        status: "Active".to_owned(),
        member_status: "Active".to_owned(),
        status_changed_at: now,
        created_at: now,
        updated_at: now,
        last_auth: None,
        external_user_id: None,
        external_account_id: None,
        custom_data: None,
        custom_app_data: None,
        secondary_emails: Vec::new(),
        secondary_phone_numbers: Vec::new(),
        organization_information: OrganizationInformation {
            enabled: true,
            department: None,
            title: None,
            manager: None,
        },
        roles,
        joined_at: now,
        version: 2,
    };
    Ok(Json(One { result }))
}

async fn create_organization(
    State(app): State<App>,
    Json(new): Json<NewOrganization>,
) -> Result<(StatusCode, Json<One<Organization>>), Failed> {
    let now = now();
    let id = OrganizationId::compose(now, rand::rng().random()).to_string();
    let mut tx: Transaction = app.pool.begin_with(BEGIN).await?;
    sqlx::query(
        "INSERT INTO organization (id, name, name_key, domain, more_domains, enabled, search_text, admin_guard, version,
                                   created_at, updated_at)
         VALUES ($1, $2, $3, $4, '', TRUE, $5, 0, 1, $6, $6)",
    )
    .bind(&id)
    .bind(&new.name)
    .bind(fold(&new.name))
    .bind(&new.domain)
    .bind(fold(&format!("{} {} {id}", new.name, new.domain)))
    .bind(now)
    .execute(&mut *tx)
    .await?;
    for app in &new.app_ids {
        sqlx::query(
            "INSERT INTO organization_application (organization_id, application_id, created_at) VALUES ($1, $2, $3)",
        )
        .bind(&id)
        .bind(app)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    }
    sqlx::query(
        "INSERT INTO counter (subject, shard, value) VALUES ('organizations', $1, 1)
         ON CONFLICT (subject, shard) DO UPDATE SET value = counter.value + excluded.value",
    )
    .bind(shard())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    let result = Organization {
        organization_id: id,
        name: new.name,
        domains: vec![new.domain.clone()],
        domain: new.domain,
        app_ids: new.app_ids,
        enabled: true,
        alias_name: None,
        logo_url: None,
        created_at: now,
        updated_at: now,
        managing_organization_id: None,
        managed_organizations_by_app: std::collections::BTreeMap::new(),
        member_count: 0,
        version: 1,
    };
    Ok((StatusCode::CREATED, Json(One { result })))
}

async fn set_roles(
    State(app): State<App>,
    Path((application, organization, person)): Path<(String, String, String)>,
    Json(new): Json<RoleIds>,
) -> Result<StatusCode, Failed> {
    let mut tx: Transaction = app.pool.begin_with(BEGIN).await?;
    // Holds the row on PostgreSQL: two of these about one member would both insert what neither has seen.
    sqlx::query("UPDATE membership SET version = version + 1 WHERE organization_id = $1 AND person_id = $2")
        .bind(&organization)
        .bind(&person)
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "DELETE FROM member_role WHERE organization_id = $1 AND person_id = $2 AND application_id = $3",
    )
    .bind(&organization)
    .bind(&person)
    .bind(&application)
    .execute(&mut *tx)
    .await?;
    for role in new.role_ids {
        let given = sqlx::query(
            "INSERT INTO member_role (organization_id, person_id, role_id, application_id)
             SELECT $1, $2, id, application_id FROM role WHERE id = $3 AND application_id = $4",
        )
        .bind(&organization)
        .bind(&person)
        .bind(role)
        .bind(&application)
        .execute(&mut *tx)
        .await?;
        if given.rows_affected() == 0 {
            return Err(Failed::Refused(StatusCode::BAD_REQUEST, "no such role"));
        }
    }
    let touched = sqlx::query(
        "UPDATE membership SET version = version + 1, updated_at = $3 WHERE organization_id = $1 AND person_id = $2",
    )
    .bind(&organization)
    .bind(&person)
    .bind(now())
    .execute(&mut *tx)
    .await?;
    if touched.rows_affected() == 0 {
        return Err(Failed::Refused(StatusCode::NOT_FOUND, "no such member"));
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn token(State(app): State<App>, headers: HeaderMap) -> Result<Json<Token>, Failed> {
    let refused = || Failed::Refused(StatusCode::UNAUTHORIZED, "invalid_client");
    let basic = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Basic "))
        .and_then(|text| String::from_utf8(STANDARD.decode(text).ok()?).ok())
        .ok_or_else(refused)?;
    let (id, secret) = basic.split_once(':').ok_or_else(refused)?;
    let found: Option<(String,)> = sqlx::query_as("SELECT secret_hash FROM client WHERE id = $1")
        .bind(id)
        .fetch_optional(&app.pool)
        .await?;
    let (hash,) = found.ok_or_else(refused)?;
    let digest = sha2::Sha256::digest(secret.as_bytes());
    if hash
        != digest
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    {
        return Err(refused());
    }
    let now = now();
    let claims = Claims {
        iss: "http://localhost",
        aud: "http://localhost",
        sub: id,
        client_id: id,
        exp: now / 1000 + 3600,
        iat: now / 1000,
        jti: RequestId::compose(now, rand::rng().random()).to_string(),
        scope: &app.scopes,
        roles: [],
    };
    let access_token = jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &app.signs)?;
    Ok(Json(Token {
        access_token,
        token_type: "Bearer",
        expires_in: 3600,
        scope: app.scopes.to_string(),
    }))
}
