// The Domains tab: what to put into the DNS, and what it is for. Proving is tried where there is a DNS to try it with.

import {
  chooseFromMenu,
  createOrganization,
  expectErrorAt,
  expectToast,
  open,
  row,
  slug,
  unique,
} from "../../fixtures/steps.ts";
import { expect, hydrated, test } from "../../fixtures/test.ts";

test("a domain is added with the record that proves it, and removed", async ({ page, guard }) => {
  guard.allow(/status of (409|422|400)/);
  const name = unique("Juniper Mills");
  const home = await createOrganization(page, name);
  await open(page, home);
  await page.getByRole("navigation", { name }).getByRole("link", { name: "Domains" }).click();
  await expect(page).toHaveURL(`${home}/domains`);
  await hydrated(page);
  await expect(page.getByRole("heading", { name: "No domains yet" })).toBeVisible();

  const domain = `${slug(name)}.example`;
  const field = page.getByRole("textbox", { name: "Domain", exact: true });
  await field.fill("no domain");
  await page.getByRole("button", { name: "Add domain" }).click();
  await expectErrorAt(field, /\w/);
  await field.fill(domain);
  await page.getByRole("button", { name: "Add domain" }).click();
  await expectToast(page, `${domain} was added. Publish its record next`);
  await expect(row(page, domain)).toContainText("Pending");
  await expect(row(page, domain)).toContainText("Once it is verified");
  await expect(page.getByText(`_guildhall-challenge.${domain}`)).toBeVisible();
  await expect(page.getByText(/^guildhall-domain-verification=[0-9a-f]{40}$/)).toBeVisible();

  await chooseFromMenu(page, domain, "Stop leading people here");
  await expectToast(page, `${domain} leads nobody here any more`);
  await expect(row(page, domain).getByRole("cell", { name: "No", exact: true })).toBeVisible();

  await chooseFromMenu(page, domain, "Remove…");
  const dialog = page.getByRole("dialog", { name: `Remove ${domain}?` });
  await expect(dialog).toContainText("Another organization may prove that it is its own.");
  await dialog.getByRole("button", { name: "Remove domain" }).click();
  await expectToast(page, `${domain} was removed`);
  await expect(page.getByRole("heading", { name: "No domains yet" })).toBeVisible();
});

test("an organization's name in addresses and its colours are changed in its settings", async ({ page, guard }) => {
  guard.allow(/status of 422/);
  const name = unique("Larch Optics");
  const home = await createOrganization(page, name);
  await open(page, `${home}/settings`);
  const address = page.getByRole("textbox", { name: /^Name in addresses/ });
  await expect(address).toHaveValue(slug(name));
  const color = page.getByRole("textbox", { name: /^Colour of buttons/ });
  await color.fill("red");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expectErrorAt(color, /Is not a colour/);
  await address.fill(`${slug(name)}-2`);
  await color.fill("#0059d6");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expectToast(page, `${name} was saved`);
  await open(page, home);
  await expect(page.getByText(`${slug(name)}-2`)).toBeVisible();
  await expect(page.getByText("#0059d6 (primary)")).toBeVisible();
});
