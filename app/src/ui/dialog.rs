//! Dialogs: the browser's own `<dialog>`, opened and closed by invoker commands, so that they need no script.

use super::{
    button::{Button, IconButton, Variant},
    field::{Field, FormActions, FormError},
    icon::{Glyph, Icon},
    input::TextInput,
};
use leptos::{html, prelude::*};

/// A dialog. A button opens it with `opens="its id"`. After an action has succeeded, close it with [`close_dialog`].
#[component]
pub fn Dialog(
    #[prop(into)] id: String,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] description: MaybeProp<String>,
    /// Wider, for tables and two columns.
    #[prop(optional)]
    wide: bool,
    /// At the right edge and full height: for a thing's details beside its list.
    #[prop(optional)]
    drawer: bool,
    /// Open from the start: a form that came back with an error, with scripts off.
    #[prop(optional, into)]
    open: Signal<bool>,
    /// What to do after it was closed, however that was.
    #[prop(optional, into)]
    on_close: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(node) = node.get()
            && open.get()
        {
            // What the server opened is not modal yet.
            node.close();
            let _ = node.show_modal();
        }
    });
    let class = match (wide, drawer) {
        (_, true) => "dialog dialog--drawer",
        (true, _) => "dialog dialog--wide",
        _ => "dialog",
    };
    let (title_id, about_id) = (format!("{id}-title"), format!("{id}-about"));
    let labelled_by = title_id.clone();
    let described_by = description.get_untracked().map(|_| about_id.clone());
    let own_id = id.clone();
    view! {
        <dialog
            class=class
            id=own_id
            closedby="any"
            open=open.get_untracked()
            aria-labelledby=labelled_by
            aria-describedby=described_by
            node_ref=node
            on:close=move |_| {
                if let Some(on_close) = on_close {
                    on_close.run(());
                }
            }
        >
            <header class="dialog__head">
                <div>
                    <h2 class="dialog__title" id=title_id>
                        {move || title.get()}
                    </h2>
                    {move || {
                        let id = about_id.clone();
                        description
                            .get()
                            .map(|text| {
                                view! {
                                    <p class="dialog__about" id=id>
                                        {text}
                                    </p>
                                }
                            })
                    }}
                </div>
                <IconButton glyph=Glyph::Cross label="Close" closes=id />
            </header>
            <div class="dialog__body">{children()}</div>
        </dialog>
    }
    .into_any()
}

/// The inside of a dialog that destroys something; stands in a form, in a [`Dialog`]. Its children say what goes with it. With
/// `type_name` the person has to type that name; the browser checks it, so that it holds without scripts too.
#[component]
pub fn ConfirmBody(
    /// The dialog's id, for *Cancel*.
    #[prop(into)]
    dialog: String,
    /// The words on the button: verb and thing, for example “Delete organization”.
    #[prop(into)]
    confirm: String,
    #[prop(optional, into)] type_name: MaybeProp<String>,
    /// Why nothing was destroyed.
    #[prop(optional, into)]
    failure: MaybeProp<String>,
    /// What is wrong with the name that was typed.
    #[prop(optional, into)]
    name_error: MaybeProp<String>,
    #[prop(optional, into)] pending: Signal<bool>,
    /// Not red: for what can be undone, such as suspending.
    #[prop(optional)]
    mild: bool,
    children: Children,
) -> impl IntoView {
    let id = format!("{dialog}-name");
    view! {
        <div class="confirm">
            <FormError message=failure />
            {children()}
            {type_name
                .get_untracked()
                .map(|name| {
                    view! {
                        <Field
                            name="confirm_name"
                            id=id
                            label=format!("Type “{name}” to confirm")
                            error=name_error
                            required=true
                        >
                            <TextInput pattern=exactly(&name) autocomplete="off" />
                        </Field>
                    }
                })} <FormActions>
                <Button
                    kind="submit"
                    variant=if mild { Variant::Primary } else { Variant::Danger }
                    pending
                >
                    {confirm}
                </Button>
                <Button closes=dialog>"Cancel"</Button>
            </FormActions>
        </div>
    }
    .into_any()
}

/// A pattern that matches this text only.
fn exactly(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        // Not the hyphen: browsers compile patterns in a mode that refuses escapes of what means nothing.
        if "\\^$.*+?()[]{}|/".contains(letter) {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

/// What goes with a thing that is about to be destroyed, as a list in a [`ConfirmBody`].
#[component]
pub fn Consequences(items: Vec<String>) -> impl IntoView {
    view! {
        <ul class="consequences">
            {items
                .into_iter()
                .map(|item| {
                    view! {
                        <li>
                            <Icon glyph=Glyph::Cross />
                            {item}
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
    .into_any()
}

/// Opens a dialog from code.
pub fn show_dialog(id: &str) {
    if let Some(dialog) = dialog_element(id)
        && !dialog.open()
    {
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog from code, after its action has succeeded.
pub fn close_dialog(id: &str) {
    if let Some(dialog) = dialog_element(id) {
        dialog.close();
    }
}

fn dialog_element(id: &str) -> Option<leptos::web_sys::HtmlDialogElement> {
    use leptos::wasm_bindgen::JsCast;
    document().get_element_by_id(id)?.dyn_into().ok()
}
