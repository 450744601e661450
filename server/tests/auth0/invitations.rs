//! A11 and A12: invitations.

use serde_json::{Value, json};

use super::{get, key, of, refused, send};
use crate::harness::smtp::Smtp;
use crate::harness::{World, on_both};
use crate::invitations::on_both_with_smtp;

const LOGIN: &str = "https://app.example/login";

/// Says where the application's own sign-in begins.
async fn with_login(world: &World) {
    let path = format!("/v1/applications/{}", world.acme.app);
    let body = json!({ "initiate_login_uri": LOGIN });
    world.put(&path, body).token(&world.admin).expect(200).await;
}

fn body(world: &World, email: &str) -> Value {
    json!({
        "inviter": { "name": "Ada Lovelace" },
        "invitee": { "email": email },
        "client_id": world.acme.client_id,
    })
}

on_both_with_smtp! {
    async fn a11_invites_by_mail(world, smtp) {
        with_login(world).await;
        let mut asked = body(world, "new@example.com");
        asked["roles"] = json!([world.globex.role, world.acme.role]);
        asked["ttl_sec"] = json!(3600);
        asked["user_metadata"] = json!({ "color": "red" });
        asked["app_metadata"] = json!({ "plan": "gold" });
        let made = send(world, "POST", &of(&world.acme, "/invitations"), asked).expect(201).await;
        let invitation = &made.json;
        assert!(invitation["id"].as_str().unwrap().starts_with("uinv_"));
        assert_eq!(invitation["organization_id"], json!(world.acme.id));
        assert_eq!((&invitation["inviter"]["name"], &invitation["invitee"]["email"]), (&json!("Ada Lovelace"), &json!("new@example.com")));
        assert_eq!(invitation["client_id"], json!(world.acme.client_id));
        assert_eq!(invitation["user_metadata"], json!({ "color": "red" }));
        assert_eq!(invitation["app_metadata"], json!({ "plan": "gold" }));
        assert_eq!(invitation["roles"].as_array().unwrap().len(), 2);
        let mail = smtp.next_to("new@example.com", 0).await;
        let text = mail.text();
        assert!(text.contains("Ada Lovelace invites you"), "{text}");
        let link = mail.link(&format!("{LOGIN}?invitation="));
        let value = |name: &str| crate::oidc::value(&link, name).unwrap();
        assert_eq!((value("organization"), value("organization_name")), (world.acme.id.to_string(), "acme".to_owned()));
        // The token is in the mail and nowhere else.
        let token = value("invitation");
        assert!(!made.text.contains(&token) && made.json.get("invitation_url").is_none(), "{}", made.text);
        // The application sends the browser on with it; the hosted page takes over.
        let hosted = world.get(&format!("/oidc/authorize?client_id=x&invitation={token}&organization={}", world.acme.id)).expect(303).await;
        assert_eq!(hosted.header("location"), Some(format!("/invite/{token}").as_str()));
        let page = world.get(&format!("/invite/{token}")).header("accept", "text/html").expect(200).await;
        assert!(page.text.contains("Ada Lovelace"), "{}", page.text);
        accepts(world, &token).await;
        let id = get(world, "/api/v2/users-by-email?email=new@example.com").expect(200).await.json[0]["user_id"].as_str().unwrap().to_owned();
        let roles = get(world, &of(&world.acme, &format!("/members/{}/roles", id.replace('|', "%7C")))).expect(200).await.json;
        assert_eq!(roles.as_array().unwrap().len(), 2, "{roles}");
        let user = get(world, &format!("/api/v2/users/{}", id.replace('|', "%7C"))).expect(200).await.json;
        assert_eq!((&user["user_metadata"], &user["app_metadata"]), (&json!({ "color": "red" }), &json!({ "plan": "gold" })));
        // It led through the application, which saw it: it proves no address.
        assert_eq!(user["email_verified"], false);
        // Accepted, it is none that waits.
        let one = of(&world.acme, &format!("/invitations/{}", invitation["id"].as_str().unwrap()));
        let answer = get(world, &one).expect(404).await;
        assert_eq!(refused(&answer), ("The invitation does not exist.", Some("inexistent_invitation")));
        assert_eq!(get(world, &of(&world.acme, "/invitations")).expect(200).await.json, json!([]));
    }

    async fn a11_an_application_that_does_not_say_where_its_sign_in_begins_leads_to_us(world, smtp) {
        send(world, "POST", &of(&world.acme, "/invitations"), body(world, "new@example.com")).expect(201).await;
        let mail = smtp.next_to("new@example.com", 0).await;
        assert!(!mail.link(&format!("{}/invite/", world.url)).is_empty());
    }
}

/// Accepts as somebody new.
async fn accepts(world: &World, token: &str) {
    let fields = [
        ("token", token),
        ("password", crate::harness::PASSWORD),
        ("first_name", "Grace"),
        ("last_name", "Hopper"),
    ];
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    world
        .call("POST", "/rpc/accept_invitation")
        .body("application/x-www-form-urlencoded", form)
        .header("origin", &world.url)
        .expect(200)
        .await;
}

on_both! {
    async fn a11_hands_over_a_link_where_no_mail_is_sent(world) {
        with_login(world).await;
        let mut asked = body(world, "new@example.com");
        asked["send_invitation_email"] = json!(false);
        let made = send(world, "POST", &of(&world.acme, "/invitations"), asked).expect(201).await.json;
        let link = made["invitation_url"].as_str().unwrap();
        assert!(link.starts_with(&format!("{LOGIN}?invitation=")), "{link}");
        assert!(link.contains(made["ticket_id"].as_str().unwrap()));
        // It is shown once.
        let one = of(&world.acme, &format!("/invitations/{}", made["id"].as_str().unwrap()));
        let again = get(world, &one).expect(200).await;
        assert!(again.json.get("invitation_url").is_none() && !again.text.contains(made["ticket_id"].as_str().unwrap()));
        assert_eq!(again.json["id"], made["id"]);
        let fields = get(world, &format!("{one}?fields=id")).expect(200).await.json;
        assert_eq!(fields, json!({ "id": made["id"] }));
        let listed = get(world, &of(&world.acme, "/invitations?include_totals=true")).expect(200).await.json;
        assert_eq!((&listed["total"], &listed["invitations"][0]["id"]), (&json!(1), &made["id"]));
    }

    async fn a11_lives_as_long_as_it_says(world) {
        for (ttl, seconds) in [(json!(null), 604_800), (json!(0), 604_800), (json!(60), 60), (json!(2_592_000), 2_592_000)] {
            let mut asked = body(world, "new@example.com");
            asked["ttl_sec"] = ttl;
            let made = send(world, "POST", &of(&world.acme, "/invitations"), asked).expect(201).await.json;
            let id = made["id"].as_str().unwrap().trim_start_matches('u').to_owned();
            let native = world.get(&format!("/v1/organizations/{}/invitations?search={id}", world.acme.id)).token(&world.admin).expect(200).await;
            let row = &native.result()[0];
            assert_eq!(row["expires_at"].as_i64().unwrap() - row["sent_at"].as_i64().unwrap(), seconds * 1000);
            assert_eq!(row["inviter_name"], "Ada Lovelace");
        }
    }

    async fn a11_says_what_is_wrong(world) {
        let invitations = of(&world.acme, "/invitations");
        for (field, value, named) in [
            ("inviter", json!(null), "inviter"),
            ("inviter", json!({}), "inviter.name"),
            ("inviter", json!({ "name": "x".repeat(301) }), "inviter.name"),
            ("invitee", json!({ "email": "nobody" }), "invitee.email"),
            ("client_id", json!("cli_1"), "client_id"),
            ("client_id", json!(world.backend.0), "client_id"),
            ("roles", json!(["rol_01h00000000000000000000000"]), "roles[0]"),
            ("ttl_sec", json!(2_592_001), "ttl_sec"),
            ("ttl_sec", json!(-1), "ttl_sec"),
            ("is_admin", json!(true), "is_admin"),
        ] {
            let mut asked = body(world, "new@example.com");
            asked[field] = value;
            let answer = send(world, "POST", &invitations, asked).expect(400).await;
            let (message, code) = refused(&answer);
            assert_eq!(code, Some("invalid_body"));
            assert!(message.ends_with(&format!("' on property {named}.")), "{field}: {message}");
        }
        let elsewhere = "/api/v2/organizations/org_0000000000000000/invitations";
        for answer in [get(world, elsewhere).expect(404).await, send(world, "POST", elsewhere, body(world, "new@example.com")).expect(404).await] {
            assert_eq!(refused(&answer).0, "No organization found by that id.");
        }
        send(world, "POST", &invitations, body(world, "acme-member@example.com")).expect(409).await;
    }

    async fn a12_takes_one_back(world) {
        let made = send(world, "POST", &of(&world.acme, "/invitations"), body(world, "new@example.com")).expect(201).await.json;
        let one = of(&world.acme, &format!("/invitations/{}", made["id"].as_str().unwrap()));
        send(world, "DELETE", &one, json!({})).expect(204).await;
        for answer in [get(world, &one).expect(404).await, send(world, "DELETE", &one, json!({})).expect(404).await, get(world, &of(&world.acme, "/invitations/uinv_0000000000000000")).expect(404).await] {
            assert_eq!(refused(&answer), ("The invitation does not exist.", Some("inexistent_invitation")));
        }
        // Another organization's path does not lead to it (ABUSE 7).
        let again = send(world, "POST", &of(&world.acme, "/invitations"), body(world, "new@example.com")).expect(201).await.json;
        get(world, &of(&world.globex, &format!("/invitations/{}", again["id"].as_str().unwrap()))).expect(404).await;
        // Whom it invites is no member while it waits.
        let members = get(world, &of(&world.acme, "/members")).expect(200).await;
        assert!(!members.text.contains("new@example.com") && members.text.contains(&key(world.acme.admin)));
    }

    async fn a11_a_role_that_may_be_given_no_more_leaves_the_invitation(world) {
        let (id, token) = invited(world, json!([world.globex.role, world.acme.role])).await;
        let one = of(&world.acme, &format!("/invitations/{id}"));
        assert_eq!(get(world, &one).expect(200).await.json["roles"].as_array().unwrap().len(), 2);
        // The organization loses the other application; what was invited through its own waits on.
        let apps = format!("/v1/organizations/{}/apps", world.acme.id);
        let lost = json!({ "app_ids": [world.globex.app] });
        world.delete(&apps).json(lost.clone()).token(&world.admin).expect(204).await;
        assert_eq!(get(world, &one).expect(200).await.json["roles"], json!([world.acme.role]));
        // Given both again, the link brings no more than the invitation says.
        world.put(&apps, lost).token(&world.admin).expect(204).await;
        let set = format!("/v1/applications/{}/organizations/{}/roles-and-groups/set", world.globex.app, world.acme.id);
        world.post(&set, json!({ "role_ids": [world.globex.role] })).token(&world.admin).expect(202).await;
        accepts(world, &token).await;
        assert_eq!(roles_of_the_new(world).await, json!([world.acme.role]));
    }

    async fn a11_a_role_that_leaves_the_role_groups_leaves_the_invitation(world) {
        let (id, token) = invited(world, json!([world.globex.role, world.acme.role])).await;
        let set = format!("/v1/applications/{}/organizations/{}/roles-and-groups/set", world.globex.app, world.acme.id);
        world.post(&set, json!({ "role_ids": [] })).token(&world.admin).expect(202).await;
        let one = of(&world.acme, &format!("/invitations/{id}"));
        assert_eq!(get(world, &one).expect(200).await.json["roles"], json!([world.acme.role]));
        world.post(&set, json!({ "role_ids": [world.globex.role] })).token(&world.admin).expect(202).await;
        accepts(world, &token).await;
        assert_eq!(roles_of_the_new(world).await, json!([world.acme.role]));
    }

    async fn a11_invited_anew_nobody_gets_what_was_in_the_invitation_before(world) {
        invited(world, json!([world.globex.role, world.acme.role])).await;
        let (_, token) = invited(world, json!([world.acme.role])).await;
        accepts(world, &token).await;
        assert_eq!(roles_of_the_new(world).await, json!([world.acme.role]));
    }

    async fn a11_other_roles_change_nothing_of_what_a_client_invites_to(world) {
        let (id, token) = invited(world, json!([world.globex.role, world.acme.role])).await;
        let user = get(world, "/api/v2/users-by-email?email=new@example.com").expect(200).await.json[0]["user_id"].as_str().unwrap().to_owned();
        let roles = of(&world.acme, &format!("/members/{}/roles", user.replace('|', "%7C")));
        send(world, "DELETE", &roles, json!({ "roles": [world.acme.role] })).expect(204).await;
        let one = of(&world.acme, &format!("/invitations/{id}"));
        assert_eq!(get(world, &one).expect(200).await.json["roles"], json!([world.globex.role]));
        accepts(world, &token).await;
        assert_eq!(roles_of_the_new(world).await, json!([world.globex.role]));
    }
}

/// Somebody new who is invited by a client, without a mail: the invitation and the secret of its link.
async fn invited(world: &World, roles: Value) -> (String, String) {
    let mut asked = body(world, "new@example.com");
    asked["roles"] = roles;
    asked["send_invitation_email"] = json!(false);
    let made = send(world, "POST", &of(&world.acme, "/invitations"), asked)
        .expect(201)
        .await
        .json;
    let text = |field: &str| made[field].as_str().unwrap().to_owned();
    (text("id"), text("ticket_id"))
}

/// The roles that they have.
async fn roles_of_the_new(world: &World) -> Value {
    let found = get(world, "/api/v2/users-by-email?email=new@example.com")
        .expect(200)
        .await
        .json;
    let id = found[0]["user_id"].as_str().unwrap().replace('|', "%7C");
    let roles = get(world, &of(&world.acme, &format!("/members/{id}/roles")))
        .expect(200)
        .await
        .json;
    json!(super::column(&roles, "id"))
}
