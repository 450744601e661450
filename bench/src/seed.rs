//! Fills a database that `guildhall` migrated: one organization of 100,000 members, one of 1,000, one that grows in the
//! run, and empty ones up to 10,000. Statements that both databases understand; the rows are made by the database.

use anyhow::{Context as _, Result};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};

use crate::run::ADMIN;
use crate::world::{APP, BIG, BIG_MEMBERS, HOME, ORGANIZATIONS, ROLE_GROUP, ROLES, SMALL, SMALL_MEMBERS};

/// Fills the database of a URL.
pub async fn fill(url: &str) -> Result<()> {
    let statements = statements();
    if url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(url).await?;
        let mut transaction = connection.begin().await?;
        for statement in statements {
            run(
                transaction.execute(AssertSqlSafe(statement.clone())).await,
                &statement,
            )?;
        }
        transaction.commit().await?;
        // The file is copied afterwards: nothing may be left in the log beside it.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        connection.close().await?;
    } else {
        let mut connection = PgConnection::connect(url).await?;
        for statement in statements {
            run(
                connection.execute(AssertSqlSafe(statement.clone())).await,
                &statement,
            )?;
        }
        // As autovacuum would have it after a while.
        connection.execute("VACUUM ANALYZE").await?;
        connection.close().await?;
    }
    Ok(())
}

fn run<T>(result: sqlx::Result<T>, statement: &str) -> Result<T> {
    result.with_context(|| format!("the seed failed at {statement}"))
}

/// Numbers from one value to another, as a table `n` with a column `i`.
fn numbers(from: u32, to: u32) -> String {
    format!("WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to})")
}

/// A number as seven digits.
fn digits(number: &str) -> String {
    format!("substr(CAST(10000000 + {number} AS TEXT), 2)")
}

fn statements() -> Vec<String> {
    const AT: &str = "1700000000000";
    let mut all = vec![format!(
        "INSERT INTO application (id, name, name_key, kind, redirect_uris, version, created_at, updated_at)
         VALUES ('{APP}', 'Bench', 'bench', 'end_user', '{HOME}', 1, {AT}, {AT})"
    )];
    all.push(format!(
        "INSERT INTO role_group (id, application_id, name, name_key, version, created_at, updated_at)
         VALUES ('{ROLE_GROUP}', '{APP}', 'Everybody', 'everybody', 1, {AT}, {AT})"
    ));
    for (number, role) in ROLES.iter().enumerate() {
        all.push(format!(
            "INSERT INTO permission (application_id, name) VALUES ('{APP}', 'right:{number}')"
        ));
        all.push(format!(
            "INSERT INTO role (id, application_id, name, name_key, version, created_at, updated_at)
             VALUES ('{role}', '{APP}', 'Role {number}', 'role {number}', 1, {AT}, {AT})"
        ));
        all.push(format!(
            "INSERT INTO role_permission (role_id, application_id, permission)
             VALUES ('{role}', '{APP}', 'right:{number}')"
        ));
        all.push(format!(
            "INSERT INTO role_group_role (role_group_id, role_id) VALUES ('{ROLE_GROUP}', '{role}')"
        ));
    }

    // Ids as the server makes them: a prefix and 26 characters.
    let (few, number) = (numbers(1, ORGANIZATIONS), digits("i"));
    all.push(format!(
        "INSERT INTO organization (id, name, name_key, domain, more_domains, enabled, search_text, admin_guard, version,
                                   created_at, updated_at)
         {few} SELECT 'org_01' || '00000000000000000' || {number}, 'Organization ' || {number},
                      'organization ' || {number}, 'o' || {number} || '.example', '', TRUE,
                      'organization ' || {number} || ' o' || {number} || '.example org_0100000000000000000' || {number},
                      0, 1, {AT} + i, {AT} + i FROM n"
    ));
    all.push(format!(
        "INSERT INTO organization_application (organization_id, application_id, created_at)
         SELECT id, '{APP}', created_at FROM organization"
    ));
    all.push(format!(
        "INSERT INTO team (id, organization_id, name, name_key, is_default, version, created_at, updated_at)
         SELECT 'tea_' || SUBSTR(id, 5), id, 'Default team', 'default team', TRUE, 1, {AT}, {AT} FROM organization
         WHERE id LIKE 'org_01000%'"
    ));
    all.push(format!(
        "INSERT INTO organization_role_group (organization_id, application_id, role_group_id)
         SELECT id, '{APP}', '{ROLE_GROUP}' FROM organization"
    ));

    // Names in another order than the ids, as they are in life: 7919 and the modulus share no factor.
    let people = BIG_MEMBERS + SMALL_MEMBERS;
    let (many, mixed) = (
        numbers(1, people),
        digits("((i * CAST(7919 AS BIGINT)) % 1000003)"),
    );
    all.push(format!(
        "INSERT INTO person (id, email, email_key, email_verified, phone_number_verified, name, language, secondary_emails,
                             secondary_phone_numbers, status, status_changed_at, tenant_admin, password_must_change,
                             sort_key, search_text, version, created_at, updated_at)
         {many} SELECT 'usr_01' || '00000000000000000' || {number}, 'm' || {number} || '@bench.example',
                       'm' || {number} || '@bench.example', FALSE, FALSE,
                       '{{\"first_name\":\"First' || {mixed} || '\",\"last_name\":\"Last' || {number} || '\"}}', 'en', '',
                       '', 'Active', {AT} + i, FALSE, FALSE, 'first' || {mixed} || ' last' || {number},
                       'first' || {mixed} || ' last' || {number} || ' m' || {number} || '@bench.example    ' ||
                       'usr_01' || '00000000000000000' || {number}, 1, {AT} + i, {AT} + i FROM n"
    ));
    let last_of_big = format!("usr_01{BIG_MEMBERS:024}");
    // Members of the small organization sign in, with the administrator's password: hashing takes too long to do it a thousand
    // times.
    all.push(format!(
        "UPDATE person SET password_hash = (SELECT admin.password_hash FROM person admin WHERE admin.email_key = '{ADMIN}')
         WHERE id LIKE 'usr_01000%' AND id > '{last_of_big}'"
    ));
    all.push(format!(
        "INSERT INTO membership (organization_id, person_id, enabled, department, title, sort_key, search_text, status,
                                 version, created_at, updated_at, accepted_at)
         SELECT CASE WHEN id <= '{last_of_big}' THEN '{BIG}' ELSE '{SMALL}' END, id, TRUE, 'Sales', 'Clerk', sort_key,
                search_text, status, 1, created_at, updated_at, created_at FROM person WHERE id LIKE 'usr_01000%'"
    ));
    all.push(
        "INSERT INTO team_member (team_id, organization_id, person_id)
         SELECT 'tea_' || SUBSTR(organization_id, 5), organization_id, person_id FROM membership
         WHERE person_id LIKE 'usr_01000%'"
            .to_owned(),
    );
    // Everybody has the first role, every tenth the second one, too.
    let roles = |role: &str, which: &str| {
        format!(
            "INSERT INTO member_role (organization_id, person_id, role_id, application_id)
             SELECT organization_id, person_id, '{role}', '{APP}' FROM membership WHERE person_id LIKE 'usr_01000%{which}'"
        )
    };
    let [first, second, ..] = ROLES;
    all.push(roles(first, ""));
    all.push(roles(second, "0"));
    for (subject, value) in [
        ("organizations".to_owned(), ORGANIZATIONS),
        ("people".to_owned(), people),
        ("members".to_owned(), people),
        (format!("{BIG}/members"), BIG_MEMBERS),
        (format!("{SMALL}/members"), SMALL_MEMBERS),
    ] {
        all.push(format!(
            "INSERT INTO counter (subject, shard, value) VALUES ('{subject}', 0, {value})
             ON CONFLICT (subject, shard) DO UPDATE SET value = counter.value + excluded.value"
        ));
    }
    all
}
