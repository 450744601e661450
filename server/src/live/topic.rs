//! What a stream is about, and who may look at it.

use std::str::FromStr;

use guildhall::caller::Request;
use guildhall::error::Error;
use guildhall::id::OrganizationId;
use guildhall::portal::OpenPortal;
use guildhall::sessions::GetMe;
use guildhall::tenant::GetOverview;

use crate::console::Console;

/// What somebody looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Their own account.
    Account,
    /// The tenant's lists.
    Tenant,
    Organization(OrganizationId),
}

impl FromStr for Topic {
    type Err = Error;

    fn from_str(text: &str) -> Result<Topic, Error> {
        match text {
            "account" => Ok(Topic::Account),
            "tenant" => Ok(Topic::Tenant),
            id => id
                .parse()
                .map(Topic::Organization)
                .map_err(|_| Error::field("of", "must be account, tenant or the id of an organization")),
        }
    }
}

impl Topic {
    /// Lets in whoever may open such a page: they may be told that it changed.
    ///
    /// # Errors
    /// 401 without a session, 403 or 404 for what they may not look at.
    pub async fn lets_in(self, console: &Console, request: &Request) -> Result<(), Error> {
        match self {
            Topic::Account => console.lets_in(request, &GetMe {}).await,
            Topic::Tenant => console.lets_in(request, &GetOverview {}).await,
            Topic::Organization(organization_id) => {
                console.lets_in(request, &OpenPortal { organization_id }).await
            }
        }
    }
}
