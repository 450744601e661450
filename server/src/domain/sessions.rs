//! Coming in and going out.

use guildhall::caller::{Caller, Request, UserCaller};
use guildhall::error::{Code, Error};
use guildhall::id::{SessionId, UserId};
use guildhall::secret::Secret;
use guildhall::sessions::*;
use guildhall::text::fold;
use guildhall::users::{PersonName, UserStatus};

use super::{factors, found, passwords, portal, registrations};
use crate::auth::amr;
use crate::auth::password_rules::About;
use crate::authorize::Permit;
use crate::change::Change;
use crate::clock;
use crate::console::{Context, Perform, Prepared};
use crate::fault::Fault;
use crate::services::Services;
use crate::store::accounts::Details;
use crate::store::sessions::NewSession;
use crate::store::{self, Db, Tx, accounts, logins, people};

/// How long a session lasts, in seconds.
const LIFETIME: i64 = 12 * 60 * 60;

/// When a session that begins now ends by itself.
pub(super) fn ends_at(now: i64) -> i64 {
    now.saturating_add(LIFETIME.saturating_mul(1000))
}

impl Perform for GetMe {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<Me, Fault> {
        let id = permit.person()?;
        let user = found(people::get(tx, id).await?, "user")?;
        let login = found(logins::of(tx, id).await?, "user")?;
        let (administers, member_of) = store::memberships::open_to(tx, id).await?;
        let shown = |organization: &AdministeredOrganization| {
            permit
                .only_organization()
                .is_none_or(|only| only == organization.organization_id)
        };
        Ok(Me {
            user_id: id,
            label: user.label(),
            email: user.email.map(|email| email.value),
            tenant_admin: user.tenant_admin,
            must_change_password: login.password_must_change,
            viewing: portal::viewed(permit, tx).await?,
            may_request_organizations: registrations::way(tx, permit).await?.is_open,
            // A token for one organization shows no other.
            administers: administers.into_iter().filter(shown).collect(),
            member_of: member_of.into_iter().filter(shown).collect(),
        })
    }
}

/// Whose name and password these are, unless the account is disabled.
pub(super) async fn verified(
    services: &Services,
    db: &Db,
    identifier: &str,
    password: &Secret,
) -> Result<Option<UserId>, Fault> {
    let login = logins::find(&mut db.read().await?, &fold(identifier)).await?;
    let hash = login.as_ref().and_then(|login| login.password_hash.as_deref());
    // Without a hash it takes as long: whether the name is known cannot be timed.
    let right = services.hasher.verify(password.reveal(), hash).await?;
    Ok(login
        .filter(|login| right && login.status != "Disabled")
        .map(|login| login.id))
}

impl Perform for SignIn {
    async fn prepare(&self, services: &Services, db: &Db, _: &Request) -> Result<Prepared, Fault> {
        Ok(Prepared {
            verified: verified(services, db, self.identifier.as_str(), &self.password).await?,
            ..Prepared::default()
        })
    }

    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<SignInStep, Fault> {
        let Some(id) = cx.prepared.verified else {
            return Err(
                Error::new(Code::Unauthenticated, "The name or the password is wrong.")
                    .because("wrong_credentials")
                    .into(),
            );
        };
        if store::factors::has_any(tx, id).await? {
            return Ok(SignInStep::SecondFactor(
                factors::begin_pending(tx, cx, id).await?,
            ));
        }
        Ok(SignInStep::SignedIn(enter(tx, cx, id, amr::PASSWORD).await?))
    }
}

/// Signs somebody in who has proved who they are, in the browser that asks.
pub(super) async fn enter(
    tx: &mut Tx,
    cx: &mut Context<'_>,
    id: UserId,
    amr: &'static str,
) -> Result<SignedIn, Fault> {
    logins::signed_in(tx, id, cx.now).await?;
    let (session, signed_in) = begin_session(tx, cx, id, amr).await?;
    // Whoever signs in anew in a browser leaves the session that it had; applications keep what the same person gave
    // them there.
    if let Caller::User(UserCaller {
        user_id,
        session_id: Some(left),
        ..
    }) = &cx.request.caller
    {
        if *user_id == id {
            store::grants::move_to_session(tx, *left, session).await?;
        }
        store::sessions::delete(tx, *left).await?;
        cx.rights_of(*user_id);
    }
    Ok(signed_in)
}

/// A new session with a new id and token.
pub(super) async fn begin(tx: &mut Tx, cx: &mut Context<'_>, id: UserId) -> Result<SignedIn, Fault> {
    Ok(begin_session(tx, cx, id, amr::PASSWORD).await?.1)
}

/// The same, with the session's id.
pub(super) async fn begin_session(
    tx: &mut Tx,
    cx: &mut Context<'_>,
    id: UserId,
    amr: &'static str,
) -> Result<(SessionId, SignedIn), Fault> {
    let login = found(logins::of(tx, id).await?, "user")?;
    let session = SessionId::compose(cx.now, cx.random());
    let token = clock::secret_text()?;
    let expires_at = ends_at(cx.now);
    let new = NewSession {
        id: session,
        token_hash: clock::fingerprint(&token),
        person: id,
        amr,
        expires_at,
    };
    store::sessions::insert(tx, new, cx.request, cx.now).await?;
    let must_set_up_factor =
        factors::lacks(true, amr) && !store::factors::required_by(tx, id).await?.is_empty();
    let user = found(people::get(tx, id).await?, "user")?;
    cx.changed(Change::of("user", id, user.label()).by(id));
    let signed_in = SignedIn {
        user_id: id,
        session_token: Secret::new(token),
        lifetime: LIFETIME,
        must_change_password: login.password_must_change,
        tenant_admin: user.tenant_admin,
        must_set_up_factor,
    };
    Ok((session, signed_in))
}

impl Perform for SignOut {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        portal::note_end_of_view(permit, tx, cx).await?;
        if let Some(user) = permit.user()
            && let Some(session) = user.session_id
        {
            store::sessions::delete(tx, session).await?;
            cx.rights_of(user.user_id);
        }
        Ok(())
    }
}

impl Perform for ChangeOwnPassword {
    async fn prepare(&self, services: &Services, db: &Db, request: &Request) -> Result<Prepared, Fault> {
        let Caller::User(user) = &request.caller else {
            return Ok(Prepared::default());
        };
        let login = logins::of(&mut db.read().await?, user.user_id).await?;
        let hash = login.and_then(|login| login.password_hash);
        if !services
            .hasher
            .verify(self.current_password.reveal(), hash.as_deref())
            .await?
        {
            return Err(Error::field("current_password", "is wrong").into());
        }
        if self.current_password.reveal() == self.new_password.reveal() {
            return Err(Error::field("new_password", "must not be the current one").into());
        }
        let about = passwords::about(&mut db.read().await?, user.user_id).await?;
        let password_hash =
            Some(passwords::hashed(services, "new_password", &self.new_password, &about).await?);
        Ok(Prepared {
            password_hash,
            verified: Some(user.user_id),
            ..Prepared::default()
        })
    }

    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let id = permit.person()?;
        let hash = cx
            .prepared
            .password_hash
            .clone()
            .filter(|_| cx.prepared.verified == Some(id));
        let hash = hash.ok_or_else(|| Error::field("current_password", "is wrong"))?;
        logins::set_password(tx, id, hash, false, cx.now).await?;
        store::sessions::delete_of(tx, id, permit.user().and_then(|user| user.session_id)).await?;
        cx.rights_of(id);
        let user = found(people::get(tx, id).await?, "user")?;
        passwords::tell_of_change(cx, &user);
        cx.changed(Change::of("user", id, user.label()));
        Ok(())
    }
}

/// Whether there is an administrator already decides what to do instead.
async fn dead_link(tx: &mut Tx) -> Result<Error, Fault> {
    let why = if store::tenant::count_admins(tx).await? > 0 {
        "This link was used: the console has its first administrator, and others are made by administrators."
    } else {
        "This link was replaced when the server started again. The newest one stands in its output."
    };
    Ok(Error::new(Code::Gone, why).because("set_up_over"))
}

impl Perform for GetSetUp {
    async fn perform(self, _: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<(), Fault> {
        if store::tenant::is_setup_token(tx, &clock::fingerprint(self.token.as_str())).await? {
            return Ok(());
        }
        Err(dead_link(tx).await?.into())
    }
}

impl Perform for SetUp {
    async fn prepare(&self, services: &Services, db: &Db, _: &Request) -> Result<Prepared, Fault> {
        // Hashing is for whoever has the link: to anybody else it would be a way to keep the server busy.
        let token = clock::fingerprint(self.token.as_str());
        let mut tx = db.read().await?;
        if !store::tenant::is_setup_token(&mut tx, &token).await? {
            return Err(dead_link(&mut tx).await?.into());
        }
        // Hashing takes a while: others may read meanwhile.
        drop(tx);
        let about = About::new().and_email(self.email.as_str());
        let password_hash = Some(passwords::hashed(services, "password", &self.password, &about).await?);
        Ok(Prepared {
            password_hash,
            ..Prepared::default()
        })
    }

    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<SignedIn, Fault> {
        store::tenant::guard_admins(tx).await?;
        let taken = store::tenant::take_setup_token(tx, clock::fingerprint(self.token.as_str())).await?;
        if !taken || store::tenant::count_admins(tx).await? > 0 {
            return Err(dead_link(tx).await?.into());
        }
        let id = UserId::compose(cx.now, cx.random());
        let details = Details {
            email: Some(self.email.as_str().to_owned()),
            // Whoever reads the server's output vouches for it.
            email_verified: true,
            name: None::<PersonName>,
            ..Details::default()
        };
        let hash = cx.prepared.password_hash.clone().unwrap_or_default();
        if !accounts::insert(
            tx,
            id,
            &details,
            UserStatus::Active,
            Some((hash, false)),
            cx.now,
            cx.random(),
        )
        .await?
        {
            return Err(
                Error::conflict("user_identifier_taken", "Somebody has this address already.")
                    .at("email", "belongs to somebody already")
                    .into(),
            );
        }
        accounts::set_tenant_admin(tx, id, true, cx.now).await?;
        logins::signed_in(tx, id, cx.now).await?;
        begin(tx, cx, id).await
    }
}
