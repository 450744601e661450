//! A password to hand over: typed or generated, visible so that it can be copied.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use crate::ui::prelude::*;

/// A field `password` with buttons that generate and copy one, once scripts run.
#[component]
pub fn TemporaryPassword(#[prop(into)] error: MaybeProp<String>) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let generate = move |_| {
        let Some(made) = generated() else { return };
        // What was typed counts more to the browser than the attribute: the property must be set.
        if let Some(input) = document()
            .get_element_by_id("password")
            .and_then(|node| node.dyn_into::<leptos::web_sys::HtmlInputElement>().ok())
        {
            input.set_value(&made);
        }
        password.set(made);
    };
    view! {
        <div class="row">
            <Field
                name="password"
                label="Temporary password"
                hint="At least 8 characters. They choose their own at the first sign-in."
                error
            >
                <TextInput
                    mono=true
                    autocomplete="off"
                    max_length=128u32
                    on:input=move |event| password.set(event_target_value(&event))
                />
            </Field>
            <span class="row needs-script">
                <Button icon=Glyph::Refresh on:click=generate>
                    "Generate"
                </Button>
                {move || view! { <CopyButton text=password.get() what="temporary password" size=Size::Medium /> }}
            </span>
        </div>
    }
}

/// Sixteen letters and digits that do not look alike, four by four: 80 bits of the browser's randomness.
fn generated() -> Option<String> {
    const ALPHABET: [char; 32] = [
        'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'j', 'k', 'm', 'n', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w',
        'x', 'y', 'z', '2', '3', '4', '5', '6', '7', '8', '9', 'R',
    ];
    let mut random = [0_u8; 16];
    window()
        .crypto()
        .ok()?
        .get_random_values_with_u8_array(&mut random)
        .ok()?;
    let mut out = String::with_capacity(19);
    for (place, byte) in random.into_iter().enumerate() {
        if place > 0 && place.is_multiple_of(4) {
            out.push('-');
        }
        out.extend(ALPHABET.get(usize::from(byte % 32)));
    }
    Some(out)
}
