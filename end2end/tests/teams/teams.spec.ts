// Teams of an organization, the names of teammates, and organizations that have a name and nothing else.

import {
  addMember,
  ask,
  chooseFromMenu,
  createOrganization,
  expectErrorAt,
  expectHeading,
  expectToast,
  open,
  row,
  signIn,
  somebody,
  unique,
} from "../../fixtures/steps.ts";
import { linkIn, mailTo } from "../../fixtures/mail.ts";
import { expect, expectAccessible, hydrated, scriptsAreOff, test } from "../../fixtures/test.ts";

test("an organization is created by its name, with a default team", async ({ page }) => {
  const name = unique("Name Only");
  await open(page, "/admin/organizations/new");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await page.getByRole("button", { name: "Create organization" }).click();
  await expectToast(page, `${name} was created`);
  await expectHeading(page, name);
  await page.getByRole("navigation", { name }).getByRole("link", { name: "Teams" }).click();
  await expectHeading(page, `${name} · Teams`);
  await expect(row(page, "Default team")).toContainText("new members begin here");
  await expectAccessible(page);
});

test("a team is made, filled, renamed and deleted", async ({ page, guard }) => {
  guard.allow(/status of 409/);
  const home = await createOrganization(page, unique("Team & Tonic"));
  const [one, two] = [somebody("Una"), somebody("Vera")];
  for (const person of [one, two]) await addMember(page, home, person);
  await open(page, `${home}/teams`);
  await expect(row(page, "Default team").getByRole("cell", { name: /(^|\s)2$/ })).toBeVisible();
  await page.getByRole("button", { name: "Create team" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Create team" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("default TEAM");
  await dialog.getByRole("button", { name: "Create team" }).click();
  await expectErrorAt(dialog.getByRole("textbox", { name: "Name" }), /Is taken by another team/);
  await dialog.getByRole("textbox", { name: "Name" }).fill("<b>Kilns</b>");
  await dialog.getByRole("button", { name: "Create team" }).click();
  await expectToast(page, "<b>Kilns</b> was created");
  await page.getByRole("link", { name: "<b>Kilns</b>" }).click();
  await expectHeading(page, "<b>Kilns</b>");
  await expect(page.getByRole("heading", { name: "Nobody is in this team yet" })).toBeVisible();
  await hydrated(page);
  await page.getByRole("checkbox", { name: `${one.first} ${one.last}` }).check();
  await page.getByRole("checkbox", { name: `${two.first} ${two.last}` }).check();
  await page.getByRole("button", { name: "Add to team" }).click();
  await expectToast(page, "2 members were added to <b>Kilns</b>");
  await expect(row(page, one.email)).toBeVisible();
  await expect(page.getByText("Everybody in the organization is in this team.")).toBeVisible();
  await expectAccessible(page);
  await chooseFromMenu(page, `${two.first} ${two.last}`, "Take out of the team");
  await expectToast(page, `${two.first} ${two.last} was taken out of <b>Kilns</b>`);
  await expect(row(page, two.email)).toHaveCount(0);
  await hydrated(page);
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Glazes");
  await page.getByRole("button", { name: "Rename team" }).click();
  await expectToast(page, "Glazes was saved");
  await expectHeading(page, "Glazes");
  // A member's page says which teams they are in.
  await row(page, one.email).getByRole("link").click();
  await expectHeading(page, `${one.first} ${one.last}`);
  await expect(page.getByRole("link", { name: "Default team" })).toBeVisible();
  await page.getByRole("link", { name: "Glazes" }).click();
  await expectHeading(page, "Glazes");
  await hydrated(page);
  await page.getByRole("button", { name: "Delete team" }).first().click();
  const asked = page.getByRole("dialog", { name: "Delete Glazes?" });
  await expect(asked).toContainText("stays in the organization");
  await asked.getByRole("button", { name: "Delete team" }).click();
  await expectToast(page, "Glazes was deleted");
  await expect(page).toHaveURL(`${home}/teams`);
  await expect(row(page, "Glazes")).toHaveCount(0);
  // The default team stays.
  await page.getByRole("link", { name: "Default team" }).click();
  await expectHeading(page, "Default team");
  await expect(page.getByRole("button", { name: "Delete team" })).toBeDisabled();
});

test("somebody is invited with a name, and comes in under it", async ({ page, mailDir, sitDown }) => {
  const home = await createOrganization(page, unique("Invited & Named"));
  const person = somebody("Wanda");
  await open(page, `${home}/members/new`);
  await page.getByRole("textbox", { name: "Email addresses" }).fill(person.email);
  await page.getByRole("textbox", { name: /^First name/ }).fill(person.first);
  await page.getByRole("textbox", { name: /^Last name/ }).fill(person.last);
  await page.getByRole("radio", { name: /^Organization Member/ }).check();
  await page.getByRole("radio", { name: /^Invitation/ }).check();
  await page.getByRole("button", { name: "Add members" }).click();
  await expectToast(page, `${person.first} ${person.last} was added`);
  await expect(row(page, person.email)).toContainText("Pending");
  // The link leads to a page that knows their name.
  const link = linkIn(await mailTo(mailDir, person.email), "/invite/");
  const theirs = await sitDown();
  await open(theirs, link);
  await expect(theirs.getByRole("textbox", { name: /^First name/ })).toHaveValue(person.first);
  await expect(theirs.getByRole("textbox", { name: /^Last name/ })).toHaveValue(person.last);
});

test.describe("an organization's administrator", () => {
  test.use({ who: "nobody" });

  test("names whom the organization brought, and nobody else", async ({ page, sessions, browser, baseURL, javaScriptEnabled, guard }) => {
    guard.allow(/status of 403/);
    const theirs = await browser.newContext({ baseURL, javaScriptEnabled, storageState: await sessions.of("admin") });
    const tenant = await theirs.newPage();
    const home = await createOrganization(tenant, unique("Names & Nouns"));
    const id = home.split("/").at(-1);
    const [admin, brought, known] = [somebody("Xenia"), somebody("Yara"), somebody("Zora")];
    const password = "a sentence is easier";
    const credentials = { password, force_replace: false };
    await ask(tenant, "POST", `/organizations/${id}/members`, {
      email: admin.email,
      credentials,
      role_ids: ["Organization Admin"],
    });
    await ask(tenant, "POST", `/organizations/${id}/members`, { email: brought.email, role_ids: ["Organization Member"] });
    await ask(tenant, "POST", "/users", { email: known.email });
    await ask(tenant, "POST", `/organizations/${id}/members`, { email: known.email, role_ids: ["Organization Member"] });
    await theirs.close();

    await open(page, `/signin?return_to=/org/${id}/members`);
    await signIn(page, admin.email, password);
    await row(page, brought.email).getByRole("link").click();
    await expectHeading(page, brought.email);
    await hydrated(page);
    await page.getByRole("textbox", { name: "First name" }).fill(brought.first);
    await page.getByRole("textbox", { name: "Last name" }).fill(brought.last);
    await page.getByRole("button", { name: "Save name" }).click();
    await expectToast(page, `${brought.first} ${brought.last} was saved`);
    await expectHeading(page, `${brought.first} ${brought.last}`);

    await open(page, `/org/${id}/members`);
    await row(page, known.email).getByRole("link").click();
    await expectHeading(page, known.email);
    await hydrated(page);
    await page.getByRole("textbox", { name: "First name" }).fill(known.first);
    await page.getByRole("button", { name: "Save name" }).click();
    await expect(page.getByRole("alert")).toContainText("not your organization’s to change");

    // Teams are in the portal, too.
    await open(page, `/org/${id}/teams`);
    await page.getByRole("link", { name: "Default team" }).click();
    await expect(row(page, brought.email)).toBeVisible();
  });
});

test("whoever is made an administrator, or is one no more, feels it in the page that is open", async ({ page, browser, baseURL }) => {
  test.skip(scriptsAreOff(), "without scripts the next click shows it");
  const home = await createOrganization(page, unique("Roles & Rolls"));
  const id = home.split("/").at(-1);
  const [person, other] = [somebody("Ada"), somebody("Bea")];
  const password = "a sentence is easier";
  for (const { email } of [person, other]) {
    await ask(page, "POST", `/organizations/${id}/members`, {
      email,
      credentials: { password, force_replace: false },
      role_ids: ["Organization Admin"],
    });
  }
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  const theirs = await context.newPage();
  await open(theirs, `/signin?return_to=/org/${id}/teams`);
  await signIn(theirs, person.email, password);
  await expect(row(theirs, "Default team")).toBeVisible();
  await hydrated(theirs);
  const create = theirs.getByRole("button", { name: "Create team" }).first();
  await expect(create).toBeVisible();
  const user = await ask<{ user_id: string }>(page, "GET", `/users/email/${encodeURIComponent(person.email)}`);
  const role = `/organizations/${id}/members/${user.user_id}/organization-admin`;
  await ask(page, "PUT", role, { admin: false });
  await expect(create).toHaveCount(0, { timeout: 5_000 });
  await context.close();
});
