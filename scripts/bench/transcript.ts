import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { createThreadStore } from "../../src/main/features/chat/index.ts";
import { openDatabase } from "../../src/main/db/open.ts";
import { createTruth } from "../../src/main/db/truth.ts";
import { launchBrowser, noBrowserReason } from "../../tests/e2e/helpers/browser.ts";
import { buildRenderer } from "../../tests/e2e/helpers/build-renderer.ts";
import { startRealServer } from "../../tests/e2e/helpers/real-server.ts";
import { frames } from "./lib/frames.ts";
import { missing } from "./lib/needs.ts";
import { abstracts } from "./lib/texts.ts";
import { type Measurement, median, quantile, type Skipped, timesRow } from "./row.ts";

const chatModel = "smollm2-135m-instruct";
const title = "A conversation of years";

/**
 * A long conversation in Chromium over the real core: from the click on its name until its last message stands on the
 * screen, and the time between frames while a model on this machine writes at its end, and while it is scrolled through.
 */
export async function measure({ quick }: { quick: boolean }): Promise<Measurement | Skipped> {
  const reason = noBrowserReason();
  if (reason) return { skipped: reason };
  const skipped = missing(chatModel);
  if (skipped) return { skipped };
  const messages = quick ? 400 : 5000;
  const rounds = quick ? 2 : 8;
  const profile = mkdtempSync(join(tmpdir(), "croft-transcript-"));
  seed(profile, messages);
  const [built, browser] = await Promise.all([buildRenderer({ production: true }), launchBrowser()]);
  const server = await startRealServer(built, { profile });
  try {
    await server.client.settings.set({ key: "models.chat", value: `local:${chatModel}` });
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(server.createLink());
    const name = page.getByRole("link", { name: title });
    await name.waitFor();
    const opened: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await page.getByRole("button", { name: "New conversation" }).click();
      await page.getByText("Ask a question").first().waitFor();
      opened.push(await openTime(page));
    }
    const scrolled = await frames(page, () => scrollThrough(page));
    await page.getByRole("log").evaluate((log) => log.scrollTo({ top: log.scrollHeight }));
    const field = page.getByLabel("Your question");
    // The first answer loads the model, which is not what is looked at.
    await answer(page, "Say hello.");
    const streamed: number[] = [];
    for (const thing of quick ? ["a harbour"] : ["a harbour", "a lighthouse", "a ferry", "a market", "a chapel"])
      streamed.push(...(await frames(page, () => answer(page, `Tell a long story about ${thing} in winter, with many people in it.`))));
    await field.waitFor();
    return {
      title: "A long conversation",
      columns: ["what", "times", "median ms", "99 % ms", "worst ms"],
      lines: [
        timesRow(`${messages.toLocaleString("en")} messages opened`, opened),
        timesRow("between frames, scrolled through", scrolled),
        timesRow(quick ? "between frames, an answer is written" : "between frames, five answers are written", streamed),
      ],
      notes:
        "Opened: from the click until the last message is painted. Frames: as the page's own animation frames come, on the cores that the model computes on as well.",
      figures: [
        { name: `${messages} messages opened, median`, value: median(opened), unit: "ms", target: { atMost: 300 } },
        { name: "frame while an answer is written, 99 %", value: quantile(streamed, 0.99), unit: "ms", target: { atMost: 50 } },
      ],
    };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** A conversation of texts as people and models write them. */
function seed(profile: string, messages: number): void {
  const truth = createTruth(openDatabase(profile, Date.now), profile, Date.now);
  const threads = createThreadStore(truth);
  const texts = abstracts(200).map(({ text }) => text);
  let thread: string | undefined;
  for (let n = 0; n < messages / 2; n += 1) {
    const turn = threads.ask(`Question ${n}: ${(texts[n % texts.length] ?? "").slice(0, 90)}?`, {
      thread,
      parent: undefined,
      collections: [],
      model: "none",
    });
    threads.finish(turn.thread, turn.answer, { state: "complete", text: `Answer ${n}. ${texts[(n * 7) % texts.length] ?? ""}` });
    thread ??= turn.thread;
  }
  if (thread) {
    threads.rename(thread, title, "person");
    // What is looked at is the page, not how long a long prompt takes.
    threads.setSettings(thread, { contextTokens: 512, maxTokens: 120 });
  }
  truth.close();
}

/** From the click until the frame in which the last message stands there. */
const openTime = (page: Page): Promise<number> =>
  page.evaluate(
    (name) =>
      new Promise<number>((resolve) => {
        const link = [...document.querySelectorAll("nav a")].find((one) => one.textContent === name);
        const startedAt = performance.now();
        const look = () => {
          const shown = [...document.querySelectorAll("[data-message]")].at(-1);
          if (shown?.textContent?.includes("Answer ") !== true) return requestAnimationFrame(look);
          return requestAnimationFrame(() => resolve(performance.now() - startedAt));
        };
        if (link instanceof HTMLElement) link.click();
        look();
      }),
    title,
  );

/** As a hand on a wheel would: 120 pixels a frame. */
const scrollThrough = (page: Page): Promise<void> =>
  page.getByRole("log").evaluate(
    (log) =>
      new Promise<void>((resolve) => {
        let left = 600;
        const step = () => {
          log.scrollBy({ top: -120 });
          left -= 1;
          if (left > 0) requestAnimationFrame(step);
          else resolve();
        };
        step();
      }),
  );

async function answer(page: Page, question: string): Promise<void> {
  await page.getByLabel("Your question").fill(question);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Stop", exact: true }).waitFor();
  await page.getByRole("button", { name: "Ask", exact: true }).waitFor({ timeout: 240_000 });
}
