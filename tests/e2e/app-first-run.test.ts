import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makePdf } from "../helpers/make-pdf.ts";
import { skipReason } from "../helpers/models.ts";
import { launchBrowser, noBrowserReason } from "./helpers/browser.ts";
import { buildRenderer } from "./helpers/build-renderer.ts";
import { openPage } from "./helpers/open-page.ts";
import { startRealServer } from "./helpers/real-server.ts";
import { useScriptedApp } from "./helpers/scripted-app.ts";

const reason = noBrowserReason();
const models = reason ?? skipReason("bge-small-en-v1.5") ?? skipReason("qwen2.5-coder-1.5b-instruct");
const patience = { timeout: 90_000 };
const card = (page: Page, name: string) => page.getByRole("navigation", { name: "Cards" }).getByRole("button", { name });

/** Does things as a person would and counts them: a click, or a field that is filled in, or a key. */
function countActions(page: Page) {
  let actions = 0;
  const act = async (done: Promise<unknown>) => ((actions += 1), await done);
  return {
    click: (name: string | RegExp) => act(page.getByRole("button", { name }).click()),
    fill: (label: string, text: string) => act(page.getByLabel(label, { exact: true }).fill(text)),
    press: (key: string) => act(page.keyboard.press(key)),
    count: () => actions,
  };
}

describe.skipIf(models)(`from the first start to a cited answer${models ? ` (skipped: ${models})` : ""}`, () => {
  let browser: Browser;
  let built: string;
  let folder: string;
  beforeAll(async () => {
    [built, browser, folder] = await Promise.all([buildRenderer(), launchBrowser(), mkdtemp(join(tmpdir(), "croft-own-"))]);
    await writeFile(
      join(folder, "lease.pdf"),
      makePdf([
        {
          texts: [
            { x: 60, y: 80, text: "Lease of the boat house", size: 18 },
            { x: 60, y: 120, text: "The boat house is let to Ines Okafor until the end of 2031." },
          ],
        },
      ]),
    );
  });
  afterAll(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  // Catches: a start that needs documentation, a way that grew longer, an answer without its source.
  test("a PDF of one's own is asked about in at most six actions", async () => {
    const server = await startRealServer(built, { welcome: true });
    const { page, problems, close } = await openPage(browser, server.createLink());
    try {
      await page.getByRole("heading", { name: "Welcome" }).waitFor();
      const person = countActions(page);
      await person.click("Your documents");
      await person.fill("Path of a file or folder", join(folder, "lease.pdf"));
      await person.press("Enter");
      await person.fill("Your question about them", "Who is the boat house let to?");
      await person.press("Enter");
      const answer = page.getByRole("article", { name: "Answer" });
      const citation = answer.getByRole("button", { name: /^Citation 1/ }).first();
      await citation.waitFor(patience);
      await expect.poll(() => answer.innerText()).toContain("Okafor");
      await person.click(/^Citation 1/);
      await page.getByRole("complementary", { name: "Source reader" }).waitFor();
      expect(person.count()).toBeLessThanOrEqual(6);

      // Shown once a profile: the same profile opens at the chat.
      await expect.poll(async () => (await server.client.settings.get({ key: "welcome.done" })).value).toBe(true);
      await page.goto(server.createLink());
      await page.getByLabel("Your question").waitFor();
      expect(problems).toEqual([]);
    } finally {
      await close();
      await server.close();
    }
  });

  test("the sample is read and asked with two actions, without a chat model too", async () => {
    const server = await startRealServer(built, { welcome: true });
    await server.client.settings.set({ key: "models.chat", value: "local:qwen3-8b" });
    const { page, problems, close } = await openPage(browser, server.createLink());
    try {
      await card(page, "Your documents").click();
      await page.getByText("No chat model is installed").waitFor();
      await page.getByRole("button", { name: "Use the sample" }).click();
      await page.getByRole("button", { name: "Ask", exact: true }).click();
      const answer = page.getByRole("article", { name: "Answer" });
      await answer
        .getByText(/52 euros/)
        .first()
        .waitFor(patience);
      await answer
        .getByRole("button", { name: /^Citation 1/ })
        .first()
        .waitFor(patience);
      expect(problems).toEqual([]);
    } finally {
      await close();
      await server.close();
    }
  });
});

describe.skipIf(reason)(`the cards of the first start${reason ? ` (skipped: ${reason})` : ""}`, () => {
  const { core, openAt } = useScriptedApp();
  const first = async () => (core().beNew(), openAt());

  test("every card can be left out, and what is chosen is in effect at once", async () => {
    const page = await first();
    await page.getByRole("radio", { name: "High contrast" }).check();
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset["theme"])).toBe("contrast");
    for (const name of ["What this machine can run", "Get a model", "Ask your own documents"]) {
      await page.getByRole("button", { name: "Next", exact: true }).click();
      await page.getByRole("heading", { name }).waitFor();
    }
    await page.getByRole("button", { name: "Go to the chat" }).click();
    await page.getByLabel("Your question").waitFor();
    await expect.poll(async () => (await core().client.settings.get({ key: "welcome.done" })).value).toBe(true);
  });

  test("one click leaves all of it out; going anywhere else does too; the palette and the settings bring it back", async () => {
    const page = await first();
    await page.getByRole("button", { name: "Skip all of it" }).click();
    await page.getByLabel("Your question").waitFor();
    await expect.poll(async () => (await core().client.settings.get({ key: "welcome.done" })).value).toBe(true);
    await page.reload();
    await page.getByLabel("Your question").waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Find a command" }).fill("first steps");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Welcome" }).waitFor();
    await page.getByRole("link", { name: "Settings", exact: true }).click();
    await page.getByRole("button", { name: "Open: First steps" }).click();
    await page.getByRole("heading", { name: "Welcome" }).waitFor();
  });

  test("the machine is told with the sum behind each verdict, and the best model that fits is named", async () => {
    const page = await first();
    await card(page, "This machine").click();
    await page.getByText("The largest chat model that fits here is Qwen2.5 Coder 1.5B Instruct.").waitFor();
    await page
      .getByRole("row", { name: /1\.1 GB \+ 120 MB \+ 200 MB Fits/ })
      .first()
      .waitFor();
    await page.getByText("found by their words with no model").waitFor();
  });

  test("a starter is fetched with progress, paused and resumed; files of other programs are used where they lie", async () => {
    await core().client.settings.set({ key: "models.chat", value: "local:smollm2-135m-instruct" });
    const page = await first();
    await card(page, "A model").click();
    await page.getByRole("button", { name: "Download SmolLM2 135M Instruct" }).click();
    await page.getByRole("progressbar", { name: "Download SmolLM2 135M Instruct" }).waitFor();
    await page.getByRole("button", { name: "Pause: Download SmolLM2 135M Instruct" }).click();
    await page.getByRole("button", { name: "Resume: Download SmolLM2 135M Instruct" }).click();
    await page.getByRole("button", { name: "Pause: Download SmolLM2 135M Instruct" }).waitFor();
    await page.getByRole("button", { name: "Use Llama 3.2 3B Instruct" }).click();
    await expect
      .poll(() => core().models.requests.find(({ route }) => route === "import")?.input)
      .toEqual({ path: "/home/ada/.ollama/models/blobs/sha256-aa", copy: false });
  });

  test("a question waits until its documents are read, and says so", async () => {
    const page = await first();
    await card(page, "Your documents").click();
    await page.getByRole("button", { name: "Use the sample" }).click();
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByText("The question is asked as soon as the documents are read.").waitFor();
    await expect.poll(async () => (await core().client.jobs.list({})).length).toBe(1);
    for (const job of await core().client.jobs.list({})) core().setJob({ ...job, state: "done" });
    await page.getByRole("article", { name: "Question" }).getByText("How much is the rent for a half plot?").waitFor();
    await expect
      .poll(() => core().added)
      .toEqual([expect.objectContaining({ collection: "Allotments (sample)", paths: ["/opt/croft/resources/sample"] })]);
  });
});
