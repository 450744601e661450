//! A form field: its label, hint and error, wired to the control inside it.

use super::icon::{Glyph, Icon};
use leptos::{context::Provider, prelude::*};

/// What a control inside a [`Field`] reads: its name, id and where it is described.
#[derive(Clone)]
pub struct FieldContext {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) has_hint: bool,
    pub(crate) error: MaybeProp<String>,
}

impl FieldContext {
    /// The field around the calling control; outside of any, a nameless one.
    pub(crate) fn around() -> Self {
        use_context().unwrap_or_else(|| Self {
            id: String::new(),
            name: String::new(),
            required: false,
            has_hint: false,
            error: MaybeProp::default(),
        })
    }

    /// The ids of what describes the control.
    pub(crate) fn described_by(&self) -> Option<String> {
        let hint = self.has_hint.then(|| format!("{}-hint", self.id));
        let error = self.error.get().map(|_| format!("{}-error", self.id));
        match (hint, error) {
            (Some(hint), Some(error)) => Some(format!("{error} {hint}")),
            (hint, error) => hint.or(error),
        }
    }

    pub(crate) fn invalid(&self) -> Option<&'static str> {
        self.error.get().map(|_| "true")
    }
}

/// Label, control, hint and error. The control inside takes its name, id and state from here.
#[component]
pub fn Field(
    /// The form's field name, and the control's id unless one is given.
    #[prop(into)]
    name: String,
    #[prop(into)] label: Signal<String>,
    /// Where two forms of one page have a field of the same name.
    #[prop(optional, into)]
    id: Option<String>,
    /// What to write here, said before it goes wrong.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong, and how to mend it.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    #[prop(optional)] required: bool,
    /// Says “optional” after the label, where most fields are required.
    #[prop(optional)]
    optional: bool,
    children: Children,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let has_hint = hint.get_untracked().is_some();
    let context = FieldContext {
        id: id.clone(),
        name,
        required,
        has_hint,
        error,
    };
    let hint_id = format!("{id}-hint");
    view! {
        <div class="field" class:field--bad=move || error.get().is_some()>
            <label class="field__label" for=id.clone()>
                {move || label.get()}
                {required
                    .then(|| {
                        view! {
                            <span class="field__mark" aria-hidden="true">
                                "*"
                            </span>
                        }
                    })} {optional.then(|| view! { <span class="field__optional">"optional"</span> })}
            </label>
            <Provider value=context>{children()}</Provider>
            <FieldError id=format!("{id}-error") error />
            {has_hint
                .then(|| {
                    view! {
                        <p class="field__hint" id=hint_id>
                            {move || hint.get()}
                        </p>
                    }
                })}
        </div>
    }
    .into_any()
}

/// The sentence under a control that says what is wrong.
#[component]
pub(crate) fn FieldError(id: String, error: MaybeProp<String>) -> impl IntoView {
    move || {
        error.get().map(|message| {
            view! {
                <p class="field__error" id=id.clone()>
                    <Icon glyph=Glyph::Failed />
                    {message}
                </p>
            }
        })
    }
}

/// Fields that belong together, with a legend.
#[component]
pub fn FieldGroup(
    #[prop(into)] legend: Signal<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    #[prop(optional, into)] error: MaybeProp<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <fieldset class="field-group">
            <legend class="field__label">{move || legend.get()}</legend>
            {move || hint.get().map(|hint| view! { <p class="field__hint">{hint}</p> })} {children()}
            {move || {
                error
                    .get()
                    .map(|message| {
                        view! {
                            <p class="field__error">
                                <Icon glyph=Glyph::Failed />
                                {message}
                            </p>
                        }
                    })
            }}
        </fieldset>
    }
    .into_any()
}

/// Stacks fields with even space; `columns` puts two side by side where there is room.
#[component]
pub fn FormGrid(#[prop(optional)] columns: bool, children: Children) -> impl IntoView {
    let class = if columns {
        "form-grid form-grid--columns"
    } else {
        "form-grid"
    };
    view! { <div class=class>{children()}</div> }
}

/// The row of buttons that ends a form, the primary first in the page's order.
#[component]
pub fn FormActions(children: Children) -> impl IntoView {
    view! { <div class="form-actions">{children()}</div> }
}

/// Whether a form holds what nobody has saved; around it where somebody asks before that is lost.
#[derive(Clone, Copy)]
pub struct Unsaved(pub RwSignal<bool>);

/// Sums up what is wrong with a form, above it; takes the focus when it appears, and links to the fields.
#[component]
pub fn FormError(
    /// The sentence; nothing is shown while there is none.
    #[prop(into)]
    message: MaybeProp<String>,
    /// Which fields are wrong: the control's id, and what is wrong with it.
    #[prop(optional, into)]
    fields: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    let around = use_context::<Unsaved>();
    Effect::new(move |before: Option<bool>| {
        let there = message.get().is_some();
        if let (true, Some(Unsaved(unsaved))) = (there, around) {
            unsaved.set(true);
        }
        if there
            && before == Some(false)
            && let Some(node) = node.get()
        {
            let _ = node.focus();
        }
        there
    });
    move || {
        message.get().map(|message| {
            let fields = fields.get();
            view! {
                <div class="banner banner--danger" role="alert" tabindex="-1" node_ref=node>
                    <Icon glyph=Glyph::Failed />
                    <div class="banner__text">
                        <p class="banner__title">{message}</p>
                        {(!fields.is_empty())
                            .then(|| {
                                view! {
                                    <ul class="banner__list">
                                        {fields
                                            .into_iter()
                                            .map(|(id, wrong)| {
                                                view! {
                                                    <li>
                                                        <a href=format!("#{id}") rel="external">
                                                            {wrong}
                                                        </a>
                                                    </li>
                                                }
                                            })
                                            .collect_view()}
                                    </ul>
                                }
                            })}
                    </div>
                </div>
            }
        })
    }
}
