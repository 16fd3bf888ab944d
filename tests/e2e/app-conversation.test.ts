import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { ask, chooseFrom } from "./helpers/ask.ts";
import { noBrowserReason } from "./helpers/browser.ts";
import { readMessages, useScriptedApp } from "./helpers/scripted-app.ts";

const reason = noBrowserReason();

describe.skipIf(reason)(`a conversation and its branches${reason ? ` (skipped: ${reason})` : ""}`, () => {
  const { core, open } = useScriptedApp();
  const questions = (page: Page) => page.getByRole("article", { name: "Question" });
  const answers = (page: Page) => page.getByRole("article", { name: "Answer" });
  const versions = (page: Page, of: "question" | "answer") => page.getByRole("group", { name: `Versions of the ${of}` });

  /** Asks and waits until core has stored the answer: then it can be acted on. */
  async function answered(page: Page, question: string): Promise<void> {
    const before = await page.getByRole("button", { name: "Answer again", exact: true }).count();
    await ask(page, question);
    await expect.poll(() => page.getByRole("button", { name: "Answer again", exact: true }).count()).toBe(before + 1);
  }
  async function openCopying(): Promise<{ page: Page; copied(): Promise<string> }> {
    const page = await open();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    return { page, copied: () => page.evaluate(() => navigator.clipboard.readText()) };
  }

  test("an edited question becomes a version beside the first, and either can be opened with what followed it", async () => {
    const page = await open();
    await answered(page, "Who built it?");
    await answered(page, "And when?");
    await questions(page).first().getByRole("button", { name: "Edit the question" }).click();
    const field = page.getByLabel("The question in other words");
    await expect.poll(() => field.inputValue()).toBe("Who built it?");
    await field.fill("Who built the lighthouse?");
    await page.keyboard.press("Enter");
    await versions(page, "question").getByText("2/2").waitFor();
    await expect.poll(() => readMessages(page)).toEqual(["Who built the lighthouse?", expect.stringContaining("The lighthouse was built")]);
    await expect.poll(() => core().asked.at(-1)).toMatchObject({ question: "Who built the lighthouse?", parent: null });

    await page.getByRole("button", { name: "Previous version of the question" }).click();
    await questions(page).nth(1).waitFor();
    await expect.poll(async () => (await readMessages(page)).filter((_, index) => index % 2 === 0)).toEqual(["Who built it?", "And when?"]);
    await page.reload();
    await page.getByRole("link", { name: "Who built it?" }).click();
    await questions(page).nth(1).waitFor();
    await versions(page, "question").getByText("1/2").waitFor();
  });

  test("answering again makes a version of the answer and leaves the question alone", async () => {
    const page = await open();
    await answered(page, "Who built it?");
    await page.getByRole("button", { name: "Answer again", exact: true }).click();
    await versions(page, "answer").getByText("2/2").waitFor();
    await expect.poll(() => versions(page, "question").count()).toBe(0);
    await expect.poll(() => questions(page).count()).toBe(1);
    await page.getByRole("button", { name: "Answer again, another way" }).click();
    await page.getByRole("menuitem", { name: "With Qwen2.5 Coder 1.5B Instruct" }).click();
    await versions(page, "answer").getByText("3/3").waitFor();
    const [messages] = [...core().threads.values()];
    const [question] = messages!;
    await expect.poll(() => core().asked.at(-1)).toMatchObject({ answering: question!.id, model: "qwen2.5-coder-1.5b-instruct" });
    // Asked once, answered three times.
    await expect.poll(() => messages!.map(({ role }) => role)).toEqual(["user", "assistant", "assistant", "assistant"]);
    await page.getByRole("button", { name: "Previous version of the answer" }).click();
    await versions(page, "answer").getByText("2/3").waitFor();
  });

  test("the next question answers to the branch on the screen", async () => {
    const page = await open();
    await answered(page, "Who built it?");
    const [, first] = [...core().threads.values()][0]!;
    await page.getByRole("button", { name: "Answer again", exact: true }).click();
    await versions(page, "answer").getByText("2/2").waitFor();
    await page.getByRole("button", { name: "Previous version of the answer" }).click();
    await versions(page, "answer").getByText("1/2").waitFor();
    await answered(page, "And when?");
    await expect.poll(() => core().asked.at(-1)).toMatchObject({ parent: first!.id });
  });

  test("an answer under way stays with its branch while another is read", async () => {
    const page = await open();
    await answered(page, "Who built it?");
    core().gate.close();
    await page.getByRole("button", { name: "Answer again", exact: true }).click();
    await core().gate.step();
    await page.getByText("Reading the passages").waitFor();
    const [id] = [...core().threads.keys()];
    const [, first, second] = core().threads.get(id!)!;
    await core().client.chat.selectLeaf({ id: id!, leaf: first!.id });
    core().happened("thread.changed", id!);
    await versions(page, "answer").getByText("1/2").waitFor();
    await expect.poll(() => page.getByText("Reading the passages").count()).toBe(0);
    core().gate.open();
    await page.getByRole("button", { name: "Next version of the answer" }).click();
    await answers(page).getByText("supported", { exact: true }).waitFor();
    await expect.poll(() => second!.state).toBe("complete");
  });

  test("a stopped answer goes on when asked, from what was written", async () => {
    core().gate.close();
    const page = await open();
    await ask(page, "Tell it plainly, and at length");
    await answers(page).getByText("Waiting for the model").waitFor();
    await core().gate.step();
    await page.waitForURL(/#\/chat\/.+/);
    await core().gate.step();
    await answers(page).getByText("The lighthouse was built").waitFor();
    await page.keyboard.press("Control+.");
    const stopped = [...core().threads.values()][0]!.at(-1)!;
    // Core has been told before it may write on: else it would come to an end.
    await expect.poll(() => stopped.state).toBe("stopped");
    core().gate.open();
    await page.getByRole("button", { name: "Continue" }).click();
    await versions(page, "answer").getByText("2/2").waitFor();
    await answers(page).getByText("weak", { exact: true }).waitFor();
    await expect.poll(() => core().asked.at(-1)).toMatchObject({ answering: stopped.parent, continuing: stopped.id });
    await expect.poll(() => questions(page).count()).toBe(1);
    await expect.poll(() => page.getByRole("button", { name: "Continue" }).count()).toBe(0);
  });

  test("copying gives Markdown with a footnote for every quote", async () => {
    const { page, copied } = await openCopying();
    await answered(page, "Who built it?");
    await page.getByRole("button", { name: "Copy with footnotes" }).click();
    await page.getByText("Copied", { exact: true }).waitFor({ state: "attached" });
    await expect
      .poll(copied)
      .toBe(
        "The lighthouse was built in 1894 by Ada Brennholt.[^1] It is about 40 metres tall.[^2] Many visitors climb it every summer.\n\n" +
          "[^1]: “The Kesslar lighthouse was built in 1894 by the engineer Ada Brennholt.” — The Kesslar lighthouse, /home/ada/harbour/lighthouse.md, page 1\n\n" +
          "[^2]: “It stands 41 metres tall on the eastern cliff.” — The Kesslar lighthouse, /home/ada/harbour/lighthouse.md, page 2\n",
      );
  });

  test("the keys J, K, C, R, E, arrows and brackets do what the shortcuts view says, and type in fields", async () => {
    const { page, copied } = await openCopying();
    const press = (keys: string) => page.keyboard.press(keys);
    await answered(page, "Who built it?");
    await page.getByLabel("Your question").fill("jkcre");
    await expect.poll(() => page.getByLabel("Your question").inputValue()).toBe("jkcre");
    await page.getByLabel("Your question").fill("");
    await press("Escape");
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    await expect.poll(focused).toBe("Answer");
    await press("k");
    await expect.poll(focused).toBe("Question");
    await press("c");
    await expect.poll(copied).toBe("Who built it?");
    await press("j");
    await expect.poll(focused).toBe("Answer");
    await press("c");
    await expect.poll(copied).toContain("[^1]:");
    await press("]");
    const reader = page.getByRole("complementary", { name: "Source reader" });
    await reader.waitFor();
    await expect.poll(focused).toBe("Source reader");
    await press("Escape");
    await reader.waitFor({ state: "detached" });
    await expect.poll(focused).toBe("Answer");
    await press("r");
    await versions(page, "answer").getByText("2/2").waitFor();
    await press("ArrowLeft");
    await versions(page, "answer").getByText("1/2").waitFor();
    await press("ArrowRight");
    await versions(page, "answer").getByText("2/2").waitFor();
    await press("e");
    const editor = page.getByLabel("The question in other words");
    await expect.poll(focused).toBe("The question in other words");
    await press("Escape");
    await editor.waitFor({ state: "detached" });
    await page.getByLabel("Your question").press("ArrowUp");
    await expect.poll(focused).toBe("The question in other words");
    await press("Escape");
    await editor.waitFor({ state: "detached" });
    await press("?");
    const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    for (const title of ["Edit the question", "Answer again", "Next or previous message", "Stop the answer", "Open the evidence"])
      await list.getByText(title, { exact: true }).waitFor();
  });

  test("a conversation is renamed, and Esc leaves its name as it was", async () => {
    const page = await open();
    await answered(page, "Who built it?");
    await page.getByRole("button", { name: "Rename the conversation" }).click();
    await page.getByLabel("Name of the conversation").fill("Not this");
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { level: 1, name: "Who built it?" }).waitFor();
    await page.getByRole("button", { name: "Rename the conversation" }).click();
    await page.getByLabel("Name of the conversation").fill("The tower");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "The tower" }).waitFor();
    await page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: "The tower" }).waitFor();
  });

  test("a conversation is saved as Markdown and as JSON under its own name", async () => {
    const page = await open();
    await answered(page, "Who built it?");
    for (const [action, name, start] of [
      ["Save as Markdown", "Who built it.md", "# Who built it?"],
      ["Save as JSON", "Who built it.json", '{"thread"'],
    ] as const) {
      const [download] = await Promise.all([page.waitForEvent("download"), chooseFrom(page, "More about this conversation", action)]);
      expect(download.suggestedFilename()).toBe(name);
      expect(await readFile(await download.path(), "utf8")).toMatch(start);
    }
  });

  test("a deleted conversation can be had back for ten seconds; core is told only then", async () => {
    const page = await open();
    await page.clock.install();
    await answered(page, "Who built it?");
    const link = page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: "Who built it?" });
    const remove = async () => {
      await chooseFrom(page, "More about this conversation", "Delete");
      await link.waitFor({ state: "detached" });
    };
    const before = await page.evaluate(() => Date.now());
    await remove();
    // Time stands still until it is taken back: on a slow machine the seconds would run out.
    await page.clock.pauseAt(before + 9_900);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.clock.resume();
    await link.waitFor();
    await page.getByRole("heading", { level: 1, name: "Who built it?" }).waitFor();
    await expect.poll(() => core().threads.size).toBe(1);
    await remove();
    await expect.poll(() => core().threads.size).toBe(1);
    await page.clock.runFor(10_500);
    await expect.poll(() => core().threads.size).toBe(0);
    await expect.poll(() => page.getByRole("button", { name: "Undo" }).count()).toBe(0);
  });

  test("a conversation that cannot be deleted comes back with the reason", async () => {
    const page = await open();
    await page.clock.install();
    await answered(page, "This cannot go");
    await chooseFrom(page, "More about this conversation", "Delete");
    await page.getByRole("heading", { level: 1, name: "This cannot go" }).waitFor({ state: "detached" });
    await page.clock.runFor(10_500);
    await page.getByText("The disk is read-only; nothing was deleted.").waitFor();
    await page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: "This cannot go" }).waitFor();
  });

  test("a plain chat never claims to read sources, and a begun thread reads its own without naming them", async () => {
    core().gate.close();
    const page = await open();
    await ask(page, "Tell it plainly");
    await answers(page).getByText("Waiting for the model").waitFor();
    await core().gate.step();
    await page.waitForURL(/#\/chat\/.+/);
    await expect.poll(() => answers(page).innerText()).not.toMatch(/passage/i);
    core().gate.open();
    await page.getByRole("button", { name: "Answer again", exact: true }).waitFor();
    await expect.poll(() => core().asked[0]).toMatchObject({ collections: [] });
    await answered(page, "And now?");
    expect(core().asked[1]).not.toHaveProperty("collections");
  });
});
