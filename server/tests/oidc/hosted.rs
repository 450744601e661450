//! The hosted pages: sign-in with the application's name, the organization picker, the refusals. All without scripts.

use serde_json::json;

use super::{App, CALLBACK, Tokens, also_member, claims, follow, problem, value};
use crate::api::portal::{PNG, upload};
use crate::harness::{Answer, Call, PASSWORD, World, on_both, run_on_sqlite};

fn open(world: &World, cookie: &str, path: &str) -> Call {
    world
        .get(path)
        .header("accept", "text/html")
        .header("cookie", cookie)
}

/// A form of one of our pages, sent by a browser without scripts.
fn send(world: &World, path: &str, cookie: Option<&str>, fields: &[(&str, &str)]) -> Call {
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let call = world
        .call("POST", path)
        .header("origin", &world.url)
        .header("accept", "text/html")
        .body("application/x-www-form-urlencoded", form);
    match cookie {
        Some(cookie) => call.header("cookie", cookie),
        None => call,
    }
}

fn session_of(answer: &Answer) -> String {
    answer
        .headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|value| value.to_str().ok()?.split(';').next())
        .find(|pair| pair.contains("session="))
        .unwrap_or_else(|| panic!("no session: {:?}", answer.headers))
        .to_owned()
}

/// Gives Globex Acme's application, and makes Acme's member one of Globex.
async fn in_both(world: &World) {
    let apps = format!("/v1/organizations/{}/apps", world.globex.id);
    world
        .put(&apps, json!({ "app_ids": [world.acme.app] }))
        .token(&world.admin)
        .expect(204)
        .await;
    also_member(world, &world.globex, "acme-member").await;
}

on_both! {
    /// Sign-in and the picker as a browser without scripts goes through them.
    async fn somebody_in_two_organizations_chooses_one(world) {
        let app = App::of(world, &world.acme, false).await;
        in_both(world).await;
        let admin = world.session("acme-admin").await;
        upload(world, &admin, &format!("/logo/{}", world.acme.id), PNG).await;
        let page = app.visit(world, None, &[("login_hint", "acme-member@example.com")]).await;
        let shown = world.get(&page).header("accept", "text/html").expect(200).await;
        assert!(shown.text.contains("Sign in to Invoices"), "{}", shown.text);
        assert!(shown.text.contains("value=\"acme-member@example.com\""), "the hint");
        let policy = shown.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(policy.contains("form-action 'self' https://app.example;"), "{policy}");
        let request = value(&page, "request").unwrap();
        let fields = [
            ("identifier", "acme-member@example.com"),
            ("password", PASSWORD),
            ("request", request.as_str()),
        ];
        let answer = send(world, "/rpc/sign_in", None, &fields).expect(303).await;
        let cookie = session_of(&answer);
        let next = answer.header("location").unwrap().to_owned();
        assert_eq!(next, format!("/oidc/continue?request={request}"));
        let picker = follow(world, Some(&cookie), next).await;
        assert_eq!(picker, format!("/signin/organization?request={request}"));
        let shown = open(world, &cookie, &picker).expect(200).await;
        for text in ["Choose an organization", "Acme", "Globex", &world.globex.id.to_string(), "acme-member"] {
            assert!(shown.text.contains(text), "{text}");
        }
        // Each with its logo, or its initials: whoever chooses may see both.
        let logo = shown.text.split("src=\"").find(|rest| rest.starts_with(&format!("/logo/{}/", world.acme.id))).unwrap();
        let logo = logo.split('"').next().unwrap();
        assert_eq!(world.get(logo).header("cookie", &cookie).expect(200).await.header("content-type"), Some("image/png"));
        assert_eq!(shown.text.matches("avatar--square").count(), 2, "{}", shown.text);
        let policy = shown.header("content-security-policy").unwrap();
        assert!(policy.contains("form-action 'self' https://app.example;"), "{policy}");
        let globex = world.globex.id.to_string();
        let fields = [("request", request.as_str()), ("organization_id", globex.as_str())];
        // From a page elsewhere nobody chooses.
        let foreign = world.call("POST", "/oidc/continue").header("origin", "https://evil.example").header("cookie", &cookie);
        foreign.body("application/x-www-form-urlencoded", format!("request={request}&organization_id={globex}")).expect(403).await;
        let answer = send(world, "/oidc/continue", Some(&cookie), &fields).expect(303).await;
        let end = answer.header("location").unwrap().to_owned();
        assert!(end.starts_with(CALLBACK), "{end}");
        let tokens = Tokens::read(&app.redeem(world, &value(&end, "code").unwrap()).expect(200).await);
        let access = claims(&tokens.access);
        assert_eq!((&access["org_id"], &access["org_name"]), (&json!(globex), &json!("Globex")));
        // Roles are those of this organization: in Globex there are none of this application.
        assert_eq!(access["roles"], json!([]));
        // The way back of the browser leads nowhere twice.
        let again = problem(world, send(world, "/oidc/continue", Some(&cookie), &fields), 410).await;
        assert!(again.text.contains("This sign-in has ended"));
    }

    /// `organization` and `org_id` skip the question, by id or by name.
    async fn the_application_can_name_the_organization(world) {
        let app = App::of(world, &world.acme, false).await;
        in_both(world).await;
        let cookie = world.session("acme-member").await;
        let (acme, globex) = (world.acme.id.to_string(), world.globex.id.to_string());
        for (name, wanted, is) in [
            ("organization", globex.as_str(), &globex),
            ("org_id", &acme, &acme),
            ("organization", "GLOBEX", &globex),
            ("org_id", "Acme", &acme),
        ] {
            let tokens = app.tokens(world, &cookie, &[(name, wanted)]).await;
            assert_eq!(claims(&tokens.id)["org_id"], json!(is), "{name}={wanted}");
        }
        let end = app.visit(world, Some(&cookie), &[("organization", &acme), ("org_id", &globex)]).await;
        assert_eq!(value(&end, "error").as_deref(), Some("invalid_request"));
        // A choice among what was not offered is none.
        let page = app.visit(world, Some(&cookie), &[("prompt", "login"), ("organization", &acme)]).await;
        let request = value(&page, "request").unwrap();
        world.console.clock().advance(1000);
        let fresh = world.session("acme-member").await;
        let fields = [("request", request.as_str()), ("organization_id", globex.as_str())];
        let answer = send(world, "/oidc/continue", Some(&fresh), &fields).expect(303).await;
        assert!(answer.header("location").unwrap().starts_with("/signin/closed"));
    }
}

/// Whoever may not go in gets no token, and a page that says why.
#[test]
fn abuse_22_23_30_a_page_that_says_why() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        let organization = format!("/v1/organizations/{}", world.acme.id);
        let member = format!("{organization}/members/{}", world.acme.member);
        let change = async |path: &str, body: serde_json::Value| {
            world.put(path, body).token(&world.admin).expect(200).await;
        };
        let closed = async |name: &str, more: &[(&str, &str)], why: &str| {
            let cookie = world.session(name).await;
            let page = app.visit(world, Some(&cookie), more).await;
            assert!(page.starts_with("/signin/closed?request="), "{why}: {page}");
            let shown = open(world, &cookie, &page).expect(403).await;
            assert!(shown.text.contains("You cannot use Invoices"), "{why}");
            assert!(shown.text.contains(why), "{why}: {}", shown.text);
            // The way back tells the application.
            let request = value(&page, "request").unwrap();
            let back = follow(world, Some(&cookie), format!("/oidc/cancel?request={request}")).await;
            assert!(back.starts_with(CALLBACK), "{back}");
            assert_eq!(value(&back, "error").as_deref(), Some("access_denied"));
            assert_eq!(value(&back, "state").as_deref(), Some("st&te"));
        };
        change(&member, json!({ "enabled": false })).await;
        closed("acme-member", &[], "Your membership in Acme is suspended").await;
        change(&member, json!({ "enabled": true })).await;
        change(&organization, json!({ "enabled": false })).await;
        closed("acme-member", &[], "Acme is disabled").await;
        change(&organization, json!({ "enabled": true })).await;
        closed("globex-member", &[], "Globex does not have this application").await;
        let acme = world.acme.id.to_string();
        closed(
            "globex-member",
            &[("org_id", &acme)],
            "is no member of the organization",
        )
        .await;
        // The address's domain is Acme's, the person is nobody's.
        let body = json!({ "email": "somebody@acme.example", "credentials": { "password": PASSWORD, "force_replace": false } });
        world
            .post("/v1/users", body)
            .token(&world.admin)
            .expect(201)
            .await;
        let own = [("identifier", "somebody@acme.example"), ("password", PASSWORD)];
        let cookie = session_of(&send(world, "/rpc/sign_in", None, &own).expect(303).await);
        for more in [&[][..], &[("organization", acme.as_str())]] {
            let page = app.visit(world, Some(&cookie), more).await;
            assert!(page.starts_with("/signin/closed?request="), "{page}");
        }
        // An invitation is no membership, whoever it is for and whatever else they are.
        let invited = json!({
            "email": "globex-member@example.com", "role_ids": ["Organization Member"], "send_invite": true,
        });
        world
            .post(&format!("{organization}/members"), invited)
            .token(&world.admin)
            .expect(200)
            .await;
        closed(
            "globex-member",
            &[("org_id", &acme)],
            "You have not accepted the invitation of Acme yet",
        )
        .await;
        closed("stranger", &[], "is a member of no organization").await;
        closed("root", &[], "is a member of no organization").await;
        // And it works again.
        let cookie = world.session("acme-member").await;
        app.tokens(world, &cookie, &[]).await;
    });
}

/// A temporary password is changed first; then the application gets its answer.
#[test]
fn a_temporary_password_is_changed_on_the_way() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        let path = format!("/v1/users/{}/password", world.acme.member);
        let temporary = json!({ "password": "for the first time", "force_replace": true });
        world.post(&path, temporary).token(&world.admin).expect(204).await;
        let page = app.visit(world, None, &[]).await;
        let request = value(&page, "request").unwrap();
        let fields = [
            ("identifier", "acme-member@example.com"),
            ("password", "for the first time"),
            ("request", request.as_str()),
        ];
        let answer = send(world, "/rpc/sign_in", None, &fields).expect(303).await;
        let cookie = session_of(&answer);
        let next = answer.header("location").unwrap().to_owned();
        assert!(next.starts_with("/account/password?return_to="), "{next}");
        // There is no way around it.
        let around = follow(world, Some(&cookie), format!("/oidc/continue?request={request}")).await;
        assert_eq!(around, next);
        let shown = open(world, &cookie, &next).expect(200).await;
        assert!(
            shown
                .text
                .contains(&format!("value=\"/oidc/continue?request={request}\""))
        );
        assert!(
            shown
                .header("content-security-policy")
                .unwrap()
                .contains("https://app.example")
        );
        let silent = app.visit(world, Some(&cookie), &[("prompt", "none")]).await;
        assert_eq!(value(&silent, "error").as_deref(), Some("interaction_required"));
        let back = format!("/oidc/continue?request={request}");
        let fields = [
            ("current_password", "for the first time"),
            ("new_password", "and for good from now on"),
            ("forced", "true"),
            ("return_to", back.as_str()),
        ];
        let answer = send(world, "/rpc/change_own_password", Some(&cookie), &fields)
            .expect(303)
            .await;
        let end = follow(
            world,
            Some(&cookie),
            answer.header("location").unwrap().to_owned(),
        )
        .await;
        assert!(value(&end, "code").is_some(), "{end}");
    });
}

/// A sign-in that is over, or was never begun, leads nowhere; an address cannot be made to lead elsewhere.
#[test]
fn abuse_52_addresses_that_lead_elsewhere() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        let cookie = world.session("acme-member").await;
        for guessed in ["", "guessed", "%2F%2Fevil.example", "a%0d%0ab", &"x".repeat(100)] {
            for page in ["/oidc/continue", "/oidc/cancel"] {
                let call = open(world, &cookie, &format!("{page}?request={guessed}"));
                let answer = problem(world, call, 410).await;
                assert_eq!(answer.header("location"), None);
            }
        }
        for page in ["/signin", "/signin/organization", "/signin/closed"] {
            let answer = open(world, &cookie, &format!("{page}?request=guessed"))
                .expect(410)
                .await;
            assert!(answer.text.contains("This sign-in has ended"), "{page}");
        }
        let fields = [
            ("identifier", "acme-member@example.com"),
            ("password", PASSWORD),
            ("request", "x&y=//evil.example"),
            ("return_to", "//evil.example"),
        ];
        let answer = send(world, "/rpc/sign_in", None, &fields).expect(303).await;
        let location = answer.header("location").unwrap();
        assert!(location.starts_with("/oidc/continue?request=x%26y"), "{location}");
        // It waits an hour and no longer.
        let page = app.visit(world, None, &[]).await;
        world.console.clock().advance(60 * 60 * 1000 + 1);
        world.get(&page).header("accept", "text/html").expect(410).await;
    });
}

/// `/v1/auth/sso/start` (T28) is the same sign-in under the reference's names.
#[test]
fn sso_start_leads_to_the_hosted_page() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        let query = app.asks(&[("scope", "-"), ("response_type", "-")]);
        let query = query.split_once('?').unwrap().1;
        let acme = world.acme.id;
        for prefix in ["/v1", "/cis/v1"] {
            let start =
                format!("{prefix}/auth/sso/start?{query}&email=acme-member%40example.com&org_id={acme}");
            let page = follow(world, None, start.clone()).await;
            let shown = world.get(&page).header("accept", "text/html").expect(200).await;
            assert!(shown.text.contains("value=\"acme-member@example.com\""));
            let cookie = world.session("acme-member").await;
            let end = follow(world, Some(&cookie), start).await;
            let tokens = Tokens::read(&app.redeem(world, &value(&end, "code").unwrap()).expect(200).await);
            assert_eq!(claims(&tokens.id)["org_id"], json!(acme));
        }
    });
}

/// Whoever looks at an organization's portal as its administrators see it is told to stop first, and then goes in.
#[test]
fn a_session_that_views_as_others_enters_no_application() {
    run_on_sqlite(async |world: &World| {
        let app = App::of(world, &world.acme, false).await;
        also_member(world, &world.acme, "root").await;
        let cookie = world.session("root").await;
        let waiting = app.visit(world, None, &[]).await;
        let acme = world.acme.id.to_string();
        let view = [("organization_id", acme.as_str())];
        send(world, "/rpc/view_as_organization_admin", Some(&cookie), &view)
            .expect(303)
            .await;
        let go_on = waiting.replace("/signin", "/oidc/continue");
        for address in [app.asks(&[]), go_on.clone()] {
            let shown = problem(world, open(world, &cookie, &address), 403).await;
            assert_eq!(shown.header("location"), None);
            assert!(shown.text.contains("Stop viewing first"), "{}", shown.text);
            assert!(shown.text.contains("/rpc/stop_viewing"), "{}", shown.text);
        }
        send(world, "/rpc/stop_viewing", Some(&cookie), &[])
            .expect(303)
            .await;
        let end = follow(world, Some(&cookie), go_on).await;
        assert!(value(&end, "code").is_some(), "{end}");
    });
}
