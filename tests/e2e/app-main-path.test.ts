import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { skipReason } from "../helpers/models.ts";
import { ask, chooseSources } from "./helpers/ask.ts";
import { launchBrowser, noBrowserReason } from "./helpers/browser.ts";
import { buildRenderer } from "./helpers/build-renderer.ts";
import { makeHarbour } from "./helpers/harbour.ts";
import { type OpenedPage, openPage } from "./helpers/open-page.ts";
import { focusedName, tabTo } from "./helpers/tab-to.ts";
import { type RealServer, startRealServer } from "./helpers/real-server.ts";

const reason = noBrowserReason() ?? skipReason("bge-small-en-v1.5") ?? skipReason("smollm2-135m-instruct");
const patience = { timeout: 90_000 };

describe.skipIf(reason)(`the app over the real core${reason ? ` (skipped: ${reason})` : ""}`, () => {
  let browser: Browser;
  let server: RealServer;
  let folder: string;
  let opened: OpenedPage;

  beforeAll(async () => {
    const built = await buildRenderer();
    [browser, server, folder] = await Promise.all([launchBrowser(), startRealServer(built), makeHarbour()]);
    await server.client.settings.set({ key: "models.chat", value: "local:smollm2-135m-instruct" });
    await indexed("Prepared");
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });
  afterEach(async ({ task }) => {
    const { page, problems } = opened;
    if (task.result?.state === "fail") await page.screenshot({ path: `out/e2e-failures/${task.id}.png` });
    await opened.close();
    expect(problems).toEqual([]);
  });

  /** Makes a collection of the folder through the contract and waits until its job is over. */
  async function indexed(collection: string): Promise<void> {
    const { jobId } = await server.client.knowledge.addSources({ collection, paths: [folder] });
    for await (const item of await server.client.jobs.watch({})) {
      const job = item.type === "snapshot" ? item.jobs.find(({ id }) => id === jobId) : item.job;
      if (job?.id === jobId && ["done", "failed", "cancelled"].includes(job.state)) return expect(job.state).toBe("done");
    }
  }

  async function open(): Promise<Page> {
    opened = await openPage(browser, server.createLink());
    return opened.page;
  }

  test("a folder becomes a collection whose files each have a state and a reason, and whose passages are found and opened", async () => {
    const page = await open();
    await page.getByRole("link", { name: "Knowledge" }).click();
    await page.getByLabel("Name of the new collection").fill("Harbour");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "No documents yet" }).waitFor();
    await page.getByLabel("Path of a file or folder to add").fill(folder);
    await page.keyboard.press("Enter");

    const grid = page.getByRole("grid", { name: "Files of Harbour" });
    await grid.getByRole("row", { name: /Ready lighthouse\.md/ }).waitFor(patience);
    await grid.getByRole("row", { name: /Ready keeper-log\.txt/ }).waitFor(patience);
    await expect.poll(() => grid.getByRole("row", { name: /empty\.txt/ }).innerText()).toMatch(/Failed|Skipped/);
    await expect.poll(() => grid.getByRole("row", { name: /broken\.pdf/ }).innerText()).toMatch(/Failed[\s\S]*damaged/);
    await expect
      .poll(() => page.getByRole("group", { name: "Filter by state" }).getByRole("button", { name: /ready/ }).innerText())
      .toMatch(/^4\s/);

    await page.getByRole("tab", { name: "Search" }).click();
    await page.getByRole("searchbox", { name: "Search in Harbour" }).fill("where is the brass telescope hidden");
    await page.keyboard.press("Enter");
    await page
      .getByRole("list", { name: "Passages" })
      .getByRole("button", { name: /third stair/ })
      .first()
      .click(patience);
    const mark = page.getByRole("region", { name: "Text of the document" }).locator("mark");
    await mark.waitFor();
    await expect.poll(() => mark.innerText()).toContain("third stair");
    await expect.poll(() => isInView(mark)).toBe(true);
  });

  test("an answer shows its sources before its words, then numbers that open the quoted place; a reload finds it again", async () => {
    const page = await open();
    await chooseSources(page, "Prepared");
    await recordOrder(page);
    await ask(page, "Who built the Kesslar lighthouse?");
    const answer = page.getByRole("article", { name: "Answer" });
    await answer.getByText(/^smollm2-135m-instruct$/).waitFor(patience);
    await expect.poll(() => readOrder(page)).toEqual(["sources", "words", "citation"]);
    await expect.poll(() => answer.innerText()).toMatch(/supported|weak/);

    const chip = answer.getByRole("button", { name: /^Citation 1/ }).first();
    await chip.hover();
    await page.locator("blockquote").first().waitFor();
    const quote = (await page.locator("blockquote").first().innerText()).trim();
    expect(quote).not.toBe("");
    await chip.click();
    const mark = page.getByRole("region", { name: "Text of the document" }).locator("mark");
    await mark.waitFor();
    await expect.poll(async () => (await mark.innerText()).trim()).toBe(quote);
    await expect.poll(() => isInView(mark)).toBe(true);

    await page.reload();
    await answer
      .getByRole("button", { name: /^Citation 1/ })
      .first()
      .waitFor(patience);
    await expect
      .poll(() =>
        page
          .getByRole("navigation", { name: "Conversations" })
          .getByRole("link", { name: /Who built the Kesslar/ })
          .count(),
      )
      .toBeGreaterThan(0);
    await ask(page, "When was the tower repaired?");
    await page
      .getByRole("article", { name: "Answer" })
      .nth(1)
      .getByText(/^smollm2-135m-instruct$/)
      .waitFor(patience);
    await expect.poll(() => page.getByRole("article", { name: "Question" }).count()).toBe(2);
  });

  test("another wording and another answer become branches that core keeps, and each can be opened again", async () => {
    const page = await open();
    await chooseSources(page, "Prepared");
    await ask(page, "When was the tower repaired?");
    const again = page.getByRole("button", { name: "Answer again", exact: true });
    await again.waitFor(patience);
    await page.getByRole("button", { name: "Edit the question" }).click();
    await page.getByLabel("The question in other words").fill("What did the repair of the tower cost?");
    await page.keyboard.press("Enter");
    await page.getByRole("group", { name: "Versions of the question" }).getByText("2/2").waitFor(patience);
    await again.waitFor(patience);
    await page.getByRole("button", { name: "Answer again, another way" }).click();
    await page.getByRole("menuitem", { name: "Best sentence, without a model" }).click();
    await page.getByRole("group", { name: "Versions of the answer" }).getByText("2/2").waitFor(patience);
    await page
      .getByRole("article", { name: "Answer" })
      .getByText(/1\.2 million crowns/)
      .first()
      .waitFor(patience);

    await page.getByRole("button", { name: "Previous version of the question" }).click();
    await page.getByRole("article", { name: "Question" }).getByText("When was the tower repaired?").waitFor();
    await page.reload();
    await page.getByRole("article", { name: "Question" }).getByText("When was the tower repaired?").waitFor();
    const [thread] = await server.client.chat.listThreads({ limit: 1 });
    const { messages } = await server.client.chat.getThread({ id: thread?.id ?? "" });
    // Another wording is another question; another answer stands beside the first, below the same question.
    const questions = messages.filter(({ role }) => role === "user");
    expect(questions.map(({ parent }) => parent)).toEqual([null, null]);
    const answers = messages.filter(({ role }) => role === "assistant").map(({ parent }) => parent);
    expect(questions.map(({ id }) => answers.filter((parent) => parent === id).length)).toEqual([1, 2]);
    const { text } = await server.client.chat.exportThread({ id: thread?.id ?? "" });
    expect(text).toContain("## When was the tower repaired?");
    expect(text).not.toContain("cost?");
  });

  test("a question the documents do not answer is refused, with the closest passages", async () => {
    const page = await open();
    await chooseSources(page, "Prepared");
    await ask(page, "What is the capital of Mongolia?");
    await page.getByRole("article", { name: "Answer" }).getByText("Not in your sources", { exact: true }).waitFor(patience);
    await expect.poll(() => page.getByRole("region", { name: "Closest passages" }).getByRole("button").count()).toBeGreaterThan(0);
  });

  test("stopping ends an answer at once and keeps what was written, also after a reload", async () => {
    const page = await open();
    const question = "Write a very long story about the sea, with many chapters.";
    await ask(page, question);
    const answer = page.getByRole("article", { name: "Answer" });
    await expect.poll(async () => (await answer.innerText()).length, patience).toBeGreaterThan(60);
    await page.keyboard.press("Control+.");
    await answer.getByText("Stopped. What was written is kept.").waitFor();
    const written = (await answer.locator("p").first().innerText()).slice(0, 40);
    await page.reload();
    await page
      .getByRole("navigation", { name: "Conversations" })
      .getByRole("link", { name: /Write a very long story/ })
      .click();
    await answer.getByText("Stopped. What was written is kept.").waitFor(patience);
    await expect.poll(() => answer.innerText()).toContain(written);
  });

  test("the whole way can be gone with the keyboard alone", async () => {
    const page = await open();
    const press = (keys: string) => page.keyboard.press(keys);
    const type = (text: string) => page.keyboard.type(text);
    // The window has come to where it begins: what a key does before that is another test's.
    await page.getByLabel("Your question").waitFor();
    await press("Control+2");
    await page.getByLabel("Name of the new collection").waitFor();
    await tabTo(page, "Name of the new collection");
    await type("By keys");
    await press("Enter");
    await page.getByRole("heading", { name: "By keys" }).waitFor();
    await tabTo(page, "Path of a file or folder to add");
    await type(`${folder}/ferry.txt`);
    await press("Enter");
    await page.getByRole("row", { name: /Ready ferry\.txt/ }).waitFor(patience);
    await tabTo(page, "Files of By keys");
    await press("Enter");
    await page.getByRole("region", { name: "Text of the document" }).getByText("east pier").waitFor();
    await press("Escape");
    await page.getByRole("complementary", { name: "Source reader" }).waitFor({ state: "detached" });
    await expect.poll(() => focusedName(page)).toBe("Files of By keys");

    await press("Control+1");
    await page.getByRole("button", { name: "No sources" }).waitFor();
    await tabTo(page, "No sources");
    await press("Enter");
    await page.getByRole("menuitemcheckbox", { name: /By keys/ }).waitFor();
    await expect.poll(async () => (await focusedName(page)).includes("By keys") || (await press("ArrowDown"))).toBe(true);
    await press("Enter");
    await press("Escape");
    // Until the menu is gone it would take the focus back.
    await page.getByRole("menu").waitFor({ state: "detached" });
    await tabTo(page, "Your question");
    await type("What does a ferry ticket cost?");
    await press("Enter");
    await page
      .getByRole("article", { name: "Answer" })
      .getByText(/^smollm2-135m-instruct$/)
      .waitFor(patience);
    await tabTo(page, /^Citation 1/);
    await page.locator("blockquote").first().waitFor();
    await press("Enter");
    const mark = page.getByRole("region", { name: "Text of the document" }).locator("mark");
    await mark.waitFor();
    await expect.poll(() => mark.innerText()).toMatch(/14 crowns|ferry/i);
  });
});

/** Notes the order in which the parts of an answer first appear. */
async function recordOrder(page: Page): Promise<void> {
  await page.evaluate(() => {
    const order: string[] = [];
    Object.assign(window, { order });
    const note = (name: string, there: boolean) => there && !order.includes(name) && order.push(name);
    new MutationObserver(() => {
      const answer = document.querySelector('[aria-label="Answer"]');
      note("sources", answer?.querySelector('[aria-label="Sources"]') != null);
      note("words", answer?.querySelector(".text-15") != null);
      note("citation", answer?.querySelector('[aria-label^="Citation"]') != null);
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
}

const readOrder = (page: Page): Promise<unknown> => page.evaluate(() => Reflect.get(window, "order"));

const isInView = (locator: ReturnType<Page["locator"]>): Promise<boolean> =>
  locator.evaluate((element) => {
    const box = element.getBoundingClientRect();
    const frame = element.closest("[role=region]")?.getBoundingClientRect();
    return frame !== undefined && box.top >= frame.top - 1 && box.top < frame.bottom;
  });
