//! Lists as files.

use guildhall::caller;
use guildhall::input;
use guildhall::members::{AddMember, Member};
use guildhall::operation::{Operation, Runs};
use guildhall::organizations::{CreateOrganization, Organization};
use serde_json::{Value, json};
use server::console::Console;

use super::Browser;

async fn ask<Op: Operation>(browser: &Browser, fields: Value) -> Op::Output
where
    Console: Runs<Op>,
{
    let operation: Op = input::parse(fields).unwrap();
    browser
        .console
        .run(&caller::Request::system(), operation)
        .await
        .unwrap()
}

async fn organization(browser: &Browser, name: &str, people: usize) -> (Organization, Vec<Member>) {
    let made: Organization = ask::<CreateOrganization>(
        browser,
        json!({ "name": name, "domain": format!("{}.example", name.to_lowercase()), "app_ids": [] }),
    )
    .await;
    let mut members = Vec::new();
    for n in 0..people {
        let fields = json!({
            "organization_id": made.organization_id, "role_ids": ["Organization Member"],
            "email": format!("p{n}@{}", made.domain), "name": { "first_name": "=1+1", "last_name": format!("N{n}") },
        });
        members.push(ask::<AddMember>(browser, fields).await);
    }
    (made, members)
}

#[tokio::test]
async fn a_file_has_all_pages_and_only_what_was_asked_for() {
    let mut browser = Browser::open().await;
    browser.set_up().await;
    let (acme, members) = organization(&browser, "Acme", 130).await;
    let path = format!("/admin/organizations/{}/members.csv", acme.organization_id);

    let all = browser.get(&path).await;
    assert_eq!(
        (all.status(), all.header("content-type")),
        (200, "text/csv; charset=utf-8")
    );
    assert_eq!(
        all.header("content-disposition"),
        "attachment; filename=\"members.csv\""
    );
    assert!(all.text.starts_with("\u{feff}\"user_id\",\"email\","));
    assert_eq!(all.text.lines().count(), 131);
    for member in &members {
        assert!(
            all.text.contains(&format!("\n\"{}\",", member.user_id)),
            "{}",
            member.user_id
        );
    }
    assert!(
        all.text.contains(",\"'=1+1\","),
        "abuse 58: a formula is a formula"
    );

    let found = browser.get(&format!("{path}?search=p129%40")).await;
    assert_eq!(found.text.lines().count(), 2, "{}", found.text);
    let none = browser.get(&format!("{path}?status=Suspended")).await;
    assert_eq!(none.text.lines().count(), 1);
    let (one, two) = (members[3].user_id, members[77].user_id);
    let ticked = browser
        .get(&format!(
            "{path}?organization_id=x&role_id=&user_ids%5B%5D={one}&user_ids%5B%5D={two}"
        ))
        .await;
    assert_eq!(ticked.text.lines().count(), 3, "{}", ticked.text);

    for wrong in ["?status=Nobody", "?what=ever", "?limit=0"] {
        assert_eq!(
            browser.get(&format!("{path}{wrong}")).await.status(),
            400,
            "{wrong}"
        );
    }
    let audit = browser.get("/admin/audit.csv?operation=add_member").await;
    assert_eq!(audit.text.lines().count(), 131);
    let own = browser
        .get(&format!(
            "/admin/organizations/{}/audit.csv",
            acme.organization_id
        ))
        .await;
    assert_eq!(own.text.lines().count(), 132);
}

#[tokio::test]
async fn a_file_is_refused_as_the_list_is() {
    let mut browser = Browser::open().await;
    let (acme, _) = organization(&browser, "Acme", 1).await;
    let paths = [
        "/admin/audit.csv".to_owned(),
        format!("/admin/organizations/{}/audit.csv", acme.organization_id),
        format!("/admin/organizations/{}/members.csv", acme.organization_id),
    ];
    for path in &paths {
        assert_eq!(browser.get(path).await.status(), 401, "{path}");
    }
    browser.set_up().await;
    let nothing = "/admin/organizations/org_01h00000000000000000000000/members.csv";
    assert_eq!(browser.get(nothing).await.status(), 404);
    let nobody = format!("{}?user_ids[]=usr_01h00000000000000000000000", paths[2]);
    assert_eq!(browser.get(&nobody).await.status(), 404);
    for path in &paths {
        assert_eq!(browser.get(path).await.status(), 200, "{path}");
    }
}
