// From the vendor to the member, with a mail server between them: an organization is made, its administrator invites two
// people in the portal, they come in, and what the administrator changes holds from their next click in pages that were open.

import type { Browser, Page } from "@playwright/test";
import { Guard } from "../../fixtures/guard.ts";
import { linkIn, mailTo } from "../../fixtures/mail.ts";
import { Server } from "../../fixtures/server.ts";
import { Sink } from "../../fixtures/sink.ts";
import {
  chooseFromMenu,
  createOrganization,
  expectHeading,
  expectToast,
  fillOrganization,
  open,
  row,
  signIn,
  slug,
  somebody,
  unique,
} from "../../fixtures/steps.ts";
import { expect, hydrated, scriptsAreOff, test as base } from "../../fixtures/test.ts";

const test = base.extend<object, { sink: Sink }>({
  sink: [
    async ({}, use) => {
      const sink = await Sink.start();
      await use(sink);
      await sink.stop();
    },
    { scope: "worker" },
  ],
  server: [
    async ({ sink }, use) => {
      const server = await Server.start({ GUILDHALL_SMTP_URL: sink.url, GUILDHALL_MAIL_DIR: undefined });
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
});

const password = "tangerine sofa orbit kelp";

/** Somebody else at a browser of their own, who is watched for errors, too. */
class Other {
  private constructor(
    readonly page: Page,
    private readonly guard: Guard,
  ) {}

  static async sitDown(browser: Browser, url: string): Promise<Other> {
    const storageState = { cookies: [], origins: [] };
    const context = await browser.newContext({ baseURL: url, javaScriptEnabled: !scriptsAreOff(), storageState });
    const guard = new Guard(context, url);
    guard.allow(/status of 403/);
    return new Other(await context.newPage(), guard);
  }

  async getUp(): Promise<void> {
    this.guard.check();
    await this.page.context().close();
  }
}

/** Invites by the form of whichever console this is. */
async function invite(page: Page, organization: string, emails: string[], role: string): Promise<void> {
  await open(page, `${organization}/members/new`);
  await page.getByRole("textbox", { name: "Email addresses" }).fill(emails.join(", "));
  await page.getByRole("radio", { name: role }).check();
  await page.getByRole("radio", { name: /^Invitation/ }).check();
  await page.getByRole("button", { name: "Add members" }).click();
  await expectToast(page, /added/);
}

/** Follows the link of the mail, says who they are, and chooses a password. */
async function acceptAsNewcomer(page: Page, link: string, organization: string, first: string, last: string): Promise<void> {
  await open(page, link);
  await expectHeading(page, `Join ${organization}`);
  await page.getByRole("textbox", { name: /^First name/ }).fill(first);
  await page.getByRole("textbox", { name: /^Last name/ }).fill(last);
  await page.getByLabel(/^Choose a password/).fill(password);
  await page.getByRole("button", { name: "Accept the invitation" }).click();
  await expectHeading(page, `You are a member of ${organization}`);
}

/** Opens a member's page about what they may do. */
async function openAccess(page: Page, organization: string, email: string): Promise<void> {
  await open(page, `${organization}/members?q=${encodeURIComponent(email)}`);
  await row(page, email).getByRole("link").first().click();
  await page.getByRole("link", { name: "Application access" }).click();
  await expect(page).toHaveURL(/\/access$/);
  await hydrated(page);
}

async function clickInMain(page: Page, link: string): Promise<void> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: link, exact: true }).click();
}

test("an organization and its people", async ({ page, browser, server, sink }) => {
  test.setTimeout(180_000);
  const name = unique("Halcyon Freight");
  const [olga, nina, karl] = [somebody("Olga"), somebody("Nina"), somebody("Karl")];

  await test.step("the vendor makes an organization and invites its administrator", async () => {
    await open(page, "/admin/organizations/new");
    await fillOrganization(page, { name, domain: `${slug(name)}.example`, apps: ["Fieldnote CRM"] });
    await page.getByRole("button", { name: "Create organization" }).click();
    await expectHeading(page, name);
    await invite(page, new URL(page.url()).pathname, [olga.email], "Organization Admin");
  });

  const admin = await Other.sitDown(browser, server.url);
  let portal = "";
  await test.step("who accepts and begins in the organization's portal", async () => {
    const link = linkIn(await mailTo(sink.mailDir, olga.email), "/invite/");
    await acceptAsNewcomer(admin.page, link, name, olga.first, olga.last);
    await open(admin.page, "/");
    await expectHeading(admin.page, name);
    portal = new URL(admin.page.url()).pathname;
    expect(portal).toMatch(/^\/org\/org_/);
  });

  const regular = await Other.sitDown(browser, server.url);
  await test.step("somebody is a member of another organization already", async () => {
    const other = unique("Kestrel Tools");
    await invite(page, await createOrganization(page, other), [karl.email], "Organization Member");
    const link = linkIn(await mailTo(sink.mailDir, karl.email), "/invite/");
    await acceptAsNewcomer(regular.page, link, other, karl.first, karl.last);
    await regular.page.context().clearCookies();
  });

  const newcomer = await Other.sitDown(browser, server.url);
  await test.step("the administrator invites a newcomer and somebody with an account, who both come in", async () => {
    await invite(admin.page, portal, [nina.email, karl.email], "Organization Member");
    const first = linkIn(await mailTo(sink.mailDir, nina.email), "/invite/");
    await acceptAsNewcomer(newcomer.page, first, name, nina.first, nina.last);

    const second = linkIn(await mailTo(sink.mailDir, karl.email, 1), "/invite/");
    await open(regular.page, second);
    await expectHeading(regular.page, `Join ${name}`);
    await regular.page.getByRole("link", { name: "Sign in to accept" }).click();
    await expectHeading(regular.page, "Sign in");
    await signIn(regular.page, karl.email, password);
    await expectHeading(regular.page, `Join ${name}`);
    await regular.page.getByRole("button", { name: "Accept the invitation" }).click();
    await expectHeading(regular.page, `You are a member of ${name}`);

    await open(admin.page, `${portal}/members?status=Active`);
    for (const email of [olga.email, nina.email, karl.email]) await expect(row(admin.page, email)).toBeVisible();
  });

  await test.step("a role that is given and taken holds from the next click", async () => {
    await open(regular.page, "/account/sessions");
    await openAccess(admin.page, portal, karl.email);
    await admin.page.getByRole("button", { name: "Make organization admin" }).first().click();
    await admin.page.getByRole("dialog").getByRole("button", { name: "Make organization admin" }).click();
    await expectToast(admin.page, /is now an organization admin/);
    await regular.page.getByRole("link", { name: "Organizations", exact: true }).first().click();
    await expect(row(regular.page, name)).toContainText("Organization Admin");

    await open(regular.page, `${portal}/members`);
    await expectHeading(regular.page, `${name} · Members`);
    await hydrated(admin.page);
    await admin.page.getByRole("button", { name: "Take the admin role away" }).click();
    await expectToast(admin.page, /is no longer an organization admin/);
    await clickInMain(regular.page, "Audit");
    await expectHeading(regular.page, "You do not administer this organization");
    await expect(regular.page.getByRole("table")).toHaveCount(0);
  });

  await test.step("a suspension holds from the next click", async () => {
    await open(newcomer.page, "/account/sessions");
    await open(admin.page, `${portal}/members?q=${encodeURIComponent(nina.email)}`);
    await chooseFromMenu(admin.page, `${nina.first} ${nina.last}`, "Suspend");
    await expectToast(admin.page, `${nina.first} ${nina.last} was suspended`);
    await newcomer.page.getByRole("link", { name: "Organizations", exact: true }).first().click();
    await expect(row(newcomer.page, name)).toContainText("Suspended");

    await hydrated(admin.page);
    await chooseFromMenu(admin.page, `${nina.first} ${nina.last}`, "Reinstate");
    await expectToast(admin.page, `${nina.first} ${nina.last} was reinstated`);
  });

  await test.step("the member edits the profile, which the organization sees, and leaves", async () => {
    await open(newcomer.page, "/account");
    await newcomer.page.getByLabel(/^First name/).fill("Ninette");
    await newcomer.page.getByLabel(/^City/).fill("Zürich");
    await newcomer.page.getByRole("button", { name: "Save changes" }).click();
    await expectToast(newcomer.page, "Your profile was saved");
    await open(admin.page, `${portal}/members?q=${encodeURIComponent(nina.email)}`);
    await expect(row(admin.page, nina.email)).toContainText(`Ninette ${nina.last}`);

    await open(newcomer.page, "/account/organizations");
    await row(newcomer.page, name).getByRole("button", { name: /^Leave/ }).click();
    await newcomer.page.getByRole("dialog").getByRole("button", { name: "Leave", exact: true }).click();
    await expectToast(newcomer.page, `You left ${name}`);
    await open(admin.page, `${portal}/members?status=Active`);
    await expect(row(admin.page, olga.email)).toBeVisible();
    await expect(row(admin.page, nina.email)).toHaveCount(0);
  });

  await test.step("the vendor reads in the audit what happened", async () => {
    await open(page, `${portal.replace("/org/", "/admin/organizations/")}/audit`);
    await expect(row(page, `Ninette ${nina.last}`).first()).toBeVisible();
    await expect(row(page, olga.email).first()).toBeVisible();
  });

  for (const other of [admin, newcomer, regular]) await other.getUp();
});
