//! Choosing: select, checkbox, radio buttons.

use super::field::{FieldContext, FieldGroup};
use leptos::prelude::*;

/// One of the things to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// A second line, for radio buttons and checkboxes.
    pub hint: Option<String>,
    /// Why this one cannot be chosen.
    pub disabled_reason: Option<String>,
}

impl Choice {
    /// A choice with a value and the words for it.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            ..Self::default()
        }
    }

    /// Adds a second line.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Keeps it from being chosen, and says why.
    #[must_use]
    pub fn disabled(mut self, reason: impl Into<String>) -> Self {
        self.disabled_reason = Some(reason.into());
        self
    }
}

/// A drop-down list, in a [`Field`](super::field::Field).
#[component]
pub fn Select(
    #[prop(into)] options: Signal<Vec<Choice>>,
    /// The value chosen at first.
    #[prop(optional, into)]
    value: Signal<String>,
    /// What stands there while nothing is chosen; its value is empty.
    #[prop(optional, into)]
    prompt: Option<String>,
) -> impl IntoView {
    let field = FieldContext::around();
    let (described, invalid) = (field.clone(), field.clone());
    view! {
        <select
            class="input input--select"
            id=field.id
            name=field.name
            required=field.required
            aria-describedby=move || described.described_by()
            aria-invalid=move || invalid.invalid()
        >
            {prompt.map(|prompt| view! { <option value="">{prompt}</option> })}
            {move || {
                let value = value.get();
                options
                    .get()
                    .into_iter()
                    .map(|choice| {
                        let selected = choice.value == value;
                        view! {
                            <option
                                value=choice.value
                                selected=selected
                                disabled=choice.disabled_reason.is_some()
                            >
                                {choice.label}
                            </option>
                        }
                    })
                    .collect_view()
            }}
        </select>
    }
    .into_any()
}

/// A box to tick, with its own label; stands alone, outside of a `Field`.
#[component]
pub fn Checkbox(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// What the form sends when it is ticked.
    #[prop(default = "true".to_owned(), into)]
    value: String,
    #[prop(optional, into)] checked: Signal<bool>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] disabled_reason: Option<String>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let note = disabled_reason.clone().or(hint);
    view! {
        <label class="choice">
            <input
                type="checkbox"
                name=name
                value=value
                checked=move || checked.get()
                disabled=disabled_reason.is_some()
                required=required
            />
            <span class="choice__text">
                {label} {note.map(|note| view! { <span class="choice__hint">{note}</span> })}
            </span>
        </label>
    }
    .into_any()
}

/// Boxes to tick that share a name: the form sends one value for each ticked.
#[component]
pub fn CheckboxGroup(
    /// For a `Vec` field of a server function: `roles[]`.
    #[prop(into)]
    name: String,
    #[prop(into)] legend: Signal<String>,
    options: Vec<Choice>,
    /// The values ticked at first.
    #[prop(optional)]
    values: Vec<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] error: MaybeProp<String>,
) -> impl IntoView {
    view! {
        <FieldGroup legend hint error>
            <div class="choices">
                {options
                    .into_iter()
                    .map(|choice| {
                        let checked = values.contains(&choice.value);
                        let note = choice.disabled_reason.clone().or(choice.hint).unwrap_or_default();
                        view! {
                            <label class="choice">
                                <input
                                    type="checkbox"
                                    name=name.clone()
                                    value=choice.value
                                    checked=checked
                                    disabled=choice.disabled_reason.is_some()
                                />
                                <span class="choice__text">
                                    {choice.label}
                                    {(!note.is_empty())
                                        .then(|| view! { <span class="choice__hint">{note}</span> })}
                                </span>
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
        </FieldGroup>
    }
    .into_any()
}

/// One of a few, all of them visible.
#[component]
pub fn RadioGroup(
    #[prop(into)] name: String,
    #[prop(into)] legend: Signal<String>,
    options: Vec<Choice>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] error: MaybeProp<String>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    view! {
        <FieldGroup legend hint error>
            <div class="choices">
                {options
                    .into_iter()
                    .map(|choice| {
                        let checked = choice.value == value;
                        let note = choice.disabled_reason.clone().or(choice.hint).unwrap_or_default();
                        view! {
                            <label class="choice">
                                <input
                                    type="radio"
                                    name=name.clone()
                                    value=choice.value
                                    checked=checked
                                    disabled=choice.disabled_reason.is_some()
                                    required=required
                                />
                                <span class="choice__text">
                                    {choice.label}
                                    {(!note.is_empty())
                                        .then(|| view! { <span class="choice__hint">{note}</span> })}
                                </span>
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
        </FieldGroup>
    }
    .into_any()
}
