import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { jobEnd } from "../helpers/job-end.ts";
import { archiveBroken, archiveFiles, makeArchive } from "./helpers/archive-folder.ts";
import { findingsInBothThemes } from "./helpers/axe.ts";
import { launchBrowser, noBrowserReason } from "./helpers/browser.ts";
import { buildRenderer } from "./helpers/build-renderer.ts";
import { type OpenedPage, openPage } from "./helpers/open-page.ts";
import { type RealServer, startRealServer } from "./helpers/real-server.ts";
import { sidewaysScroll } from "./helpers/sideways-scroll.ts";
import { focusedName, tabTo } from "./helpers/tab-to.ts";

const reason = noBrowserReason();
const patience = { timeout: 60_000 };

describe.skipIf(reason)(`a collection of ${archiveFiles} documents over the real core${reason ? ` (skipped: ${reason})` : ""}`, () => {
  let browser: Browser;
  let server: RealServer;
  let folder: string;
  let models: string;
  let opened: OpenedPage;

  beforeAll(async () => {
    const built = await buildRenderer();
    // Without a model words alone are indexed, which is all that a table of documents needs.
    models = await mkdtemp(join(tmpdir(), "croft-no-models-"));
    [browser, server, folder] = await Promise.all([launchBrowser(), startRealServer(built, { models }), makeArchive()]);
    const { jobId } = await server.client.knowledge.addSources({ collection: "Archive", paths: [folder] });
    expect(await jobEnd(server.client, jobId)).toMatchObject({ state: "done" });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    for (const made of [folder, models]) if (made) await rm(made, { recursive: true, force: true });
  });
  afterEach(async ({ task }) => {
    const { page, problems } = opened;
    if (task.result?.state === "fail") await page.screenshot({ path: `out/e2e-failures/${task.id}.png` });
    await opened.close();
    expect(problems).toEqual([]);
  });

  // Catches: a table that draws every row, a file that no key reaches, a failure among thousands that nobody finds.
  test("is gone through with the keyboard alone: to its end, by name, by state, by words", async () => {
    opened = await openPage(browser, server.createLink());
    const { page } = opened;
    const press = (keys: string) => page.keyboard.press(keys);
    await press("Control+2");
    const grid = page.getByRole("grid", { name: "Files of Archive" });
    await expect.poll(() => grid.getAttribute("aria-rowcount"), patience).toBe(String(archiveFiles + 1));
    expect(await findingsInBothThemes(page)).toEqual([]);
    await expect.poll(() => sidewaysScroll(page)).toBeLessThanOrEqual(0);
    await expect.poll(() => grid.getByRole("row").count()).toBeLessThan(80);

    await tabTo(page, "Files of Archive");
    await press("End");
    await grid.locator(`[role=row][aria-rowindex="${archiveFiles + 1}"]`).waitFor();
    await press("Home");
    await grid.locator('[role=row][aria-rowindex="2"]').waitFor();

    await press("/");
    await page.keyboard.type("letter-2718");
    await expect.poll(() => grid.getAttribute("aria-rowcount")).toBe("2");
    await tabTo(page, "Files of Archive");
    await press("Enter");
    await page.getByRole("region", { name: "Text of the document" }).getByText("berth 2718").waitFor(patience);
    await press("Escape");
    await page.getByRole("complementary", { name: "Source reader" }).waitFor({ state: "detached" });
    await expect.poll(() => focusedName(page)).toBe("Files of Archive");
    await press("/");
    await press("Control+a");
    await press("Delete");

    await tabTo(page, /^\d+\s*failed/i);
    const failed = Number.parseInt(await focusedName(page), 10);
    expect(failed).toBeGreaterThanOrEqual(archiveBroken);
    await press("Enter");
    await expect.poll(() => grid.getAttribute("aria-rowcount")).toBe(String(failed + 1));
    await grid.getByRole("row", { name: /Failed scan-8\.pdf/ }).waitFor();
    expect(await findingsInBothThemes(page)).toEqual([]);

    // A row of tabs is one stop; arrows go along it.
    await page.getByRole("tab", { selected: true }).focus();
    await expect.poll(async () => (await focusedName(page)) === "Search" || (await press("ArrowRight"), false)).toBe(true);
    await press("Enter");
    await tabTo(page, "Search in Archive");
    await page.keyboard.type("berth 1414");
    await press("Enter");
    await page.getByRole("list", { name: "Passages" }).getByText("berth 1414").first().waitFor(patience);
  });
});
