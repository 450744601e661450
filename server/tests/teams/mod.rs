//! Teams of an organization, and the names that its administrators give their teammates.

mod names;

use guildhall::id::{OrganizationId, TeamId, UserId};
use guildhall::teams::MOST_TEAMS;
use serde_json::{Value, json};

use crate::harness::{Answer, World, on_both};

fn teams(organization: OrganizationId) -> String {
    format!("/v1/organizations/{organization}/teams")
}

fn default_of(organization: OrganizationId) -> String {
    format!("{}/{}", teams(organization), TeamId::default_of(organization))
}

/// A new team of Acme's, made by its administrator: its path.
async fn made(world: &World, name: &str) -> String {
    let made = world
        .post(&teams(world.acme.id), json!({ "name": name }))
        .token(&world.acme.org_admin)
        .expect(201)
        .await;
    format!("{}/{}", teams(world.acme.id), made.text_of("team_id"))
}

async fn names(world: &World, path: &str) -> Vec<String> {
    world
        .get(path)
        .token(&world.acme.org_admin)
        .expect(200)
        .await
        .column("name")
}

async fn members_of(world: &World, team: &str) -> Vec<String> {
    world
        .get(&format!("{team}/members"))
        .token(&world.acme.org_admin)
        .expect(200)
        .await
        .column("user_id")
}

async fn put_in(world: &World, team: &str, people: &[UserId]) {
    world
        .put(&format!("{team}/members"), json!({ "user_ids": people }))
        .token(&world.acme.org_admin)
        .expect(204)
        .await;
}

/// Somebody new in Acme.
pub async fn joined(world: &World, address: &str) -> UserId {
    let fields = json!({ "email": address, "role_ids": ["Organization Member"] });
    let path = format!("/v1/organizations/{}/members", world.acme.id);
    let added = world
        .post(&path, fields)
        .token(&world.acme.org_admin)
        .expect(200)
        .await;
    added.text_of("user_id").parse().unwrap()
}

/// Teams of Acme's, put there behind everybody's back.
async fn put_there(world: &World, many: u16) {
    let organization = world.acme.id;
    let put = world.console.db().write(move |tx| {
        Box::pin(async move {
            for at in 0..many {
                tx.query(
                    "INSERT INTO team (id, organization_id, name, name_key, is_default, version, created_at, updated_at)
                     VALUES ($1, $2, $3, $3, FALSE, 1, 1, 1)",
                )
                .bind(TeamId::compose(1, u128::from(at)).to_string())
                .bind(organization.to_string())
                .bind(format!("team {at}"))
                .execute()
                .await?;
            }
            Ok(())
        })
    });
    put.await.unwrap();
}

fn reason(answer: &Answer) -> &Value {
    &answer.json["ts_error_code"]
}

on_both! {
    async fn every_organization_begins_with_a_team_and_everybody_in_it(world) {
        let first = world.get(&teams(world.acme.id)).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(first.column("name"), ["Default team"]);
        let team = &first.result()[0];
        assert_eq!((&team["is_default"], &team["member_count"]), (&json!(true), &json!(2)));
        assert_eq!(members_of(world, &default_of(world.acme.id)).await.len(), 2);
        let new = joined(world, "new@acme.example").await;
        assert!(members_of(world, &default_of(world.acme.id)).await.contains(&new.to_string()));
        let body = json!({ "name": "Initech", "domain": "initech.example", "app_ids": [] });
        let other = world.post("/v1/organizations", body).token(&world.admin).expect(201).await;
        let id: OrganizationId = other.text_of("organization_id").parse().unwrap();
        let team = world.get(&default_of(id)).token(&world.admin).expect(200).await;
        assert_eq!((&team.result()["name"], &team.result()["member_count"]), (&json!("Default team"), &json!(0)));
        // A name that is taken leaves nothing half-made.
        let again = json!({ "name": "initech", "domain": "initech.example", "app_ids": [] });
        world.post("/v1/organizations", again).token(&world.admin).expect(409).await;
        assert_eq!(world.get("/v1/organizations?search=initech").token(&world.admin).expect(200).await.column("name"), ["Initech"]);
    }

    async fn an_organizations_administrator_makes_renames_and_deletes_teams(world) {
        let path = made(world, " Kilns ").await;
        let team = world.get(&path).token(&world.acme.org_admin).expect(200).await;
        assert_eq!((&team.result()["name"], &team.result()["is_default"], &team.result()["member_count"]), (&json!("Kilns"), &json!(false), &json!(0)));
        assert_eq!(team.header("etag"), Some("\"1\""));
        let stale = world.put(&path, json!({ "name": "Glazes" })).header("if-match", "\"7\"").token(&world.acme.org_admin);
        stale.expect(412).await;
        let now = world.put(&path, json!({ "name": "Glazes" })).header("if-match", "\"1\"").token(&world.acme.org_admin).expect(200).await;
        assert_eq!((&now.result()["name"], &now.result()["version"]), (&json!("Glazes"), &json!(2)));
        // Its own name in other letters is no conflict; another team's is.
        world.put(&path, json!({ "name": "GLAZES" })).token(&world.acme.org_admin).expect(200).await;
        for (call, name) in [(world.post(&teams(world.acme.id), json!({ "name": "glazes" })), "glazes"), (world.put(&path, json!({ "name": "default  TEAM" })), "default")] {
            let taken = call.token(&world.acme.org_admin).expect(409).await;
            assert_eq!(reason(&taken), "team_name_taken", "{name}");
            assert_eq!(taken.fields(), ["name"]);
        }
        // The same name is free in another organization.
        world.post(&teams(world.globex.id), json!({ "name": "Glazes" })).token(&world.globex.org_admin).expect(201).await;
        assert_eq!(names(world, &teams(world.acme.id)).await, ["Default team", "GLAZES"]);
        assert_eq!(names(world, &format!("{}?search=laz", teams(world.acme.id))).await, ["GLAZES"]);
        world.delete(&path).header("if-match", "\"1\"").token(&world.acme.org_admin).expect(412).await;
        world.delete(&path).token(&world.acme.org_admin).expect(204).await;
        world.get(&path).token(&world.acme.org_admin).expect(404).await;
        let audit = world.get(&format!("/v1/organizations/{}/audit", world.acme.id)).token(&world.acme.org_admin).expect(200).await;
        let done = audit.column("operation");
        for operation in ["create_team", "update_team", "delete_team"] {
            assert!(done.iter().any(|name| name == operation), "{operation}: {done:?}");
        }
    }

    async fn the_default_team_is_renamed_and_never_deleted(world) {
        let path = default_of(world.acme.id);
        let kept = world.delete(&path).token(&world.acme.org_admin).expect(409).await;
        assert_eq!(reason(&kept), "default_team");
        world.delete(&path).token(&world.admin).expect(409).await;
        world.put(&path, json!({ "name": "Everybody" })).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(names(world, &teams(world.acme.id)).await, ["Everybody"]);
        let new = joined(world, "new@acme.example").await;
        assert!(members_of(world, &path).await.contains(&new.to_string()));
    }

    async fn members_are_put_into_teams_and_taken_out(world) {
        let path = made(world, "Kilns").await;
        let members = format!("{path}/members");
        put_in(world, &path, &[world.acme.member, world.acme.admin, world.acme.member]).await;
        // Who is in already stays.
        put_in(world, &path, &[world.acme.member]).await;
        assert_eq!(members_of(world, &path).await.len(), 2);
        assert_eq!(world.get(&path).token(&world.acme.org_admin).expect(200).await.result()["member_count"], 2);
        let found = world.get(&format!("{members}?search=acme-member")).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(found.column("user_id"), [world.acme.member.to_string()]);
        assert_eq!(found.result()[0]["email"], "acme-member@example.com");
        let of = format!("{}?user_id={}", teams(world.acme.id), world.acme.member);
        assert_eq!(names(world, &of).await, ["Default team", "Kilns"]);
        world.delete(&members).json(json!({ "user_ids": [world.acme.member] })).token(&world.acme.org_admin).expect(204).await;
        assert_eq!(members_of(world, &path).await, [world.acme.admin.to_string()]);
        let outside = world.get(&format!("{members}?outside=true")).token(&world.acme.org_admin).expect(200).await;
        assert_eq!(outside.column("user_id"), [world.acme.member.to_string()]);
        // Not in it any more; and one who is does not go with one who is not.
        let both = json!({ "user_ids": [world.acme.admin, world.acme.member] });
        let refused = world.delete(&members).json(both).token(&world.acme.org_admin).expect(400).await;
        assert_eq!(refused.fields(), ["user_ids[1]"]);
        assert_eq!(members_of(world, &path).await, [world.acme.admin.to_string()]);
        // Out of the default team, they are still members.
        world.delete(&format!("{}/members", default_of(world.acme.id))).json(json!({ "user_ids": [world.acme.member] })).token(&world.acme.org_admin).expect(204).await;
        world.get(&format!("/v1/organizations/{}/members/{}", world.acme.id, world.acme.member)).token(&world.acme.org_admin).expect(200).await;
    }

    async fn members_come_page_by_page(world) {
        let path = made(world, "Kilns").await;
        let mut people = Vec::new();
        for n in 0..5 {
            people.push(joined(world, &format!("p{n}@acme.example")).await);
        }
        put_in(world, &path, &people).await;
        let (mut seen, mut next) = (Vec::new(), format!("{path}/members?limit=2"));
        loop {
            let page = world.get(&next).token(&world.acme.org_admin).expect(200).await;
            assert!(page.result().as_array().unwrap().len() <= 2);
            seen.extend(page.column("email"));
            match page.json["page_info"]["next_cursor"].as_str() {
                Some(cursor) => next = format!("{path}/members?limit=2&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(seen, ["p0@acme.example", "p1@acme.example", "p2@acme.example", "p3@acme.example", "p4@acme.example"]);
        let foreign = world.get(&format!("{}?cursor=eA", teams(world.acme.id))).token(&world.acme.org_admin).expect(400).await;
        assert_eq!(foreign.fields(), ["cursor"]);
    }

    async fn what_is_wrong_is_named(world) {
        let path = made(world, "Kilns").await;
        for (body, field) in [
            (json!({}), "name"),
            (json!({ "name": " " }), "name"),
            (json!({ "name": "x".repeat(101) }), "name"),
            (json!({ "name": "Wheels", "is_default": true }), "is_default"),
        ] {
            assert_eq!(world.post(&teams(world.acme.id), body.clone()).token(&world.acme.org_admin).expect(400).await.fields(), [field]);
            assert_eq!(world.put(&path, body).token(&world.acme.org_admin).expect(400).await.fields(), [field]);
        }
        let members = format!("{path}/members");
        let nobody = UserId::compose(1, 1);
        for (people, field) in [
            (json!([]), "user_ids"),
            (json!(["nonsense"]), "user_ids[0]"),
            (json!([world.acme.member, world.globex.member]), "user_ids[1]"),
            (json!([nobody]), "user_ids[0]"),
            (json!(vec![world.acme.member; 101]), "user_ids"),
        ] {
            let body = json!({ "user_ids": people });
            assert_eq!(world.put(&members, body).token(&world.acme.org_admin).expect(400).await.fields(), [field], "{people}");
        }
        // All or none.
        assert!(members_of(world, &path).await.is_empty());
        let of = format!("{}?user_id={}", teams(world.acme.id), world.globex.member);
        world.get(&of).token(&world.acme.org_admin).expect(404).await;
    }

    async fn another_organizations_team_is_not_there(world) {
        let foreign = format!("{}/{}", teams(world.acme.id), TeamId::default_of(world.globex.id));
        for token in [&world.acme.org_admin, &world.admin] {
            world.get(&foreign).token(token).expect(404).await;
            world.put(&foreign, json!({ "name": "Mine" })).token(token).expect(404).await;
            world.delete(&foreign).token(token).expect(404).await;
            world.get(&format!("{foreign}/members")).token(token).expect(404).await;
            let body = json!({ "user_ids": [world.acme.member] });
            world.put(&format!("{foreign}/members"), body.clone()).token(token).expect(404).await;
            world.delete(&format!("{foreign}/members")).json(body).token(token).expect(404).await;
        }
        let theirs = default_of(world.globex.id);
        world.get(&theirs).token(&world.acme.org_admin).expect(404).await;
        world.put(&theirs, json!({ "name": "Mine" })).token(&world.acme.org_admin).expect(404).await;
        let kept = world.get(&theirs).token(&world.admin).expect(200).await;
        assert_eq!((&kept.result()["name"], &kept.result()["member_count"]), (&json!("Default team"), &json!(2)));
        let nobodys = OrganizationId::compose(1, 1);
        world.get(&teams(nobodys)).token(&world.admin).expect(404).await;
        world.post(&teams(nobodys), json!({ "name": "Kilns" })).token(&world.admin).expect(404).await;
    }

    async fn a_member_finds_teammates_by_what_is_shown_of_them(world) {
        let user = joined(world, "ada@acme.example").await;
        let more = json!({ "phone_number": "+14155550123", "secondary_emails": ["ada@home.example"] });
        world.put(&format!("/v1/users/{user}"), more).token(&world.admin).expect(200).await;
        let (member, admin) = (world.session("acme-member").await, world.session("acme-admin").await);
        let team = TeamId::default_of(world.acme.id);
        for (search, by_member) in [("ada@acme", true), ("+14155550123", false), ("home.example", false)] {
            for (cookie, finds) in [(&admin, true), (&member, by_member)] {
                let asked = json!({ "organization_id": world.acme.id, "team_id": team, "search": search });
                let found = crate::factors::act::<guildhall::teams::ListTeamMembers>(world, cookie, asked).await.unwrap();
                let ids: Vec<UserId> = found.items.iter().map(|member| member.user_id).collect();
                assert_eq!(ids, if finds { vec![user] } else { Vec::new() }, "{search}");
            }
        }
    }

    async fn a_member_sees_teams_and_changes_nothing(world) {
        let cookie = world.session("acme-member").await;
        let (organization, team) = (world.acme.id, TeamId::default_of(world.acme.id));
        let page = crate::factors::act::<guildhall::teams::ListTeams>(world, &cookie, json!({ "organization_id": organization })).await.unwrap();
        assert_eq!(page.items.len(), 1);
        let ids = json!({ "organization_id": organization, "team_id": team });
        let seen = crate::factors::act::<guildhall::teams::ListTeamMembers>(world, &cookie, ids.clone()).await.unwrap();
        assert_eq!(seen.items.len(), 2);
        // Whoever may not list the members does not do it by a team that nobody is in.
        let outside = json!({ "organization_id": organization, "team_id": team, "outside": true });
        let refused = crate::factors::act::<guildhall::teams::ListTeamMembers>(world, &cookie, outside).await.unwrap_err();
        assert_eq!(refused.code.status(), 403);
        let refused = crate::factors::act::<guildhall::teams::DeleteTeam>(world, &cookie, ids).await.unwrap_err();
        assert_eq!(refused.code.status(), 403);
        let foreign = json!({ "organization_id": world.globex.id });
        let refused = crate::factors::act::<guildhall::teams::ListTeams>(world, &cookie, foreign).await.unwrap_err();
        assert_eq!(refused.code.status(), 404);
    }

    async fn who_leaves_the_organization_leaves_its_teams(world) {
        let path = made(world, "Kilns").await;
        let (gone, deleted) = (joined(world, "gone@acme.example").await, joined(world, "deleted@acme.example").await);
        put_in(world, &path, &[world.acme.member, gone, deleted]).await;
        world.delete(&format!("/v1/organizations/{}/members/{gone}", world.acme.id)).token(&world.acme.org_admin).expect(204).await;
        world.delete(&format!("/v1/users/{deleted}")).token(&world.admin).expect(204).await;
        assert_eq!(members_of(world, &path).await, [world.acme.member.to_string()]);
        assert_eq!(members_of(world, &default_of(world.acme.id)).await.len(), 2);
        // Back again, they begin anew.
        let again = json!({ "email": "gone@acme.example", "role_ids": ["Organization Member"] });
        let again = world.post(&format!("/v1/organizations/{}/members", world.acme.id), again).token(&world.admin).expect(200).await;
        assert_eq!(again.text_of("user_id"), gone.to_string());
        assert_eq!(members_of(world, &path).await, [world.acme.member.to_string()]);
        assert_eq!(members_of(world, &default_of(world.acme.id)).await.len(), 3);
        // Teams go with their organization.
        world.delete(&format!("/v1/organizations/{}", world.acme.id)).token(&world.admin).expect(204).await;
        world.get(&path).token(&world.admin).expect(404).await;
    }

    async fn an_organization_has_so_many_teams_and_no_more(world) {
        // With the default team, there is room for three.
        put_there(world, MOST_TEAMS - 4).await;
        let calls = (0..10).map(|at| {
            let body = json!({ "name": format!("New {at}") });
            world.post(&teams(world.acme.id), body).token(&world.admin).send()
        });
        let answers = futures::future::join_all(calls).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 3);
        for refused in answers.iter().filter(|answer| answer.status != 201) {
            assert_eq!((refused.status, refused.fields()), (400, vec!["name"]), "{}", refused.text);
        }
        let mut tx = world.console.db().read().await.unwrap();
        let all = tx.query("SELECT COUNT(*) FROM team WHERE organization_id = $1").bind(world.acme.id.to_string());
        let (all,): (i64,) = all.one().await.unwrap();
        assert_eq!(all, i64::from(MOST_TEAMS));
    }
}
