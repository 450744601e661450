// “Log in members”, the guide that backends are written after, from its first step to its last: organizations by the API and
// in the Admin Portal, their administrators, invitations by mail, and members who sign in to an application on the hosted page.

import type { Page } from "@playwright/test";
import * as client from "openid-client";
import { type App, Example, Homepage, makeApp, password } from "../../fixtures/apps.ts";
import { linkIn, mailTo } from "../../fixtures/mail.ts";
import { test } from "../../fixtures/posted.ts";
import { freePort } from "../../fixtures/server.ts";
import { chooseFromMenu, createApplication, expectHeading, expectToast, fillOrganization, open, type Person, row, signIn, slug, somebody, unique } from "../../fixtures/steps.ts";
import { expect, hydrated, scriptsAreOff } from "../../fixtures/test.ts";

/** A backend of the tenant's: it has a bearer token, and no browser. */
class Backend {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async start(url: string, clientId: string, clientSecret: string): Promise<Backend> {
    const body = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret });
    const answer = await fetch(`${url}/oidc/token`, { method: "POST", body });
    expect(answer.status).toBe(200);
    return new Backend(url, ((await answer.json()) as { access_token: string }).access_token);
  }

  async post<T>(path: string, data: object): Promise<T> {
    const answer = await fetch(`${this.url}/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      body: JSON.stringify(data),
    });
    const text = await answer.text();
    expect(answer.ok, `POST ${path}: ${answer.status} ${text}`).toBe(true);
    return JSON.parse(text).result;
  }
}

/** Makes a client of an application: its id, and its secret, which is shown once. */
async function makeClient(page: Page, application: string, name: string): Promise<[string, string]> {
  await open(page, `${application}/clients`);
  await page.getByRole("button", { name: "Create client" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Create client" });
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await dialog.getByRole("button", { name: "Create client" }).click();
  const secret = await page.getByRole("textbox", { name: "Client secret" }).inputValue();
  const id = /cli_[0-9a-z]+/i.exec(await row(page, name).innerText())?.[0];
  return [id ?? "", secret];
}

/** Whoever has accepted an invitation to an application goes on to it: with scripts at once. */
async function goOn(page: Page, organization: string, app: App): Promise<void> {
  if (!scriptsAreOff()) return;
  await expectHeading(page, `You are a member of ${organization}`);
  await page.getByRole("link", { name: `Go on to ${app.name}` }).click();
}

/** Follows an invitation's link and begins. */
async function accept(page: Page, link: string, organization: string, person: Person): Promise<void> {
  await open(page, link);
  await expectHeading(page, `Join ${organization}`);
  await page.getByRole("textbox", { name: /^First name/ }).fill(person.first);
  await page.getByRole("textbox", { name: /^Last name/ }).fill(person.last);
  await page.getByLabel(/^Choose a password/).fill(password);
  await page.getByRole("button", { name: "Accept the invitation" }).click();
}

test("members log in, as the guide has it", async ({ page, server, mailDir, sitDown }) => {
  test.setTimeout(240_000);
  const home = `http://127.0.0.1:${await freePort()}`;
  const homepage = await Homepage.open();
  const app = await makeApp(page, unique("Notes"), [`${home}/callback`, homepage.signIn], `${home}/`, {
    initiate_login_uri: `${home}/sign-in`,
  });
  const example = await Example.start(home, server.url, app);
  const [alder, birch] = [{ id: "", name: unique("Alder Mills") }, { id: "", name: unique("Birch Foods") }];
  const [olga, petra, una, ivo, tom] = ["Olga", "Petra", "Una", "Ivo", "Tom"].map(somebody) as [Person, Person, Person, Person, Person];
  const seat = () => sitDown(/status of 40[03]/);
  try {
    const backend = await test.step("a backend of the tenant's gets a token", async () => {
      const [id, secret] = await makeClient(page, await createApplication(page, unique("Back office"), "management"), "Nightly");
      return Backend.start(server.url, id, secret);
    });

    await test.step("step 1: one organization by the API, another in the Admin Portal", async () => {
      const made = await backend.post<{ organization_id: string }>("/organizations", {
        name: alder.name,
        domain: `${slug(alder.name)}.example`,
        app_ids: [app.id],
      });
      alder.id = made.organization_id;
      await open(page, "/admin/organizations/new");
      await fillOrganization(page, { name: birch.name, domain: `${slug(birch.name)}.example`, apps: [app.name] });
      await page.getByRole("button", { name: "Create organization" }).click();
      await expectHeading(page, birch.name);
      birch.id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
      for (const { id } of [alder, birch]) {
        const may = { role_ids: Object.values(app.roles) };
        await backend.post(`/applications/${app.id}/organizations/${id}/roles-and-groups/set`, may);
      }
    });

    const admin = await seat();
    await test.step("step 3: administrators, by the API and in the Members tab", async () => {
      await backend.post(`/organizations/${alder.id}/members`, {
        email: olga.email,
        role_ids: ["Organization Admin"],
        send_invite: true,
      });
      await accept(admin, linkIn(await mailTo(mailDir, olga.email), "/invite/"), alder.name, olga);
      await expectHeading(admin, `You are a member of ${alder.name}`);
      await open(page, `/admin/organizations/${birch.id}/members/new`);
      await page.getByRole("textbox", { name: "Email addresses" }).fill(petra.email);
      await page.getByRole("radio", { name: "Organization Admin" }).check();
      await page.getByRole("radio", { name: /^Invitation/ }).check();
      await page.getByRole("button", { name: "Add members" }).click();
      await expectToast(page, /was added/);
      await mailTo(mailDir, petra.email);
    });

    const [una_, ivo_, tom_] = [await seat(), await seat(), await seat()];
    await test.step("step 4: members, by the API and from the organization's portal", async () => {
      await open(admin, `/org/${alder.id}/members/new`);
      await admin.getByRole("textbox", { name: "Email addresses" }).fill(una.email);
      await admin.getByRole("checkbox", { name: /^Viewer/ }).check();
      await admin.getByRole("radio", { name: /^Invitation/ }).check();
      await admin.getByRole("button", { name: "Add members" }).click();
      await expectToast(admin, /was added/);
      await open(admin, `/org/${alder.id}/members`);
      await expect(row(admin, una.email)).toContainText("Pending");
      await accept(una_, linkIn(await mailTo(mailDir, una.email), "/invite/"), alder.name, una);
      await goOn(una_, alder.name, app);
      await expectHeading(una_, `Hello, ${una.first} ${una.last}`);
      await open(admin, `/org/${alder.id}/members?status=Active`);
      await expect(row(admin, una.email)).toBeVisible();

      // One person in two organizations: invited to the first, and as somebody known to the second.
      const viewer = { email: ivo.email, role_ids: [app.roles.Viewer], send_invite: true };
      await backend.post(`/organizations/${birch.id}/members`, viewer);
      await accept(ivo_, linkIn(await mailTo(mailDir, ivo.email), "/invite/"), birch.name, ivo);
      await goOn(ivo_, birch.name, app);
      await expect(ivo_.getByText(`${birch.name} (${birch.id})`)).toBeVisible();
      await backend.post(`/organizations/${alder.id}/members`, viewer);
      await open(ivo_, linkIn(await mailTo(mailDir, ivo.email, 1), "/invite/"));
      await ivo_.getByRole("button", { name: "Accept the invitation" }).click();
      await goOn(ivo_, alder.name, app);
      await expectHeading(ivo_, "Choose an organization");

      await backend.post(`/organizations/${alder.id}/members`, {
        email: tom.email,
        username: slug(`${tom.first} ${tom.last}`),
        name: { first_name: tom.first, last_name: tom.last },
        credentials: { password: "heron lamp quartz field", force_replace: true },
        role_ids: [app.roles.Viewer],
      });
    });

    await test.step("step 2: the application's own sign-in gets the organization in the response", async () => {
      const own = await Backend.start(server.url, app.clientId, app.clientSecret);
      const asked = { username: una.email, password };
      expect(await own.post("/auth/password/authenticate", asked)).toMatchObject({ org_id: alder.id, org_name: alder.name });
    });

    await test.step("they sign in to the application on the hosted page", async () => {
      await una_.context().clearCookies();
      await una_.goto(home);
      await una_.getByRole("link", { name: "Sign in" }).click();
      await expectHeading(una_, `Sign in to ${app.name}`);
      await hydrated(una_);
      await signIn(una_, una.email, password);
      await expectHeading(una_, `Hello, ${una.first} ${una.last}`);
      await expect(una_.getByText(`${alder.name} (${alder.id})`)).toBeVisible();
      await expect(una_.getByText("notes:read", { exact: true })).toBeVisible();

      // Who is signed in to the console need not do so again, and chooses the organization.
      await ivo_.goto(`${home}/sign-in`);
      await expectHeading(ivo_, "Choose an organization");
      await hydrated(ivo_);
      await ivo_.getByRole("button", { name: birch.name }).click();
      await expectHeading(ivo_, `Hello, ${ivo.first} ${ivo.last}`);
      await expect(ivo_.getByText(`${birch.name} (${birch.id})`)).toBeVisible();

      // A temporary password is replaced on the way.
      await tom_.goto(`${home}/sign-in`);
      await hydrated(tom_);
      await signIn(tom_, slug(`${tom.first} ${tom.last}`), "heron lamp quartz field");
      await tom_.getByLabel("Temporary password").fill("heron lamp quartz field");
      await tom_.getByLabel(/^New password/).fill(password);
      await tom_.getByRole("button", { name: "Change password" }).click();
      await expectHeading(tom_, `Hello, ${tom.first} ${tom.last}`);
    });

    await test.step("a role that the organization gives is in the next token", async () => {
      await open(admin, `/org/${alder.id}/members?q=${encodeURIComponent(una.email)}`);
      await row(admin, una.email).getByRole("link").first().click();
      await admin.getByRole("link", { name: "Application access" }).click();
      await hydrated(admin);
      await admin.getByRole("checkbox", { name: /^Editor/ }).check();
      await admin.getByRole("button", { name: "Save roles" }).click();
      await expectToast(admin, `Roles in ${app.name} were saved`);
      await una_.goto(`${home}/sign-in`);
      await expectHeading(una_, `Hello, ${una.first} ${una.last}`);
      await expect(una_.getByText("notes:read, notes:write")).toBeVisible();
    });

    await test.step("a suspension ends what the sign-in gave, and the way in", async () => {
      const config = await client.discovery(new URL(server.url), app.clientId, app.clientSecret, undefined, {
        execute: [client.allowInsecureRequests],
      });
      const pkceCodeVerifier = client.randomPKCECodeVerifier();
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: homepage.signIn,
        scope: "openid offline_access",
        code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: "S256",
      });
      await una_.goto(url.href);
      await una_.waitForURL((url) => url.href.startsWith(homepage.signIn));
      const tokens = await client.authorizationCodeGrant(config, new URL(una_.url()), { pkceCodeVerifier });
      const next = await client.refreshTokenGrant(config, tokens.refresh_token ?? "");
      expect((await client.tokenIntrospection(config, next.access_token)).active).toBe(true);

      await open(admin, `/org/${alder.id}/members?q=${encodeURIComponent(una.email)}`);
      await chooseFromMenu(admin, `${una.first} ${una.last}`, "Suspend");
      await expectToast(admin, `${una.first} ${una.last} was suspended`);
      expect((await client.tokenIntrospection(config, next.access_token)).active).toBe(false);
      await expect(client.refreshTokenGrant(config, next.refresh_token ?? "")).rejects.toMatchObject({ error: "invalid_grant" });
      await una_.goto(`${home}/sign-in`);
      await expectHeading(una_, `You cannot use ${app.name}`);
      await expect(una_.getByText(`Your membership in ${alder.name} is suspended.`)).toBeVisible();
    });
  } finally {
    await example.stop();
    await homepage.close();
  }
});
