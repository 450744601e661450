// Second factors: an authenticator app with scripts and without, and passkeys with Chromium's virtual authenticator.

import { createHmac } from "node:crypto";
import type { Page } from "@playwright/test";
import * as client from "openid-client";
import { Homepage, makeApp, makeCustomer, makeMember, question } from "../../fixtures/apps.ts";
import { mailTo } from "../../fixtures/mail.ts";
import { addMember, ask, createOrganization, expectErrorAt, expectHeading, expectToast, open, row, signIn, somebody, unique } from "../../fixtures/steps.ts";
import { expect, expectAccessible, hydrated, scriptsAreOff, test } from "../../fixtures/test.ts";

const password = "tangerine sofa orbit kelp";

/** The code that an authenticator app shows (RFC 6238), some steps of 30 seconds from now. */
function codeOf(key: string, steps = 0): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...key.replaceAll(" ", "")].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const tag = createHmac("sha1", secret).update(step).digest();
  const number = tag.readUInt32BE((tag.at(-1) ?? 0) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** Somebody new with a password of their own, and the organization that they are in. */
async function makePerson(page: Page): Promise<{ email: string; organization: string }> {
  const person = somebody("Fay");
  const organization = await createOrganization(page, unique("Factor House"));
  await addMember(page, organization, person);
  const found = await ask<{ user_id: string }>(page, "GET", `/users/email/${encodeURIComponent(person.email)}`);
  await ask(page, "POST", `/users/${found.user_id}/password`, { password, force_replace: false });
  return { email: person.email, organization };
}

/** Chromium's own authenticator, in place of a finger on a key (WebDriver, WebAuthn extension). */
async function giveAuthenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

test("an authenticator app is set up, signs in, and its recovery codes stand in for it", async ({ page, mailDir, sitDown }) => {
  const { email } = await makePerson(page);
  const own = await sitDown(/status of 4(00|03|10)/);
  await open(own, "/signin?return_to=/account/security");
  await signIn(own, email, password);
  await expectHeading(own, "My account · Security");
  await expectAccessible(own);
  await own.getByRole("button", { name: "Set up an authenticator app" }).click();
  await expectHeading(own, "My account · Authenticator app");
  await expect(own.getByRole("img", { name: "QR code for your authenticator app" })).toBeVisible();
  await expectAccessible(own);
  const key = (await own.locator("code").first().textContent()) ?? "";
  await own.getByLabel("Code that the app shows").fill("000000");
  await own.getByRole("button", { name: "Set up", exact: true }).click();
  await expectErrorAt(own.getByLabel("Code that the app shows"), /not the code/);
  // What was set up cannot be read again, and nothing tries to.
  const gone: string[] = [];
  own.on("response", (response) => {
    if (response.status() === 410) gone.push(response.url());
  });
  await own.getByLabel("Code that the app shows").fill(codeOf(key, -1));
  await own.getByRole("button", { name: "Set up", exact: true }).click();
  const codes = own.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect(codes).toHaveCount(10);
  const recovery = (await codes.first().textContent()) ?? "";
  expect(gone).toEqual([]);
  if (!scriptsAreOff()) await expect(own.getByRole("button", { name: "Copy recovery codes" })).toHaveText(/Copy recovery codes/);
  // The first one said that the password was set.
  expect(await mailTo(mailDir, email, 1)).toContain("second factor");
  await own.context().clearCookies();

  await open(own, "/signin?return_to=/account/sessions");
  await signIn(own, email, password);
  await expectHeading(own, "Second step");
  await expectAccessible(own);
  // There is no session before it.
  await open(own, "/account");
  await expectHeading(own, "Sign in");
  await open(own, "/signin?return_to=/account/sessions");
  await signIn(own, email, password);
  const field = own.getByLabel(/^Code of the app/);
  await field.fill("000000");
  await own.getByRole("button", { name: "Sign in" }).click();
  await expectErrorAt(field, /not the code/);
  await expect(own.getByText("You are not signed in yet.")).toBeVisible();
  await field.fill(codeOf(key, 0));
  await own.getByRole("button", { name: "Sign in" }).click();
  await expectHeading(own, "My account · Sessions");
  await own.context().clearCookies();

  await open(own, "/signin?return_to=/account/security");
  await signIn(own, email, password);
  await own.getByLabel(/^Code of the app/).fill(recovery);
  await own.getByRole("button", { name: "Sign in" }).click();
  await expect(own.getByText("You have 9 codes left.")).toBeVisible();
});

test("a passkey is added and signs in", async ({ page, sitDown }) => {
  test.skip(scriptsAreOff(), "passkeys need a script");
  const { email } = await makePerson(page);
  const own = await sitDown(/status of 4(00|03|10)/);
  await giveAuthenticator(own);
  await open(own, "/signin?return_to=/account/security");
  await signIn(own, email, password);
  await expectHeading(own, "My account · Security");
  await open(own, "/account/security");
  await own.getByLabel("Name of the passkey").fill("Test key");
  await own.getByRole("button", { name: "Add passkey" }).click();
  await expectToast(own, "The passkey was added");
  await expect(row(own, "Test key")).toBeVisible();
  await expect(own.getByRole("list", { name: "Recovery codes" }).getByRole("listitem")).toHaveCount(10);
  await own.context().clearCookies();

  await open(own, "/signin?return_to=/account/security");
  await signIn(own, email, password);
  await expectHeading(own, "Second step");
  await open(own, "/signin/factor?return_to=/account/security");
  await own.getByRole("button", { name: "Use a passkey" }).click();
  await expectHeading(own, "My account · Security");
  await row(own, "Test key").getByRole("button", { name: /^Remove/ }).click();
  await expectToast(own, "The passkey was removed");
  await expect(own.getByText("No passkey yet")).toBeVisible();
});

test("an application's members are led to set up what their organization requires, and sign in with it", async ({ page, server, sitDown }) => {
  test.skip(scriptsAreOff(), "passkeys need a script");
  const homepage = await Homepage.open();
  const app = await makeApp(page, unique("Vault"), homepage.signIn, homepage.signOut);
  const customer = await makeCustomer(page, "Cedar Bank", app);
  const member = await makeMember(page, "Ida", app, [customer]);
  await ask(page, "PUT", `/organizations/${customer.id}`, { requires_factor: true });
  const config = await client.discovery(new URL(server.url), app.clientId, undefined, client.ClientSecretBasic(app.clientSecret), {
    execute: [client.allowInsecureRequests],
  });
  const own = await sitDown(/status of 4(00|03|10)/);
  await giveAuthenticator(own);
  /** Goes to the application, through these steps, and back: how it is told that they proved who they are. */
  const goThrough = async (steps: () => Promise<void>): Promise<unknown> => {
    const { url, checks } = await question(config, homepage.signIn);
    await own.goto(url.href);
    await expectHeading(own, `Sign in to ${app.name}`);
    await hydrated(own);
    await signIn(own, member.email, password);
    await steps();
    await own.waitForURL((at) => at.href.startsWith(homepage.signIn));
    const tokens = await client.authorizationCodeGrant(config, new URL(own.url()), checks);
    return { amr: tokens.claims()?.amr, acr: tokens.claims()?.acr, org_id: tokens.claims()?.org_id };
  };

  const first = await goThrough(async () => {
    await expectHeading(own, "My account · Security");
    await hydrated(own);
    await expect(own.getByText(`${customer.name} requires one.`)).toBeVisible();
    await own.getByLabel("Name of the passkey").fill("Phone");
    await own.getByRole("button", { name: "Add passkey" }).click();
    await expect(own.getByRole("list", { name: "Recovery codes" }).getByRole("listitem")).toHaveCount(10);
    await own.getByRole("link", { name: "Go on" }).click();
  });
  expect(first).toMatchObject({ amr: expect.arrayContaining(["pwd", "mfa"]), acr: "aal2", org_id: customer.id });
  await own.context().clearCookies();

  const second = await goThrough(async () => {
    await expectHeading(own, "Second step");
    await hydrated(own);
    await expectAccessible(own);
    await own.getByRole("button", { name: "Use a passkey" }).click();
  });
  expect(second).toMatchObject({ amr: expect.arrayContaining(["pwd", "mfa"]), acr: "aal2", org_id: customer.id });
  await homepage.close();
});

test("an organization requires a second factor, and an administrator resets a member's", async ({ page, sitDown }) => {
  const { email, organization } = await makePerson(page);
  await open(page, `${organization}/settings`);
  await page.getByRole("button", { name: "Require a second factor" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Require a second factor" }).click();
  await expectToast(page, /requires a second factor now$/);
  const own = await sitDown(/status of 4(00|03|10)/);
  await open(own, "/signin");
  await signIn(own, email, password);
  await expectHeading(own, "My account · Security");
  await expect(own.getByText("Set up a second factor", { exact: true })).toBeVisible();
  await own.getByRole("button", { name: "Set up an authenticator app" }).click();
  const key = (await own.locator("code").first().textContent()) ?? "";
  await own.getByLabel("Code that the app shows").fill(codeOf(key));
  await own.getByRole("button", { name: "Set up", exact: true }).click();
  await expect(own.getByRole("list", { name: "Recovery codes" })).toBeVisible();

  const found = await ask<{ user_id: string }>(page, "GET", `/users/email/${encodeURIComponent(email)}`);
  await open(page, `${organization}/members/${found.user_id}`);
  await page.getByRole("button", { name: "Reset second factors" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Reset second factors" }).click();
  await expectToast(page, /^The second factors of .+ were reset$/);
  await open(own, "/account/security");
  await expectHeading(own, "Sign in");
});
