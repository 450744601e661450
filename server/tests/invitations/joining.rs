//! Coming in by an invitation.

use super::*;
use crate::api::portal::{PNG, upload};

on_both_with_smtp! {
    async fn a_newcomer_comes_in_with_exactly_the_roles_of_the_invitation(world, smtp) {
        world.put(&format!("/v1/applications/{}", world.acme.app), json!({ "redirect_uris": ["https://invoices.example/callback?x=1"] })).token(&world.admin).expect(200).await;
        let (made, token) = invite(world, smtp, &world.acme, "grace@example.com", json!([world.acme.role, "Organization Member"])).await;
        assert_eq!((&made["status"], &made["member_status"]), (&json!("Pending"), &json!("Pending")));
        let user = made["user_id"].as_str().unwrap();
        let mail = smtp.next_to("grace@example.com", 0).await.text();
        for word in ["Acme", "Invoices", "acme-admin", "Viewer"] {
            assert!(mail.contains(word), "{word}: {mail}");
        }
        // Opening it consumes nothing.
        for _ in 0..3 {
            let page = world.get(&format!("/invite/{token}")).header("accept", "text/html").expect(200).await;
            assert!(page.text.contains("Join Acme") && page.text.contains("Choose a password"), "{}", page.text);
            let seen = read(world, &token, None).await;
            assert_eq!((seen.status, &seen.json["state"], &seen.json["accept_by"]), (200, &json!("open"), &json!("password")));
        }
        // The roles change while it waits.
        let invitation = invitation_of(world, &world.acme, user).await;
        let path = format!("{}/{}", invitations(&world.acme), invitation["invitation_id"].as_str().unwrap());
        world.put(&path, json!({ "role_ids": ["Organization Admin", world.acme.role] })).token(&world.acme.org_admin).expect(200).await;
        let done = accept(world, &token).expect(200).await;
        assert_eq!(done.json["to"], "https://invoices.example/");
        let now = member(world, &world.acme, user).await;
        assert_eq!((&now["status"], &now["member_status"]), (&json!("Active"), &json!("Active")));
        assert_eq!(now["email"]["email_verified"], true);
        assert_eq!(now["name"]["last_name"], "Hopper");
        let mut wanted = vec!["Organization Admin".to_owned(), world.acme.role.to_string()];
        wanted.sort();
        assert_eq!(roles(&now), wanted);
        // They are signed in, and an administrator of this organization.
        let me = world.get("/v1/me").header("cookie", cookie_of(&done)).expect(200).await;
        assert_eq!(me.result()["administers"][0]["name"], "Acme");
        assert_eq!(invitation_of(world, &world.acme, user).await["status"], "accepted");
        let audit = world.get(&format!("/v1/organizations/{}/audit", world.acme.id)).token(&world.acme.org_admin).expect(200).await;
        assert!(audit.column("operation").contains(&"accept_invitation".to_owned()), "{}", audit.text);
    }

    async fn somebody_known_signs_in_to_accept(world, smtp) {
        let (_, token) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Member"])).await;
        accept(world, &token).expect(200).await;
        let (made, token) = invite(world, smtp, &world.globex, "grace@example.com", json!([world.globex.role])).await;
        // Known, and all the same no member there before they accept.
        assert_eq!((&made["status"], &made["member_status"]), (&json!("Pending"), &json!("Pending")));
        let user = made["user_id"].as_str().unwrap();
        assert_eq!(read(world, &token, None).await.json["accept_by"], "sign_in");
        accept(world, &token).expect(409).await;
        let cookie = world.session("grace").await;
        assert_eq!(read(world, &token, Some(&cookie)).await.json["accept_by"], "yes");
        world.get(&format!("/v1/organizations/{}", world.globex.id)).header("cookie", &cookie).expect(404).await;
        join(world, &token, &cookie).expect(200).await;
        world.get(&format!("/v1/organizations/{}", world.globex.id)).header("cookie", &cookie).expect(200).await;
        let now = member(world, &world.globex, user).await;
        assert_eq!(now["member_status"], "Active");
        assert_eq!(roles(&now), [world.globex.role.to_string()]);
        // The organization that they were in before is as it was.
        assert_eq!(roles(&member(world, &world.acme, user).await), ["Organization Member"]);
    }

    async fn whoever_accepts_is_sent_on_to_where_the_applications_sign_in_begins(world, smtp) {
        let app = format!("/v1/applications/{}", world.acme.app);
        let set = |uri: &str| world.put(&app, json!({ "initiate_login_uri": uri, "redirect_uris": ["https://elsewhere.example/callback"] })).token(&world.admin);
        for bad in ["http://invoices.example/login", "javascript:alert(1)", "https://invoices.example/#login", "invoices.example", "http://localhost.evil.example/"] {
            assert_eq!(set(bad).expect(400).await.fields(), ["initiate_login_uri"], "{bad}");
        }
        assert_eq!(set("http://127.0.0.1:5173/login").expect(200).await.text_of("initiate_login_uri"), "http://127.0.0.1:5173/login");
        set("https://invoices.example/login?from=mail").expect(200).await;
        let issuer = form_urlencoded::byte_serialize(world.url.as_bytes()).collect::<String>();
        let there = format!("https://invoices.example/login?from=mail&iss={issuer}");
        let (_, token) = invite(world, smtp, &world.acme, "grace@example.com", json!([world.acme.role])).await;
        let done = accept(world, &token).expect(200).await;
        assert_eq!(done.json["to"], there);
        // The link's own page says it too, for a browser without scripts.
        let page = world.get(&format!("/invite/{token}")).header("cookie", cookie_of(&done)).header("accept", "text/html").expect(200).await;
        assert!(page.text.contains("https://invoices.example/login"), "{}", page.text);
        let cleared = set("").expect(200).await;
        assert_eq!(cleared.result()["initiate_login_uri"], json!(null));
        let body = json!({ "name": "Reports", "initiate_login_uri": "https://reports.example/login" });
        assert_eq!(world.post("/v1/applications", body).token(&world.admin).expect(201).await.text_of("initiate_login_uri"), "https://reports.example/login");
    }

    async fn inviting_again_sends_a_new_link_and_is_no_duplicate(world, smtp) {
        let (made, first) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Member"])).await;
        let again = json!({ "email": "Grace@Example.com", "role_ids": ["Organization Member"], "send_invite": true });
        world.post(&members(&world.acme), again).token(&world.acme.org_admin).expect(200).await;
        let second = token_of(&smtp.next_to("grace@example.com", 1).await.link("/invite/"));
        assert_ne!(first, second);
        let one = invitation_of(world, &world.acme, made["user_id"].as_str().unwrap()).await;
        assert_eq!(one["status"], "pending");
        accept(world, &first).expect(410).await;
        accept(world, &second).expect(200).await;
        let total = world.get(&format!("{}?include_total=true", members(&world.acme))).token(&world.admin).expect(200).await;
        assert_eq!(total.json["page_info"]["total"], 3);
    }

    async fn one_mail_for_each_application(world, smtp) {
        let app = world.post("/v1/applications", json!({ "name": "Reports" })).token(&world.admin).expect(201).await.text_of("app_id");
        let role = world.post(&format!("/v1/applications/{app}/roles"), json!({ "role_name": "Reader" })).token(&world.admin).expect(201).await.text_of("role_id");
        world.put(&format!("/v1/organizations/{}/apps", world.acme.id), json!({ "app_ids": [app] })).token(&world.admin).expect(204).await;
        world.post(&format!("/v1/applications/{app}/organizations/{}/roles-and-groups/set", world.acme.id), json!({ "role_ids": [role] })).token(&world.admin).expect(202).await;
        let (made, first) = invite(world, smtp, &world.acme, "grace@example.com", json!([world.acme.role, role])).await;
        let second = token_of(&smtp.next_to("grace@example.com", 1).await.link("/invite/"));
        let user = made["user_id"].as_str().unwrap();
        assert_eq!(roles(&made).len(), 2);
        accept(world, &first).expect(200).await;
        // What the other one gives comes with the other one.
        assert_eq!(roles(&member(world, &world.acme, user).await).len(), 1);
        join(world, &second, &world.session("grace").await).expect(200).await;
        let mut wanted = vec![world.acme.role.to_string(), role];
        wanted.sort();
        assert_eq!(roles(&member(world, &world.acme, user).await), wanted);
    }

    async fn whoever_was_removed_or_revoked_is_out(world, smtp) {
        let (made, token) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Member"])).await;
        let path = format!("{}/{}", members(&world.acme), made["user_id"].as_str().unwrap());
        world.delete(&path).token(&world.acme.org_admin).expect(204).await;
        accept(world, &token).expect(410).await;
        let (made, token) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Member"])).await;
        let user = made["user_id"].as_str().unwrap();
        let list = world.get(&format!("{}?status=pending", invitations(&world.acme))).token(&world.acme.org_admin).expect(200).await;
        let id = list.column("invitation_id").remove(0);
        world.delete(&format!("{}/{id}", invitations(&world.acme))).token(&world.acme.org_admin).expect(200).await;
        accept(world, &token).expect(410).await;
        world.get(&format!("{}/{user}", members(&world.acme))).token(&world.admin).expect(404).await;
        world.delete(&format!("{}/{id}", invitations(&world.acme))).token(&world.acme.org_admin).expect(409).await;
    }

    async fn an_expired_invitation_is_asked_for_anew(world, smtp) {
        let (made, token) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Member"])).await;
        world.console.clock().advance(49 * 60 * 60 * 1000);
        let page = world.get(&format!("/invite/{token}")).header("accept", "text/html").expect(410).await;
        assert!(page.text.contains("Ask for a new one"), "{}", page.text);
        for _ in 0..3 {
            rpc(world, "ask_for_new_invitation", &[("token", &token)], None).expect(200).await;
        }
        let mail = smtp.next_to("acme-admin@example.com", 0).await;
        assert!(mail.text().contains("grace@example.com"), "{}", mail.data);
        assert_eq!(smtp.received().iter().filter(|mail| mail.to == "acme-admin@example.com").count(), 1);
        // The admin's token has run out with the invitation.
        let fresh = world.user_token(world.acme.admin, Some(world.acme.id));
        let list = world.get(&format!("{}?status=expired", invitations(&world.acme))).token(&fresh).expect(200).await;
        assert!(list.result()[0]["asked_at"].is_i64(), "{}", list.text);
        let resend = format!("{}/{}/resend", invitations(&world.acme), list.result()[0]["invitation_id"].as_str().unwrap());
        world.call("POST", &resend).token(&fresh).expect(200).await;
        let token = token_of(&smtp.next_to("grace@example.com", 1).await.link("/invite/"));
        accept(world, &token).expect(200).await;
        assert!(id_of(&made) != world.acme.admin);
    }

    /// A squatter makes an account in somebody's name, with a password, before that person is invited elsewhere.
    async fn an_account_that_somebody_else_made_ends_when_its_owner_accepts(world, smtp) {
        let squat = json!({ "email": "ceo@example.com", "role_ids": ["Organization Member"], "credentials": { "password": "known to the squatter", "force_replace": false } });
        let made = world.post(&members(&world.acme), squat).token(&world.acme.org_admin).expect(200).await;
        let user = made.text_of("user_id");
        // Nobody proved the address: without an invitation, another organization cannot take them in.
        let add = json!({ "email": "ceo@example.com", "role_ids": ["Organization Admin"] });
        let refused = world.post(&members(&world.globex), add).token(&world.globex.org_admin).expect(409).await;
        assert_eq!(refused.json["ts_error_code"], "invitation_required");
        let (_, token) = invite(world, smtp, &world.globex, "ceo@example.com", json!(["Organization Admin"])).await;
        let sign_in = |password: &'static str| rpc(world, "sign_in", &[("identifier", "ceo@example.com"), ("password", password)], None);
        let squatter = cookie_of(&sign_in("known to the squatter").expect(200).await);
        let globex = format!("/v1/organizations/{}", world.globex.id);
        world.get(&globex).header("cookie", &squatter).expect(404).await;
        world.get(&members(&world.globex)).header("cookie", &squatter).expect(404).await;
        let me = world.get("/v1/me").header("cookie", &squatter).expect(200).await;
        assert_eq!(me.result()["administers"], json!([]));
        let token_for = world.post("/v1/me/token", json!({ "organization_id": world.globex.id })).header("cookie", &squatter).header("origin", &world.url);
        token_for.expect(404).await;
        // Being signed in with it is not enough: the link's holder chooses a password.
        join(world, &token, &squatter).expect(409).await;
        accept(world, &token).expect(200).await;
        world.get("/v1/me").header("cookie", &squatter).expect(401).await;
        sign_in("known to the squatter").expect(401).await;
        let owner = cookie_of(&sign_in(PASSWORD).expect(200).await);
        world.get(&globex).header("cookie", &owner).expect(200).await;
        assert_eq!(member(world, &world.globex, &user).await["email"]["email_verified"], true);
    }

    async fn whoever_is_only_invited_may_nothing_and_stays_so(world, smtp) {
        let body = json!({
            "email": "later@example.com", "role_ids": ["Organization Admin"], "send_invite": true,
            "credentials": { "password": PASSWORD, "force_replace": false },
        });
        let made = world.post(&members(&world.acme), body).token(&world.acme.org_admin).expect(200).await;
        let user = made.text_of("user_id");
        smtp.next_to("later@example.com", 0).await;
        let cookie = world.session("later").await;
        world.get(&members(&world.acme)).header("cookie", &cookie).expect(404).await;
        // Neither suspending and reinstating nor disabling and enabling lets them in.
        let path = format!("{}/{user}", members(&world.acme));
        for enabled in [false, true] {
            world.put(&path, json!({ "enabled": enabled })).token(&world.admin).expect(200).await;
        }
        assert_eq!(member(world, &world.acme, &user).await["member_status"], "Pending");
        for enabled in [false, true] {
            world.put(&format!("/v1/users/{user}"), json!({ "enabled": enabled })).token(&world.admin).expect(200).await;
        }
        let now = member(world, &world.acme, &user).await;
        assert_eq!((&now["status"], &now["member_status"]), (&json!("Pending"), &json!("Pending")));
        let cookie = world.session("later").await;
        world.get(&members(&world.acme)).header("cookie", &cookie).expect(404).await;
    }

    async fn a_copied_link_lets_in_and_proves_nothing(world, smtp) {
        let (made, mailed) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Member"])).await;
        let user = made["user_id"].as_str().unwrap();
        let id = invitation_of(world, &world.acme, user).await["invitation_id"].as_str().unwrap().to_owned();
        let cookie = world.session("acme-admin").await;
        let organization = world.acme.id.to_string();
        let copied = rpc(world, "copy_invitation_link", &[("organization_id", &organization), ("invitation_id", &id)], Some(&cookie)).expect(200).await;
        let copied = token_of(copied.json["link"].as_str().unwrap());
        accept(world, &mailed).expect(410).await;
        accept(world, &copied).expect(200).await;
        let now = member(world, &world.acme, user).await;
        assert_eq!((&now["member_status"], &now["email"]["email_verified"]), (&json!("Active"), &json!(false)));
        // So nobody else takes them in unasked, and the next mailed link makes the account its reader's.
        let add = json!({ "email": "grace@example.com", "role_ids": ["Organization Member"] });
        world.post(&members(&world.globex), add).token(&world.globex.org_admin).expect(409).await;
        let (_, token) = invite(world, smtp, &world.globex, "grace@example.com", json!(["Organization Member"])).await;
        assert_eq!(read(world, &token, None).await.json["accept_by"], "password");
    }

    async fn the_page_shows_the_organization_as_it_presents_itself_while_it_invites(world, smtp) {
        let (_, token) = invite(world, smtp, &world.acme, "grace@example.com", json!(["Organization Member"])).await;
        let shown = async || world.get(&format!("/invite/{token}")).header("accept", "text/html").send().await.text;
        let logo = format!("/brand/invitation?token={token}");
        assert!(!shown().await.contains("/brand/"));
        world.get(&logo).expect(404).await;
        // A picture elsewhere would tell its keeper who opens the link.
        let of_its_own = json!({
            "logo_url": "https://acme.example/logo.png", "colors": { "primary": "#0059d6", "page_background": "#ffffff" },
        });
        world.put(&format!("/v1/organizations/{}", world.acme.id), of_its_own).token(&world.admin).expect(200).await;
        let page = shown().await;
        assert!(page.contains("/brand/colors.css?primary=0059d6"), "{page}");
        assert!(!page.contains("acme.example/logo.png") && !page.contains("/brand/invitation"), "{page}");
        let admin = world.session("acme-admin").await;
        assert_eq!(upload(world, &admin, &format!("/logo/{}", world.acme.id), PNG).await.status, 303);
        let page = shown().await;
        assert!(page.contains(&format!("src=\"{logo}\"")), "{page}");
        let picture = world.get(&logo).expect(200).await;
        assert_eq!(picture.header("content-type"), Some("image/png"));
        world.get("/brand/invitation?token=guessed").expect(404).await;
        world.get("/brand/invitation").expect(404).await;
        // Once it was accepted, the link is no way to it any more.
        accept(world, &token).expect(200).await;
        world.get(&logo).expect(410).await;
        assert!(!shown().await.contains("/brand/"));
    }

    async fn a_mail_is_in_the_readers_language(world, smtp) {
        let body = json!({ "email": "greta@example.com", "language": "de-CH", "role_ids": ["Organization Member"], "send_invite": true });
        world.post(&members(&world.acme), body).token(&world.acme.org_admin).expect(200).await;
        let mail = smtp.next_to("greta@example.com", 0).await;
        assert_eq!(mail.header("content-language"), "de");
        assert!(mail.text().contains("Einladung annehmen"), "{}", mail.text());
    }
}
