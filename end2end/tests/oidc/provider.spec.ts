// Members sign in to applications through the hosted pages: with the libraries that applications use (openid-client and
// oauth4webapi), and with the example in this repository.

import type { Page } from "@playwright/test";
import * as oauth from "oauth4webapi";
import * as client from "openid-client";
import { type App, Example, Homepage, type Insider, makeApp, makeCustomer, makeMember, password, question } from "../../fixtures/apps.ts";
import { freePort } from "../../fixtures/server.ts";
import { ask, expectHeading, signIn, unique } from "../../fixtures/steps.ts";
import { expect, expectAccessible, hydrated, test as base } from "../../fixtures/test.ts";

const test = base.extend<{ homepage: Homepage }>({
  homepage: async ({}, use) => {
    const homepage = await Homepage.open();
    await use(homepage);
    await homepage.close();
  },
});

/** Pages that say what is wrong, the example's too, and that somebody may not enter. */
const said = /status of 40[03]/;

/** Fills in the hosted sign-in page of an application. */
async function signInTo(page: Page, app: App, who: Insider): Promise<void> {
  await expectHeading(page, `Sign in to ${app.name}`);
  await hydrated(page);
  await signIn(page, who.email, password);
}

/** Waits until the browser is back at the application: the address that it brings. */
async function answer(page: Page, homepage: Homepage): Promise<URL> {
  await page.waitForURL((url) => url.href.startsWith(homepage.signIn));
  return new URL(page.url());
}

test("openid-client goes the whole way", async ({ page, server, homepage, sitDown }) => {
  const app = await makeApp(page, unique("Notes"), homepage.signIn, homepage.signOut);
  const [alder, birch] = [await makeCustomer(page, "Alder Mills", app), await makeCustomer(page, "Birch Foods", app)];
  const [una, ivo] = [await makeMember(page, "Una", app, [alder]), await makeMember(page, "Ivo", app, [alder, birch])];
  const config = await client.discovery(new URL(server.url), app.clientId, undefined, client.ClientSecretBasic(app.clientSecret), {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  });
  const active = async (token: string): Promise<boolean> => (await client.tokenIntrospection(config, token)).active;
  const access = (token: string): Promise<oauth.JWTAccessTokenClaims> => {
    const request = new Request("https://notes.example/api", { headers: { authorization: `Bearer ${token}` } });
    return oauth.validateJwtAccessToken(config.serverMetadata(), request, app.id, { [oauth.allowInsecureRequests]: true });
  };
  const theirs = (member: Insider): string => `/organizations/${alder.id}/members/${member.id}`;

  const una_ = await sitDown(said);
  const tokens = await test.step("a member of one organization signs in", async () => {
    const { url, checks } = await question(config, homepage.signIn);
    await una_.goto(url.href);
    await expectHeading(una_, `Sign in to ${app.name}`);
    await expectAccessible(una_);
    await signInTo(una_, app, una);
    const tokens = await client.authorizationCodeGrant(config, await answer(una_, homepage), checks);
    expect(tokens.claims()).toMatchObject({
      sub: una.id,
      aud: app.clientId,
      org_id: alder.id,
      org_name: alder.name,
      roles: ["Viewer"],
      permissions: ["notes:read"],
      email: una.email,
      name: una.label,
    });
    expect(await access(tokens.access_token)).toMatchObject({
      sub: una.id,
      client_id: app.clientId,
      org_id: alder.id,
      roles: ["Viewer"],
      permissions: ["notes:read"],
    });
    const info = await client.fetchUserInfo(config, tokens.access_token, una.id);
    expect(info).toMatchObject({ email: una.email, org_name: alder.name });
    return tokens;
  });

  await test.step("a change of roles is in the next token", async () => {
    await ask(page, "POST", `/applications/${app.id}${theirs(una)}/roles`, { role_ids: ["Organization Member", app.roles.Editor] });
    const next = await client.refreshTokenGrant(config, tokens.refresh_token ?? "");
    expect(await access(next.access_token)).toMatchObject({ roles: ["Editor"], permissions: ["notes:read", "notes:write"] });
    expect(await client.tokenIntrospection(config, next.access_token)).toMatchObject({ active: true, sub: una.id, roles: ["Editor"] });

    // The first refresh token comes again: its whole family dies.
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? "")).rejects.toMatchObject({ error: "invalid_grant" });
    await expect(client.refreshTokenGrant(config, next.refresh_token ?? "")).rejects.toMatchObject({ error: "invalid_grant" });
    expect(await active(next.access_token)).toBe(false);
  });

  const ivo_ = await sitDown(said);
  await test.step("a member of two chooses one, or the application names it", async () => {
    const { url, checks } = await question(config, homepage.signIn, { login_hint: ivo.email });
    await ivo_.goto(url.href);
    await expect(ivo_.getByRole("textbox", { name: "E-mail address or user name" })).toHaveValue(ivo.email);
    await signInTo(ivo_, app, ivo);
    await expectHeading(ivo_, "Choose an organization");
    await expectAccessible(ivo_);
    await ivo_.getByRole("button", { name: birch.name }).click();
    const chosen = await client.authorizationCodeGrant(config, await answer(ivo_, homepage), checks);
    expect(chosen.claims()).toMatchObject({ sub: ivo.id, org_id: birch.id });

    const again = await question(config, homepage.signIn, { organization: alder.id, prompt: "none" });
    await ivo_.goto(again.url.href);
    const named = await client.authorizationCodeGrant(config, await answer(ivo_, homepage), again.checks);
    expect(named.claims()).toMatchObject({ sub: ivo.id, org_id: alder.id });

    await client.tokenRevocation(config, chosen.refresh_token ?? "");
    expect(await active(chosen.access_token)).toBe(false);
    expect(await active(named.access_token)).toBe(true);

    await ask(page, "PUT", theirs(ivo), { enabled: false });
    expect(await active(named.access_token)).toBe(false);
    await expect(client.refreshTokenGrant(config, named.refresh_token ?? "")).rejects.toMatchObject({ error: "invalid_grant" });
    const closed = await question(config, homepage.signIn, { organization: alder.id });
    await ivo_.goto(closed.url.href);
    await expectHeading(ivo_, `You cannot use ${app.name}`);
    await expect(ivo_.getByText(`Your membership in ${alder.name} is suspended.`)).toBeVisible();
    await expectAccessible(ivo_);
    await ivo_.getByRole("link", { name: `Back to ${app.name}` }).click();
    await expect(client.authorizationCodeGrant(config, await answer(ivo_, homepage), closed.checks)).rejects.toMatchObject({
      error: "access_denied",
    });
  });

  await test.step("the application signs somebody out", async () => {
    const { url, checks } = await question(config, homepage.signIn);
    await una_.goto(url.href);
    const tokens = await client.authorizationCodeGrant(config, await answer(una_, homepage), checks);
    const end = client.buildEndSessionUrl(config, {
      post_logout_redirect_uri: homepage.signOut,
      id_token_hint: tokens.id_token ?? "",
      state: "bye",
    });
    await una_.goto(end.href);
    expect(una_.url()).toBe(`${homepage.signOut}?state=bye`);
    expect(await active(tokens.access_token)).toBe(false);
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? "")).rejects.toMatchObject({ error: "invalid_grant" });
    await una_.goto((await question(config, homepage.signIn)).url.href);
    await expectHeading(una_, `Sign in to ${app.name}`);
  });
});

test("openid-client takes no answer that is not its own", async ({ page, server, homepage, sitDown }) => {
  const app = await makeApp(page, unique("Notes"), homepage.signIn, homepage.signOut);
  const una = await makeMember(page, "Una", app, [await makeCustomer(page, "Alder Mills", app)]);
  const config = await client.discovery(new URL(server.url), app.clientId, undefined, client.ClientSecretPost(app.clientSecret), {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  });
  const una_ = await sitDown(said);
  const first = await question(config, homepage.signIn);
  await una_.goto(first.url.href);
  await signInTo(una_, app, una);
  const brought = await answer(una_, homepage);
  const bent = (name: string, value?: string): URL => {
    const url = new URL(brought);
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
    return url;
  };
  // Refused before the code is sent, which stays good.
  for (const answer of [bent("state"), bent("state", "another"), bent("iss"), bent("iss", "https://evil.example"), bent("code")]) {
    await expect(client.authorizationCodeGrant(config, answer, first.checks), answer.search).rejects.toThrow();
  }
  const tokens = await client.authorizationCodeGrant(config, brought, first.checks);
  expect((await client.tokenIntrospection(config, tokens.access_token)).active).toBe(true);
  await expect(client.authorizationCodeGrant(config, brought, first.checks)).rejects.toMatchObject({ error: "invalid_grant" });
  expect((await client.tokenIntrospection(config, tokens.access_token)).active).toBe(false);

  for (const [name, wrong] of [
    ["nonce", { expectedNonce: client.randomNonce() }],
    ["nonce missing", { expectedNonce: undefined }],
    ["verifier", { pkceCodeVerifier: client.randomPKCECodeVerifier() }],
  ] as const) {
    const { url, checks } = await question(config, homepage.signIn);
    await una_.goto(url.href);
    const refused = client.authorizationCodeGrant(config, await answer(una_, homepage), { ...checks, ...wrong });
    await expect(refused, name).rejects.toThrow();
  }

  // Without a redirect URI of the application's nothing comes back to anybody.
  const almost = await question(config, homepage.signIn, { redirect_uri: `${homepage.signIn}/` });
  await una_.goto(almost.url.href);
  await expectHeading(una_, "The way back is not registered");
  await expectAccessible(una_);
});

test("the example signs its members in and out", async ({ page, server, sitDown }) => {
  const home = `http://127.0.0.1:${await freePort()}`;
  const app = await makeApp(page, unique("Example"), `${home}/callback`, `${home}/`);
  const [alder, birch] = [await makeCustomer(page, "Alder Mills", app), await makeCustomer(page, "Birch Foods", app)];
  const [una, ivo] = [await makeMember(page, "Una", app, [alder]), await makeMember(page, "Ivo", app, [alder, birch])];
  const example = await Example.start(home, server.url, app);
  try {
    const [una_, ivo_] = [await sitDown(said), await sitDown(said)];
    await una_.goto(home);
    await una_.getByRole("link", { name: "Sign in" }).click();
    await signInTo(una_, app, una);
    await expectHeading(una_, `Hello, ${una.label}`);
    await expect(una_.getByText(`${alder.name} (${alder.id})`)).toBeVisible();
    await expect(una_.getByText("notes:read")).toBeVisible();

    await ivo_.goto(`${home}/sign-in`);
    await signInTo(ivo_, app, ivo);
    await ivo_.getByRole("button", { name: birch.name }).click();
    await expectHeading(ivo_, `Hello, ${ivo.label}`);
    await expect(ivo_.getByText(birch.name)).toBeVisible();

    // An answer that was not asked for in this browser: another's, or somebody's invention.
    for (const foreign of [`${home}/callback?code=x&state=y&iss=${encodeURIComponent(server.url)}`, `${home}/callback`]) {
      await una_.goto(`${home}/sign-in`);
      await expectHeading(una_, `Hello, ${una.label}`);
      await una_.goto(foreign);
      await expectHeading(una_, "That did not work");
    }

    await una_.goto(`${home}/sign-in`);
    await expectHeading(una_, `Hello, ${una.label}`);
    await una_.getByRole("link", { name: "Sign out" }).click();
    await expectHeading(una_, "Example");
    expect(una_.url()).toBe(`${home}/`);
    await una_.goto(`${home}/sign-in`);
    await expectHeading(una_, `Sign in to ${app.name}`);
  } finally {
    await example.stop();
  }
});
