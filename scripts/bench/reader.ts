import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { launchBrowser, noBrowserReason } from "../../tests/e2e/helpers/browser.ts";
import { buildRenderer } from "../../tests/e2e/helpers/build-renderer.ts";
import { openPage } from "../../tests/e2e/helpers/open-page.ts";
import { startRealServer } from "../../tests/e2e/helpers/real-server.ts";
import { makeBook } from "../../tests/helpers/make-book.ts";
import { jobEnd, withFolder } from "./lib/open-core.ts";
import { missing } from "./lib/needs.ts";
import { type Figure, type Measurement, quantile, type Skipped } from "./row.ts";

const embedder = "bge-small-en-v1.5";
const target = { atMost: 400 };
/** How long a person points at a citation before they press: less than half of what it takes to aim and press. */
const pointedMs = 200;

const things = ["brass telescope", "silver compass", "oak ladder", "green lantern", "copper kettle", "wax seal", "iron key", "glass float"];
const places = ["below the third stair", "behind the oil store", "under the east pier", "inside the chapel clock"];

/** From the press of a citation until its page is on the screen with the quote marked, in a real browser over the real core. */
export async function measure({ quick }: { quick: boolean }): Promise<Measurement | Skipped> {
  const skipped = noBrowserReason() ?? missing(embedder);
  if (skipped) return { skipped };
  const pages = quick ? 40 : 300;
  const hidden = things.slice(0, quick ? 3 : things.length).map((thing, index) => ({
    page: Math.round(((index + 0.5) * pages) / things.length) + 1,
    sentence: `Ada Brennholt hid the ${thing} ${places[index % places.length]} in the winter.`,
    question: `Where did Ada Brennholt hide the ${thing}?`,
  }));
  return withFolder(async (folder) => {
    writeFileSync(join(folder, "book.pdf"), makeBook(pages, hidden).bytes);
    const server = await startRealServer(await buildRenderer({ production: true }));
    const browser = await launchBrowser();
    try {
      await server.client.settings.set({ key: "answer.effort", value: "instant" });
      const { jobId } = await server.client.knowledge.addSources({ collection: "Book", paths: [join(folder, "book.pdf")] });
      await jobEnd(server.client, jobId);
      const first: number[] = [];
      const atOnce: number[] = [];
      const pointed: number[] = [];
      for (const [index, { page: number, question }] of hidden.entries()) {
        const opened = await openPage(browser, server.createLink());
        await askFor(opened.page, question);
        const isPointed = index % 2 === 1;
        const times = index === 0 ? first : isPointed ? pointed : atOnce;
        times.push(await pressUntilMarked(opened.page, number, isPointed ? pointedMs : 0));
        await opened.close();
      }
      const line = (name: string, times: number[]) => [
        name,
        String(times.length),
        quantile(times, 0.5).toFixed(0),
        Math.max(...times).toFixed(0),
      ];
      const figure = (name: string, times: number[]): Figure => ({
        name: `citation to marked page, ${name}, worst`,
        value: Math.max(...times),
        unit: "ms",
        target,
      });
      return {
        title: `From a citation to its marked page (PDF of ${pages} pages)`,
        columns: ["pressed", "citations", "median ms", "worst ms"],
        lines: [
          line("first of all: the process that draws pages starts", first),
          line("at once", atOnce),
          line(`after pointing at it for ${pointedMs} ms`, pointed),
        ],
        notes:
          "Each citation leads to another page and is pressed in a page that was just loaded. The clock stops in the frame after the page's picture and the mark are there.",
        figures: [figure("process stopped", first), figure("pressed at once", atOnce), figure("pointed at before", pointed)],
      };
    } finally {
      await browser.close();
      await server.close();
    }
  });
}

async function askFor(page: Page, question: string): Promise<void> {
  await page.getByRole("button", { name: "No sources" }).click();
  await page.getByRole("menuitemcheckbox", { name: /Book/ }).click();
  await page.keyboard.press("Escape");
  await page.getByLabel("Your question").fill(question);
  await page.keyboard.press("Enter");
  await page
    .getByRole("article", { name: "Answer" })
    .getByRole("button", { name: /^Citation 1/ })
    .first()
    .waitFor({ timeout: 60_000 });
}

/** Presses the first citation inside of the page, so that no way from the test to the browser is measured. */
async function pressUntilMarked(page: Page, number: number, pointMs: number): Promise<number> {
  if (pointMs > 0) {
    await page
      .getByRole("article", { name: "Answer" })
      .getByRole("button", { name: /^Citation 1/ })
      .first()
      .hover();
    await page.waitForTimeout(pointMs);
  }
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve, reject) => {
        const chip = document.querySelector<HTMLElement>('[aria-label="Answer"] [aria-label^="Citation 1"]');
        const startedAt = performance.now();
        chip?.click();
        const look = () => {
          const waited = performance.now() - startedAt;
          if (document.querySelector(`[data-page="${wanted}"][data-drawn="true"] [data-mark]`))
            requestAnimationFrame(() => resolve(performance.now() - startedAt));
          else if (waited > 30_000) reject(new Error(`Page ${wanted} was never marked.`));
          else requestAnimationFrame(look);
        };
        look();
      }),
    number,
  );
}
