// The program is loaded in parts: with a page comes what the page needs, and the rest when somebody goes there.

import type { Page } from "@playwright/test";
import { expectHeading, open } from "../../fixtures/steps.ts";
import { expect, isPhone, scriptsAreOff, test } from "../../fixtures/test.ts";

/** The parts of the program that the browser has asked for. */
function parts(page: Page): Set<string> {
  const asked = new Set<string>();
  page.on("request", (request) => {
    const part = /\/split_(\w+)\.wasm$/.exec(request.url());
    if (part?.[1]) asked.add(part[1]);
  });
  return asked;
}

const navigation = (page: Page, name: string) => page.getByRole("navigation", { name: "Main" }).getByRole("link", { name });

test("the page that is open stays until the part of the next one is there", async ({ page }) => {
  test.skip(scriptsAreOff() || isPhone(), "the navigation is in view, and followed by scripts");
  const asked = parts(page);
  await open(page, "/admin");
  expect([...asked]).toEqual(["organizations"]);
  let send = () => {};
  const held = new Promise<void>((resolve) => {
    send = resolve;
  });
  await page.route(/\/split_tenant\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  const status = page.locator("p[role=status].sr-only").first();
  await navigation(page, "Users").click();
  await page.waitForTimeout(500);
  await expectHeading(page, "Home");
  await expect(status).toBeEmpty();
  send();
  await expectHeading(page, "Users");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(status).toHaveText(/^Users/);
  expect(asked.has("tenant")).toBe(true);
});

test("where a part is gone, as after an update, the server's page opens", async ({ page, guard }) => {
  test.skip(scriptsAreOff() || isPhone(), "the navigation is in view, and followed by scripts");
  guard.allow(/split_tenant\.wasm|WebAssembly|Failed to fetch/);
  await open(page, "/admin");
  await page.route(/\/split_tenant\.wasm$/, (route) => route.fulfill({ status: 404, body: "There is no such file." }));
  const opened = page.waitForRequest((request) => request.isNavigationRequest() && /\/admin\/users$/.test(request.url()));
  await navigation(page, "Users").click();
  await opened;
  await expectHeading(page, "Users");
});

test("the part that a link leads to comes while the link is pointed at", async ({ page }) => {
  test.skip(scriptsAreOff() || isPhone(), "the navigation is in view, and followed by scripts");
  const asked = parts(page);
  await open(page, "/admin");
  await navigation(page, "Users").hover();
  await expect.poll(() => asked.has("tenant")).toBe(true);
  await expectHeading(page, "Home");
});

for (const { who, of, path } of [
  { who: "admin", of: "tenant's", path: /\/admin\/organizations\/org_[^/]+$/ },
  { who: "organizationAdmin", of: "organization's own", path: /\/org\/org_[^/]+$/ },
] as const) {
  test.describe(`the members page of the ${of} console`, () => {
    test.use({ who });

    test("loads its own part alone", async ({ page }) => {
      test.skip(scriptsAreOff(), "nothing is loaded without scripts");
      if (who === "admin") {
        await open(page, "/admin/organizations?q=Northwind");
        await page.getByRole("link", { name: "Northwind Logistics", exact: true }).click();
      } else {
        await open(page, "/");
      }
      await expect(page).toHaveURL(path);
      const members = `${new URL(page.url()).pathname}/members`;
      const asked = parts(page);
      await open(page, members);
      await expectHeading(page, "Northwind Logistics · Members");
      expect([...asked]).toEqual(["members"]);
    });
  });
}
