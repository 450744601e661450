// Webhooks: an endpoint is added, takes events that its library verifies, and its log says what came of each.

import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { createOrganization, expectErrorAt, expectHeading, expectToast, open, row, slug, unique } from "../../fixtures/steps.ts";
import { expect, expectAccessible, hydrated, test as base } from "../../fixtures/test.ts";

interface Event {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A program that takes events on this machine, and answers as it is told. */
interface Receiver {
  url: string;
  events: Event[];
  status: number;
}

const test = base.extend<{ receiver: Receiver }>({
  receiver: async ({}, use) => {
    const receiver: Receiver = { url: "", events: [], status: 200 };
    const server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8");
      request.on("data", (part) => {
        body += part;
      });
      request.on("end", () => {
        receiver.events.push({ headers: request.headers, body });
        response.writeHead(receiver.status, { "content-type": "text/plain" }).end("taken note of");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    await use(receiver);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },
});

/** What the library makes of an event; it throws where the signature, the time or the headers are wrong. */
function verified(secret: string, { headers, body }: Event): { type: string; timestamp: string; data: Record<string, unknown> } {
  return new Webhook(secret).verify(body, headers as Record<string, string>) as ReturnType<typeof verified>;
}

async function arrived(receiver: Receiver, count: number): Promise<Event> {
  await expect.poll(() => receiver.events.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count);
  const event = receiver.events[count - 1];
  if (!event) throw new Error("no event");
  return event;
}

test("an endpoint of an organization takes what happens there, and its log sends it again", async ({ page, guard, receiver }) => {
  guard.allow(/status of (409|422|400)/);
  const name = unique("Alder Freight");
  const home = await createOrganization(page, name);
  await open(page, `${home}/webhooks`);
  await expect(page.getByRole("heading", { name: "No endpoints yet" })).toBeVisible();
  const url = page.getByRole("textbox", { name: /^URL/ });
  await url.fill("http://10.0.0.1/hook");
  await page.getByRole("button", { name: "Add endpoint" }).click();
  await expectErrorAt(url, /not on the public internet/);
  await url.fill(receiver.url);
  await page.getByRole("button", { name: "Add endpoint" }).click();
  const shown = page.getByRole("textbox", { name: "Webhook secret" });
  await expect(shown).toHaveValue(/^whsec_/);
  const secret = await shown.inputValue();
  await expect(row(page, receiver.url)).toContainText("Enabled");
  await expectAccessible(page);

  // Its own creation is the first thing that happens.
  expect(verified(secret, await arrived(receiver, 1)).type).toBe("create_webhook");
  await page.getByRole("table").getByRole("link", { name: receiver.url }).click();
  await expectHeading(page, receiver.url);
  await hydrated(page);
  await expect(shown).toBeHidden();
  await page.getByRole("button", { name: "Send a test event" }).click();
  await expectToast(page, "A test event is on its way");
  await expect.poll(() => receiver.events.some(({ body }) => body.includes('"type":"ping"'))).toBe(true);
  const ping = receiver.events.find(({ body }) => body.includes('"type":"ping"'));
  if (!ping) throw new Error("no ping");
  const said = verified(secret, ping);
  expect(said.data.organization_id).toBe(home.split("/").at(-1));
  expect(() => new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").verify(ping.body, ping.headers as Record<string, string>)).toThrow();
  const altered = ping.body.replace("ping", "pong");
  expect(() => new Webhook(secret).verify(altered, ping.headers as Record<string, string>)).toThrow();

  // The open log says so by itself.
  const line = row(page, "ping");
  await expect(line).toContainText("Delivered");
  await line.getByRole("link").click();
  await expect(page.getByRole("region", { name: "Body of the event" })).toHaveText(ping.body);
  await expect(page.getByRole("region", { name: "How the answer begins" })).toHaveText("taken note of");
  await hydrated(page);
  await expectAccessible(page);
  const before = receiver.events.filter(({ headers }) => headers["webhook-id"] === ping.headers["webhook-id"]).length;
  await page.getByRole("button", { name: "Send again" }).click();
  await expectToast(page, "The event is sent again");
  await expect
    .poll(() => receiver.events.filter(({ headers }) => headers["webhook-id"] === ping.headers["webhook-id"]).length)
    .toBe(before + 1);
});

test("a new secret signs beside the old one, and a deleted endpoint is gone", async ({ page, receiver }) => {
  await open(page, "/admin/webhooks");
  await page.getByRole("textbox", { name: /^URL/ }).fill(receiver.url);
  const words = slug(unique("for the warehouse"));
  await page.getByRole("textbox", { name: /^Description/ }).fill(words);
  await page.getByRole("button", { name: "Add endpoint" }).click();
  const shown = page.getByRole("textbox", { name: "Webhook secret" });
  await expect(shown).toHaveValue(/^whsec_/);
  const old = await shown.inputValue();
  await row(page, words).getByRole("link").click();
  await expectHeading(page, receiver.url);
  await hydrated(page);
  await page.getByRole("button", { name: "Rotate secret" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Give the endpoint a new secret?" });
  await dialog.getByRole("button", { name: "Rotate secret" }).click();
  await expect(shown).toHaveValue(/^whsec_/);
  const secret = await shown.inputValue();
  expect(secret).not.toBe(old);
  await page.getByRole("button", { name: "Send a test event" }).click();
  await expectToast(page, "A test event is on its way");
  await expect.poll(() => receiver.events.some(({ body }) => body.includes('"type":"ping"'))).toBe(true);
  const ping = receiver.events.find(({ body }) => body.includes('"type":"ping"'));
  if (!ping) throw new Error("no ping");
  expect(verified(secret, ping).type).toBe("ping");
  expect(verified(old, ping).type).toBe("ping");

  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const asked = page.getByRole("dialog", { name: "Delete the endpoint?" });
  await asked.getByRole("button", { name: "Delete endpoint" }).click();
  await expectToast(page, "The endpoint was deleted");
  await expect(page).toHaveURL("/admin/webhooks");
  await expect(row(page, words)).toHaveCount(0);
});
