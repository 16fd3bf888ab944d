import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { makeBook } from "../helpers/make-book.ts";
import { skipReason } from "../helpers/models.ts";
import { ask, chooseSources } from "./helpers/ask.ts";
import { findingsInBothThemes } from "./helpers/axe.ts";
import { launchBrowser, noBrowserReason } from "./helpers/browser.ts";
import { buildRenderer } from "./helpers/build-renderer.ts";
import { type OpenedPage, openPage } from "./helpers/open-page.ts";
import { type RealServer, startRealServer } from "./helpers/real-server.ts";

const reason = noBrowserReason() ?? skipReason("bge-small-en-v1.5");
const patience = { timeout: 30_000 };
const hidden = [
  { page: 37, sentence: "The ferry to Norholm was lost with eleven passengers in the storm of 1911." },
  { page: 212, sentence: "Ada Brennholt hid the brass telescope below the third stair of the tower." },
];

describe.skipIf(reason)(`the reader over the real core${reason ? ` (skipped: ${reason})` : ""}`, () => {
  const book = makeBook(300, hidden);
  let folder: string;
  let server: RealServer;
  let browser: Browser;
  let opened: OpenedPage;
  let expected: RegExp[] = [];

  beforeAll(async () => {
    const [built, launched, made] = await Promise.all([buildRenderer(), launchBrowser(), mkdtemp(join(tmpdir(), "croft-book-"))]);
    browser = launched;
    folder = made;
    await writeFile(join(folder, "book.pdf"), book.bytes);
    server = await startRealServer(built);
    await server.client.settings.set({ key: "answer.effort", value: "instant" });
    const { jobId } = await server.client.knowledge.addSources({ collection: "Book", paths: [folder] });
    for await (const item of await server.client.jobs.watch({})) {
      const job = item.type === "snapshot" ? item.jobs.find(({ id }) => id === jobId) : item.job;
      if (job?.id !== jobId || !["done", "failed", "cancelled"].includes(job.state)) continue;
      expect(job.state, JSON.stringify(job.error)).toBe("done");
      break;
    }
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });
  afterEach(async ({ task }) => {
    const { page, problems } = opened;
    if (task.result?.state === "fail") await page.screenshot({ path: `out/e2e-failures/${task.id}.png` });
    await opened.close();
    expect(problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)))).toEqual([]);
    expected = [];
  });

  async function asked(question: string): Promise<Page> {
    opened = await openPage(browser, server.createLink());
    const { page } = opened;
    await chooseSources(page, "Book");
    await ask(page, question);
    await chip(page).waitFor(patience);
    return page;
  }
  const chip = (page: Page) =>
    page
      .getByRole("article", { name: "Answer" })
      .getByRole("button", { name: /^Citation 1/ })
      .first();
  const sheet = (page: Page, number: number) => page.getByRole("region", { name: `Page ${number} of 300` });
  const drawn = (page: Page, number: number) => page.locator(`[data-page="${number}"][data-drawn="true"]`);

  test("a citation opens the page it is on, with a mark that encloses the words of the quote and is in sight", async () => {
    const page = await asked("Where did Ada Brennholt hide the brass telescope?");
    await chip(page).click();
    await drawn(page, 212).waitFor(patience);
    const mark = sheet(page, 212).locator("[data-mark]");
    await mark.first().waitFor();
    await expect.poll(() => mark.count()).toBe(1);

    const [x0, y0, x1, y1] = book.boxOf(212);
    const shown = () =>
      Promise.all([
        sheet(page, 212).boundingBox(),
        mark.boundingBox(),
        page.getByRole("region", { name: "Pages of the document" }).boundingBox(),
      ]);
    // All of it from one look: the page may still be coming to rest.
    const look = async () => {
      const [paper, box, region] = await shown();
      if (!paper || !box || !region) return "nothing is shown";
      const points = paper.width / 595;
      return {
        isInSight: box.y > region.y && box.y + box.height < region.y + region.height,
        beginsBefore: box.x <= paper.x + x0 * points && box.y <= paper.y + y0 * points,
        endsAfter: box.x + box.width >= paper.x + x1 * points && box.y + box.height >= paper.y + y1 * points - 1,
        // And not the whole page.
        isOneLine: box.height < 30 * points,
      };
    };
    await expect.poll(look).toEqual({ isInSight: true, beginsBefore: true, endsAfter: true, isOneLine: true });
    // What is heard: the words of the page, with those that are marked.
    await expect
      .poll(async () => (await sheet(page, 212).locator("mark").allInnerTexts()).join(""))
      .toContain("brass telescope below the third stair");
    await expect.poll(() => page.getByRole("textbox", { name: "Page, of 300" }).inputValue()).toBe("212");
  });

  test("only pages in sight exist, and any page is reached by its number, the keyboard and the wheel", async () => {
    const page = await asked("Where did Ada Brennholt hide the brass telescope?");
    await chip(page).click();
    await drawn(page, 212).waitFor(patience);
    await expect.poll(() => page.locator("[data-page]").count()).toBeLessThan(8);
    const field = page.getByRole("textbox", { name: "Page, of 300" });
    await field.fill("300");
    await field.press("Enter");
    await drawn(page, 300).waitFor(patience);
    await expect.poll(() => page.locator("[data-page]").count()).toBeLessThan(8);
    await field.press("ArrowUp");
    await expect.poll(() => field.inputValue()).toBe("299");
    await field.fill("4000");
    await field.press("Enter");
    await expect.poll(() => field.inputValue()).toBe("300");
    await drawn(page, 300).waitFor(patience);
    const pages = page.getByRole("region", { name: "Pages of the document" });
    await pages.focus();
    await expect.poll(() => pages.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press("Home");
    await drawn(page, 1).waitFor(patience);
    await expect.poll(() => field.inputValue()).toBe("1");
  });

  test("the paper grows and shrinks around its middle, with the mark where the words are", async () => {
    const page = await asked("Where did Ada Brennholt hide the brass telescope?");
    await chip(page).click();
    await drawn(page, 212).waitFor(patience);
    const before = await sheet(page, 212).boundingBox();
    await page.getByRole("complementary", { name: "Source reader" }).focus();
    for (let press = 0; press < 3; press += 1) await page.keyboard.press("+");
    await expect.poll(async () => (await sheet(page, 212).boundingBox())?.width).toBeGreaterThan((before?.width ?? 0) * 1.4);
    const [x0, y0] = book.boxOf(212);
    /** How many points of the paper the mark is away from its words. */
    const away = async () => {
      const [paper, mark] = await Promise.all([sheet(page, 212).boundingBox(), sheet(page, 212).locator("[data-mark]").boundingBox()]);
      if (!paper || !mark) return Infinity;
      const points = paper.width / 595;
      return Math.max(Math.abs(mark.x - paper.x - x0 * points) / 4, Math.abs(mark.y - paper.y - y0 * points) / 8) / points;
    };
    await expect.poll(away).toBeLessThan(1);
    await expect.poll(() => page.getByRole("textbox", { name: "Page, of 300" }).inputValue()).toBe("212");
    await page.keyboard.press("0");
    await expect.poll(async () => (await sheet(page, 212).boundingBox())?.width).toBeCloseTo(before?.width ?? 0, 0);
  });

  test("page and text change places, the text shows where pieces begin, and the quote is copied with its source", async () => {
    const page = await asked("Where did Ada Brennholt hide the brass telescope?");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await chip(page).click();
    await drawn(page, 212).waitFor(patience);
    await page.keyboard.press("t");
    const text = page.getByRole("region", { name: "Text of the document" });
    await text.locator("mark").waitFor();
    await expect.poll(() => text.locator("mark").innerText()).toContain("brass telescope below the third stair");
    await page.getByRole("button", { name: "Show where pieces of the search begin" }).click();
    await text.getByRole("note").first().waitFor();
    await expect.poll(() => text.getByRole("note").first().innerText()).toMatch(/Piece \d+[\s\S]*tokens/);
    await page.getByRole("button", { name: "Copy the quote with its source" }).click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toMatch(/^“.*brass telescope.*” \(The book of the harbour, p\. 212\)$/);
    await page.getByRole("button", { name: "Show the page" }).click();
    await drawn(page, 212).waitFor(patience);
  });

  test("everything in the reader can be reached with Tab, is large enough to hit, and axe finds nothing serious in either theme", async () => {
    const page = await asked("How was the ferry to Norholm lost?");
    await chip(page).click();
    await drawn(page, 37).waitFor(patience);
    const reader = page.getByRole("complementary", { name: "Source reader" });
    expect(await findingsInBothThemes(page)).toEqual([]);
    const controls = reader.locator("button:not(:disabled), input");
    const names = await controls.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label") ?? ""));
    const sizes = await controls.evaluateAll((all) =>
      all.map((one) => one.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height)),
    );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(24);
    await reader.focus();
    const reached = new Set<string>();
    for (let press = 0; press < names.length + 4; press += 1) {
      await page.keyboard.press("Tab");
      reached.add(await page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? ""));
    }
    expect([...reached]).toEqual(expect.arrayContaining([...names, "Pages of the document"]));
  });

  test("a file that is gone or changed leaves the stored text, with the quote marked, and says so; put back, its pages return", async () => {
    const page = await asked("How was the ferry to Norholm lost?");
    // The page that was made ready is asked for before core has said that its file is gone.
    expected = [/status of 404/];
    await rename(join(folder, "book.pdf"), join(folder, "elsewhere.pdf"));
    try {
      await chip(page).click();
      const text = page.getByRole("region", { name: "Text of the document" });
      await text.locator("mark").waitFor(patience);
      await expect.poll(() => text.locator("mark").innerText()).toContain("lost with eleven passengers");
      await page.getByText("The file is not where it was read").waitFor();
      await expect.poll(() => page.getByRole("button", { name: "Show the page" }).count()).toBe(0);
      await page.keyboard.press("Escape");
    } finally {
      await rename(join(folder, "elsewhere.pdf"), join(folder, "book.pdf"));
    }
    await page.reload();
    await chip(page).click();
    await drawn(page, 37).waitFor(patience);
  });

  // Catches: a window that needs a new link after a restart, a page that still asks the old core, a draft or an answer that is lost.
  test("core that ends and begins again is found by the open window, and a reload finds conversation, draft, page and collection", async () => {
    const page = await asked("How was the ferry to Norholm lost?");
    // That nobody answered meanwhile is what the browser reports.
    expected = [/WebSocket/, /ERR_CONNECTION_REFUSED/];
    const draft = page.getByLabel("Your question");
    await draft.fill("And who was saved");
    const reconnecting = page.getByText("Reconnecting to Croft's core");
    await server.stop();
    await reconnecting.waitFor(patience);
    await server.startAgain();
    await reconnecting.waitFor({ state: "detached", ...patience });
    await chip(page).click();
    await drawn(page, 37).waitFor(patience);

    await page.reload();
    await chip(page).waitFor(patience);
    await expect.poll(() => draft.inputValue()).toBe("And who was saved");
    await page
      .getByRole("navigation", { name: "Conversations" })
      .getByRole("link", { name: /How was the ferry/ })
      .first()
      .waitFor(patience);
    await page.getByRole("link", { name: "Knowledge", exact: true }).click();
    await page
      .getByRole("grid", { name: "Files of Book" })
      .getByRole("row", { name: /Ready .*book/i })
      .waitFor(patience);
  });

  test("a document that was deleted leaves its quote", async () => {
    const page = await asked("How was the ferry to Norholm lost?");
    const [document] = await server.client.knowledge.listDocuments({ collection: "Book" });
    // Its page may be asked for while it is being deleted.
    expected = [/status of 404/];
    await server.client.knowledge.removeDocument({ collection: "Book", id: document?.id ?? "" });
    await page.reload();
    await chip(page).click();
    await page.getByText("The document was deleted. What was quoted of it is kept.").waitFor(patience);
    await expect.poll(() => page.locator("aside blockquote").innerText()).toContain("lost with eleven passengers");
  });
});
