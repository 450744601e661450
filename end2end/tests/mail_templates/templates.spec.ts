// What mails say: edited with a preview, refused where it would break, really sent, and taken back.

import type { FrameLocator, Page } from "@playwright/test";
import { mailTo } from "../../fixtures/mail.ts";
import { ask, expectErrorAt, expectHeading, expectToast, open, row, slug, unique } from "../../fixtures/steps.ts";
import { expect, hydrated, scriptsAreOff, test } from "../../fixtures/test.ts";

const list = "/admin/settings/mail-templates";
const preview = (page: Page): FrameLocator => page.frameLocator("iframe[title=Preview]");
const fields = (page: Page) => ({
  subject: page.getByRole("textbox", { name: /^Subject/ }),
  text: page.getByRole("textbox", { name: /^Text/ }),
  html: page.getByRole("textbox", { name: /^HTML/ }),
});

/** With scripts, the preview follows what is typed by itself. */
async function show(page: Page): Promise<void> {
  if (scriptsAreOff()) await page.getByRole("button", { name: "Preview" }).click();
}

async function sendTestMail(page: Page): Promise<string> {
  const address = `${slug(unique("Somebody"))}@people.example`;
  await ask(page, "POST", "/mails/test", { to: address });
  return address;
}

test("a mail gets words of its own, is sent in them, and is reset", async ({ page, mailDir }) => {
  await open(page, "/admin/settings");
  await page.getByRole("link", { name: /^Mail templates/ }).first().click();
  await expect(page).toHaveURL(list);
  await hydrated(page);
  await expect(row(page, "Test (English)")).toContainText("Default");
  await page.getByRole("link", { name: "Test (English)", exact: true }).click();
  await expectHeading(page, "Test (English)");
  await expect(preview(page).getByRole("heading", { level: 1 })).toHaveText(/^Test mail from /);

  const words = unique("Good news");
  await fields(page).subject.fill(`${words} from {{ tenant }}`);
  await fields(page).text.fill("It works, says {{ sent_by }}.");
  await fields(page).html.fill('<p style="color: rgb(200, 0, 0)">It works, says {{ sent_by }}.</p>');
  await show(page);
  await expect(preview(page).getByRole("heading", { level: 1 })).toHaveText(new RegExp(`^${words} from `));
  await expect(preview(page).locator("pre")).toHaveText("It works, says Ada Lovelace.");
  const shown = preview(page).frameLocator("iframe[title=HTML]").getByText("It works, says Ada Lovelace.");
  await expect(shown).toHaveCSS("color", "rgb(200, 0, 0)");

  await page.getByRole("button", { name: "Save" }).click();
  await expectToast(page, "Test (English) was saved");
  await expect(page).toHaveURL(list);
  await expect(row(page, "Test (English)")).toContainText("Your own");
  const mail = await mailTo(mailDir, await sendTestMail(page));
  expect(mail).toContain(words);
  expect(mail).toContain("It works, says");

  await open(page, `${list}/test/en`);
  await expect(fields(page).subject).toHaveValue(`${words} from {{ tenant }}`);
  await page.getByRole("button", { name: "Reset to the default…" }).click();
  const dialog = page.getByRole("dialog", { name: "Reset to the default?" });
  await dialog.getByRole("button", { name: "Reset to the default" }).click();
  await expectToast(page, "Test (English) has its default words again");
  await expect(row(page, "Test (English)")).toContainText("Default");
  expect(await mailTo(mailDir, await sendTestMail(page))).not.toContain(words);

  // What it said is still there.
  await open(page, `${list}/test/en`);
  await expect(row(page, "Back to the default").first()).toBeVisible();
  await row(page, words).getByRole("link").click();
  await hydrated(page);
  await expect(page.getByText(/^This is version \d+, as it was saved$/)).toBeVisible();
  await expect(fields(page).subject).toHaveValue(`${words} from {{ tenant }}`);
  await expect(preview(page).getByRole("heading", { level: 1 })).toHaveText(new RegExp(`^${words} from `));
});

test("words that would break a mail are refused with their line", async ({ page, guard }) => {
  guard.allow(/status of 4(00|22)/);
  await open(page, `${list}/invitation/en`);
  await expect(page.getByRole("row").filter({ hasText: "{{ link }}" })).toContainText("Must be said in text and HTML.");
  await fields(page).text.fill("Come to {{ organization }}:\n{{ link }}\n{% if app %}");
  await show(page);
  await expect(preview(page).getByText(/line 3: /)).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await expectErrorAt(fields(page).text, /Line 3: /);

  await fields(page).text.fill("Come to {{ organization }}!");
  await page.getByRole("button", { name: "Save" }).click();
  await expectErrorAt(fields(page).text, /Must say \{\{ link \}\} in every case/);
  await fields(page).text.fill("Come to {{ organization }}:\n{{ link }}\n{{ organisation }}");
  await page.getByRole("button", { name: "Save" }).click();
  await expectErrorAt(fields(page).text, /Line 3: organisation is not a variable of this mail/);
});
