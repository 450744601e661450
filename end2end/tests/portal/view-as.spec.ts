// The tenant's administrators look at an organization's portal as its own administrators see it.

import { createOrganization, expectHeading, open, row, unique } from "../../fixtures/steps.ts";
import { expect, expectAccessible, hydrated, scriptsAreOff, test } from "../../fixtures/test.ts";

// A look is of the whole session: each test signs in for itself.
test.use({ who: "nobody" });

test("looking changes nothing, opens nothing else, and is in the audit", async ({ page, accounts, guard }) => {
  guard.allow(/status of 403/);
  await open(page, "/signin");
  await page.getByRole("textbox", { name: "E-mail address or user name" }).fill(accounts.admin.email);
  await page.getByLabel(/^Password/).fill(accounts.admin.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expectHeading(page, "Home");
  const name = unique("Looked at");
  const organization = await createOrganization(page, name, ["Fieldnote CRM"]);
  await hydrated(page);
  await page.getByRole("button", { name: "View as organization admin" }).click();
  await expect(page).toHaveURL(organization.replace("/admin/organizations/", "/org/"));
  await expectHeading(page, name);
  const banner = page.getByText(`You are viewing ${name} as its administrators see it`);
  await expect(banner).toBeVisible();
  await expectAccessible(page);

  const path = new URL(page.url()).pathname;
  await open(page, `${path}/members`);
  await expect(page.getByRole("heading", { name: "No members yet" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Add member" })).toHaveCount(0);
  await open(page, `${path}/settings`);
  await expect(banner).toBeVisible();
  const save = page.getByRole("button", { name: "Save name" });
  await expect(save).toHaveAttribute("aria-disabled", "true");
  await expect(save).toHaveAccessibleDescription(/stop viewing/);
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Changed");
  await save.click({ force: true });
  await page.getByRole("textbox", { name: "Name", exact: true }).press("Enter");
  await page.reload();
  await expectHeading(page, `${name} · Settings`);
  await expectAccessible(page);

  const elsewhere = await open(page, "/admin/users");
  expect(elsewhere?.status()).toBe(403);
  await expectHeading(page, "Stop viewing first");
  await expectAccessible(page);
  await page.getByRole("link", { name: "Back to what you view" }).click();
  await expectHeading(page, name);
  await hydrated(page);
  await page.getByRole("button", { name: "Stop viewing" }).click();
  await expect(page).toHaveURL(organization);
  await expect(banner).toHaveCount(0);
  await open(page, `${organization}/audit`);
  await expect(row(page, "Viewed as organization admin")).toContainText(accounts.admin.email);
  await expect(row(page, "Stopped viewing")).toContainText(accounts.admin.email);
});

test("a page that was open before says that its session only looks", async ({ page, accounts, guard }) => {
  test.skip(scriptsAreOff(), "without scripts a page is always as new as the click");
  guard.allow(/status of 403/);
  await open(page, "/signin?return_to=/admin/organizations");
  await page.getByRole("textbox", { name: "E-mail address or user name" }).fill(accounts.admin.email);
  await page.getByLabel(/^Password/).fill(accounts.admin.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expectHeading(page, "Organizations");
  const other = await page.context().newPage();
  await open(other, "/admin/organizations?q=aurelia");
  await other.getByRole("link", { name: "Aurelia Health Partners" }).click();
  await expectHeading(other, "Aurelia Health Partners");
  await other.getByRole("button", { name: "View as organization admin" }).click();
  await expect(other.getByText("You are viewing Aurelia Health Partners")).toBeVisible();
  await expectHeading(page, "Stop viewing first");
  await page.getByRole("button", { name: "Stop viewing" }).click();
  await expectHeading(page, "Aurelia Health Partners");
});
