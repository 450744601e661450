//! What a form leaves for the next page where scripts are off: a toast, or what was typed before it was refused.

use app::rpc::Flash;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

use crate::auth::origin;

/// Seconds that a redirect may take.
const LIFETIME: u32 = 60;
/// Bytes of typed text: browsers keep cookies of 4,096, and text becomes a third longer on its way into one.
const ROOM: usize = 2_800;

/// The cookie's name: with the prefix that only this host's own answers can set, where browsers take it.
fn name(public_url: &str) -> &'static str {
    if origin::is_trustworthy(public_url) {
        "__Host-flash"
    } else {
        "flash"
    }
}

/// What the request before left, if there is anything.
pub fn read(public_url: &str, headers: &HeaderMap) -> Option<Flash> {
    let name = name(public_url);
    let value = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)?
        .1;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()
}

/// `Set-Cookie` that leaves something for the next page.
pub fn set(public_url: &str, flash: &Flash) -> Option<HeaderValue> {
    let value = URL_SAFE_NO_PAD.encode(serde_json::to_vec(flash).ok()?);
    cookie(public_url, &value, LIFETIME)
}

/// `Set-Cookie` once it was read.
pub fn clear(public_url: &str) -> Option<HeaderValue> {
    cookie(public_url, "", 0)
}

fn cookie(public_url: &str, value: &str, lifetime: u32) -> Option<HeaderValue> {
    let secure = if origin::is_trustworthy(public_url) {
        "; Secure"
    } else {
        ""
    };
    format!(
        "{}={value}; Path=/; Max-Age={lifetime}; HttpOnly; SameSite=Lax{secure}",
        name(public_url)
    )
    .parse()
    .ok()
}

/// The fields of a form, without secrets and without what is too long to keep.
pub fn typed(form: &[u8]) -> Vec<(String, String)> {
    let mut room = ROOM;
    form_urlencoded::parse(form)
        .into_owned()
        .filter(|(name, value)| !is_secret(name) && !value.is_empty())
        // What stood in a field before, nobody typed.
        .filter(|(name, _)| !name.starts_with("was_"))
        .filter(|(name, value)| {
            // In JSON, with quotes and commas, and every quote in it doubled.
            let length = name.len() + value.len() + value.matches(['"', '\\', '\n', '\r']).count() + 8;
            let fits = length <= room;
            if fits {
                room -= length;
            }
            fits
        })
        .collect()
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    // A code of an authenticator app has this name; a postal code is none.
    name == "code"
        || ["password", "secret", "token", "passkey", "come_back"]
            .iter()
            .any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn reads_what_it_sets() {
        let flash = Flash {
            toast: Some("Größe gespeichert".into()),
            typed: vec![("name".into(), "a; b=\"c\"".into())],
            refused: None,
        };
        let set = set("https://console.example", &flash).unwrap();
        let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, format!("theme=dark; {pair}").parse().unwrap());
        assert_eq!(read("https://console.example", &headers), Some(flash));
        assert_eq!(read("http://console.example", &headers), None);
    }

    #[test]
    fn keeps_no_secret() {
        let kept = typed(
            b"email=a%40x.io&password=hunter2&new_Password=x&client_secret=y&token=z&code=123456&empty=",
        );
        assert_eq!(kept, [("email".to_owned(), "a@x.io".to_owned())]);
    }

    #[test]
    fn what_is_long_still_fits_a_cookie() {
        let form: String = (0..50)
            .map(|i| format!("field{i}={}&", "%22x".repeat(60)))
            .collect();
        let flash = Flash {
            toast: None,
            typed: typed(form.as_bytes()),
            refused: None,
        };
        assert!(!flash.typed.is_empty());
        assert!(set("https://console.example", &flash).unwrap().len() < 4_096);
    }
}
