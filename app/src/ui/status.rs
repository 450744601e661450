//! Badges and states: always a word, with a picture, so that colour never speaks alone.

use super::icon::{Glyph, Icon};
use leptos::prelude::*;

/// What a colour means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Accent,
    Success,
    Warning,
    Danger,
    Info,
}

impl Tone {
    /// The word in class names.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Accent => "accent",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
            Self::Info => "info",
        }
    }

    /// The picture that goes with it in banners and toasts.
    pub const fn glyph(self) -> Glyph {
        match self {
            Self::Neutral | Self::Accent | Self::Info => Glyph::Info,
            Self::Success => Glyph::CheckCircle,
            Self::Warning => Glyph::Warning,
            Self::Danger => Glyph::Failed,
        }
    }
}

/// A small label.
#[component]
pub fn Badge(
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] icon: Option<Glyph>,
    children: Children,
) -> impl IntoView {
    view! {
        <span class=format!("badge badge--{}", tone.word())>
            {icon.map(|glyph| view! { <Icon glyph /> })} {children()}
        </span>
    }
}

/// The states that things of the console are in, each with its word, picture and colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Active,
    Pending,
    Suspended,
    Disabled,
    Enabled,
    Accepted,
    Expired,
    Revoked,
    Rejected,
    Failed,
    Verified,
    Unverified,
}

impl State {
    /// What a person reads.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Pending => "Pending",
            Self::Suspended => "Suspended",
            Self::Disabled => "Disabled",
            Self::Enabled => "Enabled",
            Self::Accepted => "Accepted",
            Self::Expired => "Expired",
            Self::Revoked => "Revoked",
            Self::Rejected => "Rejected",
            Self::Failed => "Failed",
            Self::Verified => "Verified",
            Self::Unverified => "Unverified",
        }
    }

    const fn look(self) -> (Tone, Glyph) {
        match self {
            Self::Active | Self::Enabled | Self::Accepted | Self::Verified => {
                (Tone::Success, Glyph::CheckCircle)
            }
            Self::Pending | Self::Unverified => (Tone::Info, Glyph::Clock),
            Self::Suspended => (Tone::Warning, Glyph::Pause),
            Self::Disabled | Self::Revoked => (Tone::Neutral, Glyph::Block),
            Self::Expired => (Tone::Neutral, Glyph::Clock),
            Self::Rejected => (Tone::Danger, Glyph::Cross),
            Self::Failed => (Tone::Danger, Glyph::Failed),
        }
    }
}

/// A state, with icon and word.
#[component]
pub fn Status(
    state: State,
    /// Another word than the state's own, for example “Approval pending”.
    #[prop(optional, into)]
    label: Option<String>,
) -> impl IntoView {
    let (tone, glyph) = state.look();
    let label = label.unwrap_or_else(|| state.word().to_owned());
    view! {
        <Badge tone icon=glyph>
            {label}
        </Badge>
    }
}
