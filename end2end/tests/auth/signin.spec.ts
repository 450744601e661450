// In by the front door, back to where one was going, and out again.

import { expectErrorAt, expectHeading, expectToast, open, signIn } from "../../fixtures/steps.ts";
import { expect, scriptsAreOff, test } from "../../fixtures/test.ts";

test.describe("nobody is signed in", () => {
  test.use({ who: "nobody" });

  test("the front page leads to sign-in, and from there in", async ({ page, accounts }) => {
    await open(page, "/");
    await expectHeading(page, "Sign in");
    await signIn(page, accounts.admin.email, accounts.admin.password);
    await expectHeading(page, "Home");
    await expect(page).toHaveURL("/admin");
  });

  test("a wrong password is refused without saying which half was wrong, and the name stays", async ({ page, guard }) => {
    guard.allow(/status of 401/);
    await open(page, "/signin");
    await signIn(page, "nobody@guildhall.example", "not this one");
    await expect(page.getByRole("alert")).toContainText("The name or the password is wrong.");
    await expectHeading(page, "Sign in");
    await expect(page.getByRole("textbox", { name: "E-mail address or user name" })).toHaveValue("nobody@guildhall.example");
    await page.goto("/admin");
    await expectHeading(page, "Sign in");
  });

  test("a refused sign-in still leads to the page that was asked for", async ({ page, guard, accounts }) => {
    guard.allow(/status of 401/);
    await open(page, "/admin/applications?q=harbor");
    await signIn(page, accounts.admin.email, "not this one");
    await expect(page.getByRole("alert")).toBeVisible();
    await signIn(page, accounts.admin.email, accounts.admin.password);
    await expectHeading(page, "Applications");
    await expect(page).toHaveURL("/admin/applications?q=harbor");
  });

  test("an empty password is not sent", async ({ page }) => {
    await open(page, "/signin");
    await page.getByRole("textbox", { name: "E-mail address or user name" }).fill("ada@guildhall.example");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByLabel(/^Password/)).toBeFocused();
    await expect(page).toHaveURL("/signin");
  });

  for (const elsewhere of ["//evil.example", "https://evil.example", "/\\evil.example"]) {
    test(`sign-in does not lead away to ${elsewhere}`, async ({ page, accounts, server }) => {
      await page.context().route(({ hostname }) => hostname === "evil.example", (route) => route.fulfill({ body: "caught" }));
      await open(page, `/signin?return_to=${encodeURIComponent(elsewhere)}`);
      await signIn(page, accounts.admin.email, accounts.admin.password);
      await expectHeading(page, "Home");
      expect(new URL(page.url()).origin).toBe(server.url);
    });
  }

  test("signing out ends the session, not only the page", async ({ page, accounts }) => {
    await open(page, "/signin");
    await signIn(page, accounts.admin.email, accounts.admin.password);
    await expectHeading(page, "Home");
    const before = await page.context().cookies();
    await page.getByRole("button", { name: /^Account menu of/ }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expectHeading(page, "Sign in");
    await expectToast(page, "You are signed out");
    await page.goto("/admin");
    await expectHeading(page, "Sign in");
    // Whoever kept the cookie has nothing.
    await page.context().addCookies(before);
    await page.goto("/admin");
    await expectHeading(page, "Sign in");
  });
});

test("a session that ended leads to sign-in and back to the same page", async ({ page, accounts }) => {
  await open(page, "/admin/users?q=okafor&status=Active");
  await expectHeading(page, "Users");
  await page.context().clearCookies();
  await page.reload();
  await expectHeading(page, "Sign in");
  expect(new URL(page.url()).searchParams.get("return_to")).toBe("/admin/users?q=okafor&status=Active");
  await signIn(page, accounts.admin.email, accounts.admin.password);
  await expectHeading(page, "Users");
  await expect(page).toHaveURL("/admin/users?q=okafor&status=Active");
});

test("a session that ended while a page is open says so at the next step", async ({ page, guard, accounts }) => {
  guard.allow(/status of 401/);
  await open(page, "/admin/applications");
  await page.context().clearCookies();
  await page.getByRole("link", { name: "Harbor Warehouse" }).click();
  if (!scriptsAreOff()) {
    await expectHeading(page, "Your session has ended");
    await page.getByRole("link", { name: "Sign in" }).click();
  }
  await expectHeading(page, "Sign in");
  await signIn(page, accounts.admin.email, accounts.admin.password);
  await expectHeading(page, "Harbor Warehouse");
});

test("a form that is sent after the session ended is refused, and what was typed stays", async ({ page, guard }) => {
  guard.allow(/status of 401/);
  await open(page, "/admin/applications/new");
  const name = page.getByRole("textbox", { name: "Name", exact: true });
  await name.fill("Never made");
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Create application" }).click();
  if (scriptsAreOff()) {
    await expectHeading(page, "Sign in");
  } else {
    await expect(page.getByRole("alert")).toContainText(/sign in/i);
    await expect(name).toHaveValue("Never made");
  }
});

test.describe("an organization's administrator", () => {
  test.use({ who: "organizationAdmin" });

  for (const path of ["/admin", "/admin/organizations", "/admin/audit", "/admin/settings"]) {
    test(`is refused ${path}`, async ({ page, guard }) => {
      guard.allow(/status of 403/);
      const response = await open(page, path);
      expect(response?.status()).toBe(403);
      await expectHeading(page, "This part is for administrators");
      await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Organizations" })).toHaveCount(0);
      await page.getByRole("link", { name: "Go to my account" }).click();
      await expectHeading(page, "My account");
      await expect(page.getByRole("definition").filter({ hasText: "Northwind Logistics" })).toBeVisible();
    });
  }
});

test("my account changes the password, after asking for the present one", async ({ page, guard }) => {
  guard.allow(/status of (401|403|422)/);
  await open(page, "/account/password");
  const present = page.getByLabel(/^Current password/);
  await present.fill("not this one");
  await page.getByLabel(/^New password/).fill("a sentence to remember");
  await page.getByRole("button", { name: "Change password" }).click();
  await expectErrorAt(present, /\w/);
});
