import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser, noBrowserReason } from "./helpers/browser.ts";
import { buildRenderer } from "./helpers/build-renderer.ts";
import { type OpenedPage, openPage } from "./helpers/open-page.ts";
import { type ScriptedServer, startScriptedServer } from "./helpers/scripted-server.ts";

const reason = noBrowserReason();

describe.skipIf(reason)(`the scripts that people load${reason ? ` (skipped: ${reason})` : ""}`, () => {
  let browser: Browser;
  let core: ScriptedServer;
  let opened: OpenedPage;
  beforeAll(async () => {
    const [built, launched] = await Promise.all([buildRenderer({ production: true }), launchBrowser()]);
    browser = launched;
    core = await startScriptedServer(built);
    opened = await openPage(browser, core.server.createLink());
    await opened.page.getByLabel("Your question").waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await core?.server.close(0);
  });

  test("everything loaded before the first interaction is at most 260 kB of gzipped JavaScript", () => {
    const bytes = [...opened.scripts.values()].map((script) => gzipSync(script).length);
    expect(bytes.length).toBeGreaterThan(1);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(260_000);
  });

  test("no workspace loads a schema library: it makes functions from text, which the policy of a page forbids", async () => {
    const { page, scripts, problems } = opened;
    for (const place of ["Knowledge", "Models", "Settings"]) await page.getByRole("link", { name: place, exact: true }).click();
    await page.getByText("Passages that a search returns").waitFor();
    const withSchemas = [...scripts].filter(([, script]) => /_zod\b|jitless/.test(script.toString("utf8")));
    expect(withSchemas.map(([address]) => address)).toEqual([]);
    expect(problems).toEqual([]);
  });
});
