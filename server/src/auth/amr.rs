//! How somebody proved who they are (RFC 8176), as sessions and what hangs on them keep it: with spaces between.

/// The password alone.
pub const PASSWORD: &str = "pwd";
/// The password and a code: of an authenticator app, or a recovery code, which is used once, too.
pub const PASSWORD_AND_CODE: &str = "pwd otp mfa";
/// The password and a passkey that never leaves its device.
pub const PASSWORD_AND_DEVICE: &str = "pwd hwk mfa";
/// The password and a passkey that its owner's devices share.
pub const PASSWORD_AND_SHARED_KEY: &str = "pwd swk mfa";

/// The classes of a sign-in (OpenID Connect Core, 2, `acr`), the weaker first: the password alone, and two factors.
pub const CLASSES: [&str; 2] = ["aal1", "aal2"];

/// Whether a second factor was proved.
pub fn has_second_factor(amr: &str) -> bool {
    amr.split(' ').any(|method| method == "mfa")
}

/// The class of a sign-in that was proved so.
pub fn class(amr: &str) -> &'static str {
    let [weaker, stronger] = CLASSES;
    if has_second_factor(amr) { stronger } else { weaker }
}

/// What was proved so far, and a code beside it: somebody has set an authenticator app up.
pub fn with(amr: &str, method: &'static str) -> String {
    let mut methods: Vec<&str> = amr.split(' ').filter(|known| *known != "mfa").collect();
    if !methods.contains(&method) {
        methods.push(method);
    }
    methods.push("mfa");
    methods.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_factors_are_of_the_stronger_class() {
        assert_eq!(class(PASSWORD), "aal1");
        for amr in [PASSWORD_AND_CODE, PASSWORD_AND_DEVICE, PASSWORD_AND_SHARED_KEY] {
            assert_eq!(class(amr), "aal2");
        }
        assert!(!has_second_factor("mfaz"));
    }

    #[test]
    fn a_factor_is_added_once() {
        assert_eq!(with(PASSWORD, "otp"), PASSWORD_AND_CODE);
        assert_eq!(with(PASSWORD_AND_CODE, "otp"), PASSWORD_AND_CODE);
        assert_eq!(with(PASSWORD_AND_CODE, "swk"), "pwd otp swk mfa");
    }
}
