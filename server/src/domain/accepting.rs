//! What happens to invitations on the side of those who are invited: whoever has the link may read and accept it.
//!
//! **What a link proves.** A link that was sent by mail and shown to nobody proves the address: accepting it verifies it.
//! Where nobody had proved it before, a password, sessions and access tokens may be somebody else's, who made the account in
//! this name; they end, and a new password is chosen. A link that somebody copied proves nothing: it takes who is known by
//! their own sign-in, and lets only somebody choose a password whose account was made with this very membership and is of no
//! use anywhere else: else one organization would come into another with it.

use guildhall::branding::Colors;
use guildhall::caller::Request;
use guildhall::error::{Code, Error};
use guildhall::id::RoleId;
use guildhall::invitations::*;
use guildhall::portal::{GetInvitationLogo, OrganizationLogo};
use guildhall::sessions::SignedIn;
use guildhall::text::Text;
use guildhall::users::{User, UserStatus};
use serde_json::json;

use super::found;
use super::passwords::{about, hashed};
use super::sessions::begin;
use super::users::details_of;
use crate::authorize::Permit;
use crate::change::Change;
use crate::clock;
use crate::console::{Context, Perform, Prepared};
use crate::fault::Fault;
use crate::mail::{Content, Letter};
use crate::services::Services;
use crate::store::db::{Hold, Lock};
use crate::store::invitation_links::{self as links, Opened};
use crate::store::invitations::called;
use crate::store::{self, Db, Tx, accounts, logins, logos, people};

/// How often a new one can be asked for, in milliseconds.
const ASKING: i64 = 60 * 60 * 1000;

/// What a link leads to, and whom it invites.
async fn open(tx: &mut Tx, token: &Text<1, 200>) -> Result<(Opened, User), Fault> {
    let hash = clock::fingerprint(token.as_str());
    let opened = found(links::open(tx, &hash).await?, "invitation")?;
    let person = found(people::get(tx, opened.person).await?, "invitation")?;
    Ok((opened, person))
}

fn state_of(opened: &Opened, person: &User, now: i64) -> LinkState {
    let same_address = person
        .email
        .as_ref()
        .is_some_and(|email| email.value.to_lowercase() == opened.email.to_lowercase());
    match opened.status.as_str() {
        "accepted" => LinkState::Accepted,
        "revoked" => LinkState::Revoked,
        _ if !opened.is_current => LinkState::Replaced,
        // To a mailbox that is not theirs any more, or into what they were removed from.
        _ if !same_address || opened.membership_accepted.is_none() => LinkState::Revoked,
        _ if !opened.organization_enabled => LinkState::OrganizationDisabled,
        _ if person.status == UserStatus::Disabled => LinkState::AccountDisabled,
        _ if opened.expires_at <= now => LinkState::Expired,
        _ => LinkState::Open,
    }
}

/// 410 for a link that leads nowhere any more.
fn require_open(opened: &Opened, person: &User, now: i64) -> Result<(), Error> {
    let (reason, message) = match state_of(opened, person, now) {
        LinkState::Open => return Ok(()),
        LinkState::Accepted => ("invitation_accepted", "This invitation was accepted already."),
        LinkState::Revoked => ("invitation_revoked", "This invitation was taken back."),
        LinkState::Replaced => (
            "invitation_replaced",
            "A newer link took this one's place: look for the newest mail.",
        ),
        LinkState::Expired => (
            "invitation_expired",
            "This invitation has run out. Ask for a new one.",
        ),
        LinkState::OrganizationDisabled => (
            "organization_disabled",
            "The organization is disabled at the moment.",
        ),
        LinkState::AccountDisabled => ("account_disabled", "The account is disabled."),
    };
    Err(Error::new(Code::Gone, message).because(reason))
}

/// Whether the link lets its holder choose a password: see this module's first words.
fn chooses_password(opened: &Opened, person: &User) -> bool {
    let verified = person.email.as_ref().is_some_and(|email| email.email_verified);
    if opened.proves_address {
        // An administrator of the tenant never loses a password to a mailbox that nobody proved to be theirs.
        !person.has_password || !(verified || person.tenant_admin)
    } else {
        opened.made_for_this
            && !person.has_password
            && !verified
            && !person.tenant_admin
            && person.status == UserStatus::Pending
    }
}

/// Where the application's own sign-in begins, told who we are (OpenID Connect Core 1.0, 4); of one that does not say, the
/// origin of the first address that its sign-ins return to.
fn go_to(opened: &Opened, public_url: &str) -> Option<String> {
    if let Some(uri) = &opened.initiate_login_uri {
        let joint = if uri.contains('?') { '&' } else { '?' };
        let issuer = form_urlencoded::byte_serialize(public_url.as_bytes()).collect::<String>();
        return Some(format!("{uri}{joint}iss={issuer}"));
    }
    opened.redirect_uris.iter().find_map(|uri| {
        let (scheme, rest) = uri.split_once("://")?;
        let authority = rest
            .split(['/', '?', '#'])
            .next()
            .filter(|host| !host.is_empty())?;
        matches!(scheme, "https" | "http").then(|| format!("{scheme}://{authority}/"))
    })
}

impl Perform for ReadInvitation {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<InvitationView, Fault> {
        let (opened, person) = open(tx, &self.token).await?;
        let signed_in = permit.user().map(|user| user.user_id);
        let accept_by = match signed_in {
            Some(user) if user != opened.person => AcceptBy::OtherAccount,
            _ if chooses_password(&opened, &person) => AcceptBy::Password,
            Some(_) => AcceptBy::Yes,
            None => AcceptBy::SignIn,
        };
        let inviter = opened.invited_by.as_deref().and_then(|id| id.parse().ok());
        let invited_by = match (&opened.inviter_name, inviter) {
            (Some(name), _) => Some(name.clone()),
            (None, Some(inviter)) => people::get(tx, inviter).await?.map(|user| user.label()),
            (None, None) => None,
        };
        let state = state_of(&opened, &person, cx.now);
        let is_open = state == LinkState::Open;
        Ok(InvitationView {
            state,
            has_logo: is_open && has_own_logo(&opened),
            accept_by,
            // Who is somebody already has a name that whoever finds the link need not read; whoever copied it reads their
            // own words.
            name: if opened.proves_address {
                person.name.filter(|_| person.status == UserStatus::Pending)
            } else {
                opened.typed_name.clone()
            },
            go_to: (state == LinkState::Accepted && signed_in == Some(opened.person))
                .then(|| go_to(&opened, &cx.services.public_url))
                .flatten(),
            colors: if is_open { opened.colors } else { Colors::default() },
            organization_name: opened.organization_name,
            app_name: opened.app_name,
            invited_by,
            email: opened.email,
            roles: opened.role_names,
            expires_at: opened.expires_at,
            asked: opened.asked_at.is_some(),
        })
    }
}

/// Pages whose address is a secret ask nobody else for a picture: a logo that is kept elsewhere is not shown.
fn has_own_logo(opened: &Opened) -> bool {
    let ours = format!("/logo/{}/", opened.organization);
    opened.logo_url.as_ref().is_some_and(|url| url.contains(&ours))
}

impl Perform for GetInvitationLogo {
    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<OrganizationLogo, Fault> {
        let (opened, person) = open(tx, &self.token).await?;
        require_open(&opened, &person, cx.now)?;
        Ok(found(logos::shown(tx, opened.organization).await?, "logo")?)
    }
}

impl Perform for AcceptInvitation {
    async fn prepare(&self, services: &Services, db: &Db, _: &Request) -> Result<Prepared, Fault> {
        // Hashing is for whoever has a link that can be accepted.
        let about = {
            let mut tx = db.read().await?;
            let (opened, person) = open(&mut tx, &self.token).await?;
            require_open(&opened, &person, services.clock.now())?;
            // The two were read at different moments: whether it is so is said within the transaction.
            if !chooses_password(&opened, &person) {
                return Ok(Prepared::default());
            }
            about(&mut tx, opened.person)
                .await?
                .and(&opened.organization_name)
        };
        let password_hash = Some(hashed(services, "password", &self.password, &about).await?);
        Ok(Prepared {
            password_hash,
            ..Prepared::default()
        })
    }

    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Accepted, Fault> {
        let (opened, person) = open(tx, &self.token).await?;
        require_open(&opened, &person, cx.now)?;
        require_chooser(&opened, &person)?;
        if permit.user().is_some_and(|user| user.user_id != opened.person) {
            return Err(other_account().into());
        }
        let hash = cx.prepared.password_hash.clone().ok_or_else(sign_in_required)?;
        take(tx, cx, &opened, &self.token).await?;
        logins::set_password(tx, opened.person, hash, false, cx.now).await?;
        if !opened.proves_address {
            accounts::unvouch(tx, opened.person).await?;
        }
        store::sessions::delete_of(tx, opened.person, None).await?;
        if let Some(name) = self.name.filter(|name| !name.full().is_empty()) {
            let mut details = details_of(&person);
            details.name = Some(name);
            accounts::update(tx, opened.person, &details, cx.now).await?;
        }
        enter(tx, cx, &opened, &person).await?;
        logins::signed_in(tx, opened.person, cx.now).await?;
        // A link in a mailbox is one factor; whoever has a second one signs in with both.
        if store::factors::has_any(tx, opened.person).await? {
            return Ok(done(cx, opened, None));
        }
        let session = begin(tx, cx, opened.person).await?;
        Ok(done(cx, opened, Some(session)))
    }
}

/// 409 where the person has an account of their own: they sign in with it.
fn require_chooser(opened: &Opened, person: &User) -> Result<(), Error> {
    if chooses_password(opened, person) {
        return Ok(());
    }
    Err(sign_in_required())
}

fn sign_in_required() -> Error {
    Error::conflict(
        "sign_in_required",
        "You have an account already: sign in with it to accept.",
    )
}

fn other_account() -> Error {
    Error::forbidden("This invitation is for another account than the one that you are signed in with.")
        .because("wrong_account")
}

impl Perform for JoinByInvitation {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<Accepted, Fault> {
        let (opened, person) = open(tx, &self.token).await?;
        require_open(&opened, &person, cx.now)?;
        if permit.person()? != opened.person {
            return Err(other_account().into());
        }
        if chooses_password(&opened, &person) {
            return Err(Error::conflict(
                "password_required",
                "Choose a password of your own to accept: nobody has proved yet that this account is yours.",
            )
            .into());
        }
        take(tx, cx, &opened, &self.token).await?;
        enter(tx, cx, &opened, &person).await?;
        Ok(done(cx, opened, None))
    }
}

/// Uses the link up; 410 for all but one of those that come at once.
async fn take(tx: &mut Tx, cx: &Context<'_>, opened: &Opened, token: &Text<1, 200>) -> Result<(), Fault> {
    let hash = clock::fingerprint(token.as_str());
    if links::accept(tx, opened.id, &hash, cx.now).await? {
        return Ok(());
    }
    Err(
        Error::new(Code::Gone, "This invitation was accepted or taken back just now.")
            .because("invitation_accepted")
            .into(),
    )
}

/// Lets the person in, with the roles that the invitation holds now and the organization may still give. Whoever is a
/// member already keeps what they have: an invitation never takes a role away.
async fn enter(tx: &mut Tx, cx: &mut Context<'_>, opened: &Opened, person: &User) -> Result<(), Fault> {
    let (organization, id) = (opened.organization, opened.person);
    if opened.membership_accepted == Some(false) {
        links::enter(tx, opened, cx.now).await?;
    }
    tx.hold(Lock::AssignableRoles, Hold::Shared).await?;
    let (mut custom, mut built_in) = (Vec::new(), Vec::new());
    for role in &opened.role_ids {
        match role {
            RoleId::Custom(id) => custom.push(*id),
            role => built_in.push(*role),
        }
    }
    for (role, app) in store::organization_roles::assignable_among(tx, organization, &custom).await? {
        if opened.app == Some(app) || opened.gives_all {
            store::memberships::give_role(tx, organization, id, RoleId::Custom(role), Some(app)).await?;
        }
    }
    // They ride along with each application's invitation. Whoever is in was given them once, and somebody may have taken
    // them away since.
    if opened.membership_accepted == Some(false) {
        for role in built_in {
            store::memberships::give_role(tx, organization, id, role, None).await?;
        }
    }
    accounts::accepted(tx, id, opened.proves_address, cx.now).await?;
    cx.rights_of(id);
    cx.changed(
        Change::of("invitation", opened.id, person.label())
            .within(organization)
            .by(id)
            .before(&json!({ "status": "pending" }))
            .after(&json!({
                "status": "accepted",
                "email": opened.email,
                "app": opened.app_name,
                "roles": opened.role_names,
            })),
    );
    Ok(())
}

fn done(cx: &Context<'_>, opened: Opened, session: Option<SignedIn>) -> Accepted {
    Accepted {
        go_to: go_to(&opened, &cx.services.public_url),
        organization_id: opened.organization,
        organization_name: opened.organization_name,
        app_name: opened.app_name,
        session,
    }
}

impl Perform for AskForNewInvitation {
    async fn perform(self, _: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let (opened, person) = open(tx, &self.token).await?;
        if state_of(&opened, &person, cx.now) != LinkState::Expired {
            require_open(&opened, &person, cx.now)?;
            return Err(Error::conflict("invitation_is_open", "This invitation can be accepted.").into());
        }
        // Whoever invited is told once an hour, however often it is asked for.
        if opened
            .asked_at
            .is_some_and(|at| cx.now.saturating_sub(at) < ASKING)
        {
            return Ok(());
        }
        links::asked(tx, opened.id, cx.now).await?;
        cx.changed(
            // The organization learns no more of them than it wrote.
            Change::of(
                "invitation",
                opened.id,
                called(opened.typed_name.as_ref(), &opened.email),
            )
            .within(opened.organization)
            .after(&json!({ "asked_at": cx.now })),
        );
        let inviter = match opened.invited_by.as_deref().and_then(|id| id.parse().ok()) {
            Some(inviter) => people::get(tx, inviter).await?,
            None => None,
        };
        let Some(inviter) = inviter.filter(|inviter| inviter.status == UserStatus::Active) else {
            return Ok(());
        };
        let Some(email) = inviter.email.clone() else {
            return Ok(());
        };
        let mail = &cx.services.mail;
        mail.admit(tx, Some(opened.organization), &email.value, cx.now)
            .await?;
        let (public_url, organization) = (&cx.services.public_url, opened.organization);
        let portal = if inviter.tenant_admin {
            "admin/organizations"
        } else {
            "org"
        };
        let content = Content::InvitationAsked {
            organization: opened.organization_name,
            address: opened.email,
            link: format!("{public_url}/{portal}/{organization}/invitations"),
        };
        cx.send(
            Letter::to(email.value, content)
                .for_user(&inviter)
                .within(organization),
        );
        Ok(())
    }
}
