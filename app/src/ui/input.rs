//! Text controls. Each takes its name, id and error from the [`Field`](super::field::Field) around it.

use super::{
    field::FieldContext,
    icon::{Glyph, Icon},
};
use leptos::prelude::*;

/// A line of text.
#[component]
pub fn TextInput(
    /// `text`, `email`, `tel`, `url`, `number`, `search` or `date`.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(optional, into)] value: Signal<String>,
    #[prop(optional, into)] placeholder: Option<String>,
    /// What the browser may fill in, for example `email`.
    #[prop(optional, into)]
    autocomplete: Option<&'static str>,
    #[prop(optional)] max_length: Option<u32>,
    /// A regular expression that the whole value must match, checked by the browser.
    #[prop(optional, into)]
    pattern: Option<String>,
    /// For ids, codes and addresses of machines.
    #[prop(optional)]
    mono: bool,
    #[prop(optional)] readonly: bool,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let field = FieldContext::around();
    let (described, invalid) = (field.clone(), field.clone());
    view! {
        <input
            class=if mono { "input input--mono" } else { "input" }
            type=kind
            id=field.id
            name=field.name
            value=move || value.get()
            placeholder=placeholder
            autocomplete=autocomplete
            maxlength=max_length
            pattern=pattern
            readonly=readonly
            autofocus=autofocus
            required=field.required
            aria-describedby=move || described.described_by()
            aria-invalid=move || invalid.invalid()
        />
    }
    .into_any()
}

/// A file to send along; its form needs `enctype="multipart/form-data"`.
#[component]
pub fn FileInput(
    /// Media types that the browser offers first, with commas between them; the server looks at the content.
    #[prop(into)]
    accept: String,
) -> impl IntoView {
    let field = FieldContext::around();
    let (described, invalid) = (field.clone(), field.clone());
    view! {
        <input
            class="input input--file"
            type="file"
            id=field.id
            name=field.name
            accept=accept
            required=field.required
            aria-describedby=move || described.described_by()
            aria-invalid=move || invalid.invalid()
        />
    }
    .into_any()
}

/// A password, with a button that shows it once scripts run.
#[component]
pub fn PasswordInput(
    /// `current-password` or `new-password`.
    #[prop(default = "current-password")]
    autocomplete: &'static str,
    #[prop(optional)] min_length: Option<u32>,
    #[prop(optional)] autofocus: bool,
    /// What to do as it is typed.
    #[prop(optional, into)]
    on_typed: Option<Callback<String>>,
) -> impl IntoView {
    let field = FieldContext::around();
    let (described, invalid) = (field.clone(), field.clone());
    let shown = RwSignal::new(false);
    view! {
        <div class="input-group">
            <input
                class="input"
                type=move || if shown.get() { "text" } else { "password" }
                id=field.id
                name=field.name
                autocomplete=autocomplete
                minlength=min_length
                autofocus=autofocus
                autocapitalize="off"
                spellcheck="false"
                required=field.required
                aria-describedby=move || described.described_by()
                aria-invalid=move || invalid.invalid()
                on:input:target=move |event| {
                    if let Some(on_typed) = on_typed {
                        on_typed.run(event.target().value());
                    }
                }
            />
            <button
                type="button"
                class="icon-btn input-group__end needs-script"
                aria-label="Show the password"
                aria-pressed=move || if shown.get() { "true" } else { "false" }
                on:click=move |_| shown.update(|shown| *shown = !*shown)
            >
                <span class:hidden=move || shown.get()>
                    <Icon glyph=Glyph::Eye />
                </span>
                <span class:hidden=move || !shown.get()>
                    <Icon glyph=Glyph::EyeOff />
                </span>
            </button>
        </div>
    }
    .into_any()
}

/// Several lines of text.
#[component]
pub fn Textarea(
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(default = 4)] rows: u32,
    #[prop(optional)] max_length: Option<u32>,
    #[prop(optional)] mono: bool,
    #[prop(optional)] readonly: bool,
) -> impl IntoView {
    let field = FieldContext::around();
    let (described, invalid) = (field.clone(), field.clone());
    view! {
        <textarea
            class=if mono { "input input--area input--mono" } else { "input input--area" }
            id=field.id
            name=field.name
            rows=rows
            placeholder=placeholder
            maxlength=max_length
            readonly=readonly
            required=field.required
            aria-describedby=move || described.described_by()
            aria-invalid=move || invalid.invalid()
            inner_html=escaped(&value)
        ></textarea>
    }
    .into_any()
}

/// One part of what was pasted into a [`ChipsInput`], and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    pub text: String,
    pub wrong: Option<String>,
}

/// Many values in one box, separated by spaces, commas, semicolons or lines. Without scripts it is a text area; with them each
/// value shows as a chip below, and a bad one says why. `check` judges one value, on both sides.
#[component]
pub fn ChipsInput(
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional, into)] placeholder: Option<String>,
    /// Says what is wrong with a value, or nothing.
    check: fn(&str) -> Option<String>,
) -> impl IntoView {
    let field = FieldContext::around();
    let (described, invalid) = (field.clone(), field.clone());
    let text = RwSignal::new(value.unwrap_or_default());
    let chips = move || {
        text.with(|text| {
            split_values(text)
                .map(|part| Chip {
                    text: part.to_owned(),
                    wrong: check(part),
                })
                .collect::<Vec<_>>()
        })
    };
    view! {
        <div class="chips">
            <textarea
                class="input input--area"
                id=field.id
                name=field.name
                rows="3"
                placeholder=placeholder
                autocapitalize="off"
                spellcheck="false"
                required=field.required
                aria-describedby=move || described.described_by()
                aria-invalid=move || invalid.invalid()
                on:input:target=move |event| text.set(event.target().value())
                inner_html=escaped(&text.get_untracked())
            ></textarea>
            <ul class="chips__list" aria-live="polite">
                {move || {
                    chips()
                        .into_iter()
                        .map(|chip| {
                            let class = if chip.wrong.is_some() { "chip chip--bad" } else { "chip" };
                            view! {
                                <li class=class>
                                    {chip.text}
                                    {chip
                                        .wrong
                                        .map(|wrong| {
                                            view! {
                                                <span class="chip__wrong">
                                                    <Icon glyph=Glyph::Failed />
                                                    {wrong}
                                                </span>
                                            }
                                        })}
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
        </div>
    }
    .into_any()
}

/// The values in a pasted text, as [`ChipsInput`] sees them; the server splits with it too.
pub fn split_values(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\t', '\n', '\r', ',', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// A text area's content goes in as HTML: as child nodes it would come with the markers that hydration needs, visibly.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
