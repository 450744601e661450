// From the vendor to the member, with a mail server between them: an organization is made, its administrator invites two
// people in the portal, they come in, and what the administrator changes holds in pages that were open.

import type { Page } from "@playwright/test";
import { password } from "../../fixtures/apps.ts";
import { linkIn, mailTo } from "../../fixtures/mail.ts";
import { test } from "../../fixtures/posted.ts";
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
import { expect, hydrated, scriptsAreOff } from "../../fixtures/test.ts";

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

test("an organization and its people", async ({ page, mailDir, sitDown }) => {
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

  const admin = await sitDown(/status of 403/);
  let portal = "";
  await test.step("who accepts and begins in the organization's portal", async () => {
    const link = linkIn(await mailTo(mailDir, olga.email), "/invite/");
    await acceptAsNewcomer(admin, link, name, olga.first, olga.last);
    await open(admin, "/");
    await expectHeading(admin, name);
    portal = new URL(admin.url()).pathname;
    expect(portal).toMatch(/^\/org\/org_/);
  });

  const regular = await sitDown(/status of 403/);
  await test.step("somebody is a member of another organization already", async () => {
    const other = unique("Kestrel Tools");
    await invite(page, await createOrganization(page, other), [karl.email], "Organization Member");
    const link = linkIn(await mailTo(mailDir, karl.email), "/invite/");
    await acceptAsNewcomer(regular, link, other, karl.first, karl.last);
    await regular.context().clearCookies();
  });

  const newcomer = await sitDown(/status of 403/);
  await test.step("the administrator invites a newcomer and somebody with an account, who both come in", async () => {
    await invite(admin, portal, [nina.email, karl.email], "Organization Member");
    const first = linkIn(await mailTo(mailDir, nina.email), "/invite/");
    await acceptAsNewcomer(newcomer, first, name, nina.first, nina.last);

    const second = linkIn(await mailTo(mailDir, karl.email, 1), "/invite/");
    await open(regular, second);
    await expectHeading(regular, `Join ${name}`);
    await regular.getByRole("link", { name: "Sign in to accept" }).click();
    await expectHeading(regular, "Sign in");
    await signIn(regular, karl.email, password);
    await expectHeading(regular, `Join ${name}`);
    await regular.getByRole("button", { name: "Accept the invitation" }).click();
    await expectHeading(regular, `You are a member of ${name}`);

    await open(admin, `${portal}/members?status=Active`);
    for (const email of [olga.email, nina.email, karl.email]) await expect(row(admin, email)).toBeVisible();
  });

  await test.step("a role that is given and taken holds at once in the page that is open; without scripts from the next click", async () => {
    await open(regular, "/account/organizations");
    await openAccess(admin, portal, karl.email);
    await admin.getByRole("button", { name: "Make organization admin" }).first().click();
    await admin.getByRole("dialog").getByRole("button", { name: "Make organization admin" }).click();
    await expectToast(admin, /is now an organization admin/);
    if (scriptsAreOff()) await regular.getByRole("link", { name: "Organizations", exact: true }).first().click();
    await expect(row(regular, name)).toContainText("Organization Admin");

    await open(regular, `${portal}/members`);
    await expectHeading(regular, `${name} · Members`);
    await hydrated(admin);
    await admin.getByRole("button", { name: "Take the admin role away" }).click();
    await expectToast(admin, /is no longer an organization admin/);
    if (scriptsAreOff()) await clickInMain(regular, "Audit");
    await expectHeading(regular, "You do not administer this organization");
    await expect(regular.getByRole("table")).toHaveCount(0);
  });

  await test.step("a suspension holds as soon", async () => {
    await open(newcomer, "/account/organizations");
    await open(admin, `${portal}/members?q=${encodeURIComponent(nina.email)}`);
    await chooseFromMenu(admin, `${nina.first} ${nina.last}`, "Suspend");
    await expectToast(admin, `${nina.first} ${nina.last} was suspended`);
    if (scriptsAreOff()) await newcomer.getByRole("link", { name: "Organizations", exact: true }).first().click();
    await expect(row(newcomer, name)).toContainText("Suspended");

    await hydrated(admin);
    await chooseFromMenu(admin, `${nina.first} ${nina.last}`, "Reinstate");
    await expectToast(admin, `${nina.first} ${nina.last} was reinstated`);
  });

  await test.step("the member edits the profile, which the organization sees, and leaves", async () => {
    await open(newcomer, "/account");
    await newcomer.getByLabel(/^First name/).fill("Ninette");
    await newcomer.getByLabel(/^City/).fill("Zürich");
    await newcomer.getByRole("button", { name: "Save changes" }).click();
    await expectToast(newcomer, "Your profile was saved");
    await open(admin, `${portal}/members?q=${encodeURIComponent(nina.email)}`);
    await expect(row(admin, nina.email)).toContainText(`Ninette ${nina.last}`);

    await open(newcomer, "/account/organizations");
    await row(newcomer, name).getByRole("button", { name: /^Leave/ }).click();
    await newcomer.getByRole("dialog").getByRole("button", { name: "Leave", exact: true }).click();
    await expectToast(newcomer, `You left ${name}`);
    await open(admin, `${portal}/members?status=Active`);
    await expect(row(admin, olga.email)).toBeVisible();
    await expect(row(admin, nina.email)).toHaveCount(0);
  });

  await test.step("the vendor reads in the audit what happened", async () => {
    await open(page, `${portal.replace("/org/", "/admin/organizations/")}/audit`);
    await expect(row(page, `Ninette ${nina.last}`).first()).toBeVisible();
    await expect(row(page, olga.email).first()).toBeVisible();
  });
});
