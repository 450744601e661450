// What stands around every page: the command palette, the theme; and that a name is a text wherever it stands.

import { createOrganization, expectHeading, open, row, unique } from "../../fixtures/steps.ts";
import { expect, hydrated, scriptsAreOff, test } from "../../fixtures/test.ts";

test("the command palette finds an organization, and goes there by keyboard", async ({ page }) => {
  test.skip(scriptsAreOff(), "nothing can search while somebody types where scripts are off");
  await open(page, "/admin/users");
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Find and go to" });
  const box = palette.getByRole("textbox", { name: "Find anything by name" });
  await expect(box).toBeFocused();
  await page.keyboard.type("northwind log");
  const found = palette.getByRole("link", { name: /^Northwind Logistics/ });
  await expect(found).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(found).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(box).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expectHeading(page, "Northwind Logistics");
  await expect(palette).toBeHidden();
});

test("the command palette knows pages and people, and says when there is nothing", async ({ page }) => {
  test.skip(scriptsAreOff(), "nothing can search while somebody types where scripts are off");
  await open(page, "/admin");
  await page.getByRole("button", { name: "Find anything…" }).click();
  const palette = page.getByRole("dialog", { name: "Find and go to" });
  const box = palette.getByRole("textbox", { name: "Find anything by name" });
  await box.fill("ada.okafor@northwind");
  await expect(palette.getByRole("link", { name: /^Ada Okafor/ })).toBeVisible();
  await box.fill("nothing is called this");
  await expect(palette.getByRole("status")).toHaveText("Nothing has that name.");
  await page.keyboard.press("Escape");
  await expect(palette).toBeHidden();
  await page.keyboard.press("Control+k");
  await box.fill("tenant aud");
  await expect(palette.getByRole("link")).toHaveText(["AuditTenant"]);
  await box.press("Enter");
  await expectHeading(page, "Audit");
});

test("the shortcuts are a question mark away", async ({ page }) => {
  test.skip(scriptsAreOff(), "keys do nothing where scripts are off");
  await open(page, "/admin/users");
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(help).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
});

test("the theme is kept", async ({ page }) => {
  await open(page, "/account/preferences");
  const root = page.locator("html");
  await expect(root).not.toHaveAttribute("data-theme");
  const choose = async (word: string) => {
    const kept = page.waitForResponse(/\/rpc\/set_theme$/);
    const button = page.getByRole("main").getByRole("button", { name: word });
    await button.click();
    await kept;
    // Without scripts, the page comes again: to leave it before it is there would break that off.
    await expect(button).toHaveAttribute("aria-pressed", "true");
  };
  await choose("Dark");
  await expect(root).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await hydrated(page);
  await expect(root).toHaveAttribute("data-theme", "dark");
  await expect(page.getByRole("main").getByRole("button", { name: "Dark" })).toHaveAttribute("aria-pressed", "true");
  await open(page, "/admin");
  await expect(root).toHaveAttribute("data-theme", "dark");
  await open(page, "/account/preferences");
  await choose("System");
  await page.reload();
  await expect(root).not.toHaveAttribute("data-theme");
});

for (const markup of [`<img src=x onerror=alert(1)>`, `<script>alert(1)</script>`, `"><svg onload=alert(1)>`]) {
  test(`${markup} is a name like others`, async ({ page }) => {
    page.on("dialog", (dialog) => {
      throw new Error(`the page ran ${dialog.message()}`);
    });
    const name = unique(markup);
    const foreign = page.locator("img, svg[onload], main script");
    const home = await createOrganization(page, name);
    await expectHeading(page, name);
    await expect(foreign).toHaveCount(0);

    await open(page, `${home}/settings`);
    await expect(page.getByRole("textbox", { name: "Name", exact: true })).toHaveValue(name);
    await page.getByRole("button", { name: "Delete organization" }).click();
    await expect(page.getByRole("dialog", { name: `Delete ${name}?` })).toBeVisible();
    await expect(foreign).toHaveCount(0);

    await open(page, `/admin/organizations?q=${encodeURIComponent(name)}`);
    await expect(page.getByRole("searchbox")).toHaveValue(name);
    await expect(page.getByRole("link", { name, exact: true })).toBeVisible();
    await expect(foreign).toHaveCount(0);

    await open(page, `/admin/audit?q=${encodeURIComponent(name)}`);
    await expect(row(page, "Created organization")).toContainText(name);
    await expect(foreign).toHaveCount(0);
  });
}
