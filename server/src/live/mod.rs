//! Live consoles: whoever looks at something is told at once that it was changed, and by reading it again sees what they may.
//!
//! Operations say what they changed when they are committed ([`News`]); every stream ([`watcher::Watcher`]) hears it, looks up
//! anew whether its session may still be told, and says no more than that something changed. Servers that share a database
//! tell each other ([`follow::Follower`]).

pub mod follow;
pub mod news;
pub mod topic;
pub mod watcher;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use guildhall::error::{Code, Error};
use guildhall::id::UserId;
use tokio::sync::{broadcast, mpsc, watch};

pub use self::news::{News, Whose};
pub use self::topic::Topic;
use crate::clock;
use crate::store::{self, Db};

/// What deliveries of events are called in news.
pub const DELIVERY: &str = "delivery";
/// News that wait for a stream that is slow to take them; one that missed some is told to read everything again.
const KEPT: usize = 1_024;
/// News that wait to be told to other servers.
const UNTOLD: usize = 1_024;
/// Streams that one person has at most, in all their browsers: each is a page that is looked at.
pub const FOR_A_PERSON: usize = 24;
/// Streams that one server has at most.
const FOR_A_SERVER: usize = 4_000;
/// Seconds after which it is worth trying again.
const LATER: u64 = 30;

/// Where news come together.
pub struct Live {
    news: broadcast::Sender<Arc<News>>,
    closing: watch::Sender<bool>,
    seats: Arc<Mutex<Seats>>,
    /// What tells this server from others on the same database.
    own: String,
    /// The way to the other servers; none in a process that only runs a command.
    teller: Mutex<Option<mpsc::Sender<Arc<News>>>>,
}

#[derive(Default)]
struct Seats {
    taken: usize,
    of_person: HashMap<UserId, usize>,
}

/// A stream's place among those that there may be; it is free again once this is dropped.
pub struct Seat {
    seats: Arc<Mutex<Seats>>,
    person: UserId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        seats.taken = seats.taken.saturating_sub(1);
        if let Some(count) = seats.of_person.get_mut(&self.person) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                seats.of_person.remove(&self.person);
            }
        }
        metrics::gauge!("guildhall_live_streams").decrement(1.0);
    }
}

impl Default for Live {
    fn default() -> Self {
        Live {
            news: broadcast::channel(KEPT).0,
            closing: watch::channel(false).0,
            seats: Arc::default(),
            own: format!("{:032x}", clock::random_bits()),
            teller: Mutex::new(None),
        }
    }
}

impl Live {
    /// Tells what was committed here: to the streams of this server, and to the other servers on the same database.
    pub async fn tell(&self, db: &Db, news: News) {
        let news = Arc::new(news);
        self.tell_here(news.clone());
        let Db::Postgres(pool) = db else { return };
        let teller = self.teller.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match teller {
            // Where so much waits that there is no room, the others find out by themselves a few seconds later.
            Some(teller) => {
                let _ = teller.try_send(news);
            }
            // A command, which ends at once.
            None => follow::said(store::live::tell(pool, news.told(&self.own)).await.err()),
        }
    }

    /// Tells the streams of this server.
    fn tell_here(&self, news: Arc<News>) {
        // Nobody may be listening.
        let _ = self.news.send(news);
    }

    /// News from now on, and the sign that the server stops.
    fn listen(&self) -> (broadcast::Receiver<Arc<News>>, watch::Receiver<bool>) {
        (self.news.subscribe(), self.closing.subscribe())
    }

    /// Ends all streams: the server stops, and would wait for them.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// A place for one more stream of a person.
    ///
    /// # Errors
    /// 429 where the person has enough, 503 where the server has.
    pub fn seat(&self, person: UserId) -> Result<Seat, Error> {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = |code, message| {
            let mut error = Error::new(code, message);
            error.retry_after = Some(LATER);
            Err(error)
        };
        if seats.taken >= FOR_A_SERVER {
            return enough(
                Code::Unavailable,
                "Too many pages are open on this server for all of them to be live.",
            );
        }
        let count = seats.of_person.entry(person).or_default();
        if *count >= FOR_A_PERSON {
            return enough(
                Code::RateLimited,
                "Too many of your pages are open for all of them to be live.",
            );
        }
        *count += 1;
        seats.taken += 1;
        drop(seats);
        metrics::gauge!("guildhall_live_streams").increment(1.0);
        Ok(Seat {
            seats: self.seats.clone(),
            person,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_server_has_so_many_streams_and_says_when_to_ask_again() {
        let live = Live::default();
        let person = |at: usize| UserId::compose(1, u128::try_from(at / FOR_A_PERSON).unwrap());
        let mut seats: Vec<Seat> = (0..FOR_A_SERVER)
            .map(|at| live.seat(person(at)).unwrap())
            .collect();
        let refused = live.seat(person(FOR_A_SERVER)).err().unwrap();
        assert_eq!(
            (refused.code, refused.retry_after),
            (Code::Unavailable, Some(LATER))
        );
        seats.pop();
        assert!(live.seat(person(FOR_A_SERVER)).is_ok());
    }

    #[test]
    fn a_person_has_so_many_streams_and_no_more_until_one_ends() {
        let live = Live::default();
        let (one, other) = (UserId::compose(1, 1), UserId::compose(1, 2));
        let mut seats: Vec<Seat> = (0..FOR_A_PERSON).map(|_| live.seat(one).unwrap()).collect();
        let refused = live.seat(one).err().unwrap();
        assert_eq!(
            (refused.code, refused.retry_after),
            (Code::RateLimited, Some(LATER))
        );
        assert!(live.seat(other).is_ok());
        seats.pop();
        assert!(live.seat(one).is_ok());
        drop(seats);
        let left = live.seats.lock().unwrap();
        assert_eq!((left.taken, left.of_person.len()), (0, 0));
    }
}
