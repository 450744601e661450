//! What is measured, at how many connections, how often; and what is to be reached.

use std::rc::Rc;
use std::time::Duration;

use crate::load::Write;
use crate::world::World;

/// The databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }
}

/// One kind of request.
pub struct Case {
    /// How `--only` calls it.
    pub key: &'static str,
    pub title: &'static str,
    pub write: fn(&World) -> Rc<Write>,
}

pub const MEMBER: &str = "member";
pub const PAGE: &str = "page";
pub const SMALL_PAGE: &str = "small-page";
pub const DEEP_PAGE: &str = "deep-page";
pub const OTHER_PAGE: &str = "auth0-page";
pub const ROLE_PAGE: &str = "role-page";
pub const ADD: &str = "add";
pub const ASSIGN: &str = "assign";
pub const CREATE: &str = "create";
pub const TOKEN: &str = "token";
/// Not one request but the way through several.
pub const SIGN_IN: &str = "sign-in";

/// Reads first: what is written afterwards does not disturb them.
pub const CASES: [Case; 10] = [
    Case {
        key: MEMBER,
        title: "one member of 100,000",
        write: World::one_member,
    },
    Case {
        key: PAGE,
        title: "page of 50 of 100,000 members",
        write: World::first_page,
    },
    Case {
        key: SMALL_PAGE,
        title: "page of 50 of 1,000 members",
        write: World::small_page,
    },
    Case {
        key: DEEP_PAGE,
        title: "page of 50, deep",
        write: World::deep_page,
    },
    Case {
        key: OTHER_PAGE,
        title: "page of 50 of 100,000 members, Auth0-compatible API",
        write: World::page_of_the_other_api,
    },
    Case {
        key: ROLE_PAGE,
        title: "page of 50, by role",
        write: World::page_of_a_role,
    },
    Case {
        key: ADD,
        title: "add member",
        write: World::add_member,
    },
    Case {
        key: ASSIGN,
        title: "assign roles",
        write: World::assign_roles,
    },
    Case {
        key: CREATE,
        title: "create organization",
        write: World::create_organization,
    },
    Case {
        key: TOKEN,
        title: "client-credentials token",
        write: World::client_token,
    },
];

/// A ratio to the bare server that is to be reached.
pub struct Goal {
    pub engine: Engine,
    pub key: &'static str,
    pub connections: usize,
    pub at_least: f64,
}

const fn goal(engine: Engine, key: &'static str, connections: usize, at_least: f64) -> Goal {
    Goal {
        engine,
        key,
        connections,
        at_least,
    }
}

/// Where no number of connections was named, 32 decide.
pub const GOALS: [Goal; 15] = [
    goal(Engine::Sqlite, MEMBER, 32, 0.85),
    goal(Engine::Sqlite, PAGE, 32, 0.85),
    goal(Engine::Sqlite, SMALL_PAGE, 32, 0.85),
    goal(Engine::Sqlite, DEEP_PAGE, 32, 0.85),
    goal(Engine::Sqlite, ROLE_PAGE, 32, 0.85),
    goal(Engine::Sqlite, ADD, 32, 3.0),
    goal(Engine::Sqlite, ADD, 256, 5.0),
    goal(Engine::Sqlite, CREATE, 32, 0.7),
    goal(Engine::Postgres, MEMBER, 32, 0.85),
    goal(Engine::Postgres, PAGE, 32, 0.85),
    goal(Engine::Postgres, SMALL_PAGE, 32, 0.85),
    goal(Engine::Postgres, DEEP_PAGE, 32, 0.85),
    goal(Engine::Postgres, ROLE_PAGE, 32, 0.85),
    goal(Engine::Postgres, ADD, 32, 0.7),
    goal(Engine::Postgres, CREATE, 32, 0.7),
];

/// The page at 100,000 members may take so many times as long as the page at 1,000.
pub const PAGE_GROWTH: f64 = 1.3;
/// The page of the Auth0-compatible API may take so many times as long as the native one.
pub const OTHER_API: f64 = 1.1;
/// Hosted sign-ins, of the passwords that argon2id alone verifies on the same cores.
pub const SIGN_INS: f64 = 0.9;
/// The 99th percentile of reads during a storm of sign-ins may be so many times the calm one.
pub const DISTURBANCE: f64 = 2.0;
/// Milliseconds from the start to the first answer, on a migrated database.
pub const START_MS: f64 = 150.0;
/// MB of memory, idle and under load.
pub const IDLE_MB: f64 = 25.0;
pub const LOADED_MB: f64 = 50.0;
/// KB of the first load of the members page.
pub const FIRST_LOAD_KB: f64 = 300.0;
/// MB of the program.
pub const BINARY_MB: f64 = 30.0;

pub const CONNECTIONS: [usize; 3] = [1, 32, 256];

/// How long and how often.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    pub warm: Duration,
    pub measure: Duration,
    /// Rounds of what a goal is about.
    pub rounds: usize,
    /// Rounds of the rest.
    pub other_rounds: usize,
    /// Starts of which the median is taken.
    pub starts: usize,
}

impl Pace {
    /// As a whole run goes, or a short one.
    pub fn of(quick: bool) -> Pace {
        if quick {
            Pace {
                warm: Duration::from_millis(300),
                measure: Duration::from_millis(1000),
                rounds: 1,
                other_rounds: 1,
                starts: 3,
            }
        } else {
            Pace {
                warm: Duration::from_millis(400),
                measure: Duration::from_millis(2500),
                rounds: 5,
                other_rounds: 3,
                starts: 11,
            }
        }
    }

    /// The rounds of one cell of the table.
    pub fn rounds_of(&self, engine: Engine, key: &str, connections: usize) -> usize {
        let is_goal = GOALS
            .iter()
            .any(|goal| goal.engine == engine && goal.key == key && goal.connections == connections);
        if is_goal { self.rounds } else { self.other_rounds }
    }
}
