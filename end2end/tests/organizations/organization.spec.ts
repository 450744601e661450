// An organization from its creation to its end.

import {
  createOrganization,
  expectErrorAt,
  expectHeading,
  expectNameIsChecked,
  expectToast,
  fillOrganization,
  open,
  row,
  slug,
  unique,
} from "../../fixtures/steps.ts";
import { expect, hydrated, scriptsAreOff, test } from "../../fixtures/test.ts";

test("is created with its applications, and found in the list", async ({ page }) => {
  const name = unique("Alder & Sons");
  await open(page, "/admin/organizations");
  await page.getByRole("link", { name: "Create organization" }).click();
  await expectHeading(page, "Create organization");
  await hydrated(page);
  await fillOrganization(page, { name, domain: `${slug(name)}.example`, apps: ["Fieldnote CRM", "Harbor Warehouse"] });
  await page.getByRole("button", { name: "Create organization" }).click();
  await expectToast(page, `${name} was created`);
  await expectHeading(page, name);
  await expect(page).toHaveTitle(`${name} · Guildhall`);
  await expect(page.getByRole("link", { name: "Harbor Warehouse" })).toBeVisible();
  await expect(page.getByText("Nobody administers this organization")).toBeVisible();

  await open(page, `/admin/organizations?q=${encodeURIComponent(name)}`);
  await expect(row(page, name)).toContainText("Fieldnote CRM and Harbor Warehouse");
  await expect(row(page, name)).toContainText("Enabled");
});

test("a name that is taken is refused at its field, and what was typed stays", async ({ page, guard }) => {
  guard.allow(/status of 409/);
  const domain = `${slug(unique("refused"))}.example`;
  await open(page, "/admin/organizations/new");
  await fillOrganization(page, { name: "Northwind Logistics", domain, apps: ["Pulse Analytics"] });
  await page.getByRole("textbox", { name: /^Further domains/ }).fill(`eu.${domain}\nus.${domain}`);
  await page.getByRole("textbox", { name: /^Alias/ }).fill("Wind");
  await page.getByRole("button", { name: "Create organization" }).click();

  await expect(page.getByRole("alert")).toContainText("There is already an organization called Northwind Logistics.");
  const name = page.getByRole("textbox", { name: "Name", exact: true });
  await expectErrorAt(name, /Is taken by another organization\./);
  await expect(name).toHaveValue("Northwind Logistics");
  await expect(page.getByRole("textbox", { name: /^Domain/ })).toHaveValue(domain);
  await expect(page.getByRole("textbox", { name: /^Further domains/ })).toHaveValue(`eu.${domain}\nus.${domain}`);
  await expect(page.getByRole("textbox", { name: /^Alias/ })).toHaveValue("Wind");
  await expect(page.getByRole("checkbox", { name: "Pulse Analytics" })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: "Fieldnote CRM" })).not.toBeChecked();

  const mended = unique("Northwind Again");
  await name.fill(mended);
  await page.getByRole("button", { name: "Create organization" }).click();
  await expectHeading(page, mended);
});

test("a domain that is none is refused at its field", async ({ page, guard }) => {
  guard.allow(/status of 422/);
  await open(page, "/admin/organizations/new");
  await fillOrganization(page, { name: unique("Badly addressed"), domain: "no domain", apps: [] });
  await page.getByRole("button", { name: "Create organization" }).click();
  await expectErrorAt(page.getByRole("textbox", { name: /^Domain/ }), /\w/);
  if (scriptsAreOff()) return;
  // What was refused is not saved: leaving asks first.
  const question = new Promise<string>((resolve) => {
    page.once("dialog", async (dialog) => {
      resolve(dialog.message());
      await dialog.dismiss();
    });
  });
  await page.getByRole("link", { name: "Cancel" }).click();
  expect(await question).toContain("Leave without saving?");
  await expect(page).toHaveURL("/admin/organizations/new");
});

test("is given applications and role groups, and loses them", async ({ page }) => {
  const name = unique("Birch Foundry");
  const home = await createOrganization(page, name);
  await open(page, `${home}/apps`);
  await expect(page.getByRole("heading", { name: "No applications yet" })).toBeVisible();
  await page.getByRole("checkbox", { name: "Fieldnote CRM" }).check();
  await page.getByRole("checkbox", { name: "Ledgerline Billing" }).check();
  await page.getByRole("button", { name: "Add applications" }).click();
  await expectToast(page, "2 applications were added");
  await expect(row(page, "Fieldnote CRM").getByRole("link", { name: "Roles" })).toBeVisible();

  await row(page, "Fieldnote CRM").getByRole("link", { name: "Roles" }).click();
  await expectHeading(page, `Fieldnote CRM for ${name}`);
  await hydrated(page);
  await page.getByRole("checkbox", { name: /^crm-standard/ }).check();
  await page.getByRole("button", { name: "Save roles" }).click();
  await expectToast(page, "The roles that it may give were saved");

  await open(page, `${home}/roles`);
  const given = page.getByRole("table", { name: "Roles in Fieldnote CRM" });
  await expect(given.getByRole("row", { name: /^Viewer/ })).toContainText("accounts:read, deals:read");
  await expect(given.getByRole("row", { name: /^Sales manager/ })).toHaveCount(0);

  await open(page, `${home}/apps`);
  await row(page, "Fieldnote CRM").getByRole("button", { name: "Remove" }).click();
  const dialog = page.getByRole("dialog", { name: `Take Fieldnote CRM from ${name}?` });
  await expect(dialog).toContainText("Giving it back later does not bring those back.");
  await dialog.getByRole("button", { name: "Remove application" }).click();
  await expectToast(page, "Fieldnote CRM was removed");
  await expect(row(page, "Fieldnote CRM")).toHaveCount(0);
  await expect(row(page, "Ledgerline Billing")).toHaveCount(1);
});

test("is renamed, and the audit has before and after", async ({ page }) => {
  const name = unique("Cedar Mills");
  const renamed = unique("Cedar Works");
  const home = await createOrganization(page, name);
  await open(page, `${home}/settings`);
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(renamed);
  await page.getByRole("button", { name: "Save changes" }).click();
  await expectToast(page, `${renamed} was saved`);
  await expectHeading(page, `${renamed} · Settings`);

  await open(page, `${home}/audit`);
  const change = row(page, "Changed organization");
  await expect(change).toHaveCount(1);
  await change.getByText("1 field").click();
  await expect(change.getByRole("deletion")).toHaveText(name);
  await expect(change.getByRole("insertion")).toHaveText(renamed);

  await change.getByRole("link").first().click();
  await expectHeading(page, "Changed organization");
  await expect(page.getByRole("deletion")).toHaveText(name);
  await expect(page.getByRole("insertion")).toHaveText(renamed);
  await expect(page.getByRole("definition").filter({ hasText: "admin@guildhall.example" })).toBeVisible();
});

test("is disabled and enabled", async ({ page }) => {
  const name = unique("Dogwood Dairy");
  const home = await createOrganization(page, name);
  await open(page, `${home}/settings`);
  await page.getByRole("button", { name: "Disable organization" }).click();
  const dialog = page.getByRole("dialog", { name: `Disable ${name}?` });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "Disable organization" }).click();
  await dialog.getByRole("button", { name: "Disable organization" }).click();
  await expectToast(page, `${name} was disabled`);
  await open(page, home);
  await expect(page.getByText("This organization is disabled")).toBeVisible();
  await page.getByRole("link", { name: "Enable it in the settings" }).click();
  await page.getByRole("button", { name: "Enable organization" }).click();
  await expectToast(page, `${name} was enabled`);
});

test("is deleted by typing its name, and by nothing less", async ({ page, guard }) => {
  guard.allow(/status of 404/);
  // What means something in a pattern must be typed as it stands.
  const name = unique("Élan (EU) * Co. [v/v] & O’Neill-");
  const home = await createOrganization(page, name);
  await open(page, `${home}/settings`);
  await page.getByRole("button", { name: "Delete organization" }).click();
  const dialog = page.getByRole("dialog", { name: `Delete ${name}?` });
  await expect(dialog).toContainText("This cannot be undone.");
  const typed = dialog.getByRole("textbox", { name: `Type “${name}” to confirm` });
  await dialog.getByRole("button", { name: "Delete organization" }).click();
  await expect(typed).toBeFocused();
  await typed.fill(name.toUpperCase());
  await dialog.getByRole("button", { name: "Delete organization" }).click();
  await expect(dialog).toBeVisible();
  await expect(page).toHaveURL(`${home}/settings`);
  await expectNameIsChecked(dialog, "Delete organization");
  await typed.fill(name);
  await dialog.getByRole("button", { name: "Delete organization" }).click();
  await expectToast(page, `${name} was deleted`);
  await expectHeading(page, "Organizations");
  await expect(page).toHaveURL("/admin/organizations");

  const response = await open(page, home);
  expect(response?.status()).toBe(404);
  await expectHeading(page, "Not found");
});

test("an edited form asks before it is left", async ({ page }) => {
  test.skip(scriptsAreOff(), "nothing can ask where scripts are off");
  const home = await createOrganization(page, unique("Elder Books"));
  await open(page, `${home}/settings`);
  await page.getByRole("textbox", { name: /^Alias/ }).fill("Half done");
  const question = page.waitForEvent("dialog").then(async (dialog) => {
    await dialog.dismiss();
    return dialog.message();
  });
  await page.getByRole("link", { name: "Overview" }).click();
  expect(await question).toBe("Leave without saving? Your changes will be lost.");
  await expect(page).toHaveURL(`${home}/settings`);
  await expect(page.getByRole("textbox", { name: /^Alias/ })).toHaveValue("Half done");
  page.once("dialog", (dialog) => dialog.accept());
  await page.getByRole("link", { name: "Overview" }).click();
  await expect(page).toHaveURL(home);
  // Nothing is asked where nothing was typed.
  await page.getByRole("link", { name: "Settings" }).last().click();
  await expect(page.getByRole("textbox", { name: /^Alias/ })).toHaveValue("");
  await page.getByRole("link", { name: "Overview" }).click();
  await expect(page).toHaveURL(home);
});
