// API applications: a member makes one in the organization's portal, a program uses it, and it passes on when they are removed.

import { ask, chooseFromMenu, createOrganization, expectHeading, expectToast, open, row, slug, unique } from "../../fixtures/steps.ts";
import { expect, expectAccessible, hydrated, isPhone, scriptsAreOff, test } from "../../fixtures/test.ts";
import type { Browser, Page } from "@playwright/test";

const password = "correct horse battery";

/** Somebody with a password in an organization: their address and id. */
async function member(page: Page, home: string, name: string, role: string): Promise<{ email: string; id: string }> {
  const email = `${slug(unique(name))}@example.com`;
  await ask(page, "POST", "/users", { email, name: { first_name: name }, credentials: { password, force_replace: false } });
  const organization = home.split("/").at(-1);
  const made = await ask<{ user_id: string }>(page, "POST", `/organizations/${organization}/members`, { email, role_ids: [role] });
  return { email, id: made.user_id };
}

/** A browser in which they are signed in. */
async function signedIn(browser: Browser, baseURL: string | undefined, email: string): Promise<Page> {
  const storageState = { cookies: [], origins: [] };
  const context = await browser.newContext({ baseURL, storageState, javaScriptEnabled: !scriptsAreOff() });
  const page = await context.newPage();
  await open(page, "/signin");
  await page.getByRole("textbox", { name: "E-mail address or user name" }).fill(email);
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expectHeading(page, "My account");
  return page;
}

/** What the page shows once. */
async function secretOf(page: Page): Promise<string> {
  const secret = page.getByLabel("Client secret").first();
  await expect(secret).toBeVisible();
  const text = await secret.evaluate((node) => (node instanceof HTMLInputElement ? node.value : (node.textContent ?? "")));
  return text.trim();
}

async function tokenStatus(page: Page, id: string, secret: string): Promise<number> {
  const form = { grant_type: "client_credentials", client_id: id, client_secret: secret };
  return (await page.request.post("/oidc/token", { form })).status();
}

test("a member shares an application; its secret is rotated; it passes on to an administrator", async ({ page, browser, baseURL }) => {
  const name = unique("Larkspur Freight");
  const home = await createOrganization(page, name);
  const ada = await member(page, home, "Ada", "Organization Admin");
  const ben = await member(page, home, "Ben", "Organization Member");
  const portal = home.replace("/admin/organizations/", "/org/");

  const his = await signedIn(browser, baseURL, ben.email);
  await open(his, portal);
  await expectHeading(his, name);
  if (isPhone()) await his.getByRole("button", { name: "Navigation" }).click();
  const nav = his.getByRole("navigation", { name: "Main" });
  await expect(nav.getByRole("link", { name: "Members", exact: true })).toHaveCount(0);
  await nav.getByRole("link", { name: "API applications", exact: true }).click();
  await expectHeading(his, `${name} · API applications`);
  await hydrated(his);
  await his.getByRole("button", { name: "Create application" }).first().click();
  const dialog = his.getByRole("dialog", { name: "Create an API application" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Monthly reports");
  await dialog.getByRole("button", { name: "Create application" }).click();
  const first = await secretOf(his);
  await his.getByRole("link", { name: "Monthly reports" }).click();
  await expectHeading(his, "Monthly reports");
  const id = new URL(his.url()).pathname.split("/").at(-1) ?? "";
  expect(id).toMatch(/^cli_/);
  expect(await tokenStatus(his, id, first)).toBe(200);

  await test.step("both secrets count, until the old one is ended", async () => {
    await hydrated(his);
    await his.getByRole("button", { name: "Rotate secret" }).first().click();
    await his.getByRole("dialog").getByRole("button", { name: "Rotate secret" }).click();
    const second = await secretOf(his);
    expect(second).not.toBe(first);
    expect(await tokenStatus(his, id, first)).toBe(200);
    expect(await tokenStatus(his, id, second)).toBe(200);
    await his.getByRole("button", { name: "End old secret" }).first().click();
    await his.getByRole("dialog").getByRole("button", { name: "End old secret" }).click();
    await expectToast(his, "The old secret of Monthly reports ended");
    expect(await tokenStatus(his, id, first)).toBe(401);
    expect(await tokenStatus(his, id, second)).toBe(200);
  });

  await test.step("what is an administrator's stays closed to a member", async () => {
    await open(his, `${portal}/members`);
    await expectHeading(his, "You do not administer this organization");
  });

  await test.step("whoever removes the owner reads who has it then", async () => {
    await open(page, `${home}/members/${ben.id}`);
    await page.getByRole("button", { name: "Remove member" }).first().click();
    const asked = page.getByRole("dialog");
    await expect(asked).toContainText("Monthly reports");
    await expect(asked.getByRole("combobox", { name: "They pass on to" })).toHaveValue(ada.id);
    await asked.getByRole("button", { name: "Remove member" }).click();
    await expectToast(page, /was removed/);
    await open(page, `${home}/clients`);
    await expect(row(page, "Monthly reports")).toContainText("Ada");
  });
  await his.context().close();
});

test("two people change one application: the second is shown both versions, and chooses", async ({ page, guard }) => {
  guard.allow(/status of 409/);
  const home = await createOrganization(page, unique("Pike & Perch"));
  const of = `/organizations/${home.split("/").at(-1)}`;
  const ada = await member(page, home, "Ada", "Organization Admin");
  const team = await ask<{ team_id: string }>(page, "POST", `${of}/teams`, { name: "Payments" });
  const made = await ask<{ client: { client_id: string } }>(page, "POST", `${of}/clients`, { name: "Reports", owner_id: ada.id });
  const other = await page.context().newPage();
  for (const one of [page, other]) await open(one, `${home}/clients/${made.client.client_id}`);
  const words = "Who sees it and uses its credentials";
  await other.getByRole("textbox", { name: "Description" }).fill("Monthly");
  await other.getByRole("combobox", { name: words }).selectOption("team");
  await other.getByRole("combobox", { name: "Team", exact: true }).selectOption(team.team_id);
  await page.getByRole("combobox", { name: words }).selectOption("personal");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expectToast(page, "Reports was saved");

  await other.getByRole("button", { name: "Save changes" }).click();
  await expect(other.getByRole("alert")).toContainText("Somebody else has saved this while you were editing.");
  const seen = other.getByRole("group", { name: words });
  await expect(seen.getByRole("radio", { name: /^A team/ })).toBeChecked();
  await expect(other.getByRole("group", { name: "Team", exact: true }).getByRole("radio", { name: /^Payments/ })).toBeChecked();
  await expect(other.getByRole("group", { name: "Description" }).getByRole("radio", { name: /^Monthly/ })).toBeChecked();
  await expectAccessible(other);
  await seen.getByRole("radio", { name: /^Only the owner/ }).check();
  await other.getByRole("button", { name: "Save changes" }).click();
  await expectToast(other, "Reports was saved");
  await expect(other.getByRole("combobox", { name: words })).toHaveValue("personal");
  await expect(other.getByRole("textbox", { name: "Description" })).toHaveValue("Monthly");
  await expect(other.getByRole("combobox", { name: "Owner" })).toHaveValue(ada.id);
  await other.close();
});

test("whoever removes members from the list reads who has their applications then", async ({ page }) => {
  const home = await createOrganization(page, unique("Rudd & Roach"));
  const of = `/organizations/${home.split("/").at(-1)}`;
  const ada = await member(page, home, "Ada", "Organization Admin");
  const bea = await member(page, home, "Bea", "Organization Admin");
  const [cy, dot] = [await member(page, home, "Cy", "Organization Member"), await member(page, home, "Dot", "Organization Member")];
  for (const [name, owner_id] of [["Reports", cy.id], ["Alerts", dot.id], ["Backups", bea.id]]) {
    await ask(page, "POST", `${of}/clients`, { name, owner_id });
  }
  await open(page, `${home}/members`);

  await test.step("one of them", async () => {
    await chooseFromMenu(page, "Cy", "Remove");
    const asked = page.getByRole("dialog", { name: "Remove Cy?" });
    await expect(asked).toContainText("API applications: Reports.");
    const heir = asked.getByRole("combobox", { name: "They pass on to" });
    await expect(heir).toHaveValue(ada.id);
    await heir.selectOption(bea.id);
    await asked.getByRole("button", { name: "Remove member" }).click();
    await expectToast(page, "Cy was removed");
  });

  await test.step("whoever administers and leaves has nothing passed on to themselves, and who owns nothing is not asked about", async () => {
    await open(page, `${home}/members`);
    await chooseFromMenu(page, "Bea", "Remove");
    const asked = page.getByRole("dialog", { name: "Remove Bea?" });
    await expect(asked.getByRole("combobox", { name: "They pass on to" }).getByRole("option")).toHaveText(["Ada"]);
    await asked.getByRole("button", { name: "Cancel" }).click();
    await chooseFromMenu(page, "Ada", "Remove");
    await expect(page.getByRole("dialog", { name: "Remove Ada?" })).not.toContainText("API applications");
    await page.getByRole("dialog", { name: "Remove Ada?" }).getByRole("button", { name: "Cancel" }).click();
  });

  await test.step("many of them", async () => {
    await row(page, dot.email).getByRole("checkbox").check();
    await page.getByRole("group", { name: "Actions for the selected rows" }).getByRole("button", { name: "Remove" }).click();
    const asked = page.getByRole("dialog", { name: "Remove the selected members?" });
    await expect(asked).toContainText("Dot (Alerts)");
    const heir = asked.getByRole("combobox", { name: "They pass on to" });
    await expect(heir).toHaveValue(ada.id);
    await expectAccessible(page);
    await heir.selectOption(bea.id);
    await asked.getByRole("button", { name: "Remove members" }).click();
    await expectToast(page, "1 member was removed");
  });
  await open(page, `${home}/clients`);
  for (const name of ["Reports", "Alerts", "Backups"]) await expect(row(page, name)).toContainText("Bea");
});
