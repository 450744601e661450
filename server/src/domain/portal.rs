//! What happens in an organization's own portal, and when the tenant's administrators look at it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use guildhall::error::Error;
use guildhall::id::OrganizationId;
use guildhall::organizations::Organization;
use guildhall::portal::*;
use guildhall::sessions::AdministeredOrganization;
use serde_json::json;

use super::found;
use super::organizations::{details_of, organization, save};
use crate::authorize::Permit;
use crate::change::Change;
use crate::clock;
use crate::console::{Context, Perform};
use crate::fault::Fault;
use crate::store::organizations::Details;
use crate::store::{self, Tx, logos};

impl Perform for OpenPortal {
    async fn perform(self, permit: &Permit, tx: &mut Tx, _: &mut Context<'_>) -> Result<PortalHead, Fault> {
        let organization = organization(permit, tx, permit.organization()?).await?;
        Ok(PortalHead {
            organization_id: organization.organization_id,
            name: organization.name,
            logo_url: organization.logo_url,
            viewing: permit.user().is_some_and(|user| user.viewing.is_some()),
        })
    }
}

impl Perform for RenameOrganization {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<Organization, Fault> {
        let before = organization(permit, tx, permit.organization()?).await?;
        cx.require_match(&before.version.to_string())?;
        let details = Details {
            name: self.name.as_str().to_owned(),
            ..details_of(&before)
        };
        save(permit, tx, cx, &before, &details).await
    }
}

impl Perform for SetOrganizationLogo {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<Organization, Fault> {
        let before = organization(permit, tx, permit.organization()?).await?;
        let id = before.organization_id;
        let url = match self.logo {
            Some(logo) => {
                let logo = checked(logo.as_str())?;
                // Another picture has another address, so that browsers may keep it.
                let version: String = clock::fingerprint(&logo.picture).chars().take(16).collect();
                logos::put(tx, permit, logo).await?;
                Some(format!("{}/logo/{id}/{version}", cx.services.public_url))
            }
            None => {
                logos::remove(tx, permit).await?;
                None
            }
        };
        store::organizations::set_logo_url(tx, permit, url, cx.now).await?;
        let after = organization(permit, tx, permit.organization()?).await?;
        cx.changed(
            Change::of("organization", id, &after.name)
                .within(id)
                .before(&before)
                .after(&after),
        );
        Ok(after)
    }
}

/// A picture by what it is, not by what it is called.
fn checked(base64: &str) -> Result<OrganizationLogo, Error> {
    let picture = STANDARD
        .decode(base64)
        .map_err(|_| Error::field("logo", "must be a picture in base64"))?;
    if picture.len() > LOGO_SIZE {
        return Err(Error::field("logo", "must have at most 100 KiB"));
    }
    let media_type =
        media_type_of(&picture).ok_or_else(|| Error::field("logo", "must be a PNG, JPEG or WebP picture"))?;
    Ok(OrganizationLogo {
        media_type: media_type.to_owned(),
        picture: base64.to_owned(),
    })
}

/// What kind of picture this is, by its first bytes (PNG, 5.2; JPEG, B.1.1.3; RFC 9649, 2.4); `None` for any other file.
fn media_type_of(picture: &[u8]) -> Option<&'static str> {
    match picture {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

impl Perform for GetOrganizationLogo {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        _: &mut Context<'_>,
    ) -> Result<OrganizationLogo, Fault> {
        Ok(found(logos::get(tx, permit).await?, "logo")?)
    }
}

impl Perform for ViewAsOrganizationAdmin {
    async fn perform(self, permit: &Permit, tx: &mut Tx, cx: &mut Context<'_>) -> Result<(), Fault> {
        let organization = organization(permit, tx, permit.organization()?).await?;
        if !organization.enabled {
            return Err(Error::conflict(
                "organization_disabled",
                "The organization is disabled: its administrators see nothing of it, either.",
            )
            .into());
        }
        let Some(session) = permit.user().and_then(|user| user.session_id) else {
            return Err(Error::forbidden("A portal is looked at in the console only.").into());
        };
        let id = organization.organization_id;
        store::sessions::set_viewing(tx, session, Some(id)).await?;
        cx.changed(
            Change::of("organization", id, organization.name)
                .within(id)
                .after(&json!({ "viewed_as": "organization admin" })),
        );
        Ok(())
    }
}

impl Perform for StopViewing {
    async fn perform(
        self,
        permit: &Permit,
        tx: &mut Tx,
        cx: &mut Context<'_>,
    ) -> Result<Option<OrganizationId>, Fault> {
        if let Some(session) = permit.user().and_then(|user| user.session_id) {
            store::sessions::set_viewing(tx, session, None).await?;
        }
        note_end_of_view(permit, tx, cx).await
    }
}

/// At whose portal the session looks, as it is called; by its id where it is gone.
pub(super) async fn viewed(permit: &Permit, tx: &mut Tx) -> Result<Option<AdministeredOrganization>, Fault> {
    let Some(organization_id) = permit.user().and_then(|user| user.viewing) else {
        return Ok(None);
    };
    let (name, logo_url) = match store::organizations::get(tx, permit, organization_id).await? {
        Some(organization) => (organization.name, organization.logo_url),
        None => (organization_id.to_string(), None),
    };
    Ok(Some(AdministeredOrganization {
        organization_id,
        name,
        logo_url,
    }))
}

/// Writes down that whoever looked at an organization's portal stops, where the session does look at one.
pub(super) async fn note_end_of_view(
    permit: &Permit,
    tx: &mut Tx,
    cx: &mut Context<'_>,
) -> Result<Option<OrganizationId>, Fault> {
    let Some(viewed) = viewed(permit, tx).await? else {
        return Ok(None);
    };
    let id = viewed.organization_id;
    cx.changed(
        Change::of("organization", id, viewed.name)
            .within(id)
            .before(&json!({ "viewed_as": "organization admin" })),
    );
    Ok(Some(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_its_content() {
        assert_eq!(media_type_of(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(media_type_of(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(media_type_of(b"RIFF\x00\x00\x00\x00WEBPVP8 "), Some("image/webp"));
        for other in [&b"<svg xmlns="[..], b"<!doctype html>", b"GIF89a", b"", b"\x89PN"] {
            assert_eq!(media_type_of(other), None);
        }
        let too_big = STANDARD.encode([&b"\xff\xd8\xff"[..], &vec![0; LOGO_SIZE]].concat());
        assert!(checked(&too_big).is_err());
        assert!(checked("not base64!").is_err());
    }
}
