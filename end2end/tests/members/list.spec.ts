// The list of an organization that has 800 members.

import { applyFilters, expectHeading, open } from "../../fixtures/steps.ts";
import { expect, hydrated, test } from "../../fixtures/test.ts";
import type { Page } from "@playwright/test";

async function northwind(page: Page, query = ""): Promise<string> {
  await page.goto("/admin/organizations?q=northwind-logistics");
  const home = await page.getByRole("link", { name: "Northwind Logistics" }).getAttribute("href");
  await open(page, `${home}/members${query}`);
  return `${home}/members`;
}

/** Where the rows lead. */
function people(page: Page): Promise<string[]> {
  return page
    .getByRole("table", { name: "Members" })
    .locator("tbody")
    .getByRole("link", { name: /./ })
    .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? "").filter((href) => !href.endsWith("/access")));
}

async function turn(page: Page, word: "Next" | "Previous"): Promise<string[]> {
  const before = new Set(await people(page));
  const here = page.url();
  await page.getByRole("link", { name: word, exact: true }).click();
  await page.waitForURL(({ href }) => href !== here);
  await expect
    .poll(async () => {
      const now = await people(page);
      return now.length > 0 && !now.some((href) => before.has(href));
    })
    .toBe(true);
  return people(page);
}

test("says how many there are, and shows every one of them once", async ({ page }) => {
  await northwind(page, "?size=100");
  await expect(page.getByText("100 of 800 members")).toBeVisible();
  const seen = new Set(await people(page));
  for (let at = 2; at <= 8; at += 1) {
    for (const href of await turn(page, "Next")) seen.add(href);
  }
  expect(seen.size).toBe(800);
  await expect(page.getByRole("link", { name: "Next", exact: true })).toHaveCount(0);
});

test("goes to the next page and back to the same", async ({ page }) => {
  await northwind(page);
  await expect(page.getByText("50 of 800 members")).toBeVisible();
  const first = await people(page);
  const second = await turn(page, "Next");
  expect(second).toHaveLength(50);
  // The page is in the address.
  await page.reload();
  await hydrated(page);
  expect(await people(page)).toEqual(second);
  expect(await turn(page, "Previous")).toEqual(first);
  await page.getByRole("link", { name: "25", exact: true }).click();
  await expect(page.getByText("25 of 800 members")).toBeVisible();
});

test("finds people by a part of the name, in the address too", async ({ page }) => {
  const path = await northwind(page);
  await page.getByRole("searchbox", { name: "Search name, email, phone or id" }).fill("okafor");
  await applyFilters(page);
  await expect(page).toHaveURL(new RegExp(`${path}\\?(.*&)?q=okafor\\b`));
  const table = page.getByRole("table", { name: "Members" });
  await expect(table.getByRole("link", { name: "Ada Okafor" })).toBeVisible();
  // The total is of what matches: only then are the rows, too.
  await expect(page.getByText("50 of 800 members")).toHaveCount(0);
  for (const name of await table.locator("tbody").getByRole("row").allTextContents()) expect(name).toMatch(/okafor/i);
  const found = await people(page);
  expect(found.length).toBeLessThan(50);

  await page.reload();
  await hydrated(page);
  await expect(page.getByRole("searchbox")).toHaveValue("okafor");
  expect(await people(page)).toEqual(found);

  await page.getByRole("searchbox").fill("nobody is called this");
  await applyFilters(page);
  await expect(page.getByRole("heading", { name: "No members match" })).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(page.getByText("50 of 800 members")).toBeVisible();
});

test("what is done with ticked rows is in sight as soon as one is ticked", async ({ page }) => {
  await northwind(page);
  const bar = page.getByRole("group", { name: "Actions for the selected rows" });
  await expect(bar).toBeHidden();
  await page.getByRole("row").filter({ hasText: "@" }).first().getByRole("checkbox").check();
  await expect(bar).toBeInViewport({ ratio: 1 });
});

test("filters by status, role and application together", async ({ page }) => {
  await northwind(page);
  await page.getByRole("combobox", { name: "Status" }).selectOption("Pending");
  await applyFilters(page);
  await expect(page).toHaveURL(/status=Pending/);
  await expect(page.getByText("50 of 800 members")).toHaveCount(0);
  await hydrated(page);
  await page.getByRole("combobox", { name: "Application" }).selectOption("Fieldnote CRM");
  await applyFilters(page);
  await expect(page).toHaveURL(/status=Pending.*app=|app=.*status=Pending/);
  await expect(page.getByRole("combobox", { name: "Status" })).toHaveValue("Pending");
  const rows = page.getByRole("table", { name: "Members" }).locator("tbody").getByRole("row");
  for (const text of await rows.allTextContents()) expect(text).toContain("Pending");
  await page.getByRole("link", { name: "Clear", exact: true }).click();
  await expect(page.getByText("50 of 800 members")).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Status" })).toHaveValue("");
});

test("a member's name leads to the member, and back", async ({ page }) => {
  const path = await northwind(page, "?q=ada.okafor@northwind-logistics.example");
  await page.getByRole("link", { name: "Ada Okafor" }).click();
  await expectHeading(page, "Ada Okafor");
  await expect(page.getByRole("link", { name: "Application access" })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`^[^?]*${path}\\?q=ada`));
  await expect(page.getByRole("link", { name: "Ada Okafor" })).toBeVisible();
});
