//! Organizations as this dialect writes and reads them.

use std::collections::BTreeMap;

use guildhall::branding::{Color, Colors, Metadata, Slug};
use guildhall::connections::{ConnectionChoice, OrganizationConnection};
use guildhall::contact::WebUrl;
use guildhall::id::ConnectionId;
use guildhall::organizations::{DisplayName, Organization};
use guildhall::value::Emptied;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pages::rows;

/// A logo and colours.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BrandingBody {
    #[serde(default)]
    pub(super) logo_url: Option<Emptied<WebUrl>>,
    #[serde(default)]
    pub(super) colors: Option<ColorsBody>,
}

/// Colours, both of them.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ColorsBody {
    pub(super) primary: Color,
    pub(super) page_background: Color,
}

impl From<ColorsBody> for Colors {
    fn from(body: ColorsBody) -> Self {
        Colors {
            primary: Some(body.primary),
            page_background: Some(body.page_background),
        }
    }
}

/// A connection that an organization is to have.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConnectionBody {
    pub(super) connection_id: ConnectionId,
    #[serde(default)]
    pub(super) assign_membership_on_login: Option<bool>,
    #[serde(default)]
    pub(super) show_as_button: Option<bool>,
    #[serde(default)]
    pub(super) is_signup_enabled: Option<bool>,
}

impl From<ConnectionBody> for ConnectionChoice {
    fn from(body: ConnectionBody) -> Self {
        ConnectionChoice {
            connection_id: body.connection_id,
            assign_membership_on_login: body.assign_membership_on_login,
            show_as_button: body.show_as_button,
            is_signup_enabled: body.is_signup_enabled,
        }
    }
}

/// What `POST /organizations` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateBody {
    pub(super) name: Slug,
    #[serde(default)]
    pub(super) display_name: Option<DisplayName>,
    #[serde(default)]
    pub(super) branding: Option<BrandingBody>,
    #[serde(default)]
    pub(super) metadata: Option<Metadata>,
    #[serde(default)]
    #[schemars(length(max = 10))]
    pub(super) enabled_connections: Option<Vec<ConnectionBody>>,
}

/// What `PATCH /organizations/{id}` takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateBody {
    #[serde(default)]
    pub(super) name: Option<Slug>,
    #[serde(default)]
    pub(super) display_name: Option<DisplayName>,
    #[serde(default)]
    pub(super) branding: Option<BrandingBody>,
    #[serde(default)]
    pub(super) metadata: Option<Metadata>,
}

/// The names that the operations' fields have here.
pub(super) const NAMES: &[(&str, &str)] = &[
    ("slug", "name"),
    ("alias_name", "display_name"),
    ("logo_url", "branding.logo_url"),
    ("colors", "branding.colors"),
    ("connections", "enabled_connections"),
];

/// An organization.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct OrganizationOut {
    id: String,
    name: String,
    display_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    branding: Option<BrandingOut>,
    metadata: BTreeMap<String, String>,
    /// Right after it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    enabled_connections: Option<Vec<NewConnectionOut>>,
}
rows! { OrganizationOut, "organizations"; }

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct BrandingOut {
    #[serde(skip_serializing_if = "Option::is_none")]
    logo_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    colors: Option<Colors>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct NewConnectionOut {
    connection_id: ConnectionId,
    assign_membership_on_login: bool,
    show_as_button: bool,
    is_signup_enabled: bool,
}

impl OrganizationOut {
    /// With the connections that it was made with.
    pub(super) fn with(mut self, connections: &[ConnectionChoice]) -> Self {
        if !connections.is_empty() {
            let made = |choice: &ConnectionChoice| NewConnectionOut {
                connection_id: choice.connection_id,
                assign_membership_on_login: choice.assign_membership_on_login.unwrap_or(false),
                show_as_button: choice.show_as_button.unwrap_or(true),
                is_signup_enabled: choice.is_signup_enabled.unwrap_or(false),
            };
            self.enabled_connections = Some(connections.iter().map(made).collect());
        }
        self
    }
}

impl From<Organization> for OrganizationOut {
    fn from(it: Organization) -> Self {
        let display_name = it.label().to_owned();
        let colors = (it.colors != Colors::default()).then_some(it.colors);
        let branding = (it.logo_url.is_some() || colors.is_some()).then_some(BrandingOut {
            logo_url: it.logo_url,
            colors,
        });
        OrganizationOut {
            id: it.organization_id.to_string(),
            name: it.slug,
            display_name,
            branding,
            metadata: it.metadata.entries().clone(),
            enabled_connections: None,
        }
    }
}

/// A connection of an organization.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(super) struct ConnectionOut {
    connection_id: ConnectionId,
    assign_membership_on_login: bool,
    show_as_button: bool,
    is_signup_enabled: bool,
    connection: ConnectionAbout,
}
rows! { ConnectionOut, "enabled_connections"; }

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct ConnectionAbout {
    name: String,
    strategy: String,
}

impl From<OrganizationConnection> for ConnectionOut {
    fn from(it: OrganizationConnection) -> Self {
        ConnectionOut {
            connection_id: it.connection_id,
            assign_membership_on_login: it.assign_membership_on_login,
            show_as_button: it.show_as_button,
            is_signup_enabled: it.is_signup_enabled,
            connection: ConnectionAbout {
                name: it.name,
                strategy: it.strategy,
            },
        }
    }
}
