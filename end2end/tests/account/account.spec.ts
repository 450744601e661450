// My account: the record, the addresses, the password, the sessions, the organizations.

import { linkTo } from "../../fixtures/mail.ts";
import { addMember, createOrganization, expectErrorAt, expectHeading, expectToast, open, row, signIn, somebody, unique } from "../../fixtures/steps.ts";
import { expect, expectAccessible, hydrated, scriptsAreOff, test } from "../../fixtures/test.ts";
import type { Page } from "@playwright/test";

/** A member of an organization of their own, with a password, signed in on the page. */
async function member(page: Page): Promise<{ email: string; organization: string; password: string }> {
  const person = somebody("Mara");
  const organization = unique("Account House");
  const path = await createOrganization(page, organization);
  await addMember(page, path, person);
  await open(page, `/admin/users?q=${encodeURIComponent(person.email)}`);
  await page.getByRole("table").getByRole("link", { name: `${person.first} ${person.last}` }).click();
  await hydrated(page);
  await page.getByRole("button", { name: "Set password" }).first().click();
  const dialog = page.getByRole("dialog", { name: /^Set the password/ });
  await dialog.getByLabel(/^New password/).fill("lent for the first day");
  await dialog.getByRole("button", { name: "Set password" }).click();
  await expectToast(page, /^Password of/);
  await page.context().clearCookies();
  await open(page, "/signin?return_to=/account");
  await signIn(page, person.email, "lent for the first day");
  await expectHeading(page, "Choose a new password");
  await hydrated(page);
  await page.getByLabel(/^Temporary password/).fill("lent for the first day");
  await page.getByLabel(/^New password/).fill("tangerine sofa orbit kelp");
  await page.getByRole("button", { name: "Change password" }).click();
  await expectHeading(page, "My account");
  return { email: person.email, organization, password: "tangerine sofa orbit kelp" };
}

test("a member edits the record, which the frame and the organization then show", async ({ page, guard }) => {
  guard.allow(/status of 400/);
  await member(page);
  await open(page, "/account");
  await expectAccessible(page);
  await page.getByLabel(/^First name/).fill("Maria");
  await page.getByLabel(/^City/).fill("Zürich");
  await page.getByLabel(/^Birthday/).fill("1990-12-31");
  const picture = page.getByLabel(/^Picture/);
  await picture.fill("https://user@evil.example/");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expectErrorAt(picture, /link that starts with/);
  await expect(page.getByLabel(/^City/)).toHaveValue("Zürich");
  await picture.fill("");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expectToast(page, "Your profile was saved");
  await expect(page.getByRole("button", { name: /^Account menu of Maria/ })).toBeVisible();
  await expect(page.getByLabel(/^City/)).toHaveValue("Zürich");
  await expect(page.getByLabel(/^Birthday/)).toHaveValue("1990-12-31");
});

test("leaving the form with changes asks first", async ({ page }) => {
  test.skip(scriptsAreOff(), "nothing can ask");
  await open(page, "/account");
  await page.getByLabel(/^City/).fill("Basel");
  let asked = "";
  page.once("dialog", (dialog) => {
    asked = dialog.message();
    void dialog.dismiss();
  });
  await page.getByRole("link", { name: "Sessions" }).click();
  expect(asked).toContain("Leave without saving?");
  await expect(page.getByLabel(/^City/)).toHaveValue("Basel");
});

test("an address is added, verified by its link, and made the one to sign in with", async ({ page, mailDir, guard }) => {
  guard.allow(/status of (400|410)/);
  const { email, password } = await member(page);
  const other = somebody("Other").email;
  await open(page, "/account/emails");
  await page.getByRole("textbox", { name: "E-mail address" }).fill(other);
  await page.getByRole("button", { name: "Add address" }).click();
  await expectToast(page, `A link was sent to ${other}`);
  await expect(row(page, other)).toContainText("Unverified");
  await expect(row(page, other).getByRole("button", { name: /^Make primary/ })).toHaveCount(0);
  const link = await linkTo(mailDir, other, "/account/verify/");
  await open(page, link);
  await expectHeading(page, "My account · Verify an address");
  await page.getByRole("button", { name: "Verify the address" }).click();
  await expectToast(page, `${other} is verified`);
  await hydrated(page);
  await expect(row(page, other)).toContainText("Verified");
  await row(page, other).getByRole("button", { name: /^Make primary/ }).click();
  await expectToast(page, `You now sign in with ${other}`);
  await hydrated(page);
  await row(page, email).getByRole("button", { name: /^Remove/ }).click();
  await expectToast(page, `${email} was removed`);
  await page.getByLabel(/^Phone number/).fill("12");
  await page.getByRole("button", { name: "Add number" }).click();
  await expectErrorAt(page.getByLabel(/^Phone number/), /\w/);
  await page.getByLabel(/^Phone number/).fill("+41 44 668 18 00");
  await page.getByRole("button", { name: "Add number" }).click();
  await expectToast(page, "The number was added");
  await expect(row(page, "+41446681800")).toContainText("Unverified");
  await page.context().clearCookies();
  await open(page, "/signin");
  await signIn(page, other, password);
  await expectHeading(page, "My account");
});

test("a session elsewhere is seen, ended, and closed at once, or without scripts at its next click", async ({ page, browser, baseURL, guard }) => {
  guard.allow(/status of 401/);
  const { email, password } = await member(page);
  const elsewhere = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] }, javaScriptEnabled: !scriptsAreOff(), userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0" });
  const other = await elsewhere.newPage();
  await open(other, "/signin");
  await signIn(other, email, password);
  await expectHeading(other, "My account");
  await open(page, "/account/sessions");
  await expectAccessible(page);
  await expect(row(page, "This session")).toContainText(/Chrome on (Windows|Linux)/);
  await expect(row(page, "Firefox on Linux")).toContainText("From 127.0.0.1");
  await row(page, "Firefox on Linux").getByRole("button", { name: /^End/ }).click();
  await expectToast(page, "The session was ended");
  await expect(row(page, "Firefox on Linux")).toHaveCount(0);
  if (scriptsAreOff()) await other.goto("/account");
  await expectHeading(other, "Sign in");
  await signIn(other, email, password);
  await expectHeading(other, "My account");
  await open(page, "/account/sessions");
  await page.getByRole("button", { name: "End all other sessions" }).click();
  await expectToast(page, "All other sessions were ended");
  if (scriptsAreOff()) await other.goto("/account");
  await expectHeading(other, "Sign in");
  await elsewhere.close();
});

test("the password is changed, and weak ones are refused", async ({ page, guard }) => {
  guard.allow(/status of 400/);
  const { password } = await member(page);
  await open(page, "/account/password");
  const next = page.getByLabel(/^New password/);
  await page.getByLabel(/^Current password/).fill(password);
  await next.fill("qwerty123456");
  await page.getByRole("button", { name: "Change password" }).click();
  await expectErrorAt(next, /guessed first/);
  await page.getByLabel(/^Current password/).fill(password);
  await next.fill("another sofa, another kelp");
  await page.getByRole("button", { name: "Change password" }).click();
  await expectToast(page, /Your password was changed/);
});

test("a member leaves an organization", async ({ page }) => {
  const { organization } = await member(page);
  await open(page, "/account/organizations");
  await expectAccessible(page);
  await row(page, organization).getByRole("button", { name: /^Leave/ }).click();
  const dialog = page.getByRole("dialog", { name: `Leave ${organization}?` });
  await expect(dialog).toContainText("Your membership and roles there end at once");
  await dialog.getByRole("button", { name: "Leave", exact: true }).click();
  await expectToast(page, `You left ${organization}`);
  await expect(page.getByText("In no organization")).toBeVisible();
});

test.describe("an organization's only administrator", () => {
  test.use({ who: "organizationAdmin" });

  test("cannot leave, and is told why", async ({ page, guard }) => {
    guard.allow(/status of 409/);
    await open(page, "/account/organizations");
    const own = row(page, "Northwind Logistics");
    await own.getByRole("button", { name: /^Leave/ }).click();
    const dialog = page.getByRole("dialog", { name: "Leave Northwind Logistics?" });
    await dialog.getByRole("button", { name: "Leave", exact: true }).click();
    await expect(dialog).toContainText("This is the last administrator of the organization.");
  });
});

test("the language of mails is chosen", async ({ page, guard }) => {
  guard.allow(/status of 400/);
  await member(page);
  await open(page, "/account/preferences");
  const language = page.getByLabel(/^Language/);
  await language.fill("not a language");
  await page.getByRole("button", { name: "Save language" }).click();
  await expectErrorAt(language, /language tag/);
  await language.fill("de");
  await page.getByRole("button", { name: "Save language" }).click();
  await expectToast(page, "Your language was saved");
  await expect(language).toHaveValue("de");
});
