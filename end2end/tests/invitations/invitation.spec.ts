// Somebody is invited, gets a mail, and comes in by its link.

import { chooseFromMenu, createOrganization, expectErrorAt, expectHeading, expectToast, open, row, signIn, somebody, unique } from "../../fixtures/steps.ts";
import { linkIn, mailTo } from "../../fixtures/mail.ts";
import { expect, expectAccessible, test } from "../../fixtures/test.ts";
import type { Page } from "@playwright/test";

const password = "a sentence is easier";

/** Invites somebody as a member; the link in the mail. */
async function invite(page: Page, organization: string, email: string, mailDir: string): Promise<string> {
  await open(page, `${organization}/members/new`);
  await page.getByRole("textbox", { name: "Email addresses" }).fill(email);
  await page.getByRole("radio", { name: /^Invitation/ }).check();
  await page.getByRole("button", { name: "Add members" }).click();
  await expectToast(page, /was added/);
  return linkIn(await mailTo(mailDir, email), "/invite/");
}

test("a newcomer accepts and is an active member", async ({ page, mailDir, sitDown }) => {
  const name = unique("Invitations");
  const organization = await createOrganization(page, name);
  const person = somebody("Grace");
  const link = await invite(page, organization, person.email, mailDir);
  await open(page, `${organization}/invitations`);
  await expect(row(page, person.email)).toContainText("Pending");
  await expectAccessible(page);

  const other = await sitDown(/status of 4(00|04|10)/);
  await open(other, link);
  await expectHeading(other, `Join ${name}`);
  await expectAccessible(other);
  // Refused, with what was typed.
  await other.getByRole("textbox", { name: /^First name/ }).fill(person.first);
  await other.getByRole("textbox", { name: /^Last name/ }).fill(person.last);
  await other.locator("#content form").evaluate((form: HTMLFormElement) => {
    form.noValidate = true;
  });
  await other.getByLabel(/^Choose a password/).fill("short");
  await other.getByRole("button", { name: "Accept the invitation" }).click();
  await expectErrorAt(other.getByLabel(/^Choose a password/), /at least 8/);
  await expect(other.getByRole("textbox", { name: /^First name/ })).toHaveValue(person.first);
  await other.getByLabel(/^Choose a password/).fill(password);
  await other.getByRole("button", { name: "Accept the invitation" }).click();
  await expectHeading(other, `You are a member of ${name}`);
  await expectAccessible(other);
  await other.getByRole("link", { name: "Go to my account" }).click();
  await expectHeading(other, "My account");

  await open(page, `${organization}/members`);
  const member = row(page, person.email);
  await expect(member).toContainText("Active");
  await expect(member).toContainText(`${person.first} ${person.last}`);
  await open(page, `${organization}/invitations`);
  await expect(row(page, person.email)).toContainText("Accepted");

  // A second time, the link says what it was.
  const again = await sitDown(/status of 4(00|04|10)/);
  const response = await again.goto(link);
  expect(response?.status()).toBe(410);
  await expectHeading(again, "This invitation was accepted already");
});

test("somebody known signs in to accept; another account is told so", async ({ page, mailDir, accounts, guard, sitDown }) => {
  guard.allow(/status of 403/);
  const [first, second] = [unique("First"), unique("Second")];
  const person = somebody("Alan");
  const one = await createOrganization(page, first);
  const link = await invite(page, one, person.email, mailDir);
  const other = await sitDown(/status of 4(00|04|10)/);
  await open(other, link);
  await other.getByLabel(/^Choose a password/).fill(password);
  await other.getByRole("button", { name: "Accept the invitation" }).click();
  await expectHeading(other, `You are a member of ${first}`);

  const two = await createOrganization(page, second);
  await open(page, `${two}/members/new`);
  await page.getByRole("textbox", { name: "Email addresses" }).fill(person.email);
  await page.getByRole("radio", { name: /^Invitation/ }).check();
  await page.getByRole("button", { name: "Add members" }).click();
  await expectToast(page, /was added/);
  const next = linkIn(await mailTo(mailDir, person.email, 1), "/invite/");
  // The administrator is somebody else.
  const response = await open(page, next);
  expect(response?.status()).toBe(403);
  await expectHeading(page, "This invitation is for another account");
  await expect(page.getByText(`You are signed in as ${accounts.admin.email}`)).toBeVisible();
  await expectAccessible(page);

  const known = await sitDown(/status of 4(00|04|10)/);
  await open(known, next);
  await expectHeading(known, `Join ${second}`);
  await known.getByRole("link", { name: "Sign in to accept" }).click();
  await expectHeading(known, "Sign in");
  await signIn(known, person.email, password);
  await expectHeading(known, `Join ${second}`);
  await known.getByRole("button", { name: "Accept the invitation" }).click();
  await expectHeading(known, `You are a member of ${second}`);
});

test("resending kills the old link, copying kills the sent one, revoking kills all", async ({ page, mailDir, sitDown }) => {
  const organization = await createOrganization(page, unique("Links"));
  const person = somebody("Edsger");
  const first = await invite(page, organization, person.email, mailDir);
  await open(page, `${organization}/invitations`);
  await chooseFromMenu(page, `the invitation of ${person.email}`, "Resend");
  await expectToast(page, /earlier links are dead/);
  const second = linkIn(await mailTo(mailDir, person.email, 1), "/invite/");
  const other = await sitDown(/status of 4(00|04|10)/);
  expect((await other.goto(first))?.status()).toBe(410);
  await expectHeading(other, "A newer link took this one’s place");
  expect((await other.goto(second))?.status()).toBe(200);

  await open(page, `${organization}/invitations`);
  await chooseFromMenu(page, `the invitation of ${person.email}`, "Copy link");
  await page.getByRole("button", { name: "Make a link" }).click();
  const shown = page.getByRole("textbox", { name: "Invitation link" });
  await expect(shown).toHaveValue(/\/invite\//);
  await expectAccessible(page);
  const copied = new URL(await shown.inputValue()).pathname;
  expect((await other.goto(second))?.status()).toBe(410);
  expect((await other.goto(copied))?.status()).toBe(200);

  await open(page, `${organization}/invitations`);
  await chooseFromMenu(page, `the invitation of ${person.email}`, "Revoke");
  await page.getByRole("button", { name: "Revoke invitation" }).click();
  await expectToast(page, /was revoked/);
  await expect(row(page, person.email)).toContainText("Revoked");
  expect((await other.goto(copied))?.status()).toBe(410);
  await expectHeading(other, "This invitation was taken back");
  await expectAccessible(other);
  expect((await other.goto("/invite/nonsense"))?.status()).toBe(404);
  await expectHeading(other, "This link leads nowhere");
});

test("the mail page says what went, and the test mail arrives", async ({ page, mailDir }) => {
  await open(page, "/admin/settings");
  await page.getByRole("textbox", { name: "Send a test mail to" }).fill("somebody@people.example");
  await page.getByRole("button", { name: "Send a test mail" }).click();
  await expectToast(page, /is on its way/);
  await expectHeading(page, "Mail");
  expect(await mailTo(mailDir, "somebody@people.example")).toContain("Test mail from");
  await open(page, "/admin/mail?q=somebody%40people");
  await expect(row(page, "somebody@people.example")).toContainText("Sent");
  await expectAccessible(page);
});
