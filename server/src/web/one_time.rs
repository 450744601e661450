//! What waits in memory for a session's next page: a client's secret, where scripts are off.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::rpc::OneTime;
use guildhall::caller::{Caller, Request};
use guildhall::id::SessionId;

/// How long something waits.
const LIFETIME: Duration = Duration::from_secs(60);
/// More than this waits only under an attack; it is then not kept.
const ROOM: usize = 1_000;

/// What waits, by session and name. Each server has its own: behind a balancer the answer to a form and the page after
/// it may come from different ones, and the secret must then be rotated.
#[derive(Clone, Default)]
pub struct Waiting {
    parcels: Arc<Mutex<HashMap<(SessionId, String), Parcel>>>,
}

struct Parcel {
    text: String,
    since: Instant,
}

impl Waiting {
    /// What the pages of one request may do with it.
    pub fn of(&self, request: &Request) -> OneTime {
        let session = match &request.caller {
            Caller::User(user) => user.session_id,
            _ => None,
        };
        let (putting, taking) = (self.clone(), self.clone());
        OneTime {
            put: Arc::new(move |name, text| {
                if let Some(session) = session {
                    putting.put(session, name, text);
                }
            }),
            take: Arc::new(move |name| taking.take(session?, name)),
        }
    }

    fn put(&self, session: SessionId, name: &str, text: &str) {
        let mut parcels = self.parcels.lock().unwrap_or_else(PoisonError::into_inner);
        parcels.retain(|_, parcel| parcel.since.elapsed() < LIFETIME);
        if parcels.len() < ROOM {
            parcels.insert(
                (session, name.to_owned()),
                Parcel {
                    text: text.to_owned(),
                    since: Instant::now(),
                },
            );
        }
    }

    fn take(&self, session: SessionId, name: &str) -> Option<String> {
        let mut parcels = self.parcels.lock().unwrap_or_else(PoisonError::into_inner);
        let parcel = parcels.remove(&(session, name.to_owned()))?;
        (parcel.since.elapsed() < LIFETIME).then_some(parcel.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_taken_once_and_by_its_session_only() {
        let (waiting, mine, other) = (
            Waiting::default(),
            SessionId::compose(1, 1),
            SessionId::compose(1, 2),
        );
        waiting.put(mine, "client_secret", "s");
        assert_eq!(waiting.take(other, "client_secret"), None);
        assert_eq!(waiting.take(mine, "client_secret"), Some("s".to_owned()));
        assert_eq!(waiting.take(mine, "client_secret"), None);
    }
}
