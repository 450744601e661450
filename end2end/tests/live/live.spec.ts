// Two people at work: what one changes shows in the other's open page, and nobody loses what they typed.

import type { BrowserContext, Page } from "@playwright/test";
import { addMember, createOrganization, expectHeading, expectToast, open, row, signIn, somebody, unique } from "../../fixtures/steps.ts";
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
