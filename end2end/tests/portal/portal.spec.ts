// What an organization's administrator does in the organization's own portal.

import { expectErrorAt, expectHeading, expectToast, open, row, signIn, somebody, unique } from "../../fixtures/steps.ts";
import { linkIn, mailTo } from "../../fixtures/mail.ts";
import { expect, hydrated, isPhone, scriptsAreOff, test } from "../../fixtures/test.ts";
import type { Page } from "@playwright/test";

/** Opens the start page, which leads to the portal; where that is. */
async function portal(page: Page): Promise<string> {
  await open(page, "/");
  await expect(page).toHaveURL(/\/org\/org_/);
  return new URL(page.url()).pathname;
}

/** Follows the navigation, which a phone has behind a button. */
async function go(page: Page, to: string): Promise<void> {
  if (isPhone()) await page.getByRole("button", { name: "Navigation" }).click();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: to, exact: true }).click();
}

test.describe("whoever administers one organization", () => {
  test.use({ who: "organizationAdmin" });

  test.describe("signing in", () => {
    test.use({ who: "nobody" });

    test("begins in its portal", async ({ page, accounts }) => {
      await open(page, "/signin");
      await signIn(page, accounts.organizationAdmin.email, accounts.organizationAdmin.password);
      await expectHeading(page, "Northwind Logistics");
      await expect(page).toHaveURL(/\/org\/org_[^/]+$/);
    });
  });

  test("finds its way, and nothing that is the tenant's", async ({ page }) => {
    const path = await portal(page);
    for (const [link, heading] of [
      ["Members", "Northwind Logistics · Members"],
      ["Teams", "Northwind Logistics · Teams"],
      ["Invitations", "Northwind Logistics · Invitations"],
      ["Roles", "Northwind Logistics · Roles"],
      ["Applications", "Northwind Logistics · Applications"],
      ["Audit", "Northwind Logistics · Audit"],
      ["Settings", "Northwind Logistics · Settings"],
      ["Overview", "Northwind Logistics"],
    ] as const) {
      await go(page, link);
      await expectHeading(page, heading);
      await expect(page.locator("main")).not.toContainText("Loading…");
      const out = page.locator('main a[href^="/admin"]');
      await expect(out).toHaveCount(0);
    }
    await expect(page).toHaveURL(path);
    await open(page, `${path}/members?q=ada.okafor`);
    await page.getByRole("link", { name: "Ada Okafor" }).click();
    await expectHeading(page, "Ada Okafor");
    const tabs = page.getByRole("navigation", { name: "Ada Okafor" });
    await expect(tabs.getByRole("link")).toHaveText(["Details", "Application access", "Activity"]);
    await tabs.getByRole("link", { name: "Application access" }).click();
    await expectHeading(page, "Ada Okafor · Application access");
    await tabs.getByRole("link", { name: "Activity" }).click();
    await expectHeading(page, "Ada Okafor · Activity");
    await expect(page.locator('main a[href^="/admin"]')).toHaveCount(0);
    await page.getByRole("navigation", { name: "Breadcrumbs" }).getByRole("link", { name: "Members" }).click();
    await expect(page).toHaveURL(`${path}/members`);
  });

  test("invites somebody, changes what they are invited as, hands over a link, and takes it back", async ({ page, mailDir }) => {
    const path = await portal(page);
    const person = somebody("Grace");
    await open(page, `${path}/members/new`);
    await page.getByRole("textbox", { name: "Email addresses" }).fill(person.email);
    await page.getByRole("radio", { name: /^Invitation/ }).check();
    await page.getByRole("button", { name: "Add members" }).click();
    await expectToast(page, /was added/);
    await expect(page).toHaveURL(`${path}/members`);
    const first = linkIn(await mailTo(mailDir, person.email), "/invite/");

    await open(page, `${path}/invitations`);
    const invitation = row(page, person.email);
    await expect(invitation).toContainText("Pending");
    await expect(invitation).toContainText("Organization Member");
    const menu = async (entry: string) => {
      await invitation.getByRole("button", { name: /^Actions for the invitation of/ }).click();
      const open = page.locator(":popover-open");
      await open.getByRole("button", { name: entry }).or(open.getByRole("link", { name: entry })).click();
    };
    await menu("Change roles");
    await expectHeading(page, /^Roles for /);
    await hydrated(page);
    await page.getByRole("radio", { name: "Organization Admin" }).check();
    await page.getByRole("button", { name: "Save roles" }).click();
    await expectToast(page, /^The roles of the invitation to .+ were saved$/);
    await expect(page).toHaveURL(`${path}/invitations`);
    await expect(invitation).toContainText("Organization Admin");

    await hydrated(page);
    await menu("Resend");
    await expectToast(page, /is on its way/);
    expect(linkIn(await mailTo(mailDir, person.email, 1), "/invite/")).not.toBe(first);

    await hydrated(page);
    await menu("Copy link…");
    await page.getByRole("dialog").getByRole("button", { name: "Make a link" }).click();
    await expect(page.getByRole("heading", { name: "A new link" })).toBeVisible();
    await expect(page).toHaveURL(new RegExp(`^[^?]+${path}/invitations$`));

    await hydrated(page);
    await menu("Revoke…");
    await page.getByRole("dialog").getByRole("button", { name: "Revoke invitation" }).click();
    await expectToast(page, /was revoked/);
    await expect(invitation).toContainText("Revoked");
    // Whoever was never here has no page here.
    await expect(invitation.getByRole("link", { name: person.email })).toHaveCount(0);
  });

  test("changes a member and removes them, and stays in the portal", async ({ page }) => {
    const path = await portal(page);
    const person = somebody("Edith");
    await open(page, `${path}/members/new`);
    await page.getByRole("textbox", { name: "Email addresses" }).fill(person.email);
    await page.getByRole("radio", { name: "Neither for now" }).check();
    await page.getByRole("button", { name: "Add members" }).click();
    await expectToast(page, /was added/);
    await open(page, `${path}/members?q=${encodeURIComponent(person.email)}`);
    await row(page, person.email).getByRole("link").first().click();
    await expectHeading(page, person.email);
    await hydrated(page);
    await page.getByRole("textbox", { name: "Title" }).fill("Pilot");
    await page.getByRole("button", { name: "Save changes" }).click();
    await expectToast(page, /was saved/);
    await hydrated(page);
    await page.getByRole("button", { name: "Remove member" }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove member" }).click();
    await expectToast(page, /was removed/);
    await expect(page).toHaveURL(`${path}/members`);
    await open(page, `${path}/audit?operation=remove_member`);
    await expect(page.getByRole("table")).toContainText(person.email);
  });

  test("gives the organization a name and a logo", async ({ page }) => {
    const path = await portal(page);
    await open(page, `${path}/settings`);
    const name = page.getByRole("textbox", { name: "Name", exact: true });
    const other = unique("Northwind");
    await name.fill(other);
    await page.getByRole("button", { name: "Save name" }).click();
    await expectToast(page, `${other} was saved`);
    await expectHeading(page, `${other} · Settings`);
    await expect(page.locator(".switcher")).toContainText(other);
    await hydrated(page);
    await name.fill("Aurelia Health Partners");
    await page.getByRole("button", { name: "Save name" }).click();
    await expectErrorAt(name, /taken/);
    await name.fill("Northwind Logistics");
    await page.getByRole("button", { name: "Save name" }).click();
    await expectHeading(page, "Northwind Logistics · Settings");

    const picture = page.getByLabel("Picture");
    const upload = async (file: Buffer) => {
      await hydrated(page);
      await picture.setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: file });
      await page.getByRole("button", { name: "Upload logo" }).click();
    };
    await upload(Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"));
    await expectErrorAt(picture, /must be a PNG, JPEG or WebP picture/);
    await upload(Buffer.alloc(3_000_000, "x"));
    await expectErrorAt(picture, /at most 100 KiB/);
    await upload(pixel);
    await expectToast(page, "The logo was saved");
    const mark = page.locator(".switcher img");
    await expect(mark).toBeVisible();
    expect(await mark.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(1);
    await hydrated(page);
    await page.getByRole("button", { name: "Remove logo" }).click();
    await expectToast(page, "The logo was removed");
    await expect(mark).toHaveCount(0);
  });

  test("comes in from the account's list of organizations", async ({ page }) => {
    await open(page, "/account/organizations");
    await row(page, "Northwind Logistics").getByRole("link", { name: /^Administer/ }).click();
    await expectHeading(page, "Northwind Logistics");
    await expect(page).toHaveURL(/\/org\/org_[^/]+$/);
  });
});

/** A picture of one pixel. */
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

test.describe("whoever administers two organizations", () => {
  test.use({ who: "adminOfTwo" });

  test("chooses, and switches", async ({ page }) => {
    await open(page, "/");
    await expectHeading(page, "Choose an organization");
    // Nobody is in one yet.
    await expect(page.getByRole("button", { name: /^Switch to one of your/ })).toBeVisible();
    await page.getByRole("link", { name: "Bramblewood Organics" }).last().click();
    await expectHeading(page, "Bramblewood Organics");
    await hydrated(page);
    const button = page.getByRole("button", { name: /^Switch organization/ });
    await expect(button).toContainText("Bramblewood Organics");
    await button.click();
    const menu = page.getByRole("navigation", { name: "Organizations" });
    await expect(menu.getByRole("link")).toContainText(["Aurelia Health Partners", "Bramblewood Organics"]);
    await expect(menu.getByRole("link", { name: "Bramblewood Organics" })).toHaveAttribute("aria-current", "true");
    await menu.getByRole("link", { name: "Aurelia Health Partners" }).click();
    await expectHeading(page, "Aurelia Health Partners");
    await expect(page.getByRole("button", { name: /^Switch organization/ })).toContainText("Aurelia Health Partners");
  });

  test("is told why when the role goes while a page is open", async ({ page, browser, sessions, baseURL, guard }) => {
    guard.allow(/status of 403|net::ERR_FAILED/);
    // A page that cannot be told: one that is live closes by itself.
    await page.route("**/live?**", (route) => route.abort());
    await open(page, "/org");
    await page.getByRole("link", { name: "Bramblewood Organics" }).last().click();
    await expectHeading(page, "Bramblewood Organics");
    const path = new URL(page.url()).pathname;
    await open(page, `${path}/settings`);
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Never saved");

    const context = await browser.newContext({ baseURL, storageState: await sessions.of("admin"), javaScriptEnabled: !scriptsAreOff() });
    const admin = await context.newPage();
    const organization = path.replace("/org/", "/admin/organizations/");
    await open(admin, `${organization}/members?q=castellan`);
    await row(admin, "Castellan").getByRole("link").first().click();
    await admin.getByRole("link", { name: "Application access" }).click();
    await hydrated(admin);
    await admin.getByRole("button", { name: "Take the admin role away" }).click();
    await expectToast(admin, /is no longer an organization admin/);

    // A form that was open before is refused, and so is the next page.
    if (scriptsAreOff()) {
      await go(page, "Members");
    } else {
      await page.getByRole("button", { name: "Save name" }).click();
    }
    await expectHeading(page, "You do not administer this organization");
    await expect(page.getByRole("table")).toHaveCount(0);
    await page.reload();
    await expectHeading(page, "You do not administer this organization");
    await expect(page.locator("main")).not.toContainText("Bramblewood");

    await hydrated(admin);
    await admin.getByRole("button", { name: "Make organization admin" }).first().click();
    await admin.getByRole("dialog").getByRole("button", { name: "Make organization admin" }).click();
    await expectToast(admin, /is now an organization admin/);
    await open(page, path);
    await expectHeading(page, "Bramblewood Organics");
    if (!scriptsAreOff()) {
      // By a click that reads.
      await admin.reload();
      await hydrated(admin);
      await admin.getByRole("button", { name: "Take the admin role away" }).click();
      await expectToast(admin, /is no longer an organization admin/);
      await go(page, "Members");
      await expectHeading(page, "You do not administer this organization");
      await expect(page.getByRole("table")).toHaveCount(0);
      await hydrated(admin);
      await admin.getByRole("button", { name: "Make organization admin" }).first().click();
      await admin.getByRole("dialog").getByRole("button", { name: "Make organization admin" }).click();
      await expectToast(admin, /is now an organization admin/);
    }
    await context.close();
  });
});
