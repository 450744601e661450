//! Why an operation did not happen: refused, which the caller is told, or broken, which the log is told.

use guildhall::error::Error;

/// Inside the server, a refusal and a breakage never mix.
#[derive(Debug)]
pub enum Fault {
    /// The caller's to mend.
    Refused(Error),
    /// Ours to mend; logged once at the door, with a reference that the caller sees.
    Broken(anyhow::Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault::Refused(error)
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Fault::Broken(error.into())
    }
}

impl From<anyhow::Error> for Fault {
    fn from(error: anyhow::Error) -> Self {
        Fault::Broken(error)
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Fault::Broken(error.into())
    }
}

impl Fault {
    /// Whether the same transaction, tried again, may end otherwise: PostgreSQL's serialization failure and deadlock, and what
    /// somebody else took or removed at the same moment, which the next try finds taken, or gone.
    pub fn is_transient(&self) -> bool {
        let Fault::Broken(cause) = self else { return false };
        cause
            .downcast_ref::<sqlx::Error>()
            .and_then(sqlx::Error::as_database_error)
            .and_then(|error| {
                error
                    .code()
                    .map(|code| matches!(&*code, "40001" | "40P01" | "23503" | "23505"))
            })
            .unwrap_or(false)
    }
}
