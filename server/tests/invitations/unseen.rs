//! Whoever was invited and has not accepted is, to those who invite, what they wrote; and is gone when nothing waits for them.

use super::*;

/// Somebody whose record says much: a member of Globex whom Acme invites.
async fn known(world: &World) -> String {
    let full = json!({
        "name": { "first_name": "Gertrude", "last_name": "Secretname" }, "phone_number": "+41446681800",
        "username": "gertie", "birthday": "1906-12-09", "language": "de-CH", "picture": "https://pictures.example/gertrude.png",
        "address": { "city": "Winterthur", "street_address": "Hidden Street 7" },
        "secondary_emails": ["gertrude@private.example"], "secondary_phone_numbers": ["+41446681801"],
        "external_user_id": "EXT-4711", "external_account_id": "ACC-4711",
        "custom_data": { "salary": "confidential" }, "custom_app_data": { "plan": "platinum-plan" },
    });
    let path = format!("/v1/users/{}", world.globex.member);
    world.put(&path, full).token(&world.admin).expect(200).await;
    "globex-member@example.com".to_owned()
}

/// Everything of the record that Acme did not write.
const HIDDEN: [&str; 16] = [
    "Gertrude",
    "Secretname",
    "+41446681800",
    "gertie",
    "1906-12-09",
    "de-CH",
    "gertrude.png",
    "Winterthur",
    "Hidden Street",
    "private.example",
    "+41446681801",
    "EXT-4711",
    "ACC-4711",
    "confidential",
    "platinum-plan",
    "\"email_verified\":true",
];

fn assert_hidden(what: &str, text: &str) {
    for hidden in HIDDEN {
        assert!(!text.contains(hidden), "{what} says {hidden}: {text}");
    }
}

on_both_with_smtp! {
    async fn of_somebody_known_an_organization_sees_what_it_wrote_until_they_accept(world, smtp) {
        let address = known(world).await;
        let cookie = world.session("globex-member").await;
        let path = members(&world.acme);
        let body = json!({ "email": address, "name": { "first_name": "Trudy" }, "role_ids": [world.acme.role], "send_invite": true });
        let made = world.post(&path, body).token(&world.acme.org_admin).expect(200).await;
        let user = made.text_of("user_id");
        let token = token_of(&smtp.next_to(&address, 0).await.link("/invite/"));
        assert_eq!(made.result()["name"], json!({ "first_name": "Trudy" }));
        assert_eq!((made.text_of("status"), made.result()["email"]["value"].clone()), ("Pending".to_owned(), json!(address)));
        // They go on changing their record, and signing in.
        let own = rpc(world, "update_own_profile", &[("first_name", "Gertrude"), ("last_name", "Secretname")], Some(&cookie));
        own.expect(200).await;
        let one = format!("{path}/{user}");
        for token in [&world.acme.org_admin, &world.acme.client] {
            for path in [one.clone(), path.clone(), format!("{path}?search=trudy"), format!("{path}?sort=joined_at&order=descending"), invitations(&world.acme), format!("{one}/access")] {
                let seen = world.get(&path).token(token).send().await;
                assert!(matches!(seen.status, 200 | 403 | 404), "{path}: {}", seen.text);
                assert_hidden(&path, &seen.text);
            }
        }
        let seen = world.get(&one).token(&world.acme.org_admin).expect(200).await;
        assert_eq!((seen.result()["name"].clone(), seen.result()["last_auth"].clone()), (json!({ "first_name": "Trudy" }), json!(null)));
        // Nor does a search find them by what only they and others know.
        for search in ["gertrude", "secretname", "gertie", "EXT-4711", "446681800", "private.example"] {
            let search = form_urlencoded::byte_serialize(search.as_bytes()).collect::<String>();
            for path in [&path, &invitations(&world.acme)] {
                let found = world.get(&format!("{path}?search={search}")).token(&world.acme.org_admin).expect(200).await;
                assert!(found.result().as_array().unwrap().is_empty(), "{search}: {}", found.text);
            }
        }
        let found = world.get(&format!("{path}?search=trudy")).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(found.column("user_id"), [user.as_str()]);
        // What is done with them is told in the same words.
        world.put(&one, json!({ "title": "Guest" })).token(&world.acme.org_admin).header("if-match", seen.header("etag").unwrap()).expect(200).await;
        let audit = world.get(&format!("/v1/organizations/{}/audit", world.acme.id)).token(&world.acme.org_admin).expect(200).await;
        assert!(audit.text.contains("Trudy"), "{}", audit.text);
        assert_hidden("the audit", &audit.text);
        // The organization that they are in sees them as they are, and so does the tenant.
        for (path, token) in [(format!("{}/{user}", members(&world.globex)), &world.globex.org_admin), (one.clone(), &world.admin)] {
            assert!(world.get(&path).token(token).expect(200).await.text.contains("Secretname"), "{path}");
        }
        // Once they accept, so does the organization that invited them.
        rpc(world, "accept_invitation", &[("token", &token), ("password", PASSWORD)], None).expect(200).await;
        let seen = world.get(&one).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(seen.result()["name"]["last_name"], "Secretname");
        let found = world.get(&format!("{path}?search=secretname")).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(found.column("user_id"), [user.as_str()]);
        assert_eq!(invitation_of(world, &world.acme, &user).await["name"], "Gertrude Secretname");
    }

    /// What the tenant did with their account meanwhile is not for the organization that invited them.
    async fn of_somebody_known_a_filter_tells_no_status(world, smtp) {
        let (member, _) = invite(world, smtp, &world.acme, "globex-member@example.com", json!(["Organization Member"])).await;
        let user = member["user_id"].as_str().unwrap();
        let path = members(&world.acme);
        let found = async |status: &str, token: &str| {
            let path = format!("{path}?status={status}&include_total=true");
            let found = world.get(&path).token(token).expect(200).await;
            assert_eq!(found.json["page_info"]["total"].as_u64(), u64::try_from(found.column("user_id").len()).ok(), "{}", found.text);
            found.column("user_id").contains(&user.to_owned())
        };
        world.put(&format!("/v1/users/{user}"), json!({ "enabled": false })).token(&world.admin).expect(200).await;
        let ours = &world.acme.org_admin;
        assert_eq!([found("Pending", ours).await, found("Disabled", ours).await, found("Active", ours).await], [true, false, false]);
        assert_eq!([found("Pending", &world.admin).await, found("Disabled", &world.admin).await], [false, true]);
        world.put(&format!("{path}/{user}"), json!({ "enabled": false })).token(ours).expect(200).await;
        assert_eq!([found("Suspended", ours).await, found("Pending", ours).await, found("Disabled", ours).await], [true, false, false]);
    }

    /// What the pages ask for, and the file of the list.
    async fn of_somebody_known_the_pages_show_what_was_written(world, smtp) {
        let address = known(world).await;
        let cookie = world.session("acme-admin").await;
        invite(world, smtp, &world.acme, &address, json!(["Organization Member"])).await;
        let organization = world.acme.id;
        for (name, op) in [("list_members", json!({ "organization_id": organization })), ("list_invitations", json!({ "organization_id": organization })), ("get_member", json!({ "organization_id": organization, "user_id": world.globex.member }))] {
            let seen = world.post(&format!("/rpc/{name}"), json!({ "op": op })).header("origin", &world.url).header("cookie", &cookie).expect(200).await;
            assert!(seen.text.contains(&address), "{name}: {}", seen.text);
            assert_hidden(name, &seen.text);
        }
        let file = world.get(&format!("/admin/organizations/{organization}/members.csv")).header("cookie", &cookie).expect(200).await;
        assert!(file.text.contains(&address), "{}", file.text);
        assert_hidden("the file", &file.text);
        for page in ["members", "invitations"] {
            let page = format!("/org/{organization}/{page}");
            let seen = world.get(&page).header("cookie", &cookie).header("accept", "text/html").send().await;
            assert_hidden(&page, &seen.text);
        }
    }

    /// An organization made the account; what its owner wrote into it meanwhile is not for that organization.
    async fn of_a_newcomer_an_organization_sees_what_it_wrote(world, smtp) {
        let body = json!({ "email": "grace@example.com", "name": { "first_name": "Grace" }, "phone_number": "+41446681802", "role_ids": ["Organization Member"], "send_invite": true });
        let made = world.post(&members(&world.acme), body).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(made.result()["phone_number"]["value"], "+41446681802");
        let user = made.text_of("user_id");
        smtp.next_to("grace@example.com", 0).await;
        let (_, token) = invite(world, smtp, &world.globex, "grace@example.com", json!(["Organization Member"])).await;
        // The other organization sees nothing of what the first one wrote, before and after it was accepted there.
        let theirs = world.get(&format!("{}/{user}", members(&world.globex))).token(&world.globex.org_admin).expect(200).await;
        assert_eq!((theirs.result()["name"].clone(), theirs.result()["phone_number"].clone()), (json!(null), json!(null)));
        accept(world, &token).expect(200).await;
        world.put(&format!("/v1/users/{user}"), json!({ "birthday": "1906-12-09" })).token(&world.admin).expect(200).await;
        let one = format!("{}/{user}", members(&world.acme));
        let ours = world.get(&one).token(&world.acme.org_admin).expect(200).await;
        assert_eq!((ours.result()["name"].clone(), ours.result()["birthday"].clone()), (json!({ "first_name": "Grace" }), json!(null)));
        // Invited again with another name, they are called by that; with the address alone, they keep it.
        for (name, called) in [(json!({ "first_name": "Admiral" }), "Admiral"), (json!(null), "Admiral")] {
            let mut body = json!({ "email": "grace@example.com", "role_ids": ["Organization Member"], "send_invite": true });
            if !name.is_null() {
                body["name"] = name;
            }
            world.post(&members(&world.acme), body).token(&world.acme.org_admin).expect(200).await;
            assert_eq!(world.get(&one).token(&world.acme.org_admin).expect(200).await.result()["name"]["first_name"], called);
        }
    }

    async fn whoever_was_invited_into_an_application_goes_with_it(world, smtp) {
        let app = world.post("/v1/applications", json!({ "name": "Reports" })).token(&world.admin).expect(201).await.text_of("app_id");
        let role = world.post(&format!("/v1/applications/{app}/roles"), json!({ "role_name": "Reader" })).token(&world.admin).expect(201).await.text_of("role_id");
        let apps = format!("/v1/organizations/{}/apps", world.acme.id);
        world.put(&apps, json!({ "app_ids": [app] })).token(&world.admin).expect(204).await;
        world.post(&format!("/v1/applications/{app}/organizations/{}/roles-and-groups/set", world.acme.id), json!({ "role_ids": [role] })).token(&world.admin).expect(202).await;
        let (one, into_it) = invite(world, smtp, &world.acme, "one@example.com", json!([role, "Organization Member"])).await;
        let (both, _) = invite(world, smtp, &world.acme, "both@example.com", json!([role, world.acme.role])).await;
        let (other, _) = invite(world, smtp, &world.acme, "other@example.com", json!([world.acme.role])).await;
        let total = async || world.get(&format!("{}?include_total=true", members(&world.acme))).token(&world.admin).expect(200).await.json["page_info"]["total"].clone();
        assert_eq!(total().await, 5);
        world.delete(&apps).json(json!({ "app_ids": [app] })).token(&world.admin).expect(204).await;
        // Nothing could have made a member of them any more, and the list does not say that something waits.
        let path = |made: &Value| format!("{}/{}", members(&world.acme), made["user_id"].as_str().unwrap());
        world.get(&path(&one)).token(&world.admin).expect(404).await;
        assert_eq!(read(world, &into_it, None).await.json["state"], "revoked");
        accept(world, &into_it).expect(410).await;
        // Who is invited into something else goes on waiting for that; who is a member stays one.
        for made in [&both, &other] {
            assert_eq!(member(world, &world.acme, made["user_id"].as_str().unwrap()).await["member_status"], "Pending");
        }
        assert_eq!(total().await, 4);
        // Another application's client that takes its invitation back takes them off the list, too.
        world.delete(&path(&other)).token(&world.acme.client).expect(204).await;
        world.get(&path(&other)).token(&world.admin).expect(404).await;
        assert_eq!(total().await, 3);
    }
}
