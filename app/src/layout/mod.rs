//! The frame around every page: navigation, top bar, theme, keyboard, errors. Like `ui`, it knows no domain.
//!
//! | piece | for |
//! |---|---|
//! | [`AppShell`] | signed-in pages: `nav` (sections of links), `user`, `sign_out` slot, optional `switcher`, `notice`, `find` (for the palette), `flash` |
//! | [`AuthShell`] | sign-in, invitation and similar: one card in the middle |
//! | [`ErrorPage`] | 403, 404, 500: says what happened and where to go, with the server's reference |
//! | [`Guarded`] | put around a form: asks before unsaved changes are lost |
//! | [`theme`] | light, dark or the system's; `theme::of_request()` gives `<html data-theme>` its value |

mod app_shell;
mod auth_shell;
mod error_page;
mod guard;
mod keyboard;
mod nav;
mod palette;
pub mod route_focus;
pub mod theme;

pub use app_shell::{AppShell, SignedIn};
pub use auth_shell::AuthShell;
pub use error_page::ErrorPage;
pub use guard::Guarded;
pub use keyboard::focus;
pub use nav::{NavItem, NavSection};
pub use palette::{Finder, Finding, Found};
