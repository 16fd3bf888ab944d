import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { seriousFindings } from "./helpers/axe.ts";
import { ask } from "./helpers/ask.ts";
import { noBrowserReason } from "./helpers/browser.ts";
import { useScriptedApp } from "./helpers/scripted-app.ts";

const reason = noBrowserReason();

describe.skipIf(reason)(`the chat window${reason ? ` (skipped: ${reason})` : ""}`, () => {
  const { core, open } = useScriptedApp();
  const answers = (page: Page) => page.getByRole("article", { name: "Answer" });
  const panel = (page: Page) => page.getByRole("complementary", { name: "How this conversation is answered" });

  async function answered(page: Page, question: string): Promise<void> {
    const before = await page.getByRole("button", { name: "Answer again", exact: true }).count();
    await ask(page, question);
    await expect.poll(() => page.getByRole("button", { name: "Answer again", exact: true }).count()).toBe(before + 1);
  }

  test("a setting made before the first question begins the conversation, and a preset brings it to another", async () => {
    const page = await open();
    await page.getByLabel("Your question").fill("Half typed");
    await page.getByRole("button", { name: "How this conversation is answered" }).click();
    await panel(page).getByLabel("Temperature").fill("0.7");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#\/chat\/.+/);
    const [id] = [...core().threads.keys()];
    await expect.poll(() => core().chat.settings.get(id!)).toEqual({ temperature: 0.7 });
    // The draft went with it.
    await expect.poll(() => page.getByLabel("Your question").inputValue()).toBe("Half typed");
    await expect.poll(() => [core().chat.drafts.get(id!), core().chat.drafts.get("new")]).toEqual(["Half typed", ""]);
    await panel(page).getByLabel("System prompt").fill("Speak like a pirate.");
    await panel(page).getByLabel("Most tokens of an answer").fill("7");
    await panel(page).getByText("From 16 to 32768; not kept.").waitFor();
    await expect.poll(() => core().chat.settings.get(id!)).toEqual({ temperature: 0.7, systemPrompt: "Speak like a pirate." });
    await panel(page).getByLabel("Most tokens of an answer").fill("");
    await panel(page).getByLabel("Name of the preset").fill("Pirate");
    await page.keyboard.press("Enter");
    await expect.poll(() => core().chat.presets.map(({ name }) => name)).toEqual(["Pirate"]);

    await page.getByRole("button", { name: "New conversation" }).click();
    // The panel is that of the new conversation once its prompt is empty.
    await expect.poll(() => panel(page).getByLabel("System prompt").inputValue()).toBe("");
    await panel(page).getByLabel("Preset", { exact: true }).selectOption({ label: "Pirate" });
    await page.waitForURL((url) => !url.href.includes(id!) && /#\/chat\/.+/.test(url.href));
    const second = [...core().threads.keys()].at(-1);
    await expect.poll(() => core().chat.settings.get(second!)).toEqual({ temperature: 0.7, systemPrompt: "Speak like a pirate." });
    expect(await seriousFindings(page)).toEqual([]);
  });

  test("the tray counts what will be sent, says how it counted, and lists every part", async () => {
    const page = await open();
    await page.getByText(/about 7\d\d of 4,096 tokens/).waitFor();
    await page.getByRole("button", { name: "Show what is sent" }).click();
    await page.getByText("Estimated from the length of the text").waitFor();
    await page.getByLabel("Your question").fill("one two three");
    await page.getByRole("row", { name: /Question 7/ }).waitFor();
    await answered(page, "Tell it plainly");
    await page.getByText("Counted by the tokenizer of qwen2.5-coder-1.5b-instruct.").waitFor();
    await page.getByRole("row", { name: /Conversation/ }).waitFor();
  });

  test("files are attached by the picker and taken out again; one that cannot be read says why", async () => {
    const page = await open();
    const pick = (name: string) =>
      page.getByLabel("Files to attach").setInputFiles({ name, mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 notes") });
    await pick("notes.pdf");
    const files = page.getByRole("list", { name: "Attached files" });
    await files.getByText("whole, 912 tokens").waitFor();
    await pick("long.pdf");
    await files.getByText("searched, 12 pages").first().waitFor();
    await pick("run.exe");
    await page.getByText("run.exe is of a type that Croft does not read; nothing was attached.").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await files.getByRole("button", { name: "Take out long.pdf" }).click();
    await files.getByText("whole, 912 tokens").waitFor();
    await expect.poll(() => [...core().chat.attachments.values()].flat().map(({ name }) => name)).toEqual(["notes.pdf"]);
  });

  test("reading a file can be stopped, and nothing is asked meanwhile", async () => {
    const page = await open();
    core().gate.close();
    await page.getByLabel("Files to attach").setInputFiles({ name: "slow.pdf", mimeType: "application/pdf", buffer: Buffer.from("x") });
    await page.getByText("Reading slow.pdf").waitFor();
    await page.getByLabel("Your question").fill("Too early");
    await expect.poll(() => page.getByRole("button", { name: "Ask", exact: true }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Stop reading" }).click();
    await page.getByText("Reading slow.pdf").waitFor({ state: "detached" });
    expect([...core().chat.attachments.values()].flat()).toEqual([]);
  });

  test("dropped files are attached, and the place to drop them shows itself", async () => {
    const page = await open();
    const transfer = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(["words"], "dropped.txt", { type: "text/plain" }));
      return data;
    });
    const field = page.getByLabel("Your question");
    await field.dispatchEvent("dragover", { dataTransfer: transfer });
    await page.getByText("Drop files to attach them to this conversation").waitFor();
    await field.dispatchEvent("drop", { dataTransfer: transfer });
    await page.getByRole("list", { name: "Attached files" }).getByText("dropped.txt").waitFor();
    await expect.poll(() => page.getByText("Drop files to attach them").count()).toBe(0);
  });

  test("a draft is there after the window has lost its memory", async () => {
    const page = await open();
    await page.getByLabel("Your question").fill("Not yet sent");
    await expect.poll(() => core().chat.drafts.get("new")).toBe("Not yet sent");
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await expect.poll(() => page.getByLabel("Your question").inputValue()).toBe("Not yet sent");
    await ask(page, "Sent now");
    await expect.poll(() => core().chat.drafts.get("new")).toBe("");
  });

  test("what was read for an answer is told on demand, also in another visit", async () => {
    const page = await open();
    await answered(page, "Who built it?");
    await page.reload();
    await page.getByRole("link", { name: "Who built it?" }).click();
    await page.getByRole("button", { name: "What was read" }).click();
    const trace = page.getByRole("region", { name: "What was read" });
    await trace.getByText(/passages read, 2 quoted/).waitFor();
    await trace.getByText("180 tokens read, 112 of them known from before, 38 written").waitFor();
    await answers(page).getByText("24.6 tokens/s").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  test("a fork is a conversation of its own, with all up to the answer", async () => {
    const page = await open();
    await answered(page, "Who built it?");
    await answered(page, "And when?");
    const before = page.url();
    await answers(page).first().getByRole("button", { name: "Fork the conversation here" }).click();
    await page.waitForURL((url) => url.href !== before);
    await expect.poll(() => page.getByRole("article", { name: "Question" }).count()).toBe(1);
    await expect.poll(() => core().threads.size).toBe(2);
  });

  test("search finds what was said in any conversation and leads to the message", async () => {
    const page = await open();
    const id = core().chat.seed("The long one", 400, (n) =>
      n === 37 ? "A needle in it." : `Message ${n}, of many words to fill a line or two of it.`,
    );
    await page.reload();
    await page.getByLabel("Search all conversations").fill("needle");
    const hit = page.getByRole("link", { name: /Answer in The long one/ });
    await hit.waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(id));
    await answers(page).getByText("A needle in it.").waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain("A needle in it.");
    await page.getByLabel("Search all conversations").fill("not said");
    await page.getByText("Nothing was said in these words.").waitFor();
  });

  test("tables are copied for spreadsheets, code is copied as it is and highlighted, formulas are set", async () => {
    const page = await open();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    core().chat.replies.set(
      "Show.",
      "| Name | Built |\n|---|---:|\n| Kell | 1874 |\n\n```ts\nconst a = 1; // one\n```\n\n$$\n\\frac{a}{b}\n$$\n\nwith $x^2$.",
    );
    await answered(page, "Show.");
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await page.getByRole("button", { name: "Copy the table for a spreadsheet" }).click();
    await expect.poll(copied).toBe("Name\tBuilt\nKell\t1874");
    await page.getByRole("button", { name: "Copy the code" }).click();
    await expect.poll(copied).toBe("const a = 1; // one");
    await page.locator("pre span", { hasText: "const" }).waitFor();
    await page.locator("math mfrac").waitFor();
    await expect.poll(() => page.locator("math").count()).toBe(2);
    expect(await seriousFindings(page)).toEqual([]);
  });
});
