import { access, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findingsInBothThemes } from "./helpers/axe.ts";
import { makeInvoices, runInvoices } from "./helpers/batch-folder.ts";
import { batchScenes } from "./helpers/batch-scenes.ts";
import { launchBrowser, noBrowserReason } from "./helpers/browser.ts";
import { buildRenderer } from "./helpers/build-renderer.ts";
import { type OpenedPage, openPage } from "./helpers/open-page.ts";
import { sidewaysScroll } from "./helpers/sideways-scroll.ts";
import { focusedName, tabTo } from "./helpers/tab-to.ts";
import { type RealServer, startRealServer } from "./helpers/real-server.ts";

const reason = noBrowserReason();
const patience = { timeout: 60_000 };

describe.skipIf(reason)(`batch over the real core, by rules alone${reason ? ` (skipped: ${reason})` : ""}`, () => {
  let browser: Browser;
  let server: RealServer;
  let folder: string;
  let opened: OpenedPage;

  beforeAll(async () => {
    const built = await buildRenderer();
    [browser, server, folder] = await Promise.all([launchBrowser(), startRealServer(built), makeInvoices()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    if (folder) await rm(dirname(folder), { recursive: true, force: true });
  });
  afterEach(async ({ task }) => {
    const { page, problems } = opened;
    if (task.result?.state === "fail") await page.screenshot({ path: `out/e2e-failures/${task.id}.png` });
    await opened.close();
    expect(problems).toEqual([]);
  });

  // Catches: a step that only a mouse can pass, a decision that is lost, an export that writes nothing.
  test("from Input to Export with the keyboard alone", async () => {
    opened = await openApp();
    const { page } = opened;
    const press = (keys: string) => page.keyboard.press(keys);
    await press("Control+3");
    await page.getByRole("heading", { name: "New run" }).waitFor();
    await tabTo(page, "Path of a folder or file to read");
    await page.keyboard.type(folder);
    await press("Enter");
    const report = page.getByRole("region", { name: "What is in the files" });
    await report.waitFor(patience);
    await expect.poll(() => report.innerText()).toMatch(/torn\.pdf/);
    await expect.poll(() => report.innerText()).toMatch(/alder-1002(-copy)?\.pdf = alder-1002(-copy)?\.pdf/);
    await tabTo(page, "Choose the recipe");
    await press("Enter");

    await page.getByRole("heading", { name: "Invoice" }).waitFor(patience);
    await tabTo(page, "Who decides what rules cannot");
    await page.keyboard.type("Rules alone");
    await tabTo(page, "Run");
    await press("Enter");

    const grid = page.getByRole("grid", { name: /Documents of/ });
    await page.getByRole("button", { name: /^Review \d/ }).waitFor(patience);
    await grid.getByRole("row", { name: /To review cedar-9\.pdf/ }).waitFor(patience);
    await page.getByRole("button", { name: /^1 not read/ }).waitFor();
    await tabTo(page, /^Review \d/);
    await press("Enter");

    await page.getByRole("region", { name: "Picture of the page" }).locator("img").waitFor(patience);
    await press("Enter");
    await page.getByRole("button", { name: "Undo" }).and(page.locator(":enabled")).waitFor(patience);
    const end = page.getByRole("heading", { name: "Nothing is left to review" });
    const onward = page.locator("[data-next]");
    for (let documents = 0; documents < 10 && !(await end.isVisible()); documents += 1) {
      // A key that comes while a decision is being kept is not taken.
      const approve = page.locator("[data-approve]:enabled");
      await expect
        .poll(async () => (await onward.isVisible()) || ((await approve.isVisible()) && (await press("Shift+Enter")), false), patience)
        .toBe(true);
      const address = page.url();
      const hasMoved = async () => (await end.isVisible()) || page.url() !== address;
      await expect.poll(async () => (await hasMoved()) || (await press("n"), await hasMoved()), patience).toBe(true);
    }
    await page.getByRole("heading", { name: "Nothing is left to review" }).waitFor(patience);
    await tabTo(page, "Go to Export");
    await press("Enter");
    await tabTo(page, "Path of the file to write");
    await press("Enter");
    const manifest = page.getByRole("region", { name: "Manifest" });
    await manifest.waitFor(patience);
    await expect.poll(() => manifest.innerText()).toMatch(/Documents\s+5[\s\S]*Still to review\s+0[\s\S]*Not read\s+1[\s\S]*Forced\s+no/);
    await access(join(dirname(folder), "invoices-invoice.xlsx"));
    await access(join(dirname(folder), "invoices-invoice.xlsx.manifest.json"));
  });

  // Catches: a correction that is not kept, and one that cannot be taken back.
  test("a value is corrected beside its place on the page, and the correction taken back", async () => {
    const id = await fresh();
    opened = await openApp();
    const { page } = opened;
    await page.goto(page.url().replace(/#.*/, `#/batch/${id}/review`));
    await page.getByRole("button", { name: /cedar-9\.pdf/ }).click();
    // The total of this document: until it is there, that of another has the name.
    await page.getByRole("group", { name: "total: 660" }).focus();
    await page.locator("[data-mark]").first().waitFor(patience);
    await page.keyboard.press("e");
    await expect.poll(() => focusedName(page), patience).toBe("Value of total");
    await page.keyboard.type("600.00");
    await page.keyboard.press("Enter");
    await page.getByRole("group", { name: "total: 600" }).waitFor(patience);
    await page.keyboard.press("z");
    await page.getByRole("group", { name: "total: 660" }).waitFor(patience);
  });

  test("a box drawn with arrow keys reads a field again", async () => {
    const id = await fresh();
    opened = await openApp();
    const { page } = opened;
    await page.goto(page.url().replace(/#.*/, `#/batch/${id}/review`));
    await page.getByRole("button", { name: /cedar-9\.pdf/ }).click();
    await page.getByRole("group", { name: "total: 660" }).focus();
    // The mark is where the box begins.
    await page.locator("[data-mark]").first().waitFor(patience);
    await page.keyboard.press("b");
    await expect.poll(() => focusedName(page), patience).toBe("Box around the value");
    // The box begins at the value; one line up stands the tax.
    for (let up = 0; up < 5; up += 1) await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByLabel("Value of total").inputValue(), patience).toBe("100");
    await page.keyboard.press("Escape");
    await page.getByRole("group", { name: "total: 660" }).waitFor();
  });

  // Catches: what a screen reader cannot name, contrast that is too low, and a page that scrolls sideways.
  test.each(Object.keys(batchScenes))("%s: no serious finding in either theme, and no sideways scroll", async (name) => {
    const id = await fresh();
    opened = await openApp();
    const { page } = opened;
    await batchScenes[name]?.(page, { folder, run: id, client: server.client });
    expect(await findingsInBothThemes(page)).toEqual([]);
    for (const [width, height] of [
      [1024, 700],
      [720, 450],
    ] as const) {
      await page.setViewportSize({ width, height });
      await expect.poll(() => sidewaysScroll(page), { message: `${width} pixels` }).toBeLessThanOrEqual(0);
    }
  });

  /** A window that has come to its first workspace, which it goes to once core has answered. */
  async function openApp(): Promise<OpenedPage> {
    const app = await openPage(browser, server.createLink());
    await app.page.getByLabel("Your question").waitFor();
    return app;
  }

  /** The run with nothing decided. */
  async function fresh(): Promise<string> {
    const id = await runInvoices(server.client, folder);
    const { results } = await server.client.batch.results({ run: id, limit: 100 });
    for (const { id: record } of results) {
      const history = record === undefined ? [] : (await server.client.batch.record({ id: record })).history;
      for (const act of new Set(history.filter(({ undoneAt }) => undoneAt === undefined).map((one) => one.act)))
        await server.client.batch.undo({ id: record ?? "", act });
    }
    return id;
  }
});
