import { expect, expectAccessible, test } from "../fixtures/test.ts";

test("the front page answers and says what this is", async ({ page }) => {
  const response = await page.goto("/");
  expect(response?.status()).toBe(200);
  await expect(page).toHaveTitle(/Guildhall/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

test("the front page is accessible in light and dark", async ({ page }) => {
  await page.goto("/");
  await expectAccessible(page);
});
