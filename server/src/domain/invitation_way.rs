//! Where the link of an invitation leads: to our own page, or through the sign-in of an application to it.

use guildhall::id::InvitationId;
use guildhall::invitations::LIFETIME;

use crate::clock;
use crate::console::Context;
use crate::fault::Fault;
use crate::store::invitation_ways::{self, Way};
use crate::store::{Tx, invitation_links};

/// A new link, and until when it can be used.
pub(super) struct Renewed {
    pub link: String,
    pub expires_at: i64,
    /// Who invites, in the inviter's own words.
    pub inviter_name: Option<String>,
}

/// A new link, in place of the one before. `mailed` says that nobody is shown it. One that leads through an application's
/// sign-in is shown to that application: it proves no address.
pub(super) async fn renew(
    tx: &mut Tx,
    cx: &Context<'_>,
    id: InvitationId,
    mailed: bool,
) -> Result<Renewed, Fault> {
    let way = invitation_ways::of(tx, id).await?;
    let token = clock::secret_text()?;
    let expires_at = cx.now.saturating_add(way.lifetime.unwrap_or(LIFETIME));
    let proves_address = mailed && way.initiate_login_uri.is_none();
    let hash = clock::fingerprint(&token);
    invitation_links::renew(tx, id, &hash, proves_address, cx.now, expires_at).await?;
    Ok(Renewed {
        link: link(&way, &cx.services.public_url, &token),
        expires_at,
        inviter_name: way.inviter_name,
    })
}

fn link(way: &Way, public_url: &str, token: &str) -> String {
    match &way.initiate_login_uri {
        None => format!("{public_url}/invite/{token}"),
        Some(uri) => {
            let joint = if uri.contains('?') { '&' } else { '?' };
            // A token, an id and a name in addresses: none has a character that an address would have to escape.
            format!(
                "{uri}{joint}invitation={token}&organization={}&organization_name={}",
                way.organization_id, way.organization_slug
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_through_the_application_where_that_says_how() {
        let way = |uri: Option<&str>| Way {
            organization_id: "org_1".into(),
            organization_slug: "acme".into(),
            inviter_name: None,
            lifetime: None,
            initiate_login_uri: uri.map(str::to_owned),
        };
        let of = |uri| link(&way(uri), "https://console.example", "t0k");
        assert_eq!(of(None), "https://console.example/invite/t0k");
        assert_eq!(
            of(Some("https://app.example/login")),
            "https://app.example/login?invitation=t0k&organization=org_1&organization_name=acme"
        );
        assert!(of(Some("https://app.example/login?a=b")).contains("?a=b&invitation=t0k&"));
    }
}
