//! Light, dark, or what the system says: kept in a cookie, so that the first byte of a page already has its colours.

use crate::rpc::{ActionForm, FormAction, RpcError};
use crate::ui::icon::{Glyph, Icon};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Which colours a person wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// As in the cookie and in `data-theme`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn from_word(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// The value of `<html data-theme>`; without the attribute the style follows the system.
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}

/// What the request's `theme` cookie asks for: `<html data-theme=theme::of_request().attribute()>`.
pub fn of_request() -> Theme {
    let Some(parts) = use_context::<http::request::Parts>() else {
        return Theme::System;
    };
    parts
        .headers
        .get_all(http::header::COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix("theme=").map(Theme::from_word))
        .unwrap_or_default()
}

/// Keeps the choice in a cookie for a year. It says nothing about anybody, so there is no operation behind it.
#[server(prefix = "/rpc", endpoint = "set_theme")]
pub async fn set_theme(theme: Theme) -> Result<(), RpcError> {
    let value = format!(
        "theme={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly",
        theme.word()
    );
    if let (Some(response), Ok(value)) = (
        use_context::<leptos_axum::ResponseOptions>(),
        http::HeaderValue::from_str(&value),
    ) {
        response.append_header(http::header::SET_COOKIE, value);
    }
    Ok(())
}

/// The choice that holds now, on either side.
fn current() -> Theme {
    if cfg!(feature = "ssr") {
        return of_request();
    }
    document()
        .document_element()
        .and_then(|html| html.get_attribute("data-theme"))
        .map_or(Theme::System, |word| Theme::from_word(&word))
}

fn apply(theme: Theme) {
    let Some(html) = document().document_element() else {
        return;
    };
    let _ = match theme.attribute() {
        Some(word) => html.set_attribute("data-theme", word),
        None => html.remove_attribute("data-theme"),
    };
}

/// Three buttons in a form: works without scripts by a round trip, with them at once.
#[component]
pub fn ThemeChoice() -> impl IntoView {
    let action = FormAction::<SetTheme>::new();
    let chosen = RwSignal::new(current());
    let option = move |theme: Theme, glyph: Glyph, word: &'static str| {
        view! {
            <button
                class="theme__option"
                type="submit"
                name="theme"
                value=theme.word()
                aria-pressed=move || if chosen.get() == theme { "true" } else { "false" }
                on:click=move |_| {
                    apply(theme);
                    chosen.set(theme);
                }
            >
                <Icon glyph class="icon--sm" />
                {word}
            </button>
        }
    };
    view! {
        <ActionForm action>
            <div class="theme" role="group" aria-label="Theme">
                {option(Theme::System, Glyph::Monitor, "System")}
                {option(Theme::Light, Glyph::Sun, "Light")} {option(Theme::Dark, Glyph::Moon, "Dark")}
            </div>
        </ActionForm>
    }
    .into_any()
}
