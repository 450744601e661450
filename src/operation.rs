//! What an operation is: one struct that every way in, the policy, the audit and the documentation share.

use std::future::Future;
use std::pin::Pin;

use serde::{Serialize, de::DeserializeOwned};

use crate::caller::Request;
use crate::error::Error;
use crate::id::{ApplicationId, OrganizationId, UserId};
use crate::policy::Permission;

/// What an operation touches, and so where the caller's standing is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Belongs to nobody: sign-in, the token endpoint. A visible choice, not an omission.
    Public,
    /// The signed-in person, whoever it is.
    Own,
    /// The vendor that runs this console.
    Tenant,
    /// One customer organization.
    Organization(OrganizationId),
    /// One application of the tenant.
    Application(ApplicationId),
    /// The application whose client asks.
    OwnApplication,
    /// One application as one organization has it.
    OrganizationApplication(OrganizationId, ApplicationId),
    /// One person.
    User(UserId),
}

/// Whether an operation changes anything: a write is audited and takes the writer's queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Read,
    Write,
}

/// One thing that somebody can ask the console to do.
///
/// The struct is the server function's argument, the REST input, the JSON schema of the OpenAPI document,
/// the audit record's name and the unit of the refusal tests.
pub trait Operation: Serialize + DeserializeOwned + Described + Clone + Send + Sync + 'static {
    /// What the caller gets back.
    type Output: Serialize + DeserializeOwned + Described + Send + Sync + 'static;
    /// The name in audit records, logs and metrics.
    const NAME: &'static str;
    /// The right that the caller must have in [`Operation::scope`].
    const PERMISSION: Permission;
    /// Whether it changes anything.
    const KIND: Kind;
    /// Where the right is looked up.
    fn scope(&self) -> Scope;
}

/// A type with a JSON schema, where schemas are compiled in (`schema` feature); every type elsewhere.
#[cfg(feature = "schema")]
pub trait Described: schemars::JsonSchema {}
#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema> Described for T {}
/// A type with a JSON schema, where schemas are compiled in (`schema` feature); every type elsewhere.
#[cfg(not(feature = "schema"))]
pub trait Described {}
#[cfg(not(feature = "schema"))]
impl<T> Described for T {}

/// What [`Runs::run`] answers later.
pub type Answer<'a, Op> = Pin<Box<dyn Future<Output = Result<<Op as Operation>::Output, Error>> + Send + 'a>>;

/// Something that can run one operation.
pub trait Runs<Op: Operation>: Send + Sync {
    /// Runs `operation` for whoever made `request`.
    fn run<'a>(&'a self, request: &'a Request, operation: Op) -> Answer<'a, Op>;
}

/// Declares an operation: `operation!(Name => Output, Write, Permission, |op| scope)`.
macro_rules! operation {
    ($name:ident => $output:ty, $text:literal, $kind:ident, $permission:ident, |$op:ident| $scope:expr) => {
        impl $crate::operation::Operation for $name {
            type Output = $output;
            const NAME: &'static str = $text;
            const PERMISSION: $crate::policy::Permission = $crate::policy::Permission::$permission;
            const KIND: $crate::operation::Kind = $crate::operation::Kind::$kind;
            fn scope(&self) -> $crate::operation::Scope {
                let $op = self;
                let _ = $op;
                $scope
            }
        }
    };
}
pub(crate) use operation;

/// A row of the catalogue: what there is to know of an operation without an instance of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// [`Operation::NAME`].
    pub name: &'static str,
    /// [`Operation::PERMISSION`].
    pub permission: Permission,
    /// [`Operation::KIND`].
    pub kind: Kind,
}

/// Declares [`Backend`] and [`CATALOGUE`] over a list of operations, so that a backend that misses one
/// does not compile.
macro_rules! catalogue {
    ($($op:path),* $(,)?) => {
        /// Everything that a console can be asked to do.
        pub trait Backend: $($crate::operation::Runs<$op> +)* Send + Sync + 'static {}
        impl<T: $($crate::operation::Runs<$op> +)* Send + Sync + 'static> Backend for T {}

        /// Every operation there is, in the order of the map above.
        pub const CATALOGUE: &[$crate::operation::Entry] = &[
            $($crate::operation::Entry {
                name: <$op as $crate::operation::Operation>::NAME,
                permission: <$op as $crate::operation::Operation>::PERMISSION,
                kind: <$op as $crate::operation::Operation>::KIND,
            }),*
        ];

        /// Calls a macro with every operation of the catalogue.
        #[macro_export]
        macro_rules! for_each_operation {
            ($callback:path) => { $callback! { $($op),* } };
        }
    };
}
pub(crate) use catalogue;
