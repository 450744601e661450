// A member from the day of joining to the day of leaving.

import {
  addMember,
  addMemberByForm,
  chooseFromMenu,
  createOrganization,
  expectHeading,
  expectToast,
  giveRoleGroup,
  open,
  row,
  somebody,
  unique,
} from "../../fixtures/steps.ts";
import { expect, hydrated, scriptsAreOff, test } from "../../fixtures/test.ts";

test("is added, given a role, suspended, reinstated and removed", async ({ page }) => {
  const home = await createOrganization(page, unique("Fir & Fern"), ["Fieldnote CRM"]);
  await giveRoleGroup(page, home, "Fieldnote CRM", "crm-standard");
  const person = somebody("Grace");
  const name = `${person.first} ${person.last}`;
  await addMemberByForm(page, home, person);
  await expect(row(page, name)).toContainText(person.email);
  await expect(page.getByText("1 member", { exact: true })).toBeVisible();

  await page.getByRole("link", { name, exact: true }).click();
  await expectHeading(page, name);
  await page.getByRole("link", { name: "Application access" }).click();
  await expectHeading(page, `${name} · Application access`);
  await hydrated(page);
  await page.getByRole("checkbox", { name: /^Sales/ }).check();
  await page.getByRole("button", { name: "Save roles" }).click();
  await expectToast(page, "Roles in Fieldnote CRM were saved");
  await expect(page.getByRole("row", { name: "deals:write" })).toContainText("Sales");
  await expect(page.getByRole("checkbox", { name: /^Sales/ })).toBeChecked();

  await open(page, `${home}/members`);
  await expect(row(page, name)).toContainText(/sales/i);
  await chooseFromMenu(page, name, "Suspend");
  await expectToast(page, `${name} was suspended`);
  await expect(row(page, name)).toContainText("Suspended");
  await chooseFromMenu(page, name, "Reinstate");
  await expectToast(page, `${name} was reinstated`);
  await expect(row(page, name)).not.toContainText("Suspended");
  await expect(row(page, name)).toContainText(/sales/i);

  await chooseFromMenu(page, name, "Remove…");
  const dialog = page.getByRole("dialog", { name: `Remove ${name}?` });
  await expect(dialog).toContainText("The account and other organizations stay.");
  await dialog.getByRole("button", { name: "Remove member" }).click();
  await expectToast(page, `${name} was removed`);
  await expect(page.getByRole("heading", { name: "No members yet" })).toBeVisible();

  await open(page, `/admin/users?q=${encodeURIComponent(person.email)}`);
  await expect(row(page, name)).toBeVisible();

  await open(page, `${home}/audit`);
  for (const what of ["Added member", "Set member roles", "Removed member"]) {
    await expect(row(page, what).first()).toBeVisible();
  }
});

test("is suspended, reinstated and removed on the member's own page", async ({ page }) => {
  const home = await createOrganization(page, unique("Gorse Ltd"));
  const person = somebody("Hana");
  const name = `${person.first} ${person.last}`;
  await addMember(page, home, person);
  await page.getByRole("link", { name, exact: true }).click();
  await expectHeading(page, name);
  await hydrated(page);
  await page.getByRole("textbox", { name: "Department" }).fill("Kilns");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expectToast(page, `${name} was saved`);
  await page.getByRole("button", { name: "Suspend member" }).click();
  await expectToast(page, `${name} was suspended`);
  await page.getByRole("button", { name: "Reinstate member" }).click();
  await expectToast(page, `${name} was reinstated`);
  await expect(page.getByRole("textbox", { name: "Department" })).toHaveValue("Kilns");
  await page.getByRole("button", { name: "Remove member" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove member" }).click();
  await expectToast(page, `${name} was removed`);
  await expect(page).toHaveURL(`${home}/members`);
  await expect(page.getByRole("heading", { name: "No members yet" })).toBeVisible();
});

test("becomes the organization's administrator, and the page says what that means", async ({ page }) => {
  const home = await createOrganization(page, unique("Heath & Hazel"));
  const person = somebody("Iris");
  const name = `${person.first} ${person.last}`;
  await addMember(page, home, person);
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("link", { name: "Application access" }).click();
  await expectHeading(page, `${name} · Application access`);
  await hydrated(page);
  await page.getByRole("button", { name: "Make organization admin" }).click();
  const dialog = page.getByRole("dialog", { name: `Make ${name} an organization admin?` });
  await expect(dialog).toContainText("add members");
  await dialog.getByRole("button", { name: "Make organization admin" }).click();
  await expectToast(page, `${name} is now an organization admin`);
  await open(page, home);
  await expect(page.getByRole("table", { name: "Administrators" })).toContainText(name);
  await expect(page.getByText("Nobody administers this organization")).toHaveCount(0);
});

test("many are added at once; who is known is not made twice, and who is no address says why", async ({ page, guard }) => {
  guard.allow(/status of (409|422)/);
  const home = await createOrganization(page, unique("Ivy Lane"));
  const [one, two] = [somebody("Jun"), somebody("Kai")];
  await addMember(page, home, one);
  await open(page, `${home}/members/new`);
  await page.getByRole("textbox", { name: "Email addresses" }).fill(`${one.email}, ${two.email}`);
  await page.getByRole("radio", { name: "Neither for now" }).check();
  await page.getByRole("button", { name: "Add members" }).click();
  await expectToast(page, `1 member was added; already a member: ${one.email}`);
  await expect(page.getByText("2 members", { exact: true })).toBeVisible();

  await open(page, `${home}/members/new`);
  await page.getByRole("textbox", { name: "Email addresses" }).fill("not-an-address");
  if (!scriptsAreOff()) await expect(page.getByRole("listitem").filter({ hasText: "not-an-address" })).toContainText(/\w+ .*\w+/);
  await page.getByRole("button", { name: "Add members" }).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Email addresses" })).toHaveValue("not-an-address");
});

test("several are suspended together", async ({ page }) => {
  const home = await createOrganization(page, unique("Juniper Row"));
  const [one, two, three] = [somebody("Lea"), somebody("Mia"), somebody("Noa")];
  await open(page, `${home}/members/new`);
  await page.getByRole("textbox", { name: "Email addresses" }).fill([one, two, three].map(({ email }) => email).join("\n"));
  await page.getByRole("radio", { name: "Neither for now" }).check();
  await page.getByRole("button", { name: "Add members" }).click();
  await expectToast(page, "3 members were added");
  await expect(page).toHaveURL(`${home}/members`);
  await hydrated(page);
  for (const { email } of [one, two]) await row(page, email).getByRole("checkbox").check();
  await page.getByRole("group", { name: "Actions for the selected rows" }).getByRole("button", { name: "Suspend" }).click();
  await expectToast(page, "2 members were suspended");
  await expect(row(page, one.email)).toContainText("Suspended");
  await expect(row(page, two.email)).toContainText("Suspended");
  await expect(row(page, three.email)).not.toContainText("Suspended");
});
