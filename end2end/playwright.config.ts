import { defineConfig, devices } from "@playwright/test";

const report = process.env.GUILDHALL_E2E_REPORT;
const desktop = devices["Desktop Chrome"];

export default defineConfig({
  testDir: "./tests",
  // A browser on a busy machine: what fails three times is broken.
  retries: process.env.CI ? 2 : 0,
  globalSetup: "./fixtures/template.ts",
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  // Tests of one file share their worker's server and run in order; files run beside each other.
  workers: process.env.CI ? 2 : undefined,
  reporter: report ? [["list"], ["json", { outputFile: report }]] : [["list"]],
  use: {
    screenshot: "only-on-failure",
    launchOptions: {
      // The system's browser: Playwright's own is downloaded from a host that closed networks do not reach.
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "hydrated", use: { ...desktop } },
    { name: "noscript", use: { ...desktop, javaScriptEnabled: false } },
    {
      name: "phone",
      // How pages look there, and the journeys that the frame and the longest forms are part of.
      testMatch: ["pages/**", "shell/**", "portal/**", "members/member.spec.ts", "auth/**"],
      use: { ...desktop, viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
    },
  ],
});
