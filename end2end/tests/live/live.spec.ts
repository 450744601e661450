// Two people at work: what one changes shows in the other's open page, and nobody loses what they typed.

import type { BrowserContext, Page } from "@playwright/test";
import { linkIn, mailTo } from "../../fixtures/mail.ts";
import {
  addMember,
  ask,
  createOrganization,
  expectHeading,
  expectToast,
  giveRoleGroup,
  open,
  row,
  signIn,
  somebody,
  unique,
} from "../../fixtures/steps.ts";
import { expect, expectAccessible, hydrated, scriptsAreOff, test as base } from "../../fixtures/test.ts";

interface Others {
  /** A page of somebody else: another browser in which the same administrator has signed in. */
  other: Page;
}

const test = base.extend<Others>({
  other: async ({ browser, baseURL, sessions, javaScriptEnabled }, use) => {
    const storageState = await sessions.of("admin");
    const context: BrowserContext = await browser.newContext({ baseURL, storageState, javaScriptEnabled });
    await use(await context.newPage());
    await context.close();
  },
});

/** How soon a change is to be seen. */
const soon = { timeout: 1_500 };

/** Waits until the page listens: from there on, what changes is told. */
async function live(page: Page, path: string): Promise<void> {
  const listens = page.waitForResponse((response) => new URL(response.url()).pathname === "/live");
  await open(page, path);
  await listens;
}

test("a change shows in the other's list within a second", async ({ page, other }) => {
  test.skip(scriptsAreOff(), "without scripts a page is what it was when it was loaded");
  const home = await createOrganization(page, unique("Larch & Lime"));
  const person = somebody("Ola");
  const name = `${person.first} ${person.last}`;
  await live(other, `${home}/members`);
  await expect(other.getByRole("heading", { name: "No members yet" })).toBeVisible();
  await addMember(page, home, person);
  await expect(row(other, name)).toBeVisible(soon);
  await page.getByRole("link", { name, exact: true }).click();
  await expectHeading(page, name);
  await hydrated(page);
  await page.getByRole("button", { name: "Suspend member" }).click();
  await expect(row(other, name)).toContainText("Suspended", soon);
  await expectToast(page, `${name} was suspended`);
  // Whoever only looks is not told in words: the list is what changes.
  await expect(other.getByRole("region", { name: "Notifications" })).not.toContainText(name);
});

test("nothing is taken away from under whoever types or has a dialog open", async ({ page, other }) => {
  test.skip(scriptsAreOff(), "without scripts a page is what it was when it was loaded");
  const home = await createOrganization(page, unique("Maple & Moss"));
  const [one, two] = [somebody("Pia"), somebody("Quin")];
  await addMember(page, home, one);
  await live(other, `${home}/members`);
  // Ticked rows stay where they are until they are let go.
  const tick = row(other, one.email).getByRole("checkbox");
  await tick.check();
  await addMember(page, home, two);
  await other.waitForTimeout(1_500);
  await expect(row(other, two.email)).toHaveCount(0);
  await expect(tick).toBeChecked();
  await tick.uncheck();
  await expect(row(other, two.email)).toBeVisible(soon);
  // The focus stays in the list.
  await tick.focus();
  await page.getByRole("link", { name: `${two.first} ${two.last}`, exact: true }).click();
  await hydrated(page);
  await page.getByRole("button", { name: "Suspend member" }).click();
  await expect(row(other, two.email)).toContainText("Suspended", soon);
  await expect(tick).toBeFocused();
});

test("two people edit one member: the second is shown both versions, and chooses", async ({ page, other, guard }) => {
  guard.allow(/status of 409/);
  const home = await createOrganization(page, unique("Nettle & Nut"));
  const person = somebody("Rae");
  const name = `${person.first} ${person.last}`;
  await addMember(page, home, person);
  await page.getByRole("link", { name, exact: true }).click();
  await expectHeading(page, name);
  await open(other, page.url());
  await hydrated(page);
  await other.getByRole("textbox", { name: "Department" }).fill("Glazes");
  await other.getByRole("textbox", { name: "Manager" }).fill("Ada");
  await page.getByRole("textbox", { name: "Department" }).fill("Kilns");
  await page.getByRole("textbox", { name: "Title" }).fill("Lead");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expectToast(page, `${name} was saved`);
  await expect(other.getByRole("textbox", { name: "Department" })).toHaveValue("Glazes");

  await other.getByRole("button", { name: "Save changes" }).click();
  await expect(other.getByRole("alert")).toContainText("Somebody else has saved this while you were editing.");
  const department = other.getByRole("group", { name: "Department" });
  await expect(department.getByRole("radio", { name: /^Kilns/ })).not.toBeChecked();
  await expect(department.getByRole("radio", { name: /^Glazes/ })).toBeChecked();
  await expect(other.getByRole("group", { name: "Title" }).getByRole("radio", { name: /^Lead/ })).toBeChecked();
  await expect(other.getByRole("group", { name: "Manager" }).getByRole("radio", { name: /^Ada/ })).toBeChecked();
  await expectAccessible(other);
  await department.getByRole("radio", { name: /^Kilns/ }).check();
  await other.getByRole("button", { name: "Save changes" }).click();
  await expectToast(other, `${name} was saved`);
  await expect(other.getByRole("textbox", { name: "Department" })).toHaveValue("Kilns");
  await expect(other.getByRole("textbox", { name: "Title" })).toHaveValue("Lead");
  await expect(other.getByRole("textbox", { name: "Manager" })).toHaveValue("Ada");
});

test("a session that is ended elsewhere leads to the sign-in page at once", async ({ browser, baseURL, accounts, javaScriptEnabled }) => {
  test.skip(scriptsAreOff(), "without scripts the next click leads there");
  const storageState = { cookies: [], origins: [] };
  const context = await browser.newContext({ baseURL, storageState, javaScriptEnabled });
  const here = await context.newPage();
  await open(here, "/signin?return_to=/account");
  await signIn(here, accounts.adminOfTwo.email, accounts.adminOfTwo.password);
  await expectHeading(here, "My account");
  const there = await context.newPage();
  await live(there, "/account/organizations");
  await open(here, "/account/sessions");
  await here.getByRole("main").getByRole("button", { name: "Sign out" }).first().click();
  await expect(there).toHaveURL(/\/signin\?return_to=\/account\/organizations/, { timeout: 3_000 });
  await expect(here).toHaveURL(/\/signin/);
  await context.close();
});

test("an invitation that is accepted shows in both lists", async ({ page, other, browser, baseURL, mailDir }) => {
  test.skip(scriptsAreOff(), "without scripts a page is what it was when it was loaded");
  const home = await createOrganization(page, unique("Oak & Oats"));
  const person = somebody("Sol");
  await ask(page, "POST", `/organizations/${home.split("/").at(-1)}/members`, {
    email: person.email,
    role_ids: ["Organization Member"],
    send_invite: true,
  });
  const link = linkIn(await mailTo(mailDir, person.email), "/invite/");
  await live(other, `${home}/invitations`);
  await expect(row(other, person.email)).toContainText("Pending");
  await live(page, `${home}/members`);
  await expect(row(page, person.email)).not.toContainText("Active");

  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  const invited = await context.newPage();
  await open(invited, link);
  await invited.getByRole("textbox", { name: /^First name/ }).fill(person.first);
  await invited.getByRole("textbox", { name: /^Last name/ }).fill(person.last);
  await invited.getByLabel(/^Choose a password/).fill("a sentence is easier");
  const accepted = invited.waitForResponse((response) => response.request().method() === "POST");
  await invited.getByRole("button", { name: "Accept the invitation" }).click();
  await accepted;
  await Promise.all([
    expect(row(other, person.email)).toContainText("Accepted", soon),
    expect(row(page, person.email)).toContainText("Active", soon),
  ]);
  await context.close();
});

test("a role that is given shows on the member's page and in the list", async ({ page, other, browser, baseURL, sessions }) => {
  test.skip(scriptsAreOff(), "without scripts a page is what it was when it was loaded");
  const home = await createOrganization(page, unique("Pine & Pear"), ["Fieldnote CRM"]);
  await giveRoleGroup(page, home, "Fieldnote CRM", "crm-standard");
  const person = somebody("Tam");
  await addMember(page, home, person);
  await page.getByRole("link", { name: `${person.first} ${person.last}`, exact: true }).click();
  await page.getByRole("link", { name: "Application access" }).click();
  await expect(page.getByRole("checkbox", { name: /^Sales/ })).not.toBeChecked();
  await live(other, new URL(page.url()).pathname);
  const context = await browser.newContext({ baseURL, storageState: await sessions.of("admin") });
  const list = await context.newPage();
  await live(list, `${home}/members`);
  await expect(row(list, person.email)).not.toContainText(/sales/i);
  await page.getByRole("checkbox", { name: /^Sales/ }).check();
  const saved = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByRole("button", { name: "Save roles" }).click();
  await saved;
  await Promise.all([
    expect(other.getByRole("checkbox", { name: /^Sales/ })).toBeChecked(soon),
    expect(row(list, person.email)).toContainText(/sales/i, soon),
  ]);
  await context.close();
});

test("two people give one member roles: the second is shown both choices", async ({ page, other, guard }) => {
  guard.allow(/status of 409/);
  const home = await createOrganization(page, unique("Sage & Sorrel"), ["Fieldnote CRM"]);
  await giveRoleGroup(page, home, "Fieldnote CRM", "crm-standard");
  const person = somebody("Wes");
  await addMember(page, home, person);
  await page.getByRole("link", { name: `${person.first} ${person.last}`, exact: true }).click();
  await page.getByRole("link", { name: "Application access" }).click();
  await expect(page.getByRole("checkbox", { name: /^Sales/ })).toBeVisible();
  await open(other, page.url());
  const boxes = other.getByRole("group", { name: "Roles" }).getByRole("checkbox");
  const sales = other.getByRole("checkbox", { name: /^Sales/ });
  // Another role than the first gives.
  const second = (await boxes.first().getAttribute("value")) === (await sales.getAttribute("value")) ? boxes.nth(1) : boxes.first();
  await second.check();
  await page.getByRole("checkbox", { name: /^Sales/ }).check();
  await page.getByRole("button", { name: "Save roles" }).click();
  await expectToast(page, "Roles in Fieldnote CRM were saved");

  await other.getByRole("button", { name: "Save roles" }).click();
  await expect(other.getByRole("alert")).toContainText("Somebody else has saved this while you were editing.");
  await expect(other.getByRole("definition").filter({ hasText: /^Sales/ })).toBeVisible();
  // The boxes are as they were left, and nothing is saved yet.
  await expect(second).toBeChecked();
  await expect(sales).not.toBeChecked();
  await sales.check();
  await other.getByRole("button", { name: "Save roles" }).click();
  await expectToast(other, "Roles in Fieldnote CRM were saved");
  await expect(second).toBeChecked();
  await expect(sales).toBeChecked();
});

test("a line that is lost is tried again, ever less often, and what was missed is caught up with", async ({ page, other }) => {
  test.skip(scriptsAreOff(), "without scripts a page is what it was when it was loaded");
  const home = await createOrganization(page, unique("Quince & Quinoa"));
  let tries = 0;
  await other.route("**/live?**", async (route) => {
    tries += 1;
    await route.abort();
  });
  await open(other, `${home}/members`);
  const person = somebody("Uma");
  await addMember(page, home, person);
  await other.waitForTimeout(6_000);
  // At once, and after about 1, 2 and 4 seconds: each by chance half as long more or less.
  expect(tries).toBeGreaterThanOrEqual(2);
  expect(tries).toBeLessThanOrEqual(5);
  await expect(row(other, person.email)).toHaveCount(0);
  await other.unroute("**/live?**");
  await expect(row(other, person.email)).toBeVisible({ timeout: 15_000 });
});

test("whoever loses a role is shown out of what it was for", async ({ page, browser, baseURL }) => {
  test.skip(scriptsAreOff(), "without scripts the next click leads there");
  const home = await createOrganization(page, unique("Rose & Rye"));
  const id = home.split("/").at(-1);
  const person = somebody("Vic");
  const password = "a sentence is easier";
  const name = { first_name: person.first, last_name: person.last };
  await ask(page, "POST", "/users", { email: person.email, name, credentials: { password, force_replace: false } });
  // The last administrator stays one.
  for (const email of [person.email, somebody("Xen").email]) {
    await ask(page, "POST", `/organizations/${id}/members`, { email, role_ids: ["Organization Admin"] });
  }
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  const theirs = await context.newPage();
  await open(theirs, `/signin?return_to=/org/${id}/members`);
  await signIn(theirs, person.email, password);
  await expect(row(theirs, person.email)).toBeVisible();
  await live(theirs, `/org/${id}/members`);
  await expect(row(theirs, person.email)).toBeVisible();
  await open(page, `${home}/members`);
  await page.getByRole("link", { name: `${person.first} ${person.last}`, exact: true }).click();
  await page.getByRole("link", { name: "Application access" }).click();
  await page.getByRole("button", { name: "Take the admin role away" }).click();
  await expect(row(theirs, person.email)).toHaveCount(0, { timeout: 3_000 });
  await expect(theirs.getByRole("heading", { level: 1 })).not.toHaveText(/Members/);
  await context.close();
});
