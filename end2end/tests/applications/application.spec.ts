// An application: what its roles allow, and the clients that call for it.

import {
  applyFilters,
  chooseFromMenu,
  createApplication,
  expectErrorAt,
  expectHeading,
  expectNameIsChecked,
  expectToast,
  open,
  row,
  unique,
} from "../../fixtures/steps.ts";
import { expect, hydrated, scriptsAreOff, test } from "../../fixtures/test.ts";
import type { Page } from "@playwright/test";

async function addByDialog(page: Page, what: "role" | "permission", name: string): Promise<void> {
  await hydrated(page);
  await page.getByRole("button", { name: `Add ${what}` }).first().click();
  const dialog = page.getByRole("dialog", { name: `Add ${what}` });
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await dialog.getByRole("button", { name: `Add ${what}` }).click();
}

test("is created with the address of its own sign-in, which must be a safe one", async ({ page, guard }) => {
  guard.allow(/status of (400|422)/);
  const name = unique("Osprey");
  await open(page, "/admin/applications/new");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  const login = page.getByRole("textbox", { name: /^Sign-in address/ });
  await login.fill("http://osprey.example/login");
  await page.getByRole("button", { name: "Create application" }).click();
  await expectErrorAt(login, /Must start with https:\/\//);
  await expect(login).toHaveValue("http://osprey.example/login");
  await login.fill("https://osprey.example/login");
  await page.getByRole("button", { name: "Create application" }).click();
  await expectToast(page, `Application ${name} created`);
  await expectHeading(page, name);
  await hydrated(page);
  await expect(login).toHaveValue("https://osprey.example/login");
  await login.fill("");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expectToast(page, `Application ${name} saved`);
  await page.reload();
  await expect(login).toHaveValue("");
});

test("roles and permissions are added, ticked in the grid and saved", async ({ page }) => {
  const home = await createApplication(page, unique("Kite"));
  await open(page, `${home}/roles`);
  await expect(page.getByRole("heading", { name: "No roles yet" })).toBeVisible();
  await addByDialog(page, "permission", "kites:read");
  await expectToast(page, "Permission kites:read added");
  await addByDialog(page, "permission", "kites:fly");
  await expectToast(page, "Permission kites:fly added");
  await addByDialog(page, "role", "Pilot");
  await expectToast(page, "Role Pilot added");
  await expect(page.getByRole("row", { name: /Pilot/ }).last()).toContainText("Nobody");

  await hydrated(page);
  await page.getByRole("checkbox", { name: "Pilot may kites:fly" }).check();
  const changes = page.getByRole("list", { name: "What saving changes" });
  if (!scriptsAreOff()) await expect(changes.getByRole("listitem")).toHaveText("Pilot gains kites:fly");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expectToast(page, "Roles saved");

  await open(page, `${home}/roles`);
  await expect(page.getByRole("checkbox", { name: "Pilot may kites:fly" })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: "Pilot may kites:read" })).not.toBeChecked();

  await page.getByRole("checkbox", { name: "Pilot may kites:fly" }).uncheck();
  await page.getByRole("checkbox", { name: "Pilot may kites:read" }).check();
  if (!scriptsAreOff()) {
    await expect(changes.getByRole("listitem")).toHaveText(["Pilot gains kites:read", "Pilot loses kites:fly"]);
  }
  await page.getByRole("button", { name: "Save changes" }).click();
  await expectToast(page, "Roles saved");
  await page.reload();
  await hydrated(page);
  await expect(page.getByRole("checkbox", { name: "Pilot may kites:fly" })).not.toBeChecked();
  await expect(page.getByRole("checkbox", { name: "Pilot may kites:read" })).toBeChecked();
});

test("a role that is there already is refused in its dialog, and what was typed stays", async ({ page, guard }) => {
  guard.allow(/status of 409/);
  const home = await createApplication(page, unique("Lantern"));
  await open(page, `${home}/roles`);
  await addByDialog(page, "role", "Keeper");
  await expectToast(page, "Role Keeper added");
  await addByDialog(page, "role", "Keeper");
  const dialog = page.getByRole("dialog", { name: "Add role" });
  const name = dialog.getByRole("textbox", { name: "Name", exact: true });
  await expectErrorAt(name, /taken|already/i);
  await expect(name).toHaveValue("Keeper");
});

test("a role group is made of roles", async ({ page }) => {
  const home = await createApplication(page, unique("Mill"));
  await open(page, `${home}/roles`);
  await addByDialog(page, "role", "Miller");
  await expectToast(page, "Role Miller added");
  await open(page, `${home}/role-groups`);
  await page.getByRole("button", { name: "Create role group" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Create role group" });
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill("Standard");
  await dialog.getByRole("checkbox", { name: /^Miller/ }).check();
  await dialog.getByRole("button", { name: "Create role group" }).click();
  await expectToast(page, "Role group Standard created");
  await expect(row(page, "Standard")).toContainText("Miller");
});

test("a client's secret is shown once", async ({ page }) => {
  const home = await createApplication(page, unique("Needle"));
  await open(page, `${home}/clients`);
  await page.getByRole("button", { name: "Create client" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Create client" });
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill("Nightly job");
  await dialog.getByRole("button", { name: "Create client" }).click();
  await expect(page.getByRole("heading", { name: "Secret of Nightly job" })).toBeVisible();
  const box = page.getByRole("textbox", { name: "Client secret" });
  const secret = await box.inputValue();
  expect(secret.length).toBeGreaterThan(30);
  await expect(row(page, "Nightly job")).toContainText("Never");

  await page.reload();
  await hydrated(page);
  await expect(row(page, "Nightly job")).toBeVisible();
  await expect(box).toHaveCount(0);
  expect(await page.content()).not.toContain(secret);

  await chooseFromMenu(page, "Nightly job", "Rotate secret");
  await page.getByRole("dialog", { name: "Give Nightly job a new secret?" }).getByRole("button", { name: "Rotate secret" }).click();
  await expect(box).toBeVisible();
  expect(await box.inputValue()).not.toBe(secret);

  await row(page, "Nightly job").getByRole("link", { name: "Nightly job" }).click();
  await expect(page.getByRole("heading", { name: "Nightly job" })).toBeVisible();
  await hydrated(page);
  await page.getByRole("checkbox", { name: "read:members", exact: true }).check();
  await page.getByRole("checkbox", { name: "create:organization_members", exact: true }).check();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expectToast(page, "Client Nightly job saved");
  await expect(row(page, "Nightly job")).toContainText("read:members, create:organization_members");

  await open(page, `${home}/clients`);
  await chooseFromMenu(page, "Nightly job", "Delete client");
  const ending = page.getByRole("dialog", { name: "Delete Nightly job?" });
  await expectNameIsChecked(ending, "Delete client");
  await ending.getByRole("textbox", { name: "Type “Nightly job” to confirm" }).fill("Nightly job");
  await ending.getByRole("button", { name: "Delete client" }).click();
  await expectToast(page, "Client Nightly job deleted");
  await expect(page.getByRole("heading", { name: "No clients yet" })).toBeVisible();
});

test("the list is searched, and its settings are saved", async ({ page }) => {
  const name = unique("Orchard");
  const home = await createApplication(page, name);
  await open(page, "/admin/applications");
  await page.getByRole("searchbox", { name: "Search name or id" }).fill(name);
  await applyFilters(page);
  await expect(page.getByText("1 application", { exact: true })).toBeVisible();
  await page.getByRole("link", { name, exact: true }).click();
  await expect(page).toHaveURL(home);
  await expectHeading(page, name);
  await hydrated(page);
  await page.getByRole("textbox", { name: /^Redirect URIs/ }).fill("https://orchard.example/callback");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expectToast(page, `Application ${name} saved`);
  await page.reload();
  await expect(page.getByRole("textbox", { name: /^Redirect URIs/ })).toHaveValue("https://orchard.example/callback");
});

test("an application is deleted by its name", async ({ page }) => {
  const name = unique("Plum");
  await createApplication(page, name);
  await hydrated(page);
  await page.getByRole("button", { name: "Delete application" }).click();
  const dialog = page.getByRole("dialog", { name: `Delete ${name}?` });
  await expectNameIsChecked(dialog, "Delete application");
  await dialog.getByRole("textbox", { name: /^Type “/ }).fill(name);
  await dialog.getByRole("button", { name: "Delete application" }).click();
  await expectToast(page, `Application ${name} deleted`);
});

test("a role and a role group in use are deleted by name only, and a refusal goes with its dialog", async ({ page }) => {
  await open(page, "/admin/applications?q=fieldnote");
  await page.getByRole("link", { name: "Fieldnote CRM" }).click();
  await expectHeading(page, "Fieldnote CRM");
  const home = new URL(page.url()).pathname;
  await open(page, `${home}/roles`);
  await chooseFromMenu(page, "crm-sales", "Delete");
  const role = page.getByRole("dialog", { name: "Delete crm-sales?" });
  await expectNameIsChecked(role, "Take it away and delete");
  if (!scriptsAreOff()) {
    await role.getByRole("button", { name: "Cancel" }).click();
    await chooseFromMenu(page, "crm-viewer", "Delete");
    const other = page.getByRole("dialog", { name: "Delete crm-viewer?" });
    await expect(other).toBeVisible();
    await expect(other).not.toContainText("Nothing was deleted");
  }

  await open(page, `${home}/role-groups`);
  await chooseFromMenu(page, "crm-standard", "Delete");
  await expectNameIsChecked(page.getByRole("dialog", { name: "Delete crm-standard?" }), "Delete role group");
  await open(page, `${home}/role-groups`);
  await expect(row(page, "crm-standard")).toBeVisible();
});

test("an application that organizations have cannot be deleted, and says why", async ({ page }) => {
  await open(page, "/admin/applications?q=Harbor");
  await page.getByRole("link", { name: "Harbor Warehouse" }).click();
  await expectHeading(page, "Harbor Warehouse");
  await hydrated(page);
  const button = page.getByRole("button", { name: "Delete application" });
  await expect(button).toBeDisabled();
  await expect(button).toHaveAccessibleDescription(/organizations have it\. Take it from them first\./);
  await button.click({ force: true });
  await expect(page.getByRole("dialog", { name: "Delete Harbor Warehouse?" })).toBeHidden();
});
