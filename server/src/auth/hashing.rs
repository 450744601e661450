//! The threads that hash: they come last, and never are there more at once than there are cores.

use std::collections::VecDeque;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use argon2::Block;
use guildhall::error::{Code, Error};
use tokio::sync::oneshot;

use crate::fault::Fault;

/// How nice the threads are (nice(1)): enough to be gone at once when another wants the core, and not so much that nobody
/// gets in while many read.
#[cfg(target_os = "linux")]
const RANK: i32 = 10;
/// How long anybody waits for a hash.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a hash goes over. A thread keeps it for the next one that waits: to be given 19 MiB anew, page by page, takes a
/// seventh of the time of a hash. Who waits for nothing keeps nothing.
pub type Memory = Vec<Block>;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// The threads, each of which is there as long as there is something to hash. Cheap to clone.
#[derive(Clone)]
pub struct Threads {
    inner: Arc<Inner>,
}

struct Inner {
    at_most: usize,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Job>,
    running: usize,
}

impl Threads {
    /// As many as there are cores.
    pub fn new() -> Self {
        Threads {
            inner: Arc::new(Inner {
                at_most: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
                queue: Mutex::default(),
            }),
        }
    }

    /// Does something on one of them.
    ///
    /// # Errors
    /// What `work` says, and 503 when it was not done within ten seconds.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T, Fault> {
        let (tell, told) = oneshot::channel();
        self.add(Box::new(move |memory| {
            // Whoever asked may have gone, or have given up.
            if !tell.is_closed() {
                let _ = tell.send(work(memory));
            }
        }))?;
        let done = tokio::time::timeout(PATIENCE, told).await.map_err(|_| {
            Error::new(
                Code::Unavailable,
                "Too many people are signing in at this moment. Try again shortly.",
            )
        })?;
        Ok(done.map_err(|error| Fault::Broken(error.into()))??)
    }

    fn add(&self, job: Job) -> Result<(), Fault> {
        let mut queue = self.inner.queue();
        queue.waiting.push_back(job);
        if queue.running < self.inner.at_most {
            let inner = self.inner.clone();
            // A thread of its own kind, since its rank stays with it.
            let begun = std::thread::Builder::new()
                .name("password".to_owned())
                .spawn(move || inner.work());
            match begun {
                Ok(_) => queue.running += 1,
                Err(error) if queue.running == 0 => {
                    queue.waiting.pop_back();
                    return Err(Fault::Broken(error.into()));
                }
                // One of those that there are comes to it.
                Err(_) => {}
            }
        }
        Ok(())
    }
}

impl Inner {
    /// What a thread does until nothing waits.
    fn work(&self) {
        step_back();
        let mut memory = Memory::new();
        while let Some(job) = self.next() {
            // Whoever waits for it hears that it broke, since their end of the channel is gone; the thread stays in the count.
            let _ = panic::catch_unwind(AssertUnwindSafe(|| job(&mut memory)));
        }
    }

    /// The next job; without one the thread ends, and is not counted any more when the queue is another's again.
    fn next(&self) -> Option<Job> {
        let mut queue = self.queue();
        let job = queue.waiting.pop_front();
        if job.is_none() {
            queue.running = queue.running.saturating_sub(1);
        }
        job
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Nothing can panic while it is held.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets every other thread go first: whoever reads should not feel that many sign in. A thread has a rank of its own on Linux
/// alone (setpriority(2)); elsewhere it would be the whole program's.
fn step_back() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, RANK);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn no_more_work_at_once_than_there_are_cores_and_all_of_it_is_done() {
        let threads = Threads::new();
        let at_once = Arc::new(Mutex::new((0_usize, 0_usize)));
        let jobs = (0..20).map(|number| {
            let (threads, at_once) = (threads.clone(), at_once.clone());
            tokio::spawn(async move {
                let work = move |_: &mut Memory| {
                    let mut now = at_once.lock().unwrap();
                    now.0 += 1;
                    now.1 = now.1.max(now.0);
                    drop(now);
                    std::thread::sleep(Duration::from_millis(5));
                    at_once.lock().unwrap().0 -= 1;
                    Ok(number)
                };
                threads.run(work).await.unwrap_or_default()
            })
        });
        let done = futures::future::join_all(jobs).await;
        let done: Vec<i32> = done.into_iter().map(Result::unwrap).collect();
        assert_eq!(done, (0..20).collect::<Vec<i32>>());
        assert!(at_once.lock().unwrap().1 <= threads.inner.at_most);
    }

    #[tokio::test]
    async fn what_breaks_takes_no_thread_along() {
        let threads = Threads::new();
        for _ in 0..threads.inner.at_most + 1 {
            let broken = threads.run(|_| -> anyhow::Result<()> { panic!("as the test asks") });
            assert!(matches!(broken.await, Err(Fault::Broken(_))));
        }
        assert_eq!(threads.run(|_| Ok(1)).await.ok(), Some(1));
    }
}
