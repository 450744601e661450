//! Words that are fine, and words that are not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::mail::templates::Templates;

fn words(text: &str, html: &str) -> Words {
    Words {
        subject: "For {{ organization }}".to_owned(),
        text: text.to_owned(),
        html: html.to_owned(),
    }
}

fn refused(text: &str) -> String {
    let words = words(text, "{{ link }}");
    let error = OwnWords::new()
        .unwrap()
        .tried(MailKind::Invitation, Language::English, "Acme", &words)
        .expect_err(text);
    assert_eq!(error.fields.len(), 1, "{error:?}");
    error
        .message_at("text")
        .unwrap_or_else(|| panic!("{error:?}"))
        .to_owned()
}

#[test]
fn the_default_words_are_fine() {
    let own = OwnWords::new().unwrap();
    for kind in MailKind::ALL {
        for language in Language::ALL {
            let words = Words::default_of(language, kind);
            let tried = own.tried(kind, language, "Acme", &words).unwrap();
            let sent = Templates::new()
                .unwrap()
                .render(language, &sample::of(kind, Fullness::Full), "Acme")
                .unwrap();
            assert_eq!(tried, sent, "{kind:?} {language:?}");
        }
    }
}

#[test]
fn what_would_break_a_mail_is_refused_with_its_line() {
    for (text, said) in [
        (
            "{{ link }}\n{{ nothing }}",
            "line 2: nothing is not a variable of this mail",
        ),
        ("{{ link }}\n\n{% if app %}", "line 3: "),
        (
            "{{ link }}\n{{ app }}",
            "line 2: some mails have nothing to say here; ask with {% if … %} first",
        ),
        (
            "{{ link }}\n{% if false %}{{ nothing }}{% endif %}",
            "line 2: nothing is not",
        ),
        ("Hello", "must say {{ link }} in every case"),
        (
            "{% if app %}{{ link }}{% endif %}",
            "must say {{ link }} in every case",
        ),
        ("{{ link }}{{ organization | safe }}", "line 1: safe "),
        (
            "{{ link }}{{ organization | join(',') }}",
            "line 1: join is for lists",
        ),
        ("{{ link }}{% set x = 1 %}", "line 1: set "),
        ("{{ link }}{% include 'layout.html' %}", "line 1: include "),
    ] {
        let message = refused(text);
        assert!(message.starts_with(said), "{text}: {message}");
    }
}

#[test]
fn no_template_runs_for_ever() {
    let mut endless = "{{ link }}".to_owned();
    for depth in 0..12 {
        endless.push_str(&format!("{{% for a{depth} in organization %}}"));
    }
    endless.push('x');
    endless.push_str(&"{% endfor %}".repeat(12));
    assert!(refused(&endless).contains("too many steps"));
    let long = "x".repeat(30_000);
    let large = format!(
        "{{{{ link }}}}{{% for a in organization %}}{{% for b in organization %}}{long}{{% endfor %}}{{% endfor %}}"
    );
    assert!(refused(&large).contains("comes to more than"));
}

#[test]
fn words_that_fail_when_they_are_sent_are_left_out() {
    let own = OwnWords::new().unwrap();
    let content = sample::of(MailKind::Invitation, Fullness::Sparse);
    let fine = words("{{ link }}", "{{ link }}");
    assert!(own.sent(Language::English, &content, "Acme", &fine).is_some());
    let broken = words("{{ gone }}", "{{ link }}");
    assert_eq!(own.sent(Language::English, &content, "Acme", &broken), None);
}

#[test]
fn a_name_with_markup_is_text() {
    let own = OwnWords::new().unwrap();
    let content = Content::InvitationAsked {
        organization: "<img src=x onerror=alert(1)>".to_owned(),
        address: "a@example.com\r\nBcc: b@example.com".to_owned(),
        link: "https://console.example/x".to_owned(),
    };
    let words = Words {
        subject: "{{ address }}".to_owned(),
        text: "{{ organization }}".to_owned(),
        html: "<b>{{ organization | upper }}</b>{{ organization }}".to_owned(),
    };
    let mail = own.render(Language::English, &content, "Acme", &words).unwrap();
    assert!(!mail.html.to_lowercase().contains("<img"), "{mail:?}");
    assert!(
        mail.html.contains("<b>") && mail.text.contains("<img"),
        "{mail:?}"
    );
    assert!(!mail.subject.contains(['\r', '\n']), "{mail:?}");
}
