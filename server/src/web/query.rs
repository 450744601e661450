//! One value of a query or a form.

/// The value of a parameter, or of a form's field; of a repeated one, the first.
pub fn parameter(pairs: &[u8], name: &str) -> Option<String> {
    form_urlencoded::parse(pairs)
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}
