// A forgotten password: a link by mail, once, and everything else ends.

import { linkTo } from "../../fixtures/mail.ts";
import { expectErrorAt, expectHeading, expectToast, open, signIn, somebody } from "../../fixtures/steps.ts";
import { expect, expectAccessible, hydrated, scriptsAreOff, test } from "../../fixtures/test.ts";

test("is replaced by the link of a mail, which works once", async ({ page, mailDir, guard }) => {
  guard.allow(/status of (400|401|410)/);
  const { first, last, email } = somebody("Frida");
  await open(page, "/admin/users/new");
  await page.getByRole("textbox", { name: "First name" }).fill(first);
  await page.getByRole("textbox", { name: "Last name" }).fill(last);
  await page.getByRole("textbox", { name: "E-mail address" }).fill(email);
  await page.getByLabel(/^Temporary password/).fill("temporary-one");
  await page.getByRole("button", { name: "Add user" }).click();
  await expectHeading(page, `${first} ${last}`);

  await page.context().clearCookies();
  await open(page, "/signin");
  await page.getByRole("link", { name: "Forgotten password?" }).click();
  await expectHeading(page, "Forgotten password");
  await hydrated(page);
  await page.getByRole("textbox", { name: "E-mail address" }).fill(email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expectHeading(page, "Look into your mailbox");

  const link = await linkTo(mailDir, email, "/reset/");
  // Opening it twice, as mail programs do, uses nothing up.
  await open(page, link);
  const response = await open(page, link);
  expect(response?.headers()["referrer-policy"]).toBe("no-referrer");
  await expectHeading(page, "Choose a new password");
  await expectAccessible(page);
  const password = page.getByLabel(/^New password/);
  await password.fill("password123");
  if (!scriptsAreOff()) await expect(page.getByText("Strength: Cannot be used.")).toBeVisible();
  await page.getByRole("button", { name: "Change password" }).click();
  await expectErrorAt(password, /guessed first/);
  expect(new URL(page.url()).pathname).toBe(link);
  await password.fill("tangerine sofa orbit kelp");
  if (!scriptsAreOff()) await expect(page.getByText("Strength: Strong.")).toBeVisible();
  await page.getByRole("button", { name: "Change password" }).click();
  await expectHeading(page, "Sign in");
  await expectToast(page, /Your password was changed/);
  await signIn(page, email, "tangerine sofa orbit kelp");
  await expectHeading(page, "My account");

  await open(page, link);
  await expect(page.getByRole("link", { name: "Ask for another link" })).toBeVisible();
});

test.describe("an unknown address", () => {
  test.use({ who: "nobody" });

  test("looks like a known one", async ({ page }) => {
    await open(page, "/forgot");
    await page.getByRole("textbox", { name: "E-mail address" }).fill("nobody@unknown.example");
    await page.getByRole("button", { name: "Send the link" }).click();
    await expectHeading(page, "Look into your mailbox");
  });
});
