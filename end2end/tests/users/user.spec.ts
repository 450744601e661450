// A person, whatever organizations they are in.

import {
  applyFilters,
  expectErrorAt,
  expectHeading,
  expectNameIsChecked,
  expectToast,
  open,
  row,
  signIn,
  slug,
  somebody,
} from "../../fixtures/steps.ts";
import { expect, hydrated, test } from "../../fixtures/test.ts";
import type { Page } from "@playwright/test";

async function addUser(page: Page, first: string, password = ""): Promise<{ name: string; email: string }> {
  const { last, email } = somebody(first);
  await open(page, "/admin/users/new");
  await page.getByRole("textbox", { name: "First name" }).fill(first);
  await page.getByRole("textbox", { name: "Last name" }).fill(last);
  await page.getByRole("textbox", { name: "E-mail address" }).fill(email);
  await page.getByLabel(/^Temporary password/).fill(password);
  await page.getByRole("button", { name: "Add user" }).click();
  await expectToast(page, `${first} ${last} was added`);
  await expectHeading(page, `${first} ${last}`);
  return { name: `${first} ${last}`, email };
}

test("is added, changes the temporary password at the first sign-in, and is let in", async ({ page, sessions, browser, baseURL, guard }) => {
  const { email } = await addUser(page, "Olga", "temporary-one");
  guard.allow(/status of 403/);
  await page.context().clearCookies();
  await open(page, "/signin?return_to=/account");
  await signIn(page, email, "temporary-one");
  await expectHeading(page, "Choose a new password");
  await open(page, "/account");
  await expectHeading(page, "Choose a new password");
  await page.getByLabel(/^Temporary password/).fill("temporary-one");
  await page.getByLabel(/^New password/).fill("a sentence to remember");
  await page.getByRole("button", { name: "Change password" }).click();
  await expectToast(page, /Your password was changed/);
  await expectHeading(page, "My account");
});

test("is found, edited and kept", async ({ page }) => {
  const { name, email } = await addUser(page, "Petra");
  await open(page, "/admin/users");
  await page.getByRole("searchbox", { name: "Search name, email, phone or id" }).fill(email);
  await applyFilters(page);
  await expect(page.getByText("1 user", { exact: true })).toBeVisible();
  await page.getByRole("link", { name, exact: true }).click();
  await expectHeading(page, name);
  await hydrated(page);
  await page.getByRole("textbox", { name: "First name" }).fill("Perpetua");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expectToast(page, /Perpetua .* was saved/);
  await expectHeading(page, /^Perpetua /);
});

test("an address that somebody has is refused at its field, and what was typed stays", async ({ page, guard, accounts }) => {
  guard.allow(/status of 409/);
  await open(page, "/admin/users/new");
  await page.getByRole("textbox", { name: "First name" }).fill("Twice");
  const email = page.getByRole("textbox", { name: "E-mail address" });
  await email.fill(accounts.admin.email);
  await page.getByRole("button", { name: "Add user" }).click();
  await expectErrorAt(email, /\w/);
  await expect(email).toHaveValue(accounts.admin.email);
  await expect(page.getByRole("textbox", { name: "First name" })).toHaveValue("Twice");
});

test("is disabled, enabled and deleted by name", async ({ page }) => {
  const { name, email } = await addUser(page, "Quinn");
  await hydrated(page);
  await page.getByRole("button", { name: "Disable account" }).click();
  await page.getByRole("dialog", { name: `Disable ${name}?` }).getByRole("button", { name: "Disable account" }).click();
  await expect(page.getByRole("heading", { name: "The account is disabled" })).toBeVisible();
  await page.getByRole("button", { name: "Enable account" }).click();
  await expect(page.getByRole("heading", { name: "Disable the account" })).toBeVisible();
  await page.getByRole("button", { name: "Delete user" }).click();
  const dialog = page.getByRole("dialog", { name: `Delete ${name}?` });
  await expectNameIsChecked(dialog, "Delete user");
  await dialog.getByRole("textbox", { name: `Type “${name}” to confirm` }).fill(name);
  await dialog.getByRole("button", { name: "Delete user" }).click();
  await expectToast(page, `${name} was deleted`);
  await open(page, `/admin/users?q=${encodeURIComponent(email)}`);
  await expect(page.getByRole("heading", { name: "No users match" })).toBeVisible();
});

test("one's own account cannot be deleted or disabled", async ({ page, accounts }) => {
  await open(page, `/admin/users?q=${encodeURIComponent(accounts.admin.email)}`);
  await row(page, accounts.admin.email).getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 2, name: "Delete user" })).toBeVisible();
  for (const name of ["Delete user", "Disable account", "Take away administration"]) {
    await expect(page.getByRole("button", { name })).toBeDisabled();
  }
});

test("a person's organizations are on their page", async ({ page, accounts }) => {
  await open(page, `/admin/users?q=${slug("ada")}.okafor%40northwind-logistics.example`);
  await row(page, accounts.organizationAdmin.email).getByRole("link").first().click();
  const memberships = page.getByRole("table", { name: "Organizations" });
  await expect(memberships.getByRole("row", { name: /Northwind Logistics/ })).toContainText("Organization Admin");
  await memberships.getByRole("link", { name: "Northwind Logistics" }).click();
  await expectHeading(page, "Ada Okafor");
  await expect(page).toHaveURL(/\/organizations\/[^/]+\/members\//);
});
