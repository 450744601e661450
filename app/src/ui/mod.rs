//! The design system: pieces that know no domain, import Leptos only, and work before any script runs.
//!
//! The reference for page authors is `README.md` beside this file; the looks are in `style/components/`.

pub mod button;
pub mod card;
pub mod choice;
pub mod copy;
pub mod dialog;
pub mod diff;
pub mod field;
pub mod filter;
pub mod format;
pub mod icon;
pub mod input;
pub mod items;
pub mod list;
pub mod menu;
pub mod notice;
pub mod page_header;
pub mod person;
pub mod status;
pub mod table;
pub mod tabs;

/// Everything that a page needs: `use crate::ui::prelude::*;`.
pub mod prelude {
    pub use super::{
        button::*, card::*, choice::*, copy::*, dialog::*, diff::*, field::*, filter::*, format::*, icon::*,
        input::*, items::*, list::*, menu::*, notice::*, page_header::*, person::*, status::*, table::*,
        tabs::*,
    };
}
