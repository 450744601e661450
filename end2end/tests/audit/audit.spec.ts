// The audit of everything: who, what, on what, when, before and after.

import { createOrganization, expectHeading, expectToast, open, row, unique, applyFilters } from "../../fixtures/steps.ts";
import { expect, hydrated, test } from "../../fixtures/test.ts";

test("holds a change with before and after, found by name and by action", async ({ page, accounts }) => {
  const name = unique("Kelp & Coral");
  const home = await createOrganization(page, name);
  const id = home.split("/").at(-1) ?? "";
  await open(page, `${home}/settings`);
  await page.getByRole("textbox", { name: /^Alias/ }).fill("Kelpies");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expectToast(page, `${name} was saved`);

  await open(page, "/admin/audit");
  await page.getByRole("searchbox", { name: "Search names and ids" }).fill(name);
  await applyFilters(page);
  await expect(row(page, "Changed organization")).toHaveCount(1);
  await expect(row(page, "Created organization")).toHaveCount(1);
  await hydrated(page);
  await page.getByRole("combobox", { name: "Action" }).selectOption("Changed organization");
  await applyFilters(page);
  await expect(page).toHaveURL(/operation=update_organization/);
  await expect(row(page, "Created organization")).toHaveCount(0);
  const change = row(page, "Changed organization");
  await expect(change).toContainText(accounts.admin.email);
  await expect(change).toContainText(name);
  await change.getByText("1 field").click();
  await expect(change).toContainText("before: nothing");
  await expect(change.getByRole("insertion")).toHaveText("Kelpies");

  await change.getByRole("link").first().click();
  await expectHeading(page, "Changed organization");
  await expect(page.getByRole("insertion")).toHaveText("Kelpies");
  await page.getByRole("link", { name: "Everything done to it" }).click();
  await expectHeading(page, "Audit");
  await expect(page).toHaveURL(`/admin/audit?target=${id}`);
  await expect(row(page, "Created organization")).toHaveCount(1);
  await page.getByRole("link", { name: "Show all" }).click();
  await expect(page).toHaveURL("/admin/audit");
});
