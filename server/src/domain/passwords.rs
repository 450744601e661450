//! Passwords: the one place where a new one is judged and hashed, and the way back for whoever forgot theirs.

use guildhall::caller::Request;
use guildhall::error::{Code, Error};
use guildhall::id::{OrganizationId, UserId};
use guildhall::passwords::*;
use guildhall::secret::Password;
use guildhall::users::{CreateUser, User, UserStatus};

use super::found;
use crate::auth::password_rules::{self, About};
use crate::auth::strength;
use crate::authorize::Permit;
use crate::change::Change;
use crate::clock;
use crate::console::{Context, Perform, Prepared};
use crate::fault::Fault;
use crate::mail::{Content, Letter};
use crate::services::Services;
use crate::store::people::Identifiers;
use crate::store::{self, Db, Tx, accounts, logins, password_resets, people};

/// How long a link that replaces a password works, in milliseconds.
const LINK: i64 = 60 * 60 * 1000;

/// Judges and hashes a new password; `field` is where the input has it.
///
/// # Errors
/// 400 at the field that says why nobody may choose it; 503 when too many wait.
pub(super) async fn hashed(
    services: &Services,
    field: &str,
    password: &Password,
    about: &About,
) -> Result<String, Fault> {
    password_rules::check(password.reveal(), about).map_err(|why| Error::field(field, why.to_string()))?;
    services.hasher.hash(password.reveal()).await
}

/// What is known of the owner of a password.
pub(super) async fn about(tx: &mut Tx, id: UserId) -> Result<About, Fault> {
    let about = people::get(tx, id)
        .await?
        .map_or_else(About::new, |user| About::person(&user));
    let names = logins::names_around(tx, Some(id), None).await?;
    Ok(names.iter().fold(about, |about, name| about.and(name)))
}

/// The same of somebody who is about to be added, perhaps to an organization.
pub(super) async fn about_new(
    tx: &mut Tx,
    input: &CreateUser,
    joins: Option<OrganizationId>,
) -> Result<About, Fault> {
    let mut about = About::new();
    for email in input.email.iter().chain(&input.secondary_emails) {
        about = about.and_email(email.as_str());
    }
    if let Some(name) = &input.name {
        about = about.and_name(name);
    }
    if let Some(username) = &input.username {
        about = about.and(username.as_str());
    }
    let names = logins::names_around(tx, None, joins).await?;
    Ok(names.iter().fold(about, |about, name| about.and(name)))
}

impl Perform for RatePassword {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<PasswordStrength, Fault> {
        let mut whose = match permit.user() {
            Some(user) => about(tx, user.user_id).await?,
            None => About::new(),
        };
        if let Some(email) = &self.email {
            whose = whose.and_email(email.as_str());
        }
        // What is longer than any password is refused before it is looked at.
        let judged = tokio::task::spawn_blocking(move || strength::judge(self.password.reveal(), &whose));
        Ok(judged.await.map_err(anyhow::Error::from)?)
    }
}

impl Perform for RequestPasswordReset {
    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let by = Identifiers {
            email: Some(self.email.folded()),
            ..Identifiers::default()
        };
        // Nobody is told whether the address is known, nor why nothing came.
        let Some(id) = people::find(tx, &by).await?.first().copied() else {
            return Ok(());
        };
        let Some(user) = people::get(tx, id).await? else {
            return Ok(());
        };
        let (Some(email), false) = (&user.email, user.status == UserStatus::Disabled) else {
            return Ok(());
        };
        let token = clock::secret_text()?;
        let expires_at = cx.now.saturating_add(LINK);
        password_resets::put(
            tx,
            id,
            clock::fingerprint(&token),
            &email.value,
            cx.now,
            expires_at,
        )
        .await?;
        let link = format!("{}/reset/{token}", cx.services.public_url);
        let letter = Letter::to(&email.value, Content::PasswordReset { link, expires_at });
        // An earlier link that still waits to be sent is dead already.
        cx.send(letter.for_user(&user).about(format!("password_reset/{id}")));
        cx.changed(Change::of("user", id, user.label()));
        Ok(())
    }
}

fn dead_link() -> Error {
    Error::new(
        Code::Gone,
        "This link was used, replaced by a newer one, or has expired. Ask for another one.",
    )
    .because("link_dead")
}

impl Perform for GetPasswordReset {
    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<PasswordReset, Fault> {
        let reset = password_resets::find(tx, clock::fingerprint(self.token.as_str()), cx.now).await?;
        let reset = reset.ok_or_else(dead_link)?;
        Ok(PasswordReset {
            email: reset.email,
            expires_at: reset.expires_at,
        })
    }
}

impl Perform for ResetPassword {
    async fn prepare(&self, services: &Services, db: &Db, _: &Request) -> Result<Prepared, Fault> {
        // Hashing is for whoever has a link: to anybody else it would be a way to keep the server busy.
        let mut tx = db.read().await?;
        let token = clock::fingerprint(self.token.as_str());
        let reset = password_resets::find(&mut tx, token, services.clock.now()).await?;
        let reset = reset.ok_or_else(dead_link)?;
        let whose = about(&mut tx, reset.person_id).await?;
        drop(tx);
        let password_hash = Some(hashed(services, "password", &self.password, &whose).await?);
        Ok(Prepared {
            password_hash,
            ..Prepared::default()
        })
    }

    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let token = clock::fingerprint(self.token.as_str());
        let reset = password_resets::find(tx, token.clone(), cx.now)
            .await?
            .ok_or_else(dead_link)?;
        // Of two at the same moment one takes it.
        if !password_resets::take(tx, token).await? {
            return Err(dead_link().into());
        }
        let id = reset.person_id;
        let hash = cx.prepared.password_hash.clone().ok_or_else(dead_link)?;
        logins::set_password(tx, id, hash, false, cx.now).await?;
        // The mailbox that the link was read in is theirs.
        accounts::verify_email(tx, id, cx.now).await?;
        store::sessions::delete_of(tx, id, None).await?;
        cx.rights_of(id);
        let user = found(people::get(tx, id).await?, "user")?;
        tell_of_change(cx, &user);
        cx.changed(Change::of("user", id, user.label()).by(id));
        Ok(())
    }
}

/// Tells the owner that the password is another one now: whoever did not do it learns of it.
pub(super) fn tell_of_change(cx: &mut Context<'_>, user: &User) {
    let Some(email) = &user.email else { return };
    let content = Content::PasswordChanged {
        at: cx.now,
        link: format!("{}/forgot", cx.services.public_url),
    };
    cx.send(Letter::to(&email.value, content).for_user(user));
}
