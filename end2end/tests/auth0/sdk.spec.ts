// The official Node SDK against the Auth0-compatible API: every call that it has for it, and every error.

import { randomUUID } from "node:crypto";
import { OrganizationsClient } from "auth0/organizations";
import { RolesClient } from "auth0/roles";
import { UsersClient } from "auth0/users";
import { Server } from "../../fixtures/server.ts";
import { expect, test } from "../../fixtures/test.ts";

const CONNECTION = "Username-Password-Authentication";
const NOBODY = "org_0000000000000000";

interface Backend {
  server: Server;
  clientId: string;
  clientSecret: string;
}

async function backend(settings: NodeJS.ProcessEnv): Promise<Backend> {
  const server = await Server.start(settings);
  const made = JSON.parse(await server.command("client", "add", "--name", "SDK", "--kind", "management", "--json"));
  return { server, clientId: made.client_id, clientSecret: made.client_secret };
}

async function tokenOf({ server, clientId, clientSecret }: Backend, scope?: string): Promise<string> {
  const answer = await fetch(`${server.url}/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      audience: `${server.url}/api/v2/`,
      scope,
    }),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()).access_token;
}

async function clients(of: Backend, scope?: string) {
  const options = { baseUrl: `${of.server.url}/api/v2`, token: await tokenOf(of, scope) };
  return {
    organizations: new OrganizationsClient(options),
    roles: new RolesClient(options),
    users: new UsersClient(options),
  };
}

async function all<T>(pages: Promise<AsyncIterable<T>>): Promise<T[]> {
  const rows: T[] = [];
  for await (const row of await pages) rows.push(row);
  return rows;
}

/** Expects the SDK's exception with the body that the reference has. */
async function refused(call: PromiseLike<unknown>, statusCode: number, message?: string, errorCode?: string): Promise<void> {
  let caught: { statusCode?: number; body?: { statusCode: number; message: string; errorCode?: string } } | undefined;
  try {
    await call;
  } catch (error) {
    caught = error as typeof caught;
  }
  expect(caught?.statusCode).toBe(statusCode);
  expect(caught?.body?.statusCode).toBe(statusCode);
  if (message) expect(caught?.body?.message).toContain(message);
  if (errorCode) expect(caught?.body?.errorCode).toBe(errorCode);
}

const databases: [name: string, settings: NodeJS.ProcessEnv][] = [["SQLite", {}]];
// Beside the demonstration there is an empty database, which `cargo xtask test` starts.
const postgres = process.env.GUILDHALL_E2E_POSTGRES_URL;
if (postgres) databases.push(["PostgreSQL", { GUILDHALL_DATABASE_URL: postgres }]);
for (const [name, settings] of databases) test.describe(`the Node SDK on ${name}`, () => journeys(settings));

function journeys(settings: NodeJS.ProcessEnv): void {
  let own: Backend;
  test.setTimeout(180_000);
  test.beforeAll(async () => {
    own = await backend({ ...settings, GUILDHALL_RATE_LIMIT: "off" });
  });
  test.afterAll(() => own.server.stop());
  test.beforeEach(() => test.skip(test.info().project.name !== "hydrated", "no browser has a part in it"));

  test("organizations", async () => {
    const { organizations: api } = await clients(own);
    const before = (await all(api.list({ take: 100 }))).map((it) => it.id);
    const made: string[] = [];
    for (let n = 0; n < 250; n++) made.push((await api.create({ name: `node-${n}`, display_name: `Node ${n}` })).id!);
    const listed = (await all(api.list())).map((it) => it.id!);
    expect(listed.filter((id) => !before.includes(id)).sort()).toEqual([...made].sort());
    expect((await api.get(made[0])).display_name).toBe("Node 0");
    expect((await api.getByName("node-0")).id).toBe(made[0]);
    const branding = { logo_url: "https://acme.example/logo.png", colors: { primary: "#0059d6", page_background: "#ffffff" } };
    const changed = await api.update(made[0], { display_name: "Renamed", metadata: { plan: "gold" }, branding });
    expect(changed).toMatchObject({ display_name: "Renamed", metadata: { plan: "gold" }, branding });
    await refused(api.create({ name: "node-0" }), 409, "An organization with this name already exists.");
    await refused(api.create({ name: "Not A Name" }), 400, "Payload validation error: '", "invalid_body");
    await refused(api.list({ take: 101 }), 400, "Query validation error: '", "invalid_query_string");
    await refused(api.get("x"), 400, "Path validation error: '", "invalid_uri");
    await refused(api.get(NOBODY), 404, "No organization found by that id or name");
    await refused(api.getByName("nobody"), 404, "No organization found by that id or name");
    for (const id of made) await api.delete(id);
    expect((await all(api.list())).map((it) => it.id).sort()).toEqual([...before].sort());
  });

  test("members and their roles", async () => {
    const { organizations: api, roles, users } = await clients(own);
    const organization = (await api.create({ name: "node-members" })).id!;
    const people: string[] = [];
    for (let n = 0; n < 1200; n++) {
      const made = await users.create({ connection: CONNECTION, email: `node${n}@example.com`, name: `Person ${n}` });
      people.push(made.user_id!);
    }
    for (let at = 0; at < people.length; at += 10) {
      await api.members.create(organization, { members: people.slice(at, at + 10) });
    }
    const listed = (await all(api.members.list(organization, { take: 100 }))).map((it) => it.user_id!);
    expect([...listed].sort()).toEqual([...people].sort());
    const made: string[] = [];
    for (const n of [1, 2, 3]) made.push((await roles.create({ name: `Node ${n}`, description: `Role ${n}` })).id!);
    await api.members.roles.assign(organization, people[0], { roles: made });
    const given = (await all(api.members.roles.list(organization, people[0], { per_page: 2 }))).map((it) => it.id);
    expect(given.sort()).toEqual([...made].sort());
    const effective = await all(api.members.effectiveRoles.list(organization, people[0], { take: 2 }));
    expect(effective.map((it) => it.id).sort()).toEqual([...made].sort());
    expect(effective[0].sources).toEqual(["direct"]);
    await api.members.roles.delete(organization, people[0], { roles: made.slice(0, 2) });
    expect((await all(api.members.roles.list(organization, people[0]))).map((it) => it.id)).toEqual(made.slice(2));
    expect((await all(users.organizations.list(people[0]))).map((it) => it.id)).toEqual([organization]);
    await refused(api.members.create(organization, { members: people.slice(0, 11) }), 400, "members", "invalid_body");
    await refused(api.members.roles.assign(organization, people[0], { roles: [] }), 400, "roles", "invalid_body");
    await refused(api.members.list(NOBODY), 404, "No organization found by that id or name");
    await api.members.delete(organization, { members: people.slice(0, 10) });
    expect(await all(api.members.list(organization, { take: 100 }))).toHaveLength(1190);
    await api.delete(organization);
  });

  test("invitations, connections and domains", async () => {
    const { organizations: api, roles } = await clients(own);
    const organization = (await api.create({ name: "node-others" })).id!;
    const role = (await roles.create({ name: "Node guest" })).id!;
    const { client_id } = await applicationClient(own);
    const ask = { inviter: { name: "Ada Lovelace" }, invitee: { email: "node-guest@example.com" }, client_id };
    const invitation = await api.invitations.create(organization, {
      ...ask,
      roles: [role],
      ttl_sec: 3600,
      send_invitation_email: false,
      user_metadata: { a: 1 },
    });
    expect(invitation.id).toMatch(/^uinv_/);
    expect(invitation.invitation_url).toBeTruthy();
    expect((await all(api.invitations.list(organization))).map((it) => it.id)).toEqual([invitation.id]);
    expect(await api.invitations.get(organization, invitation.id!)).toMatchObject({ ...ask, roles: [role] });
    await api.invitations.delete(organization, invitation.id!);
    await refused(api.invitations.get(organization, invitation.id!), 404, "The invitation does not exist.", "inexistent_invitation");
    await refused(api.invitations.list(NOBODY), 404, "No organization found by that id.");

    const connection_id = "con_00000000000000000000000001";
    await api.enabledConnections.add(organization, { connection_id, assign_membership_on_login: false });
    expect((await all(api.enabledConnections.list(organization))).map((it) => it.connection_id)).toEqual([connection_id]);
    await api.enabledConnections.update(organization, connection_id, { show_as_button: false });
    expect((await api.enabledConnections.get(organization, connection_id)).show_as_button).toBe(false);
    await api.enabledConnections.delete(organization, connection_id);
    await refused(api.enabledConnections.get(organization, connection_id), 404, "No connection found by that id");

    const domain = await api.discoveryDomains.create(organization, { domain: "node.invalid" });
    expect(domain.status).toBe("pending");
    expect((await all(api.discoveryDomains.list(organization))).map((it) => it.id)).toEqual([domain.id]);
    expect((await api.discoveryDomains.get(organization, domain.id)).domain).toBe("node.invalid");
    await api.discoveryDomains.update(organization, domain.id, { use_for_organization_discovery: false });
    await refused(api.discoveryDomains.create(organization, { domain: "node.invalid" }), 409);
    await api.discoveryDomains.delete(organization, domain.id);
    await refused(api.discoveryDomains.get(organization, domain.id), 404);
    await api.delete(organization);
    await roles.delete(role);
    await refused(roles.get(role), 404);
  });

  test("each error of the reference", async () => {
    const { organizations: api, roles, users } = await clients(own);
    const organization = (await api.create({ name: "node-errors" })).id!;
    const person = (await users.create({ connection: CONNECTION, email: "node-errors@example.com" })).user_id!;
    const role = (await roles.create({ name: "Node errors" })).id!;
    const nobody = "auth0|01h00000000000000000000000";
    const connection_id = "con_01h00000000000000000000000";
    const noOrganization = "No organization found by that id or name";
    const noConnection = "No connection found by that id";
    const noMember = "The user is not a member of this organization.";
    const errors: [call: () => PromiseLike<unknown>, status: number, message?: string, code?: string][] = [
      [() => api.update(organization, { name: "Not A Name" }), 400, "on property name.", "invalid_body"],
      [() => api.update(NOBODY, { display_name: "x" }), 404, noOrganization],
      [() => api.delete(NOBODY), 404, noOrganization],
      [() => api.members.create(organization, { members: [nobody] }), 400, "on property members[0].", "invalid_body"],
      [() => api.members.create(NOBODY, { members: [person] }), 404, noOrganization],
      [() => api.members.delete(organization, { members: ["x"] }), 400, "on property members[0].", "invalid_body"],
      [() => api.members.list(organization, { take: 101 }), 400, "on property take.", "invalid_query_string"],
      [() => api.members.roles.list(organization, person), 404, noMember],
      [() => api.members.roles.assign(organization, person, { roles: [role] }), 404, noMember],
      [() => api.members.roles.delete(organization, person, { roles: [role] }), 404, noMember],
      [() => api.members.effectiveRoles.list(organization, person), 404, noMember],
      [() => api.enabledConnections.add(organization, { connection_id }), 404, noConnection],
      [() => api.enabledConnections.update(organization, connection_id, { show_as_button: false }), 404, noConnection],
      [() => api.enabledConnections.delete(organization, connection_id), 404, noConnection],
      [() => api.discoveryDomains.list(NOBODY), 404, noOrganization],
      [() => roles.create({ name: "Node errors" }), 409],
      [() => users.create({ connection: CONNECTION, email: "node-errors@example.com" }), 409],
      [() => users.update(nobody, { given_name: "x" }), 404, "The user does not exist."],
    ];
    for (const [call, status, message, code] of errors) await refused(call(), status, message, code);
    await api.delete(organization);
    await users.delete(person);
    await roles.delete(role);
  });

  test("tokens that do not open this API", async () => {
    const as = (token: string) => new OrganizationsClient({ baseUrl: `${own.server.url}/api/v2`, token });
    const token = await tokenOf(own);
    const signature = token.lastIndexOf(".") + 1;
    const forged = token.slice(0, signature) + [...token.slice(signature)].reverse().join("");
    await refused(as(forged).list(), 401, "Invalid signature received for JSON Web Token validation");
    const { client_id, client_secret } = await applicationClient(own);
    const answer = await fetch(`${own.server.url}/oauth/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ grant_type: "client_credentials", client_id, client_secret }),
    });
    expect(answer.status).toBe(200);
    const { access_token: ofApplication } = await answer.json();
    await refused(as(ofApplication).list(), 401, "Client is not global.");
  });

  test("what a token may not do, and a burst", async () => {
    const narrow = await clients(own, "create:organization_members");
    await refused(
      narrow.organizations.list(),
      403,
      "Insufficient scope, expected any of: read:organizations",
      "insufficient_scope",
    );
    // Giving roles is one thing, deciding which an organization gives another.
    const { organizations: api, roles, users } = await clients(own);
    const organization = (await api.create({ name: "node-scopes" })).id!;
    const person = (await users.create({ connection: CONNECTION, email: "node-scopes@example.com" })).user_id!;
    await api.members.create(organization, { members: [person] });
    const role = (await roles.create({ name: "Node scopes" })).id!;
    const give = async (scope: string) =>
      (await clients(own, scope)).organizations.members.roles.assign(organization, person, { roles: [role] });
    await refused(
      give("create:organization_member_roles"),
      403,
      "Insufficient scope, expected any of: update:organizations",
      "insufficient_scope",
    );
    await give("create:organization_member_roles update:organizations");
    await give("create:organization_member_roles");
    await api.delete(organization);
    await users.delete(person);
    await roles.delete(role);
    const nobody = new OrganizationsClient({ baseUrl: `${own.server.url}/api/v2`, token: "nonsense" });
    await refused(nobody.list(), 401, "Invalid token");
    const limited = await backend({ GUILDHALL_RATE_LIMIT: "5/s" });
    try {
      const options = { baseUrl: `${limited.server.url}/api/v2`, token: await tokenOf(limited), maxRetries: 5 };
      const api = new OrganizationsClient(options);
      // More than there are at once: the SDK is refused, waits as the headers say, and gets through.
      const statuses: number[] = [];
      const untouched = globalThis.fetch;
      globalThis.fetch = async (...asked) => {
        const answer = await untouched(...asked);
        statuses.push(answer.status);
        return answer;
      };
      try {
        for (let n = 0; n < 40; n++) await api.list({ take: 1 });
      } finally {
        globalThis.fetch = untouched;
      }
      expect(statuses.filter((status) => status === 200)).toHaveLength(40);
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
      // Without patience the refusal is an exception.
      const impatient = new OrganizationsClient({ ...options, maxRetries: 0 });
      const rush = async () => {
        for (let n = 0; n < 100; n++) await impatient.list({ take: 1 });
      };
      await refused(rush(), 429, "Too many requests.");
    } finally {
      await limited.server.stop();
    }
  });
}

/** A client of an application that organizations use. */
async function applicationClient({ server, clientId, clientSecret }: Backend): Promise<{ client_id: string; client_secret: string }> {
  const token = await tokenOf({ server, clientId, clientSecret });
  const ask = async (path: string, body: object) => {
    const answer = await fetch(`${server.url}/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(201);
    return (await answer.json()).result;
  };
  const app = await ask("/applications", { name: `Node SDK ${randomUUID()}` });
  return ask(`/applications/${app.app_id}/clients`, { name: "Node SDK" });
}
