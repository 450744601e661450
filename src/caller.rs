//! Who asks, and with what request.

use serde::{Deserialize, Serialize};

use crate::id::{ApplicationId, ClientId, OrganizationId, SessionId, UserId};

/// Whoever makes a request, as the way in has established it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Nobody that we know.
    Anonymous,
    /// A person, by a console session or a user's access token.
    User(UserCaller),
    /// A program, by a client's access token.
    Client(ClientCaller),
    /// The program itself: start-up, background work, the command line.
    System,
}

/// A signed-in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserCaller {
    /// Who it is.
    pub user_id: UserId,
    /// The console session, where the request came with one.
    pub session_id: Option<SessionId>,
    /// An access token that stands for one organization's membership sees no other organization.
    pub only_organization: Option<OrganizationId>,
    /// The scopes of the access token; a console session has all that the person has.
    pub scopes: Option<Vec<String>>,
    /// The organization at whose portal the session looks, as its administrators see it.
    pub viewing: Option<OrganizationId>,
    /// Whether they proved a second factor: of an access token, whether the session did that asked for it.
    pub second_factor: bool,
}

/// A program with client credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCaller {
    /// Which client.
    pub client_id: ClientId,
    /// What it stands for.
    pub kind: ClientKind,
    /// The scopes that its token carries.
    pub scopes: Vec<String>,
}

/// What a client's token stands for (native API, "Tokens").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientKind {
    /// The tenant's backend: everything.
    Management,
    /// One end-user application: the members and organizations of the application.
    Application(ApplicationId),
    /// One organization, whose own API application it is.
    Organization(OrganizationId),
}

/// A request as the door needs to know it: who, and what the audit will say of it.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who asks.
    pub caller: Caller,
    /// The id in logs and answers (`X-Request-Id`).
    pub id: String,
    /// The peer's address, by the setting about proxies.
    pub ip: Option<String>,
    /// `User-Agent`, cut to 256 characters.
    pub user_agent: Option<String>,
    /// `If-Match` (RFC 9110, 13.1.1): the write is refused with 412 unless this is the current version.
    pub if_match: Option<String>,
    /// `Idempotency-Key` (IETF httpapi draft): a repeat gets the first answer.
    pub idempotency_key: Option<String>,
}

impl Request {
    /// A request of the program itself.
    pub fn system() -> Self {
        Self::by(Caller::System)
    }

    /// A request that carries nothing but its caller.
    pub fn by(caller: Caller) -> Self {
        Request {
            caller,
            id: String::new(),
            ip: None,
            user_agent: None,
            if_match: None,
            idempotency_key: None,
        }
    }
}

/// The kind of an actor in an audit record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    Anonymous,
    User,
    Client,
    System,
}
