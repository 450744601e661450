//! Two people save one thing: the second is shown both versions, and nothing is lost.

use serde_json::{Value, json};

use super::{member_path, retitle};
use crate::api::abuse::{cookie_named, rpc};
use crate::harness::{Answer, World, on_both};

/// Both pages of a member were read now.
async fn version(world: &World, path: &str) -> String {
    let thing = world.get(path).token(&world.admin).expect(200).await;
    thing.result()["version"].to_string()
}

/// Sends the form of a member as one of its fields was left.
async fn save(world: &World, cookie: &str, version: &str, changed: &[(&str, &str)]) -> Answer {
    let (organization, member) = (world.acme.id.to_string(), world.acme.member.to_string());
    let mut fields = vec![
        ("organization_id", organization.as_str()),
        ("user_id", member.as_str()),
        ("version", version),
    ];
    for (name, value) in [
        ("department", ""),
        ("title", ""),
        ("manager", ""),
        ("was_department", ""),
        ("was_title", ""),
        ("was_manager", ""),
    ] {
        let value = changed
            .iter()
            .find(|(of, _)| *of == name)
            .map_or(value, |(_, value)| *value);
        fields.push((name, value));
    }
    rpc(world, "update_member", &fields)
        .header("cookie", cookie)
        .send()
        .await
}

/// Sends the form of a member's roles, made of a version and of the roles that there were.
async fn set_roles(world: &World, cookie: &str, (version, was): (&str, &str), roles: &[&str]) -> Answer {
    let (organization, member) = (world.acme.id.to_string(), world.acme.member.to_string());
    let app = world.acme.app.to_string();
    let mut fields = vec![
        ("organization_id", organization.as_str()),
        ("user_id", member.as_str()),
        ("app_id", app.as_str()),
        ("app_name", "x"),
        ("version", version),
        ("was_role_ids", was),
    ];
    let names = ["role_ids[0]", "role_ids[1]"];
    fields.extend(names.into_iter().zip(roles.iter().copied()));
    rpc(world, "set_member_roles", &fields)
        .header("cookie", cookie)
        .send()
        .await
}

fn said(answer: &Answer, name: &str) -> Option<String> {
    let fields = answer.json["fields"].as_array()?;
    let field = fields.iter().find(|field| field["field"] == name)?;
    Some(field["message"].as_str()?.to_owned())
}

async fn information(world: &World) -> Value {
    let path = member_path(&world.acme, world.acme.member);
    let member = world.get(&path).token(&world.admin).expect(200).await;
    member.result()["organization_information"].clone()
}

on_both! {
    async fn the_second_gets_both_versions_and_chooses(world) {
        let path = member_path(&world.acme, world.acme.member);
        let (first, second) = (world.session("root").await, world.session("acme-admin").await);
        let read = version(world, &path).await;
        let saved = save(world, &first, &read, &[("department", "Kilns"), ("title", "Lead")]).await;
        assert_eq!(saved.status, 200, "{}", saved.text);
        let refused = save(world, &second, &read, &[("department", "Glazes"), ("manager", "Ada")]).await;
        assert_eq!((refused.status, refused.json["reason"].as_str()), (409, Some("changed_meanwhile")), "{}", refused.text);
        for (name, value) in [
            ("theirs.department", "Kilns"),
            ("yours.department", "Glazes"),
            ("kept.department", "Glazes"),
            ("theirs.title", "Lead"),
            ("yours.title", ""),
            ("kept.title", "Lead"),
            ("theirs.manager", ""),
            ("yours.manager", "Ada"),
            ("kept.manager", "Ada"),
        ] {
            assert_eq!(said(&refused, name).as_deref(), Some(value), "{name}");
        }
        // Nothing was overwritten meanwhile.
        assert_eq!(information(world).await["department"], "Kilns");
        let now = said(&refused, "theirs.version").unwrap();
        assert_eq!(now, version(world, &path).await);
        let chosen = [("department", "Glazes"), ("title", "Lead"), ("manager", "Ada"), ("was_department", "Kilns"), ("was_title", "Lead")];
        let saved = save(world, &second, &now, &chosen).await;
        assert_eq!(saved.status, 200, "{}", saved.text);
        let after = information(world).await;
        assert_eq!((&after["department"], &after["title"], &after["manager"]), (&json!("Glazes"), &json!("Lead"), &json!("Ada")));
    }

    async fn what_the_form_does_not_show_is_no_conflict(world) {
        let path = member_path(&world.acme, world.acme.member);
        let cookie = world.session("root").await;
        let read = version(world, &path).await;
        let (organization, member) = (world.acme.id.to_string(), world.acme.member.to_string());
        let promote = [("organization_id", &*organization), ("user_id", &*member), ("name", "x"), ("admin", "true")];
        rpc(world, "set_organization_admin", &promote).header("cookie", &cookie).expect(200).await;
        assert_ne!(read, version(world, &path).await);
        let saved = save(world, &cookie, &read, &[("department", "Kilns")]).await;
        assert_eq!(saved.status, 200, "{}", saved.text);
        // The same change by two people is one.
        let read = version(world, &path).await;
        retitle(world, &world.acme, "Lead").await;
        let same = [("department", "Kilns"), ("title", "Lead"), ("was_department", "Kilns")];
        assert_eq!(save(world, &cookie, &read, &same).await.status, 200);
        // What is no version is refused, and what is none of this thing is no way around.
        assert_eq!(save(world, &cookie, "x", &same).await.status, 400);
        let old = [("department", ""), ("title", "Head"), ("was_department", ""), ("was_title", "")];
        assert_eq!(save(world, &cookie, "999999", &old).await.status, 409);
    }

    async fn roles_that_two_people_give_are_not_lost(world) {
        let path = member_path(&world.acme, world.acme.member);
        let cookie = world.session("root").await;
        let extra = json!({ "role_name": "Editor", "permissions": ["documents:write"] });
        let extra = world.post(&format!("/v1/applications/{}/roles", world.acme.app), extra).token(&world.admin).expect(201).await.text_of("role_id");
        let given = json!({ "role_group_ids": [world.acme.group], "role_ids": [extra] });
        let granted = world.post(&format!("/v1/applications/{}/organizations/{}/roles-and-groups/set", world.acme.app, world.acme.id), given).token(&world.admin).send().await;
        assert!(granted.status < 300, "{}", granted.text);
        let viewer = world.acme.role.to_string();
        let read = version(world, &path).await;
        assert_eq!(set_roles(world, &cookie, (&*read, &*viewer), &[&viewer, &extra]).await.status, 200);
        let refused = set_roles(world, &cookie, (&*read, &*viewer), &[]).await;
        assert_eq!((refused.status, refused.json["reason"].as_str()), (409, Some("changed_meanwhile")), "{}", refused.text);
        assert!(said(&refused, "theirs.roles").unwrap().contains("Editor"));
        assert_eq!(said(&refused, "yours.role_ids").as_deref(), Some(""));
        let now = said(&refused, "theirs.version").unwrap();
        let theirs = said(&refused, "theirs.role_ids").unwrap();
        assert_eq!(set_roles(world, &cookie, (&*now, &*theirs), &[&extra]).await.status, 200);
    }

    async fn an_organizations_record_has_both_versions_too(world) {
        let cookie = world.session("root").await;
        let path = format!("/v1/organizations/{}", world.acme.id);
        let read = version(world, &path).await;
        world.put(&path, json!({ "alias_name": "Acme Potteries" })).token(&world.admin).expect(200).await;
        let organization = world.acme.id.to_string();
        let fields = [("organization_id", &*organization), ("version", &*read), ("name", "Acme"), ("was_name", "Acme"), ("domain", "acme.example"), ("was_domain", "acme.example"), ("alias_name", "Acme Kilns")];
        let refused = rpc(world, "update_organization", &fields).header("cookie", &cookie).expect(409).await;
        assert_eq!(said(&refused, "theirs.alias_name").as_deref(), Some("Acme Potteries"));
        assert_eq!(said(&refused, "yours.alias_name").as_deref(), Some("Acme Kilns"));
        assert_eq!(said(&refused, "theirs.name"), None);
        // Its own administrators rename it.
        let own = world.session("acme-admin").await;
        let read = version(world, &path).await;
        world.put(&path, json!({ "name": "Acme One" })).token(&world.admin).expect(200).await;
        let fields = [("organization_id", &*organization), ("version", &*read), ("name", "Acme Two"), ("was_name", "Acme"), ("portal", "organization")];
        let refused = rpc(world, "rename_organization", &fields).header("cookie", &own).expect(409).await;
        assert_eq!(said(&refused, "theirs.name").as_deref(), Some("Acme One"));
    }

    async fn an_application_has_both_versions_too(world) {
        let cookie = world.session("root").await;
        let (path, app) = (format!("/v1/applications/{}", world.acme.app), world.acme.app.to_string());
        let first = world.get(&path).token(&world.admin).expect(200).await;
        let name = first.result()["name"].as_str().unwrap().to_owned();
        let read = version(world, &path).await;
        let theirs = json!({ "redirect_uris": ["https://a.example/in", "https://b.example/in"] });
        world.put(&path, theirs).token(&world.admin).expect(200).await;
        let sent = |version: &str, was: &str, uris: &str| {
            let fields = [("app_id", &*app), ("version", version), ("name", &*name), ("was_name", &*name), ("description", "Mine"), ("was_redirect_uris", was), ("redirect_uris", uris)];
            rpc(world, "update_application", &fields).header("cookie", &cookie)
        };
        let refused = sent(&read, "", "https://c.example/in").expect(409).await;
        let now = said(&refused, "theirs.version").unwrap();
        let both = said(&refused, "theirs.redirect_uris").unwrap();
        assert_eq!(both, "https://a.example/in\nhttps://b.example/in");
        assert_eq!(said(&refused, "kept.description").as_deref(), Some("Mine"));
        assert_eq!(said(&refused, "theirs.name"), None);
        // Forms send lines in their own way.
        sent(&now, &both, &both.replace('\n', "\r\n")).expect(200).await;
        let saved = world.get(&path).token(&world.admin).expect(200).await;
        assert_eq!((&saved.result()["description"], saved.result()["redirect_uris"].as_array().map(Vec::len)), (&json!("Mine"), Some(2)));
    }

    async fn a_persons_record_has_both_versions_too(world) {
        let cookie = world.session("root").await;
        let (path, person) = (format!("/v1/users/{}", world.stranger), world.stranger.to_string());
        let read = version(world, &path).await;
        world.put(&path, json!({ "language": "de" })).token(&world.admin).expect(200).await;
        let fields = [("user_id", &*person), ("version", &*read), ("first_name", "Stan"), ("was_first_name", "stranger"), ("email", "stranger@example.com"), ("was_email", "stranger@example.com")];
        let refused = rpc(world, "update_user", &fields).header("cookie", &cookie).expect(409).await;
        for (name, value) in [("theirs.language", "de"), ("kept.language", "de"), ("theirs.first_name", "stranger"), ("kept.first_name", "Stan")] {
            assert_eq!(said(&refused, name).as_deref(), Some(value), "{name}");
        }
        assert_eq!(said(&refused, "theirs.email"), None);
        let now = said(&refused, "theirs.version").unwrap();
        let fields = [("user_id", &*person), ("version", &*now), ("first_name", "Stan"), ("language", "de")];
        rpc(world, "update_user", &fields).header("cookie", &cookie).expect(200).await;
        let saved = world.get(&path).token(&world.admin).expect(200).await;
        assert_eq!((&saved.result()["name"]["first_name"], &saved.result()["language"]), (&json!("Stan"), &json!("de")));
    }

    async fn without_scripts_the_page_shows_both_versions_and_saves_the_choice(world) {
        let path = member_path(&world.acme, world.acme.member);
        let page = format!("/admin/organizations/{}/members/{}", world.acme.id, world.acme.member);
        let cookie = world.session("root").await;
        let read = version(world, &path).await;
        retitle(world, &world.acme, "Theirs <b>").await;
        let (organization, member) = (world.acme.id.to_string(), world.acme.member.to_string());
        let fields = [("organization_id", &*organization), ("user_id", &*member), ("version", &*read), ("title", "Yours"), ("department", "Kilns")];
        let refused = rpc(world, "update_member", &fields)
            .header("cookie", &cookie)
            .header("accept", "text/html")
            .header("referer", format!("{}{page}", world.url))
            .expect(303)
            .await;
        let flash = cookie_named(&refused, "flash");
        let location = refused.header("location").unwrap();
        let location = location.strip_prefix(&world.url).unwrap_or(location).to_owned();
        let shown = world.get(&location).header("cookie", format!("{cookie}; {flash}")).header("accept", "text/html").send().await;
        let text = &shown.text;
        assert!(text.contains("Somebody else has saved this while you were editing."), "{text}");
        assert!(text.contains("Theirs: saved meanwhile") && text.contains("Yours: not saved yet"), "{text}");
        // The choice is the field; what was typed into another one stands there.
        assert_eq!(text.matches(r#"type="radio" name="title""#).count(), 2, "{text}");
        assert!(text.contains("Theirs &lt;b&gt;") && text.contains(r#"value="Yours""#) && text.contains(r#"value="Kilns""#), "{text}");
        let now = version(world, &path).await;
        assert!(text.contains(&format!(r#"name="version" value="{now}""#)), "{text}");
    }
}
