//! Which settings are taken.

#![allow(clippy::unwrap_used)]
use super::*;

fn gather(flags: &Flags, variables: &[(&str, &str)], file: &str) -> anyhow::Result<Config> {
    let variable = |name: &str| {
        variables
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| std::ffi::OsString::from(value))
    };
    Config::gather(flags, variable, Some((Path::new("guildhall.toml"), file)))
}

fn refused(variables: &[(&str, &str)], file: &str) -> String {
    gather(&Flags::default(), variables, file)
        .unwrap_err()
        .to_string()
}

#[test]
fn has_sensible_defaults() {
    let config = gather(&Flags::default(), &[], "").unwrap();
    assert_eq!(config.database_url, "sqlite://guildhall.db");
    assert_eq!(config.public_url, "http://127.0.0.1:3000");
    assert!(!config.trust_proxy && config.smtp_url.is_none());
}

#[test]
fn a_flag_wins_over_a_variable_and_a_variable_over_the_file() {
    let flags = Flags {
        listen: Some("127.0.0.1:1".into()),
        ..Flags::default()
    };
    let variables = [("GUILDHALL_LISTEN", "127.0.0.1:2"), ("GUILDHALL_LOG", "debug")];
    let config = gather(
        &flags,
        &variables,
        "listen = '127.0.0.1:3'\nlog = 'warn'\ntrust_proxy = true",
    )
    .unwrap();
    assert_eq!(config.listen.port(), 1);
    assert_eq!(config.log, "debug");
    assert!(config.trust_proxy);
}

#[test]
fn a_wrong_setting_is_refused_with_its_name_and_what_is_expected() {
    for (name, wrong, expected) in [
        ("GUILDHALL_LISTEN", "3000", "127.0.0.1:3000"),
        ("GUILDHALL_WEBHOOK_PRIVATE", "localhost", "10.1.0.0/16"),
        ("GUILDHALL_WEBHOOK_PRIVATE", "10.1.2.3/16", "10.1.0.0/16"),
        (
            "GUILDHALL_WEBHOOK_PRIVATE_ORGANIZATIONS",
            "localhost",
            "10.1.0.0/16",
        ),
        (
            "GUILDHALL_PUBLIC_URL",
            "https://x.example/console",
            "without a path",
        ),
        ("GUILDHALL_DATABASE_URL", "mysql://x", "postgres://"),
        ("GUILDHALL_SMTP_URL", "mail.example", "smtp://"),
        (
            "GUILDHALL_SMTP_URL",
            "smtp://me:a@b@mail.example:port",
            "percent-encoded",
        ),
        ("GUILDHALL_MAIL_FROM", "nobody", "no-reply@example.com"),
        (
            "GUILDHALL_MAIL_FROM",
            "Me <a@b.example>\r\nBcc: c@d.example",
            "no-reply@example.com",
        ),
        ("GUILDHALL_RATE_LIMIT", "fast", "100/s"),
        ("GUILDHALL_LOG", "info,=", "debug"),
        ("GUILDHALL_LOG_FORMAT", "xml", "json"),
        ("GUILDHALL_TRUST_PROXY", "yes", "on or off"),
    ] {
        let message = refused(&[(name, wrong)], "");
        assert!(message.contains(name) && message.contains(expected), "{message}");
    }
    assert!(refused(&[], "listne = 'x'").contains("listne is not a setting"));
    assert!(refused(&[], "listen = 3000").contains("GUILDHALL_LISTEN"));
}

#[test]
fn secrets_in_urls_are_never_shown() {
    let message = refused(
        &[(
            "GUILDHALL_DATABASE_URL",
            "mysql://me:hunter2@db/x?password=hunter2",
        )],
        "",
    );
    assert!(!message.contains("hunter2"), "{message}");
    let message = refused(&[], "database_url = 'postgres://me:hunter2@db/x'\n=");
    assert!(!message.contains("hunter2"), "{message}");
    let config = gather(
        &Flags::default(),
        &[("GUILDHALL_DATABASE_URL", "postgres://me:hunter2@db/x")],
        "",
    )
    .unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
    assert_eq!(config.database_shown(), "postgres://me:…@db/x");
}

#[test]
fn the_public_url_is_an_origin_as_browsers_write_it() {
    let public =
        |url| gather(&Flags::default(), &[("GUILDHALL_PUBLIC_URL", url)], "").map(|config| config.public_url);
    assert_eq!(
        public("https://Console.Example:443/").unwrap(),
        "https://console.example"
    );
    assert_eq!(public("http://localhost:0").unwrap(), "http://localhost:0");
    assert!(public("https://me@console.example").is_err());
    assert!(public("console.example").is_err());
}

#[test]
fn mail_is_from_the_consoles_own_host_unless_it_is_said() {
    let from = |name, value| {
        gather(&Flags::default(), &[(name, value)], "")
            .unwrap()
            .mail_from
            .to_string()
    };
    assert_eq!(
        from("GUILDHALL_PUBLIC_URL", "https://console.acme.example:8443"),
        "no-reply@console.acme.example"
    );
    assert_eq!(
        from("GUILDHALL_PUBLIC_URL", "http://127.0.0.1:3000"),
        "no-reply@localhost"
    );
    assert_eq!(
        from("GUILDHALL_PUBLIC_URL", "http://[::1]:3000"),
        "no-reply@localhost"
    );
    assert_eq!(
        from("GUILDHALL_MAIL_FROM", "Acme <people@acme.example>"),
        "Acme <people@acme.example>"
    );
}
