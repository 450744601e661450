// The ways to sign in that an organization has, on its settings.

import { chooseFromMenu, createOrganization, expectErrorAt, expectToast, open, row, unique } from "../../fixtures/steps.ts";
import { expect, test } from "../../fixtures/test.ts";

const PASSWORDS = "Username-Password-Authentication";

test("a connection is added, changed and removed", async ({ page, guard }) => {
  guard.allow(/status of 4(00|22)/);
  const home = await createOrganization(page, unique("Larkspur Tools"));
  await open(page, `${home}/settings`);
  await expect(page.getByRole("heading", { name: "No connections" })).toBeVisible();

  const add = page.locator("form").filter({ has: page.getByRole("button", { name: "Add connection" }) });
  const choice = add.getByRole("combobox", { name: "Connection" });
  await add.evaluate((form: HTMLFormElement) => {
    form.noValidate = true;
  });
  await add.getByRole("button", { name: "Add connection" }).click();
  await expectErrorAt(choice, /\w/);
  await choice.selectOption(PASSWORDS);
  await expect(add.getByRole("checkbox", { name: /^Has a button/ })).toBeChecked();
  await add.getByRole("checkbox", { name: /^Takes in/ }).check();
  await add.getByRole("button", { name: "Add connection" }).click();
  await expectToast(page, `${PASSWORDS} was added`);
  // It was the only one.
  await expect(page.getByRole("heading", { name: "Add a connection" })).toBeHidden();
  const cells = row(page, PASSWORDS).getByRole("cell");
  await expect(cells.nth(1)).toHaveText("Yes");
  await expect(cells.nth(2)).toHaveText("Yes");
  await expect(cells.nth(3)).toHaveText("No");

  await chooseFromMenu(page, PASSWORDS, "Change…");
  const change = page.getByRole("dialog", { name: `Change ${PASSWORDS}` });
  await change.getByRole("checkbox", { name: /^Takes in/ }).uncheck();
  await change.getByRole("checkbox", { name: /^Lets people sign up/ }).check();
  await change.getByRole("button", { name: "Save connection" }).click();
  await expectToast(page, `${PASSWORDS} was saved`);
  await expect(cells.nth(1)).toHaveText("No");
  await expect(cells.nth(2)).toHaveText("Yes");
  await expect(cells.nth(3)).toHaveText("Yes");
  await open(page, `${home}/settings`);
  await expect(cells.nth(1)).toHaveText("No");
  await expect(cells.nth(3)).toHaveText("Yes");

  await chooseFromMenu(page, PASSWORDS, "Remove…");
  const remove = page.getByRole("dialog", { name: `Remove ${PASSWORDS}?` });
  await expect(remove).toContainText("Its members stay, and sign in as before.");
  await remove.getByRole("button", { name: "Cancel" }).click();
  await expect(row(page, PASSWORDS)).toBeVisible();
  await chooseFromMenu(page, PASSWORDS, "Remove…");
  await remove.getByRole("button", { name: "Remove connection" }).click();
  await expectToast(page, `${PASSWORDS} was removed`);
  await expect(page.getByRole("heading", { name: "No connections" })).toBeVisible();
});
