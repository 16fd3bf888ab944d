import type { Browser, Page, WebSocketRoute } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ask } from "./helpers/ask.ts";
import { launchBrowser, noBrowserReason } from "./helpers/browser.ts";
import { buildRenderer } from "./helpers/build-renderer.ts";
import { type OpenedPage, openPage } from "./helpers/open-page.ts";
import { hostile } from "./helpers/scripted-data.ts";
import { type ScriptedServer, startScriptedServer } from "./helpers/scripted-server.ts";

const reason = noBrowserReason();

describe.skipIf(reason)(`states of the app${reason ? ` (skipped: ${reason})` : ""}`, () => {
  let built: string;
  let browser: Browser;
  let core: ScriptedServer;
  let opened: OpenedPage;

  beforeAll(async () => {
    [built, browser] = await Promise.all([buildRenderer(), launchBrowser()]);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    core = await startScriptedServer(built);
  });
  afterEach(async () => {
    const { problems } = opened;
    await opened.close();
    core.gate.open();
    await core.server.close(0);
    expect(problems).toEqual([]);
  });

  async function open(place = "chat"): Promise<Page> {
    opened = await openPage(browser, core.server.createLink());
    await opened.page.getByRole("link", { name: place, exact: false }).first().click();
    return opened.page;
  }
  const answerOf = (page: Page) => page.getByRole("article", { name: "Answer" }).last();

  test.each([
    ["Knowledge", "No collections yet"],
    ["Chat", "None yet."],
    ["Models", "No models known"],
  ])("%s with nothing in it says so and what to do", async (place, text) => {
    core.script.data = "empty";
    const page = await open(place);
    await page.getByText(text).waitFor();
  });

  test.each(["Knowledge", "Chat", "Models", "Settings"])(
    "%s that cannot be read says what failed, and reads again when asked",
    async (place) => {
      core.script.data = "error";
      const page = await open(place);
      await page.getByText("The database could not be read; nothing was changed.").first().waitFor();
      await page.getByText("DATABASE_DAMAGED").first().waitFor();
      const again = page.getByRole("button", { name: "Try again" });
      const reads = core.reads();
      await again.first().click();
      await expect.poll(() => core.reads()).toBeGreaterThan(reads);
      core.script.data = "full";
      const askAgain = async () => {
        if ((await again.count()) > 0)
          await again
            .first()
            .click({ timeout: 1000 })
            .catch(() => {});
        return again.count();
      };
      await expect.poll(askAgain, { timeout: 15_000 }).toBe(0);
    },
  );

  test.each([
    ["Knowledge", "Loading collections"],
    ["Chat", "Loading conversations"],
    ["Models", "Loading models"],
    ["Settings", "Loading settings"],
  ])("%s that is still being read shows where it will be", async (place, label) => {
    core.script.data = "loading";
    const page = await open(place);
    await page.getByRole("status", { name: label }).first().waitFor();
  });

  test("sources stand before the first word, words before the numbers, and nothing above them moves", async () => {
    core.gate.close();
    const page = await open();
    await ask(page, "Who built it?");
    await answerOf(page).getByText("Waiting for the model").waitFor();
    await core.gate.step();
    const sources = answerOf(page).getByRole("region", { name: "Sources" });
    await sources.getByText("4 passages from 1 document").waitFor();
    await expect
      .poll(() =>
        answerOf(page)
          .getByRole("button", { name: /^Citation/ })
          .count(),
      )
      .toBe(0);
    const before = await sources.boundingBox();
    await core.gate.step();
    await answerOf(page)
      .getByText(/The lighthouse was built/)
      .waitFor();
    await expect.poll(() => answerOf(page).innerText()).not.toContain("supported");
    core.gate.open();
    await answerOf(page).getByText("unsupported", { exact: true }).waitFor();
    await expect
      .poll(() =>
        answerOf(page)
          .getByText(/^(supported|weak|unsupported)$/)
          .allInnerTexts(),
      )
      .toEqual(["supported", "weak", "unsupported"]);
    await expect.poll(() => sources.boundingBox()).toEqual(before);
  });

  test("the quote of a citation is shown on focus as on hover, and Esc takes it away", async () => {
    const page = await open();
    await ask(page, "Who built it?");
    const chip = answerOf(page).getByRole("button", { name: /^Citation 1/ });
    await chip.waitFor();
    await page.getByLabel("Your question").focus();
    for (let presses = 0; presses < 40 && !(await chip.evaluate((element) => element === document.activeElement)); presses += 1)
      await page.keyboard.press("Shift+Tab");
    const quote = page.locator("blockquote");
    await quote.waitFor();
    await expect.poll(() => quote.innerText()).toBe("The Kesslar lighthouse was built in 1894 by the engineer Ada Brennholt.");
    await page.keyboard.press("Escape");
    await quote.waitFor({ state: "detached" });
    await chip.hover();
    await quote.waitFor();
  });

  test("the reader steps through the evidence, marks each, and gives the focus back", async () => {
    const page = await open();
    await ask(page, "Who built it?");
    await answerOf(page)
      .getByRole("button", { name: /^Citation 1/ })
      .click();
    const mark = page.getByRole("region", { name: "Text of the document" }).locator("mark");
    await expect.poll(() => mark.innerText()).toContain("built in 1894");
    await page.keyboard.press("]");
    await expect.poll(() => mark.innerText()).toContain("41 metres");
    await page.keyboard.press("[");
    await expect.poll(() => mark.innerText()).toContain("built in 1894");
    await page.keyboard.press("Escape");
    await page.getByRole("complementary", { name: "Source reader" }).waitFor({ state: "detached" });
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toMatch(/^Citation 1/);
  });

  test("hostile model output stays text: nothing runs, nothing is fetched, nothing can be clicked", async () => {
    const page = await open();
    await ask(page, "Say something hostile");
    await answerOf(page)
      .getByText(/onerror/)
      .waitFor();
    await expect.poll(() => answerOf(page).innerText()).toContain(hostile);
    await expect.poll(() => answerOf(page).locator("img, script, a, iframe").count()).toBe(0);
    expect(await page.evaluate(() => Reflect.get(window, "hacked"))).toBeUndefined();
  });

  test("a refusal says that it is none of the sources and shows the closest", async () => {
    const page = await open();
    await ask(page, "What is the capital of Mongolia?");
    await answerOf(page).getByText("Not in your sources", { exact: true }).waitFor();
    await expect.poll(() => answerOf(page).getByRole("region", { name: "Closest passages" }).getByRole("button").count()).toBe(4);
  });

  test("an answer that fails keeps its words and says what to do", async () => {
    const page = await open();
    await ask(page, "Break, please");
    await answerOf(page).getByText("The model ran out of memory; what was written is kept.").waitFor();
    await answerOf(page).getByText("Choose a smaller model.").waitFor();
    await expect.poll(() => answerOf(page).innerText()).toContain("The lighthouse was built");
  });

  test("an answer goes on while its reader is elsewhere", async () => {
    core.gate.close();
    const page = await open();
    await ask(page, "Who built it?");
    await core.gate.step();
    await answerOf(page).getByText("4 passages from 1 document").waitFor();
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByLabel("Find a setting").waitFor();
    core.gate.open();
    await page.getByRole("link", { name: "Chat" }).click();
    await page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: "Who built it?" }).click();
    await answerOf(page).getByText("weak", { exact: true }).waitFor();
  });

  test("a lost connection is said, restored, and what was on screen is read again", async () => {
    opened = await openPage(browser, core.server.createLink());
    const { page } = opened;
    const routes: WebSocketRoute[] = [];
    await page.routeWebSocket(/\/rpc$/, (route) => {
      if (routes.length === 1) return;
      routes.push(route);
      route.connectToServer();
    });
    await page.reload();
    await page.getByRole("link", { name: "Knowledge" }).click();
    await page.getByRole("link", { name: /Harbour/ }).waitFor();
    core.collections.push({ ...core.collections[0]!, id: "01980000-0000-7000-8000-00000000ffff", name: "Made meanwhile" });
    await routes[0]?.close();
    await page.getByText("Reconnecting to Croft's core").waitFor();
    routes.length = 0;
    await page.getByRole("link", { name: /Made meanwhile/ }).waitFor();
    await page.getByText("Reconnecting to Croft's core").waitFor({ state: "detached" });
  });

  test("a page without a token is told how to get in, and does not go on knocking", async () => {
    opened = await openPage(browser, `${core.server.address}/`);
    await opened.page.getByText("This page was not let in.").first().waitFor();
    // The refusal itself is what this test is about.
    opened.problems.length = 0;
  });

  test("a job that starts elsewhere is seen at once, moves, and can be paused here", async () => {
    const page = await open("Knowledge");
    await page.getByLabel("Path of a file or folder to add").fill("/home/ada/more");
    await page.keyboard.press("Enter");
    const bar = page.getByRole("region", { name: "Indexing" }).getByRole("progressbar");
    await expect.poll(() => bar.getAttribute("aria-valuenow")).toBe("412");
    const [job] = await core.client.jobs.list({});
    core.setJob({ ...job!, progress: { done: 1700, total: 1980, unit: "files" } });
    await expect.poll(() => bar.getAttribute("aria-valuenow")).toBe("1700");
    await page.getByRole("button", { name: "Pause: Index Harbour" }).click();
    await page.getByRole("button", { name: "Resume: Index Harbour" }).waitFor();
    core.setJob({ ...job!, state: "done" });
    await page.getByRole("region", { name: "Indexing" }).waitFor({ state: "detached" });
  });

  test("twenty thousand files: few rows in the page, and the last one a key away", async () => {
    core.script.files = "large";
    const page = await open("Knowledge");
    const grid = page.getByRole("grid", { name: "Files of Harbour" });
    await grid.getByRole("row", { name: /page-00000/ }).waitFor();
    await expect.poll(() => grid.getByRole("row").count()).toBeLessThan(80);
    await grid.focus();
    await page.keyboard.press("End");
    await grid.getByRole("row", { name: /page-19999/ }).waitFor();
  });

  test("a setting is set, refused with the reason, and reset", async () => {
    const page = await open("Settings");
    const field = page.getByLabel("Passages that a search returns");
    await field.fill("25");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Reset: Passages that a search returns" }).click();
    await expect.poll(() => field.inputValue()).toBe("10");
    await field.fill("1000000");
    await page.keyboard.press("Enter");
    await page.getByText("“1000000” is no value for search.limit; the old one is kept.").waitFor();
  });

  test("a download shows how far it is in the row of its model", async () => {
    const page = await open("Models");
    await page.getByRole("button", { name: "Download SmolLM2 135M Instruct" }).click();
    await page.getByRole("progressbar", { name: "Download SmolLM2 135M Instruct" }).waitFor();
    await page.getByText("31 of 91 MB").waitFor();
  });

  test("an unsent draft survives a reload", async () => {
    const page = await open();
    await page.getByLabel("Your question").fill("half a thou");
    await page.reload();
    await expect.poll(() => page.getByLabel("Your question").inputValue()).toBe("half a thou");
  });

  test("a setting that is changed elsewhere shows here at once, also to those who depend on it", async () => {
    const page = await open("Settings");
    const field = page.getByRole("textbox", { name: "Passages that a search returns" });
    await field.waitFor();
    await core.client.settings.set({ key: "search.limit", value: 33 });
    await expect.poll(() => field.inputValue()).toBe("33");
    await page.getByRole("link", { name: "Models", exact: true }).click();
    const download = page.getByRole("button", { name: "Download SmolLM2 135M Instruct" });
    await expect.poll(() => download.isEnabled()).toBe(true);
    await core.client.settings.set({ key: "network.offline", value: true });
    await page.getByText("Every network connection is forbidden, so nothing can be downloaded.").waitFor();
    await expect.poll(() => download.isDisabled()).toBe(true);
    await page.getByText("Local only, offline").waitFor();
  });
});
