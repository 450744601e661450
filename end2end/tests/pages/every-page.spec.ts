// Every page: it answers, has a heading and a title, fits the screen, and is accessible in light and dark.

import { expectFits, open } from "../../fixtures/steps.ts";
import { expect, expectAccessible, isPhone, test as base } from "../../fixtures/test.ts";

interface Places {
  organization: string;
  member: string;
  application: string;
  user: string;
  record: string;
}

const test = base.extend<object, { places: Places }>({
  // Of the demonstration, found once by following links.
  places: [
    async ({ browser, server, sessions }, use) => {
      const storageState = await sessions.of("admin");
      const context = await browser.newContext({ baseURL: server.url, storageState, javaScriptEnabled: false });
      const page = await context.newPage();
      const link = async (path: string, name: string | RegExp): Promise<string> => {
        await page.goto(path);
        const href = await page.getByRole("table").getByRole("link", { name }).first().getAttribute("href");
        if (!href) throw new Error(`${path} has no link ${name}`);
        return href;
      };
      const organization = await link("/admin/organizations?q=northwind-logistics", "Northwind Logistics");
      await use({
        organization,
        member: await link(`${organization}/members?q=ada.okafor`, "Ada Okafor"),
        application: await link("/admin/applications?q=fieldnote", "Fieldnote CRM"),
        user: await link("/admin/users?q=ada.okafor%40northwind", "Ada Okafor"),
        record: await link("/admin/audit?operation=update_organization", /\d/),
      });
      await context.close();
    },
    { scope: "worker" },
  ],
});

// The pages do not know of each other, and are many: all workers share them.
test.describe.configure({ mode: "parallel" });

type Path = (places: Places) => string;

const pages: [name: string, path: Path][] = [
  ["home", () => "/admin"],
  ["organizations", () => "/admin/organizations"],
  ["organizations, none matching", () => "/admin/organizations?q=nothing+is+called+this"],
  ["new organization", () => "/admin/organizations/new"],
  ["organization", ({ organization }) => organization],
  ["organization's members", ({ organization }) => `${organization}/members?size=25`],
  ["organization's API applications", ({ organization }) => `${organization}/clients`],
  ["organization's teams", ({ organization }) => `${organization}/teams`],
  // The default team's id is made of the organization's.
  ["team", ({ organization }) => `${organization}/teams/${organization.split("/").at(-1)?.replace("org_", "tea_")}?size=25`],
  ["organization's new members", ({ organization }) => `${organization}/members/new`],
  ["organization's invitations", ({ organization }) => `${organization}/invitations?size=25`],
  ["webhooks", () => "/admin/webhooks"],
  ["organization's webhooks", ({ organization }) => `${organization}/webhooks`],
  ["mail", () => "/admin/mail?size=25"],
  ["organization's applications", ({ organization }) => `${organization}/apps`],
  ["organization's roles in an application", ({ organization, application }) => `${organization}/apps/${application.split("/").at(-1)}`],
  ["organization's roles", ({ organization }) => `${organization}/roles`],
  ["organization's domains", ({ organization }) => `${organization}/domains`],
  ["organization's audit", ({ organization }) => `${organization}/audit?size=25`],
  ["organization's settings", ({ organization }) => `${organization}/settings`],
  ["member", ({ member }) => member],
  ["member's access", ({ member }) => `${member}/access`],
  ["member's sessions", ({ member }) => `${member}/sessions`],
  ["member's activity", ({ member }) => `${member}/activity`],
  ["applications", () => "/admin/applications"],
  ["new application", () => "/admin/applications/new"],
  ["application", ({ application }) => application],
  ["application's clients", ({ application }) => `${application}/clients`],
  ["application's roles", ({ application }) => `${application}/roles`],
  ["application's role groups", ({ application }) => `${application}/role-groups`],
  ["application's organizations", ({ application }) => `${application}/organizations`],
  ["users", () => "/admin/users?size=25"],
  ["new user", () => "/admin/users/new"],
  ["user", ({ user }) => user],
  ["user's sessions", ({ user }) => `${user}/sessions`],
  ["audit", () => "/admin/audit?size=25"],
  ["change", ({ record }) => record],
  ["settings", () => "/admin/settings"],
  ["mail templates", () => "/admin/settings/mail-templates"],
  ["mail template", () => "/admin/settings/mail-templates/invitation/de"],
  ["account", () => "/account"],
  ["my addresses", () => "/account/emails"],
  ["my password", () => "/account/password"],
  ["my second factors", () => "/account/security"],
  ["my sessions", () => "/account/sessions"],
  ["my organizations", () => "/account/organizations"],
  ["my requested organizations", () => "/account/registrations"],
  ["my preferences", () => "/account/preferences"],
  ["verify an address", () => "/account/verify/nothing"],
];

function expectEach(all: [name: string, path: Path][]): void {
  for (const [name, path] of all) {
    test(name, async ({ page, places }) => {
      const response = await open(page, path(places));
      expect(response?.status()).toBe(200);
      const heading = page.getByRole("heading", { level: 1 });
      await expect(heading).toHaveCount(1);
      await expect(heading).toBeVisible();
      await expect(page).toHaveTitle(/^.+ · Guildhall$/);
      await expect(page.getByRole("status").filter({ hasText: "Loading…" })).toHaveCount(0);
      await expectFits(page);
      if (!isPhone()) await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
      await expectAccessible(page);
    });
  }
}

expectEach(pages);

test("the row of tabs begins at the current one", async ({ page, places }) => {
  for (const tab of ["settings", "audit", ""]) {
    await open(page, `${places.organization}/${tab}`.replace(/\/$/, ""));
    await expect(page.locator(".tabs__tab[aria-current]")).toBeInViewport({ ratio: 0.95 });
    await expectFits(page);
  }
});

const inPortal = (path: string): string => path.replace("/admin/organizations/", "/org/");

test.describe("in an organization's own portal", () => {
  test.use({ who: "organizationAdmin" });

  expectEach([
    ["portal", ({ organization }) => inPortal(organization)],
    ["portal's members", ({ organization }) => `${inPortal(organization)}/members?size=25`],
    ["portal's members, none matching", ({ organization }) => `${inPortal(organization)}/members?q=nobody+is+called+this`],
    ["portal's new members", ({ organization }) => `${inPortal(organization)}/members/new`],
    ["portal's member", ({ member }) => inPortal(member)],
    ["portal's member's access", ({ member }) => `${inPortal(member)}/access`],
    ["portal's member's activity", ({ member }) => `${inPortal(member)}/activity`],
    ["portal's teams", ({ organization }) => `${inPortal(organization)}/teams`],
    ["portal's invitations", ({ organization }) => `${inPortal(organization)}/invitations?size=25`],
    ["portal's roles", ({ organization }) => `${inPortal(organization)}/roles`],
    ["portal's applications", ({ organization }) => `${inPortal(organization)}/applications`],
    ["portal's domains", ({ organization }) => `${inPortal(organization)}/domains`],
    ["portal's audit", ({ organization }) => `${inPortal(organization)}/audit?size=25`],
    ["portal's settings", ({ organization }) => `${inPortal(organization)}/settings`],
    ["account of an organization's administrator", () => "/account/organizations"],
  ]);
});

test.describe("for who administers several organizations", () => {
  test.use({ who: "adminOfTwo" });

  expectEach([["choose an organization", () => "/org"]]);
});

const refusals: [name: string, path: string, heading: string][] = [
  ["no such page", "/admin/nothing/here", "Page not found"],
  ["no such page anywhere", "/nothing/here", "Page not found"],
  ["no such organization", "/admin/organizations/org_nothing", "Not found"],
  ["no such member", "/admin/organizations/org_nothing/members/nobody", "Not found"],
  ["no such application", "/admin/applications/nothing", "Not found"],
  ["no such user", "/admin/users/nobody", "Not found"],
  ["no such change", "/admin/audit/nothing", "Not found"],
  ["no such invitation", "/invite/nonsense", "This link leads nowhere"],
];

for (const [name, path, words] of refusals) {
  test(name, async ({ page, guard }) => {
    guard.allow(/status of 404/);
    const response = await open(page, path);
    expect(response?.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words);
    // Within the navigation: from there they find the way on.
    if (!isPhone() && !path.startsWith("/invite/")) await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
    await expectFits(page);
    await expectAccessible(page);
  });
}

test.describe("without a session", () => {
  test.use({ who: "nobody" });

  test("sign-in", async ({ page }) => {
    await open(page, "/signin");
    await expect(page).toHaveTitle("Sign in · Guildhall");
    await expectFits(page);
    await expectAccessible(page);
  });

  test("forgotten password", async ({ page }) => {
    for (const [path, heading] of [["/forgot", "Forgotten password"], ["/forgot/sent", "Look into your mailbox"]] as const) {
      await open(page, path);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
      await expectFits(page);
      await expectAccessible(page);
    }
  });

  test("a dead link to a new password", async ({ page, guard }) => {
    guard.allow(/status of 410/);
    const response = await open(page, "/reset/nothing");
    expect(response?.status()).toBe(410);
    await expect(page.getByRole("link", { name: "Ask for another link" })).toBeVisible();
    await expectFits(page);
    await expectAccessible(page);
  });

  test("a used link to the first set-up", async ({ page, guard }) => {
    guard.allow(/status of 410/);
    const response = await open(page, "/setup/nothing");
    expect(response?.status()).toBe(410);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Set up Guildhall");
    await expect(page.getByText("This link was used")).toBeVisible();
    await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
    await expectFits(page);
    await expectAccessible(page);
  });
});

test.describe("without the rights", () => {
  test.use({ who: "organizationAdmin" });

  test("not for you", async ({ page, guard }) => {
    guard.allow(/status of 403/);
    await open(page, "/admin");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("This part is for administrators");
    await expectFits(page);
    await expectAccessible(page);
  });

  test("somebody else's portal", async ({ page, guard }) => {
    guard.allow(/status of 404/);
    const response = await open(page, "/org/org_01h00000000000000000000000");
    expect(response?.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no such organization for you");
    await expectFits(page);
    await expectAccessible(page);
  });
});

test("an organization's portal is not the tenant's", async ({ page, guard, places }) => {
  guard.allow(/status of 403/);
  const response = await open(page, inPortal(places.organization));
  expect(response?.status()).toBe(403);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This is the organization's own portal");
  await page.getByRole("link", { name: "Open in the Admin Portal" }).click();
  await expect(page).toHaveURL(places.organization);
});
