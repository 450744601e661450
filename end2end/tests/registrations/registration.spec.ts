// Organizations that people register themselves: the switch, the mail that proves an address, and the decision.

import type { Page } from "@playwright/test";
import { linkTo } from "../../fixtures/mail.ts";
import { ask, expectErrorAt, expectHeading, expectToast, open, row, somebody, unique, type Person } from "../../fixtures/steps.ts";
import { expect, expectAccessible, hydrated, test } from "../../fixtures/test.ts";

const password = "tangerine sofa orbit kelp";

/** Says in the settings who may create organizations. */
async function choose(page: Page, register: "on" | "off", approve: "on" | "off"): Promise<void> {
  await open(page, "/admin/settings");
  await page.getByRole("combobox", { name: "Organizations may register themselves" }).selectOption(register);
  await page.getByRole("combobox", { name: "Approve registrations automatically" }).selectOption(approve);
  await page.getByRole("button", { name: "Save registration" }).click();
  await expectToast(page, "Settings saved");
}

/** Registers as somebody new, up to the mail. */
async function register(other: Page, person: Person, organization: string): Promise<void> {
  await open(other, "/signin");
  await other.getByRole("link", { name: "Create an organization" }).click();
  await expectHeading(other, "Create an organization");
  await hydrated(other);
  await expectAccessible(other);
  await other.getByRole("textbox", { name: /^First name/ }).fill(person.first);
  await other.getByRole("textbox", { name: /^Last name/ }).fill(person.last);
  await other.getByRole("textbox", { name: "E-mail address" }).fill(person.email);
  await other.getByRole("textbox", { name: "Name of the organization" }).fill(organization);
  await other.getByRole("button", { name: "Send the link" }).click();
  await expectHeading(other, "Look into your mailbox");
}

/** Follows the mail's link, and chooses a password. */
async function finish(other: Page, mailDir: string, person: Person): Promise<void> {
  const link = await linkTo(mailDir, person.email, "/register/");
  const response = await open(other, link);
  expect(response?.headers()["referrer-policy"]).toBe("no-referrer");
  await expectHeading(other, "Choose a password");
  await expectAccessible(other);
  await other.getByLabel(/^Password/).fill(password);
  await other.getByRole("button", { name: "Create the organization" }).click();
}

/** Asks for one more organization from the top of the page. */
async function request(other: Page, organization: string): Promise<void> {
  await open(other, "/account");
  await other.getByRole("link", { name: "Create an organization" }).click();
  await expectHeading(other, "My account · Create an organization");
  await hydrated(other);
  await other.getByRole("textbox", { name: "Name of the organization" }).fill(organization);
  await other.getByRole("button", { name: "Create the organization" }).click();
}

test.afterEach(async ({ page }) => {
  await ask(page, "PUT", "/tenant/settings", { self_registration: false, auto_approval: false });
});

test("somebody new registers an organization, which is approved under another name", async ({ page, mailDir, sitDown }) => {
  await choose(page, "on", "off");
  const person = somebody("Peter");
  const [typed, right] = [unique("Inittech"), unique("Initech")];
  const other = await sitDown(/status of 4(00|09)/);
  await register(other, person, typed);
  await finish(other, mailDir, person);
  await expectHeading(other, "My account · Requested organizations");
  await expect(row(other, typed)).toContainText("Waits for approval");
  await hydrated(other);
  await expectAccessible(other);

  await open(page, "/admin");
  await page.getByRole("link", { name: /registrations? waits? for approval/ }).click();
  await expectHeading(page, "Organizations");
  await hydrated(page);
  await expect(row(page, typed)).toContainText(person.email);
  await expectAccessible(page);
  await page.getByRole("button", { name: `Approve ${typed}` }).click();
  const dialog = page.getByRole("dialog", { name: `Approve ${typed}?` });
  await dialog.getByRole("textbox", { name: "Name" }).fill(right);
  await dialog.getByRole("button", { name: "Approve registration" }).click();
  await expectToast(page, `${right} was approved`);
  await expect(page.getByRole("button", { name: `Approve ${typed}` })).toHaveCount(0);

  await open(other, await linkTo(mailDir, person.email, "/org/"));
  await expectHeading(other, right);
  await open(other, "/account/registrations");
  await expect(row(other, right)).toContainText("Approved");
});

test("a request is rejected with a reason, and another one is withdrawn", async ({ page, mailDir, sitDown, guard }) => {
  guard.allow(/status of 409/);
  await choose(page, "on", "off");
  const person = somebody("Milton");
  const [first, second] = [unique("Staplers"), unique("Red Staplers")];
  const other = await sitDown(/status of 4(00|09)/);
  await register(other, person, first);
  await finish(other, mailDir, person);
  await expect(row(other, first)).toContainText("Waits for approval");

  await open(page, "/admin/organizations");
  await page.getByRole("button", { name: `Reject ${first}` }).click();
  const dialog = page.getByRole("dialog", { name: `Reject ${first}?` });
  await dialog.getByRole("textbox", { name: "Reason" }).fill("We sell to companies only");
  await dialog.getByRole("button", { name: "Reject registration" }).click();
  await expectToast(page, `The request for ${first} was rejected`);

  await open(other, await linkTo(mailDir, person.email, "/account/registration"));
  await expect(row(other, first)).toContainText("Rejected");
  await expect(row(other, first)).toContainText("We sell to companies only");

  await request(other, second);
  await expectHeading(other, "My account · Requested organizations");
  await expect(row(other, second)).toContainText("Waits for approval");
  await hydrated(other);
  await other.getByRole("button", { name: `Withdraw ${second}` }).click();
  const asked = other.getByRole("dialog", { name: `Withdraw the request for ${second}?` });
  await asked.getByRole("button", { name: "Withdraw the request" }).click();
  await expectToast(other, `The request for ${second} was withdrawn`);
  await expect(row(other, second)).toContainText("Withdrawn");
});

test("approved automatically, the organization is there at once", async ({ page, mailDir, sitDown }) => {
  await choose(page, "on", "on");
  const person = somebody("Samir");
  const [first, second] = [unique("Penetrode"), unique("Intertrode")];
  const other = await sitDown(/status of 4(00|09)/);
  await register(other, person, first);
  await finish(other, mailDir, person);
  await expectHeading(other, first);
  // A name that is taken is said at the field.
  await request(other, first);
  const name = other.getByRole("textbox", { name: "Name of the organization" });
  await expectErrorAt(name, /taken by another organization/);
  await name.fill(second);
  await other.getByRole("button", { name: "Create the organization" }).click();
  await expectHeading(other, second);
  await open(page, "/admin/organizations?q=" + encodeURIComponent(second));
  await expect(row(page, second)).toBeVisible();
});

test("with registration off there is no way to it", async ({ page, sitDown }) => {
  await choose(page, "off", "off");
  const other = await sitDown(/status of 404/);
  await open(other, "/signin");
  await expect(other.getByRole("link", { name: "Forgotten password?" })).toBeVisible();
  await expect(other.getByRole("link", { name: "Create an organization" })).toHaveCount(0);
  const response = await other.goto("/register");
  expect(response?.status()).toBe(404);
});
