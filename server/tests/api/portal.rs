//! The organization's own portal: its administrators' sessions do there what is theirs, and nothing anywhere else; whoever
//! looks at it changes nothing.

use guildhall::Kind;
use serde_json::{Value, json};
use server::rest::route;

use super::abuse::{cookie_named, rpc};
use super::samples::{self, Ids};
use crate::harness::{Answer, Customer, PASSWORD, World, on_both};

/// A server function that reads.
async fn read(world: &World, cookie: &str, name: &str, body: &Value) -> Answer {
    let call = world.post(&format!("/rpc/{name}"), body.clone());
    call.header("cookie", cookie)
        .header("origin", &world.url)
        .send()
        .await
}

/// What the portal's pages read of an organization.
fn reads(customer: &Customer) -> Vec<(&'static str, Value)> {
    let of = json!({ "op": { "organization_id": customer.id } });
    let member = json!({ "op": { "organization_id": customer.id, "user_id": customer.member } });
    let id = json!({ "organization_id": customer.id });
    vec![
        ("open_portal", of.clone()),
        ("get_organization", of.clone()),
        ("get_organization_head", of.clone()),
        ("get_organization_overview", id.clone()),
        ("list_members", of.clone()),
        ("list_member_filters", id.clone()),
        ("get_member", member.clone()),
        ("get_member_access", member),
        ("list_assignable_roles", id),
        ("list_invitations", of.clone()),
        ("list_organization_audit", of),
    ]
}

/// What the portal's forms change in an organization.
fn forms(customer: &Customer) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let id = || ("organization_id", customer.id.to_string());
    let member = || ("user_id", customer.member.to_string());
    let invitation = || {
        let some = guildhall::id::InvitationId::compose(1, 1);
        ("invitation_id", some.to_string())
    };
    let text = |name, value: &str| (name, value.to_owned());
    vec![
        ("rename_organization", vec![id(), text("name", "Renamed")]),
        ("remove_organization_logo", vec![id()]),
        (
            "add_members",
            vec![
                id(),
                text("emails", "new@example.com"),
                text("organization_role", "Organization Member"),
                text("how", "invitation"),
            ],
        ),
        ("update_member", vec![id(), member(), text("title", "Other")]),
        (
            "set_member_enabled",
            vec![id(), member(), text("enabled", "false")],
        ),
        (
            "set_organization_admin",
            vec![id(), member(), text("name", "x"), text("admin", "true")],
        ),
        (
            "set_member_roles",
            vec![
                id(),
                member(),
                ("app_id", customer.app.to_string()),
                text("app_name", "x"),
                ("role_ids[0]", customer.role.to_string()),
            ],
        ),
        (
            "change_members",
            vec![
                id(),
                ("user_ids[0]", customer.member.to_string()),
                text("action", "suspend"),
            ],
        ),
        ("resend_invitation", vec![id(), invitation()]),
        ("revoke_invitation", vec![id(), invitation()]),
        ("copy_invitation_link", vec![id(), invitation()]),
        (
            "update_invitation",
            vec![
                id(),
                invitation(),
                text("organization_role", "Organization Member"),
            ],
        ),
        ("remove_member", vec![id(), member(), text("name", "x")]),
    ]
}

async fn send(world: &World, cookie: &str, name: &str, fields: &[(&'static str, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    rpc(world, name, &fields).header("cookie", cookie).send().await
}

/// The page that a browser without scripts gets.
async fn page(world: &World, cookie: &str, path: &str) -> Answer {
    world
        .get(path)
        .header("cookie", cookie)
        .header("accept", "text/html")
        .send()
        .await
}

fn reason(answer: &Answer) -> &str {
    answer.json["reason"].as_str().unwrap_or_default()
}

async fn view(world: &World, cookie: &str, customer: &Customer) -> Answer {
    let fields = [("organization_id", customer.id.to_string())];
    send(world, cookie, "view_as_organization_admin", &fields).await
}

/// Uploads a logo by the form of a portal's settings.
pub async fn upload(world: &World, cookie: &str, path: &str, picture: &[u8]) -> Answer {
    let mut body = b"--x\r\ncontent-disposition: form-data; name=\"portal\"\r\n\r\norganization\r\n--x\r\ncontent-disposition: form-data; name=\"logo\"; filename=\"a.png\"\r\n\r\n".to_vec();
    body.extend_from_slice(picture);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let call = world
        .call("POST", path)
        .bytes("multipart/form-data; boundary=x", body);
    call.header("cookie", cookie)
        .header("origin", &world.url)
        .header("accept", "text/html")
        .send()
        .await
}

pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and the rest of a picture";

on_both! {
    async fn abuse_15_a_portal_is_open_to_its_own_administrator_and_no_other(world) {
        let admin = world.session("acme-admin").await;
        for (name, body) in reads(&world.acme) {
            let answer = read(world, &admin, name, &body).await;
            assert_eq!(answer.status, 200, "{name}: {}", answer.text);
        }
        for (name, body) in reads(&world.globex) {
            let answer = read(world, &admin, name, &body).await;
            assert_eq!(answer.status, 404, "{name}: {}", answer.text);
            assert!(!answer.text.contains("Globex"), "{name}: {}", answer.text);
        }
        for (name, fields) in forms(&world.globex) {
            let answer = send(world, &admin, name, &fields).await;
            assert_eq!(answer.status, 404, "{name}: {}", answer.text);
        }
        for (name, fields) in forms(&world.acme) {
            let answer = send(world, &admin, name, &fields).await;
            // The invitation is none of this organization's; everything else is done.
            let expected = if fields.iter().any(|(name, _)| *name == "invitation_id") { 404 } else { 200 };
            assert_eq!(answer.status, expected, "{name}: {}", answer.text);
        }
    }

    async fn abuse_24_an_organization_admin_changes_no_more_of_the_organization_than_its_name_and_logo(world) {
        let admin = world.session("acme-admin").await;
        let id = ("organization_id", world.acme.id.to_string());
        let app = ("app_id", world.acme.app.to_string());
        let refused = [
            ("update_organization", vec![id.clone(), ("name", "X".to_owned()), ("domain", "evil.example".to_owned())]),
            ("set_organization_enabled", vec![id.clone(), ("enabled", "false".to_owned())]),
            ("delete_organization", vec![id.clone(), ("confirm_name", "Acme".to_owned())]),
            ("add_organization_apps", vec![id.clone(), ("app_ids[0]", world.globex.app.to_string())]),
            ("remove_organization_app", vec![id.clone(), app.clone(), ("app_name", "x".to_owned())]),
            ("set_organization_roles", vec![id.clone(), app, ("role_ids[0]", world.acme.role.to_string())]),
            ("view_as_organization_admin", vec![id]),
        ];
        for (name, fields) in refused {
            let answer = send(world, &admin, name, &fields).await;
            assert_eq!(answer.status, 403, "{name}: {}", answer.text);
        }
        let renamed = send(world, &admin, "rename_organization", &[("organization_id", world.acme.id.to_string()), ("name", "globex".to_owned())]).await;
        assert_eq!((renamed.status, reason(&renamed)), (409, "organization_name_taken"));
    }

    async fn abuse_30_a_portal_closes_at_the_next_click_and_says_why(world) {
        let id = world.acme.id;
        let member = format!("/v1/organizations/{id}/members/{}", world.acme.member);
        world.put(&format!("{member}/organization-admin"), json!({ "admin": true })).token(&world.admin).expect(204).await;
        let cookie = world.session("acme-member").await;
        let path = format!("/org/{id}/members");
        let open = json!({ "op": { "organization_id": id } });
        let state = async |status: u16, why: &str, words: &str| {
            let answer = read(world, &cookie, "open_portal", &open).await;
            assert_eq!((answer.status, reason(&answer)), (status, why), "{}", answer.text);
            let shown = page(world, &cookie, &path).await;
            assert_eq!(shown.status, status, "{words}");
            assert!(shown.text.contains(words), "{words}: {}", shown.text);
            assert_eq!(shown.text.contains("<table"), status == 200, "{words}");
        };
        state(200, "", "Members").await;
        world.put(&member, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        state(403, "membership_suspended", "Your membership is suspended").await;
        // Whoever is suspended is told no more than that.
        world.put(&format!("/v1/organizations/{id}"), json!({ "enabled": false })).token(&world.admin).expect(200).await;
        state(403, "membership_suspended", "Your membership is suspended").await;
        world.put(&format!("/v1/organizations/{id}"), json!({ "enabled": true })).token(&world.admin).expect(200).await;
        world.put(&member, json!({ "enabled": true })).token(&world.admin).expect(200).await;
        state(200, "", "Members").await;
        world.put(&format!("/v1/organizations/{id}"), json!({ "enabled": false })).token(&world.admin).expect(200).await;
        state(403, "organization_disabled", "This organization is disabled").await;
        // Nobody else is told.
        let stranger = world.session("stranger").await;
        assert_eq!(read(world, &stranger, "open_portal", &open).await.status, 404);
        let shown = page(world, &stranger, &path).await;
        assert!(shown.status == 404 && !shown.text.contains("disabled</h1>"), "{}", shown.text);
        world.put(&format!("/v1/organizations/{id}"), json!({ "enabled": true })).token(&world.admin).expect(200).await;
        world.put(&format!("{member}/organization-admin"), json!({ "admin": false })).token(&world.admin).expect(204).await;
        state(403, "", "You do not administer this organization").await;
        world.delete(&member).token(&world.admin).expect(204).await;
        state(404, "", "There is no such organization for you").await;
    }

    async fn a_portal_tells_a_stranger_nothing_not_even_a_name(world) {
        let stranger = world.session("stranger").await;
        for path in ["", "/members", "/settings", "/audit", "/members/new"] {
            let shown = page(world, &stranger, &format!("/org/{}{path}", world.globex.id)).await;
            assert_eq!(shown.status, 404, "{path}");
            assert!(!shown.text.contains("Globex"), "{path}: {}", shown.text);
        }
        // As for what there is not.
        let none = guildhall::id::OrganizationId::compose(1, 1);
        assert_eq!(page(world, &stranger, &format!("/org/{none}")).await.status, 404);
        assert_eq!(page(world, &stranger, "/org/nonsense").await.status, 404);
        assert_eq!(page(world, &stranger, "/org").await.status, 403);
        // Whoever is in one and administers none has its portal, too.
        let member = world.session("acme-member").await;
        let own = page(world, &member, "/org").await;
        assert_eq!((own.status, own.header("location")), (302, Some(format!("/org/{}", world.acme.id).as_str())));
        for file in ["members.csv", "audit.csv"] {
            let path = format!("/org/{}/{file}", world.globex.id);
            assert_eq!(page(world, &stranger, &path).await.status, 404, "{file}");
            let admin = world.session("globex-admin").await;
            assert_eq!(page(world, &admin, &path).await.status, 200, "{file}");
        }
        let nobody = page(world, "", &format!("/org/{}", world.globex.id)).await;
        assert_eq!((nobody.status, nobody.header("location").map(|to| to.starts_with("/signin?return_to=/org/"))), (302, Some(true)));
    }

    async fn everybody_begins_where_they_have_something_to_do(world) {
        let begins = async |name: &str| {
            let cookie = world.session(name).await;
            let start = page(world, &cookie, "/").await;
            assert_eq!(start.status, 302, "{name}");
            start.header("location").unwrap().to_owned()
        };
        assert_eq!(begins("root").await, "/admin");
        assert_eq!(begins("acme-admin").await, format!("/org/{}", world.acme.id));
        assert_eq!(begins("acme-member").await, "/account");
        assert_eq!(begins("stranger").await, "/account");
        let also = json!({ "email": "acme-admin@example.com", "role_ids": ["Organization Admin"] });
        world.post(&format!("/v1/organizations/{}/members", world.globex.id), also).token(&world.admin).expect(200).await;
        assert_eq!(begins("acme-admin").await, "/org");
        let signed_in = rpc(world, "sign_in", &[("identifier", "acme-admin@example.com"), ("password", PASSWORD)]).expect(200).await;
        assert_eq!(signed_in.json["to"], "/");
        // Both are offered, and no other.
        let cookie = world.session("acme-admin").await;
        let choice = page(world, &cookie, "/org").await;
        assert!(choice.text.contains("Choose an organization") && choice.text.contains("Acme") && choice.text.contains("Globex"));
    }

    async fn a_form_leads_back_into_the_console_that_it_stands_in(world) {
        let admin = world.session("acme-admin").await;
        let fields = |portal: &str| vec![
            ("organization_id", world.acme.id.to_string()),
            ("emails", "known@example.com".to_owned()),
            ("organization_role", "Organization Member".to_owned()),
            ("how", "invitation".to_owned()),
            ("portal", portal.to_owned()),
        ];
        let added = send(world, &admin, "add_members", &fields("organization")).await;
        assert_eq!(added.json["done"]["to"], format!("/org/{}/members", world.acme.id));
        for elsewhere in ["//evil.example", "https://evil.example", "/admin"] {
            let answer = send(world, &admin, "add_members", &fields(elsewhere)).await;
            assert_eq!(answer.status, 400, "{}", answer.text);
        }
    }

    async fn nobody_is_added_in_a_way_that_there_is_not(world) {
        let admin = world.session("acme-admin").await;
        for how in ["invite", "Invitation", ""] {
            let fields = [
                ("organization_id", world.acme.id.to_string()),
                ("emails", "nobody@example.com".to_owned()),
                ("organization_role", "Organization Member".to_owned()),
                ("how", how.to_owned()),
            ];
            let refused = send(world, &admin, "add_members", &fields).await;
            assert_eq!(refused.status, 400, "{how}: {}", refused.text);
            assert_eq!(refused.json["fields"][0]["field"], "how", "{how}: {}", refused.text);
        }
        let list = read(world, &admin, "list_members", &json!({ "op": { "organization_id": world.acme.id } })).await;
        assert!(!list.text.contains("nobody@example.com"), "{}", list.text);
    }

    async fn the_audit_tells_an_organization_nothing_of_the_tenants_people(world) {
        let (root, admin) = (world.session("root").await, world.session("acme-admin").await);
        let rename = |name: &str| vec![("organization_id", world.acme.id.to_string()), ("name", name.to_owned())];
        for (cookie, name) in [(&root, "By the tenant"), (&admin, "By its own")] {
            assert_eq!(send(world, cookie, "rename_organization", &rename(name)).await.status, 200);
        }
        let records = async |cookie: &str| {
            let body = json!({ "op": { "organization_id": world.acme.id, "operation": "rename_organization" } });
            let answer = read(world, cookie, "list_organization_audit", &body).await;
            answer.json["items"].as_array().unwrap().clone()
        };
        let seen = records(&admin).await;
        assert_eq!(seen.len(), 2);
        let of = |records: &[Value], name: &str| records.iter().find(|record| record["after"]["name"] == name).unwrap().clone();
        let (own, tenants) = (of(&seen, "By its own"), of(&seen, "By the tenant"));
        assert_eq!(own["ip"], "127.0.0.1");
        assert_eq!((&tenants["ip"], &tenants["user_agent"], &tenants["request_id"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!(of(&records(&root).await, "By the tenant")["ip"], "127.0.0.1");
        // Nor once it has invited them, nor once they are in: that was before.
        let invite = [
            ("organization_id", world.acme.id.to_string()),
            ("emails", "root@example.com".to_owned()),
            ("organization_role", "Organization Member".to_owned()),
            ("how", "invitation".to_owned()),
        ];
        assert_eq!(send(world, &admin, "add_members", &invite).await.status, 200);
        let hidden = async || {
            let seen = of(&records(&admin).await, "By the tenant");
            assert_eq!((&seen["ip"], &seen["user_agent"], &seen["request_id"]), (&Value::Null, &Value::Null, &Value::Null));
        };
        hidden().await;
        assert_eq!(send(world, &root, "rename_organization", &rename("While it waits")).await.status, 200);
        assert_eq!(of(&records(&admin).await, "While it waits")["ip"], Value::Null);
        world.console.clock().advance(1000);
        let list = world.get(&format!("/v1/organizations/{}/invitations", world.acme.id)).token(&world.acme.org_admin).expect(200).await;
        let invitation = list.column("invitation_id").remove(0);
        let copied = send(world, &admin, "copy_invitation_link", &[("organization_id", world.acme.id.to_string()), ("invitation_id", invitation)]).await;
        let token = copied.json["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        assert_eq!(send(world, &root, "join_by_invitation", &[("token", token)]).await.status, 200);
        hidden().await;
        // Nor what they did after they were invited, and before they accepted.
        let waited = of(&records(&admin).await, "While it waits");
        assert_eq!((&waited["ip"], &waited["user_agent"], &waited["request_id"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!(send(world, &root, "rename_organization", &rename("As a member")).await.status, 200);
        assert_eq!(of(&records(&admin).await, "As a member")["ip"], "127.0.0.1");
        // No other organization's, and nothing of the tenant's.
        let all = read(world, &admin, "list_organization_audit", &json!({ "op": { "organization_id": world.acme.id } })).await;
        for record in all.json["items"].as_array().unwrap() {
            assert_eq!(record["organization_id"], json!(world.acme.id), "{record}");
        }
        assert_eq!(read(world, &admin, "list_audit", &json!({ "op": {} })).await.status, 403);
    }

    async fn a_logo_is_a_picture_of_our_own(world) {
        let admin = world.session("acme-admin").await;
        let path = format!("/logo/{}", world.acme.id);
        let settings = format!("/org/{}/settings", world.acme.id);
        let saved = upload(world, &admin, &path, PNG).await;
        assert_eq!((saved.status, saved.header("location")), (303, Some(settings.as_str())));
        let logo = async |cookie: &str| {
            let shown = read(world, cookie, "get_organization", &json!({ "op": { "organization_id": world.acme.id } })).await;
            shown.json["logo_url"].as_str().map(|url| url.strip_prefix(&world.url).unwrap().to_owned())
        };
        let url = logo(&admin).await.unwrap();
        let member = world.session("acme-member").await;
        let shown = world.get(&url).header("cookie", &member).expect(200).await;
        assert_eq!(shown.header("content-type"), Some("image/png"));
        assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
        assert!(shown.header("content-security-policy").unwrap().contains("default-src 'none'"));
        assert!(page(world, &admin, &settings).await.text.contains(&url));
        // Nobody else's, and under no other address.
        world.get(&url).expect(401).await;
        world.get(&url).header("cookie", world.session("globex-admin").await).expect(404).await;
        world.get(&format!("{path}/0123456789abcdef")).header("cookie", &admin).expect(404).await;
        world.get(&format!("{path}/")).header("cookie", &admin).expect(404).await;
        // What is no picture, or too much of one, changes nothing and says so on the page.
        let large = [PNG, &vec![b'x'; 100 * 1024]].concat();
        for (picture, why) in [
            (&b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"[..], "must be a PNG, JPEG or WebP picture"),
            (b"<!doctype html><script>alert(1)</script>", "must be a PNG, JPEG or WebP picture"),
            (b"", "must be chosen first"),
            (&large, "must have at most 100 KiB"),
        ] {
            let refused = upload(world, &admin, &path, picture).await;
            assert_eq!(refused.status, 303, "{why}");
            let flash = cookie_named(&refused, "flash");
            let shown = page(world, &format!("{admin}; {flash}"), &settings).await;
            assert!(shown.text.contains(why), "{why}: {}", shown.text);
        }
        assert_eq!(logo(&admin).await, Some(url.clone()));
        // Neither members, nor others, nor other sites.
        // They are refused before the form is looked at.
        for (name, status) in [("acme-member", 403), ("globex-admin", 404), ("stranger", 404)] {
            let cookie = world.session(name).await;
            for picture in [&b"\xff\xd8\xff another"[..], b""] {
                assert_eq!(upload(world, &cookie, &path, picture).await.status, status, "{name}");
            }
        }
        let root = world.session("root").await;
        assert_eq!(view(world, &root, &world.acme).await.status, 200);
        for picture in [PNG, b""] {
            assert_eq!(upload(world, &root, &path, picture).await.status, 403);
        }
        let foreign = world.call("POST", &path).header("cookie", &admin).header("origin", "https://evil.example");
        foreign.body("multipart/form-data; boundary=x", "--x--\r\n").expect(403).await;
        world.call("POST", &path).header("origin", &world.url).body("multipart/form-data; boundary=x", "--x--\r\n").expect(401).await;
        assert_eq!(logo(&admin).await, Some(url.clone()));
        let removed = send(world, &admin, "remove_organization_logo", &[("organization_id", world.acme.id.to_string())]).await;
        assert_eq!(removed.status, 200);
        assert_eq!(logo(&admin).await, None);
        world.get(&url).header("cookie", &admin).expect(404).await;
    }

    async fn whoever_looks_reads_what_its_administrators_read_and_changes_nothing(world) {
        let root = world.session("root").await;
        assert_eq!(view(world, &root, &world.acme).await.status, 200);
        for (name, body) in reads(&world.acme) {
            let answer = read(world, &root, name, &body).await;
            assert_eq!(answer.status, 200, "{name}: {}", answer.text);
        }
        let own = read(world, &root, "open_portal", &json!({ "op": { "organization_id": world.acme.id } })).await;
        assert_eq!(own.json["viewing"], true);
        for (name, fields) in forms(&world.acme).into_iter().chain(forms(&world.globex)) {
            // Those that look something up first are refused there.
            let answer = send(world, &root, name, &fields).await;
            assert_eq!((answer.status, reason(&answer)), (403, "viewing"), "{name}: {}", answer.text);
        }
        for (name, body) in reads(&world.globex) {
            let answer = read(world, &root, name, &body).await;
            assert_eq!((answer.status, reason(&answer)), (403, "viewing"), "{name}: {}", answer.text);
        }
        // The whole API, by the same session: no change at all, no other organization, no account, nothing of the tenant's.
        for route in route::table() {
            for customer in [&world.acme, &world.globex] {
                let answer = samples::call(world, &route, &Ids::of(customer)).header("cookie", &root).header("origin", &world.url).send().await;
                let theirs = customer.id == world.acme.id;
                let may = route.kind == Kind::Read
                    && guildhall::policy::allows(guildhall::policy::Standing::OrganizationAdmin, route.permission)
                    && theirs && route.path.contains("{organization_id}");
                if may || route.operation == "get_me" {
                    assert!(matches!(answer.status, 200 | 404), "{} {}: {}", route.method, route.path, answer.text);
                } else {
                    assert_eq!(answer.status, 403, "{} {}: {}", route.method, route.path, answer.text);
                }
            }
        }
        let file = page(world, &root, &format!("/org/{}/members.csv", world.acme.id)).await;
        assert_eq!(file.status, 200);
        let token = world.post("/v1/me/token", json!({})).header("cookie", &root).header("origin", &world.url);
        token.expect(403).await;
        // The pages say so.
        let portal = page(world, &root, &format!("/org/{}", world.acme.id)).await;
        assert!(portal.status == 200 && portal.text.contains("You are viewing Acme"), "{}", portal.text);
        for path in ["/admin".to_owned(), "/account".to_owned(), format!("/org/{}", world.globex.id)] {
            let shown = page(world, &root, &path).await;
            assert_eq!(shown.status, 403, "{path}");
            assert!(shown.text.contains("Stop viewing first") && !shown.text.contains("Globex"), "{path}");
        }
    }

    /// Read-only is the session that looks, and not the person: an access token is another credential of theirs, which the look
    /// neither narrows nor widens.
    async fn a_token_from_before_a_look_goes_on_as_it_was(world) {
        let root = world.session("root").await;
        let token = world.post("/v1/me/token", json!({})).header("cookie", &root).header("origin", &world.url).expect(200).await;
        let token = token.json["access_token"].as_str().or(token.json["result"]["access_token"].as_str()).unwrap().to_owned();
        assert_eq!(view(world, &root, &world.acme).await.status, 200);
        let rename = json!({ "name": { "first_name": "Renamed" } });
        world.put("/v1/me/profile", rename.clone()).header("cookie", &root).header("origin", &world.url).expect(403).await;
        let refused = send(world, &root, "update_own_profile", &[("first_name", "Renamed".to_owned()), ("last_name", String::new())]).await;
        assert_eq!((refused.status, reason(&refused)), (403, "viewing"), "{}", refused.text);
        world.put("/v1/me/profile", rename).token(&token).expect(200).await;
        // It never stood for the tenant, nor does it for the organization that is looked at.
        for path in [format!("/v1/organizations/{}/members", world.acme.id), "/v1/organizations".to_owned(), "/v1/users".to_owned()] {
            let answer = world.get(&path).token(&token).send().await;
            assert!(matches!(answer.status, 403 | 404), "{path}: {}", answer.text);
        }
        // The look gives no other one.
        world.post("/v1/me/token", json!({})).header("cookie", &root).header("origin", &world.url).expect(403).await;
    }

    async fn a_look_is_written_down_when_it_begins_and_when_it_ends(world) {
        let root = world.session("root").await;
        assert_eq!(view(world, &root, &world.acme).await.status, 200);
        let stopped = send(world, &root, "stop_viewing", &[]).await;
        assert_eq!((stopped.status, &stopped.json["to"]), (200, &json!(format!("/admin/organizations/{}", world.acme.id))));
        assert_eq!(read(world, &root, "list_audit", &json!({ "op": {} })).await.status, 200);
        // A second time there is nothing to stop.
        assert_eq!(send(world, &root, "stop_viewing", &[]).await.json["to"], "/");
        // Signing out ends a look, too.
        assert_eq!(view(world, &root, &world.globex).await.status, 200);
        assert_eq!(send(world, &root, "sign_out", &[]).await.status, 200);
        let root = world.session("root").await;
        let seen = async |customer: &Customer| -> Vec<(String, String)> {
            let body = json!({ "op": { "organization_id": customer.id } });
            let answer = read(world, &root, "list_organization_audit", &body).await;
            let all = answer.json["items"].as_array().unwrap().clone();
            let looks = all.into_iter().filter(|record| record["before"]["viewed_as"].is_string() || record["after"]["viewed_as"].is_string());
            looks.map(|record| (record["operation"].as_str().unwrap().to_owned(), record["actor_id"].as_str().unwrap().to_owned())).collect()
        };
        let by_root = |operations: [&str; 2]| operations.map(|operation| (operation.to_owned(), world.root.to_string())).to_vec();
        assert_eq!(seen(&world.acme).await, by_root(["stop_viewing", "view_as_organization_admin"]));
        assert_eq!(seen(&world.globex).await, by_root(["sign_out", "view_as_organization_admin"]));
    }

    async fn abuse_28_a_look_widens_nobodys_rights(world) {
        // Only the tenant's administrators look.
        for (name, status) in [("acme-admin", 403), ("acme-member", 403), ("stranger", 404), ("globex-admin", 404)] {
            let cookie = world.session(name).await;
            let answer = view(world, &cookie, &world.acme).await;
            assert_eq!(answer.status, status, "{name}: {}", answer.text);
        }
        // Not at what its administrators do not see, either.
        let root = world.session("root").await;
        let path = format!("/v1/organizations/{}", world.globex.id);
        world.put(&path, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        assert_eq!(view(world, &root, &world.globex).await.status, 409);
        assert_eq!(view(world, &root, &world.acme).await.status, 200);
        let list = json!({ "op": { "organization_id": world.acme.id } });
        let acme = format!("/v1/organizations/{}", world.acme.id);
        world.put(&acme, json!({ "enabled": false })).token(&world.admin).expect(200).await;
        assert_eq!(read(world, &root, "list_members", &list).await.status, 403);
        world.put(&acme, json!({ "enabled": true })).token(&world.admin).expect(200).await;
        assert_eq!(read(world, &root, "list_members", &list).await.status, 200);
        // Whoever administers the tenant no more sees no more.
        let other = world.session("stranger").await;
        let make = |admin: bool| world.call("PUT", &format!("/v1/users/{}/tenant-admin", world.stranger)).json(json!({ "admin": admin }));
        let second = world.session("root").await;
        make(true).header("cookie", &second).header("origin", &world.url).expect(204).await;
        assert_eq!(view(world, &other, &world.acme).await.status, 200);
        assert_eq!(read(world, &other, "list_members", &list).await.status, 200);
        make(false).header("cookie", &second).header("origin", &world.url).expect(204).await;
        assert_eq!(read(world, &other, "list_members", &list).await.status, 403);
        // A look is this session's alone.
        assert_eq!(read(world, &second, "list_audit", &json!({ "op": {} })).await.status, 200);
        assert_eq!(read(world, &root, "list_audit", &json!({ "op": {} })).await.status, 403);
    }
}
