//! Avatars: initials on a colour that stays the same for the same thing.

use super::format::upper;
use leptos::prelude::*;

/// Initials in a circle (people) or a rounded square (organizations). Decorative: the name stands beside it.
#[component]
pub fn Avatar(
    /// The name, or the address where there is none.
    #[prop(into)]
    name: String,
    #[prop(optional)] square: bool,
    #[prop(optional)] large: bool,
) -> impl IntoView {
    let mut class = format!("avatar avatar--{}", colour_of(&name));
    if square {
        class.push_str(" avatar--square");
    }
    if large {
        class.push_str(" avatar--lg");
    }
    view! {
        <span class=class aria-hidden="true">
            {initials(&name)}
        </span>
    }
}

/// One of eight colours, by a hash (FNV-1a) that is the same on both sides.
fn colour_of(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    }) % 8
}

/// “Ada King Lovelace” is AL, “ada@acme.example” is A.
fn initials(name: &str) -> String {
    let person = name.split('@').next().unwrap_or(name);
    let mut words = person
        .split([' ', '.', '_', '-'])
        .filter_map(|word| word.chars().next());
    let first = words.next();
    let last = words.next_back();
    upper(&first.into_iter().chain(last).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_first_and_last_name() {
        assert_eq!(initials("Ada King Lovelace"), "AL");
        assert_eq!(initials("ada.lovelace@acme.example"), "AL");
        assert_eq!(initials("élodie"), "É");
        assert_eq!(initials(""), "");
    }
}
