// The list of organizations: its address is all there is to it.

import { applyFilters, expectHeading, open, row } from "../../fixtures/steps.ts";
import { expect, test } from "../../fixtures/test.ts";

test("is searched and filtered by the address, and cleared again", async ({ page }) => {
  await open(page, "/admin/organizations");
  await page.getByRole("searchbox", { name: "Search name, domain or id" }).fill("aurelia");
  await applyFilters(page);
  await expect(page).toHaveURL(/[?&]q=aurelia\b/);
  await expect(row(page, "Aurelia Health Partners")).toBeVisible();
  await expect(page.getByText("1 organization", { exact: true })).toBeVisible();
  await expect(row(page, "Northwind Logistics")).toHaveCount(0);

  await page.getByRole("combobox", { name: "Status" }).selectOption("Disabled");
  await applyFilters(page);
  await expect(page.getByRole("heading", { name: "No organizations match" })).toBeVisible();
  const asked = new URL(page.url()).searchParams;
  expect(asked.get("q")).toBe("aurelia");
  expect(asked.get("status")).toBe("disabled");

  await page.getByRole("link", { name: "Clear filters" }).click();
  // Other tests add organizations: which ones the first page has is not known.
  await expect.poll(() => page.getByRole("row").count()).toBeGreaterThan(20);
  await expect(page).toHaveURL("/admin/organizations");
  await expect(page.getByRole("searchbox", { name: "Search name, domain or id" })).toHaveValue("");
});

test("an address with filters shows them in their controls", async ({ page }) => {
  await open(page, "/admin/organizations?q=a&status=disabled&sort=-name&size=25");
  await expect(page.getByRole("searchbox", { name: "Search name, domain or id" })).toHaveValue("a");
  await expect(page.getByRole("combobox", { name: "Status" })).toHaveValue("disabled");
  for (const state of await page.getByRole("cell").filter({ hasText: /^(Enabled|Disabled)$/ }).all()) {
    await expect(state).toHaveText("Disabled");
  }
});

test("is sorted by a column, up and down", async ({ page }) => {
  await open(page, "/admin/organizations?size=100");
  const names = () => page.getByRole("table", { name: "Organizations" }).locator("tbody").getByRole("link").allTextContents();
  await page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
  await expect(page.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "descending");
  await expect(page).toHaveURL(/sort=-name/);
  await page.waitForLoadState();
  const falling = await names();
  await page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
  await expect(page.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "ascending");
  await expectHeading(page, "Organizations");
  await page.waitForLoadState();
  // Other tests add and delete some meanwhile; those of the demonstration stay.
  const places = (of: string[]) => ["Aurelia Health Partners", "Northwind Logistics"].map((name) => of.indexOf(name));
  await expect
    .poll(async () => {
      const [first, last] = places(await names());
      return first < last;
    })
    .toBe(true);
  const rising = await names();
  expect(places(rising)).toEqual(places(rising).toSorted((one, other) => one - other));
  expect(places(falling)).toEqual(places(falling).toSorted((one, other) => other - one));
});
