import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { launchBrowser, noBrowserReason } from "../../tests/e2e/helpers/browser.ts";
import { buildRenderer } from "../../tests/e2e/helpers/build-renderer.ts";
import { openPage } from "../../tests/e2e/helpers/open-page.ts";
import { type RealServer, startRealServer } from "../../tests/e2e/helpers/real-server.ts";
import { frames } from "./lib/frames.ts";
import { missing } from "./lib/needs.ts";
import { jobEnd, withFolder } from "./lib/open-core.ts";
import { abstracts, writeFiles } from "./lib/texts.ts";
import { type Measurement, quantile, type Skipped, timesRow } from "./row.ts";

const collection = "Papers";
const wordsAFile = 120;

/**
 * The window in Chromium over the real core: how soon the palette stands there after its keys, and the time between frames while the
 * table of a collection fills, as a folder is indexed on the cores that the window draws with.
 */
export async function measure({ quick }: { quick: boolean }): Promise<Measurement | Skipped> {
  const skipped = noBrowserReason() ?? missing("bge-small-en-v1.5");
  if (skipped) return { skipped };
  const [files, runs, openings] = quick ? [60, 1, 5] : [1000, 5, 40];
  return withFolder(async (folder) => {
    const server = await startRealServer(await buildRenderer({ production: true }));
    const browser = await launchBrowser();
    try {
      await server.client.knowledge.createCollection({ name: collection });
      const { page } = await openPage(browser, server.createLink());
      await page.getByLabel("Your question").waitFor();
      const palette: number[] = [];
      for (let opening = 0; opening < openings; opening += 1) palette.push(await openPalette(page));
      await page.getByRole("link", { name: "Knowledge", exact: true }).click();
      await page.getByRole("heading", { name: collection, level: 1 }).waitFor();
      const times: number[][] = [];
      for (let run = 0; run < runs; run += 1) times.push(await frames(page, () => index(server, join(folder, `run-${run}`), files, run)));
      const all = times.flat();
      return {
        title: "The window",
        columns: ["what", "times", "median ms", "99 % ms", "worst ms"],
        lines: [
          timesRow("the palette, from its keys to its first frame", palette),
          ...times.map((values, run) => timesRow(`between frames, ${files} files are indexed, run ${run + 1}`, values)),
        ],
        notes: `The table of the collection is on the screen all along. Each run has ${files} files (txt, md, html, csv) of its own, of up to ${wordsAFile} words.`,
        figures: [
          { name: "palette opened, 95 %", value: quantile(palette, 0.95), unit: "ms", target: { atMost: 50 } },
          { name: `frame while ${files} files are indexed, 99 %`, value: quantile(all, 0.99), unit: "ms", target: { atMost: 50 } },
        ],
      };
    } finally {
      await browser.close();
      await server.close();
    }
  });
}

async function index({ client }: RealServer, folder: string, files: number, run: number): Promise<void> {
  mkdirSync(folder);
  writeFiles(folder, abstracts(files, run * files), wordsAFile);
  const { jobId } = await client.knowledge.addSources({ collection, paths: [folder] });
  await jobEnd(client, jobId);
}

/** From the keys until the frame after the one in which the palette's field stands there; closes it again. */
async function openPalette(page: Page): Promise<number> {
  const took = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const startedAt = performance.now();
        const look = () => {
          if (!document.querySelector('[role="combobox"][aria-label="Find a command"]')) return requestAnimationFrame(look);
          return requestAnimationFrame(() => resolve(performance.now() - startedAt));
        };
        window.dispatchEvent(new KeyboardEvent("keydown", { key: "k", code: "KeyK", ctrlKey: true, bubbles: true }));
        look();
      }),
  );
  const field = page.getByRole("combobox", { name: "Find a command" });
  await field.press("Escape");
  await field.waitFor({ state: "detached" });
  return took;
}
