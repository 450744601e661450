// The members as a file: all that the filters find, or the ticked ones.

import { readFile } from "node:fs/promises";
import { open } from "../../fixtures/steps.ts";
import { expect, hydrated, scriptsAreOff, test } from "../../fixtures/test.ts";
import type { Locator, Page } from "@playwright/test";

async function lines(page: Page, button: Locator): Promise<string[]> {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  expect(download.suggestedFilename()).toBe("members.csv");
  return (await readFile(await download.path(), "utf8")).trim().split("\r\n");
}

test("is what the filters find, on all pages", async ({ page }) => {
  await page.goto("/admin/organizations?q=northwind-logistics");
  const home = await page.getByRole("link", { name: "Northwind Logistics" }).getAttribute("href");
  await open(page, `${home}/members`);
  await hydrated(page);
  const all = await lines(page, page.getByRole("link", { name: "Export CSV" }));
  expect(all).toHaveLength(801);
  await open(page, `${home}/members?q=ada.okafor%40northwind-logistics.example`);
  await hydrated(page);
  const found = await lines(page, page.getByRole("link", { name: "Export CSV" }));
  expect(found).toHaveLength(2);
  expect(found[1]).toContain('"ada.okafor@northwind-logistics.example"');
});

test("is the ticked ones", async ({ page }) => {
  await page.goto("/admin/organizations?q=northwind-logistics");
  const home = await page.getByRole("link", { name: "Northwind Logistics" }).getAttribute("href");
  await open(page, `${home}/members`);
  await hydrated(page);
  const boxes = page.getByRole("table", { name: "Members" }).locator("tbody").getByRole("checkbox");
  await boxes.nth(0).check();
  await boxes.nth(2).check();
  const ticked = await lines(page, page.getByRole("button", { name: "Export", exact: true }));
  expect(ticked).toHaveLength(3);
  // The page is where it was: nothing was sent to the bulk form's own action.
  await expect(boxes.nth(0)).toBeChecked();
  if (!scriptsAreOff()) expect(page.url()).toContain(`${home}/members`);
});
