//! What pages and answers must not show: markup, the tenant's side, who has an account. The numbers are those of the list of
//! abuse cases.

use serde_json::json;

use crate::harness::{World, run_on_each};

#[test]
fn abuse_12_markup_is_text_on_the_consoles_pages() {
    run_on_each(async |world: &World| {
        let hostile = "<img src=x onerror=alert(1)>{{7*7}}\"'</title>";
        let name = json!({ "first_name": "<svg/onload=alert(2)>", "last_name": "{{7*7}}</script>" });
        world
            .put(
                &format!("/v1/organizations/{}", world.acme.id),
                json!({ "name": hostile }),
            )
            .token(&world.admin)
            .expect(200)
            .await;
        world
            .put(
                &format!("/v1/users/{}", world.acme.member),
                json!({ "name": name }),
            )
            .token(&world.admin)
            .expect(200)
            .await;
        let cookie = world.session("root").await;
        let organization = format!("/admin/organizations/{}", world.acme.id);
        for path in [
            organization.clone(),
            format!("{organization}/members"),
            format!("{organization}/members/{}", world.acme.member),
            format!("{organization}/settings"),
            "/admin/organizations".to_owned(),
            "/admin/users".to_owned(),
            format!("/admin/users/{}", world.acme.member),
            "/admin/audit".to_owned(),
        ] {
            let page = world
                .get(&path)
                .header("cookie", &cookie)
                .header("accept", "text/html")
                .expect(200)
                .await;
            for markup in ["<img src=x", "<svg/onload", "\"'</title>", "{{7*7}}</script>"] {
                assert!(!page.text.contains(markup), "{path}: {markup}");
            }
            // It is there, as text: written, and not computed.
            assert!(
                page.text.contains("&lt;img src=x") || page.text.contains("&lt;svg/onload"),
                "{path}: {}",
                page.text
            );
            assert!(page.text.contains("{{7*7}}"), "{path}");
        }
    });
}

#[test]
fn abuse_24_every_page_of_the_tenant_is_closed_to_an_organization_admin() {
    run_on_each(async |world: &World| {
        let cookie = world.session("acme-admin").await;
        let root = world.session("root").await;
        let (organization, app) = (world.globex.id, world.globex.app);
        for path in [
            "/admin".to_owned(),
            "/admin/organizations".to_owned(),
            "/admin/organizations/new".to_owned(),
            format!("/admin/organizations/{organization}"),
            format!("/admin/organizations/{organization}/members"),
            format!("/admin/organizations/{organization}/settings"),
            "/admin/applications".to_owned(),
            format!("/admin/applications/{app}"),
            format!("/admin/applications/{app}/clients"),
            "/admin/users".to_owned(),
            format!("/admin/users/{}", world.globex.member),
            "/admin/audit".to_owned(),
            "/admin/mail".to_owned(),
            "/admin/settings".to_owned(),
        ] {
            let ask = |cookie: &str| {
                world
                    .get(&path)
                    .header("cookie", cookie)
                    .header("accept", "text/html")
            };
            ask(&root).expect(200).await;
            let page = ask(&cookie).expect(403).await;
            for theirs in ["Globex", "globex", "Payroll"] {
                assert!(!page.text.contains(theirs), "{path} says {theirs}");
            }
        }
        for file in [
            "/admin/audit.csv".to_owned(),
            format!("/admin/organizations/{organization}/members.csv"),
        ] {
            let answer = world.get(&file).header("cookie", &cookie).send().await;
            assert!(
                matches!(answer.status, 403 | 404),
                "{file}: {} {}",
                answer.status,
                answer.text
            );
        }
    });
}

#[test]
fn abuse_56_an_invitation_tells_nobody_whether_there_is_an_account() {
    run_on_each(async |world: &World| {
        let path = format!("/v1/organizations/{}/members", world.acme.id);
        let mut answers = Vec::new();
        // Somebody who signs in every day, somebody disabled, and nobody.
        world.session("globex-member").await;
        world
            .put(
                &format!("/v1/users/{}", world.stranger),
                json!({ "enabled": false }),
            )
            .token(&world.admin)
            .expect(200)
            .await;
        for address in [
            "globex-member@example.com",
            "stranger@example.com",
            "nobody@example.com",
        ] {
            let body = json!({ "email": address, "role_ids": ["Organization Member"], "send_invite": true });
            let made = world
                .post(&path, body)
                .token(&world.acme.org_admin)
                .expect(200)
                .await;
            let user = made.text_of("user_id");
            let one = world
                .get(&format!("{path}/{user}"))
                .token(&world.acme.org_admin)
                .expect(200)
                .await;
            for answer in [made, one] {
                let mut seen = answer.json["result"].clone();
                // What differs from one invitation to the next in any case; the moment is the membership's own.
                assert_eq!(seen["created_at"], seen["joined_at"]);
                for field in [
                    "user_id",
                    "created_at",
                    "joined_at",
                    "updated_at",
                    "status_changed_at",
                ] {
                    seen[field] = json!("-");
                }
                answers.push(seen.to_string().replace(address, "address"));
            }
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:#?}");
    });
}
