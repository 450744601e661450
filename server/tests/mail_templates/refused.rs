//! Words that would break a mail, and people who may not write any.

use serde_json::{Value, json};

use super::{path, read, save, words};
use crate::harness::{World, on_both};

/// The message at a field of words that are refused, which are then neither kept nor shown in a preview.
async fn wrong(world: &World, field: &str, value: &str) -> String {
    let invitation = path("invitation", "en");
    let mut bad = words("Come");
    bad[field] = Value::from(value);
    let preview = world.post(&format!("{invitation}/preview"), bad.clone());
    let preview = preview.token(&world.admin).expect(400).await;
    let refused = save(world, &invitation, bad).await;
    assert_eq!(
        (refused.status, refused.fields()),
        (400, vec![field]),
        "{}",
        refused.text
    );
    assert_eq!(refused.json["errors"], preview.json["errors"]);
    assert_eq!(read(world, &invitation).await.result()["changed"], false);
    refused.json["errors"][0]["message"].as_str().unwrap().to_owned()
}

on_both! {
    async fn a_broken_template_is_refused_with_its_line(world) {
        for (field, value, said) in [
            ("text", "{{ link }}\n\n{% if app %}never closed", "line 3: "),
            ("text", "{{ link }}\r\n{{ organisation }}", "line 2: organisation is not a variable of this mail"),
            ("text", "{{ link }}\n{% if false %}{{ organisation }}{% endif %}", "line 2: organisation is not"),
            ("text", "{{ link }}\n{{ app }}", "line 2: some mails have nothing to say here"),
            ("html", "<p>\n{{ link }}\n{{ organization | safe }}", "line 3: safe is not a filter"),
            ("html", "{{ link }}\n{% autoescape false %}{{ organization }}{% endautoescape %}", "line 2: autoescape is not possible"),
            ("html", "{% include \"en/test.html\" %}{{ link }}", "line 1: include is not possible"),
            ("html", "{% extends \"en/test.html\" %}{{ link }}", "line 1: extends is for"),
            ("subject", "{{ nobody }}", "nobody is not a variable"),
        ] {
            let message = wrong(world, field, value).await;
            assert!(message.starts_with(said), "{value}: {message}");
        }
    }

    async fn a_mail_without_its_link_is_refused(world) {
        for field in ["text", "html"] {
            for value in ["Come!", "{% if app %}{{ link }}{% endif %}", "{# {{ link }} #}Come!"] {
                let message = wrong(world, field, value).await;
                assert!(message.starts_with("must say {{ link }}"), "{message}");
            }
        }
        // A test mail has none.
        let test = json!({ "subject": "Test", "text": "Test", "html": "Test" });
        assert_eq!(save(world, &path("test", "en"), test).await.status, 200);
    }

    async fn a_template_that_never_ends_is_refused(world) {
        let mut endless = "{{ link }}".to_owned();
        for depth in 0..20 {
            endless.push_str(&format!("{{% for a{depth} in organization %}}"));
        }
        endless.push_str(&format!("x{}", "{% endfor %}".repeat(20)));
        let message = wrong(world, "text", &endless).await;
        assert!(message.contains("too many steps"), "{message}");
        let long = "y".repeat(30_000);
        let large = format!("{{{{ link }}}}{{% for a in organization %}}{{% for b in organization %}}{long}{{% endfor %}}{{% endfor %}}");
        assert!(wrong(world, "html", &large).await.contains("256 KiB"));
        for growing in ["{{ 'a' * 999999999 }}{{ link }}", "{{ range(999999) | join }}{{ link }}", "{% set a = link ~ link %}{{ a }}"] {
            wrong(world, "text", growing).await;
        }
    }

    async fn what_is_too_long_or_empty_is_refused(world) {
        for (field, value) in [
            ("subject", String::new()),
            ("subject", "x".repeat(201)),
            ("subject", "two\nlines".to_owned()),
            ("text", " \n ".to_owned()),
            ("text", format!("{{{{ link }}}}{}", "x".repeat(64 * 1024))),
            ("html", "{{ link }}\u{0}".to_owned()),
        ] {
            wrong(world, field, &value).await;
        }
    }

    async fn the_backend_does_not_write_around_a_secret_link(world) {
        for kind in ["password_reset", "invitation", "verify_address", "registration_address"] {
            let template = path(kind, "en");
            let own = json!({ "subject": "Hello", "text": "{{ link }}", "html": "{{ link }}" });
            world.put(&template, own.clone()).token(&world.admin).expect(403).await;
            let seen = read(world, &template).await;
            assert_eq!((&seen.result()["changed"], &seen.result()["may_be_updated"]), (&json!(false), &json!(false)));
            let saved = save(world, &template, own).await;
            assert_eq!((saved.status, &saved.result()["may_be_updated"]), (200, &json!(true)));
            // The default is nobody's own, and is for the backend, too.
            world.delete(&template).token(&world.admin).expect(200).await;
        }
        let notice = path("password_changed", "en");
        let own = json!({ "subject": "Hello", "text": "{{ link }}", "html": "{{ link }}" });
        assert_eq!(read(world, &notice).await.result()["may_be_updated"], true);
        world.put(&notice, own).token(&world.admin).expect(200).await;
    }

    async fn what_would_fill_the_stack_is_refused(world) {
        let deep = format!("{{{{ link }}}}\n{{{{ organization{} }}}}", ".a".repeat(30_000));
        assert_eq!(wrong(world, "text", &deep).await, "line 2: has too many parts for one pair of braces");
        let wide = format!("{{{{ link }}}}{{% if app %}}{}{{% endif %}}", "{% elif app %}".repeat(4_000));
        assert_eq!(wrong(world, "html", &wide).await, "line 1: has more than 50 elif");
    }

    async fn only_the_tenant_writes_and_nobody_else_reads(world) {
        let invitation = path("invitation", "en");
        for token in [&world.acme.org_admin, &world.acme.client, &world.user, &world.stranger_token] {
            for answer in [
                world.get("/v1/mail-templates").token(token).send().await,
                world.get(&invitation).token(token).send().await,
                world.put(&invitation, words("Come")).token(token).send().await,
                world.delete(&invitation).token(token).send().await,
                world.post(&format!("{invitation}/preview"), words("Come")).token(token).send().await,
            ] {
                assert!(matches!(answer.status, 403 | 404), "{}: {}", answer.status, answer.text);
            }
        }
        assert_eq!(read(world, &invitation).await.result()["changed"], false);
        for nowhere in [path("nothing", "en"), path("invitation", "fr"), format!("{invitation}?shown_version=7")] {
            world.get(&nowhere).token(&world.admin).expect(404).await;
        }
    }
}
