import { defineConfig, devices } from "@playwright/test";
import { NEXT } from "./bin/ensure-build.mjs";
import { findBrowser } from "./bin/find-browser.mjs";

/** Away from 3000, so that a site being looked at and one being tested never meet. */
const port = Number(process.env["JOURNEY_PORT"] ?? 3170);
const executablePath = findBrowser();

/** Chromium's own sandbox cannot start as root, nor in containers without user namespaces. */
const needsNoSandbox = process.getuid?.() === 0 || process.env["CHROMIUM_NO_SANDBOX"] !== undefined;

export default defineConfig({
  testDir: "tests/browser",
  outputDir: "test-results",
  forbidOnly: process.env["CI"] !== undefined,
  fullyParallel: true,
  workers: 2,
  // Compiling and running a lesson beside another browser on two cores.
  timeout: 180_000,
  expect: { timeout: 15_000 },
  reporter: "list",
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    locale: "en-GB",
    trace: "retain-on-failure",
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        ...(needsNoSandbox ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [{ name: "chromium", use: { ...devices["Desktop Chrome"] } }],
  webServer: {
    command: `"${process.execPath}" ${NEXT} start -H 127.0.0.1 -p ${port}`,
    url: `http://127.0.0.1:${port}`,
    // After a rebuild an old server answers 404 for the new files, and the editor never appears.
    reuseExistingServer: false,
    timeout: 60_000,
    env: { NEXT_TELEMETRY_DISABLED: "1" },
  },
});
