import type { Locator, Page } from "playwright-core";
import { ask, chooseSources } from "./ask.ts";
import type { ReaderScript } from "./scripted-reading.ts";
import type { ScriptedServer } from "./scripted-server.ts";

export type Scene = (page: Page, core: ScriptedServer) => Promise<void>;

const go = (page: Page, place: string) => page.getByRole("link", { name: place, exact: true }).first().click();

const chooseHarbour = (page: Page) => chooseSources(page, "Harbour");

/** What shows that the reader has come to the state it is in. */
const readerSigns: Partial<Record<ReaderScript, (page: Page) => Locator>> = {
  page: (page) => page.locator("[data-drawn=true] [data-mark]").first(),
  loading: (page) => page.getByRole("status", { name: "Loading the document" }),
  missing: (page) => page.getByText("The file is not where it was read"),
  changed: (page) => page.getByText("The file was changed since it was read"),
  unreadable: (page) => page.getByText("FILE_DAMAGED").first(),
  deleted: (page) => page.getByText("The document was deleted."),
  "no text": (page) => page.getByText("No text was found on this page"),
  waiting: (page) => page.getByText("The file is waiting to be read again"),
};

/** Opens the first citation of an answer, its document being in that state. */
async function cite(page: Page, core: ScriptedServer, state: ReaderScript): Promise<void> {
  core.script.reader = state;
  await chooseHarbour(page);
  await ask(page, "Who built the Kesslar lighthouse?");
  await page.getByRole("button", { name: /^Citation 1/ }).click();
  await readerSigns[state]?.(page).waitFor();
  if (state === "no text" || state === "waiting") await page.locator("[data-drawn=true]").first().waitFor();
}

/** Loads the page anew, on a core that reads by another script. */
async function reread(page: Page, core: ScriptedServer, data: ScriptedServer["script"]["data"]): Promise<void> {
  core.script.data = data;
  await page.reload();
}

const coming =
  (place: string): Scene =>
  async (page) => {
    await go(page, place);
    await page.getByText("Not built yet").waitFor();
  };

/** The first start of a profile, at one of its cards. */
async function welcome(page: Page, core: ScriptedServer, card = "Language and look"): Promise<void> {
  // The window begins at the chat by itself; only then does another address stay.
  await page.getByLabel("Your question").waitFor();
  core.beNew();
  await page.goto(page.url().replace(/#.*/, "#/welcome"));
  await page.reload();
  await page.getByRole("navigation", { name: "Cards" }).getByRole("button", { name: card }).click();
  await page.getByRole("region", { name: card }).getByRole("heading").first().waitFor();
}

/** Every route and layer, each in the state that shows most of it. Screenshots and accessibility checks walk them. */
export const scenes: Record<string, Scene> = {
  "chat empty": async (page) => {
    await chooseHarbour(page);
    await page.getByRole("button", { name: "What are these documents about?" }).waitFor();
  },
  "chat reading": async (page, core) => {
    core.gate.close();
    await chooseHarbour(page);
    await ask(page, "Who built the Kesslar lighthouse?");
    await page.getByText("Searching your sources").last().waitFor();
    await core.gate.step();
    await page.getByText("Reading the passages").waitFor();
  },
  "chat settings": async (page, core) => {
    const thread = await core.client.chat.createThread({ settings: { systemPrompt: "Answer in one sentence.", temperature: 0.7 } });
    await core.client.chat.savePreset({ name: "Brief", settings: thread.settings });
    await page.goto(page.url().replace(/#.*/, `#/chat/${thread.id}`));
    await page.getByRole("button", { name: "How this conversation is answered" }).click();
    await page.getByRole("complementary", { name: "How this conversation is answered" }).getByLabel("Temperature").waitFor();
  },
  "chat attachments": async (page) => {
    const files = ["deed-1897.pdf", "long minutes of the harbour board.pdf"];
    for (const name of files) {
      await page.getByLabel("Files to attach").setInputFiles({ name, mimeType: "application/pdf", buffer: Buffer.from("%PDF") });
      await page.getByRole("button", { name: `Take out ${name}` }).waitFor();
    }
    await page.getByLabel("Your question").fill("What does the deed say about the pier?");
    await page.getByRole("button", { name: "Show what is sent" }).click();
    await page.getByRole("row", { name: /Question/ }).waitFor();
  },
  "chat trace": async (page) => {
    await chooseHarbour(page);
    await ask(page, "Who built the Kesslar lighthouse?");
    await page.getByRole("button", { name: "What was read" }).click();
    await page
      .getByRole("region", { name: "What was read" })
      .getByText(/quoted/)
      .first()
      .waitFor();
  },
  "chat marks": async (page, core) => {
    core.chat.replies.set(
      "Compare the two lighthouses.",
      "Both stand on the same coast, and **only one** is lit today:\n\n| Lighthouse | Built | Height |\n|---|---:|---:|\n| Kesslar | 1894 | 41 m |\n| Kell Point | 1874 | 31 m |\n\nThe light of a lamp falls with the square of the distance, $I = P / 4\\pi r^2$:\n\n$$\n\\frac{I_1}{I_2} = \\left(\\frac{r_2}{r_1}\\right)^2\n$$\n\n```python\ndef intensity(power: float, radius: float) -> float:\n    # watts over square metres\n    return power / (4 * math.pi * radius ** 2)\n```\n\n- The first is *automatic* since 1968\n  - its keeper left in the same year",
    );
    await ask(page, "Compare the two lighthouses.");
    await page.locator("math mfrac").first().waitFor();
    await page.locator("pre span").first().waitFor();
  },
  "chat search": async (page, core) => {
    core.chat.seed("The harbour in winter", 60, (n) =>
      n % 2 === 0 ? `What about the lighthouse, part ${n}?` : `The keeper of the lighthouse wrote ${n} letters.`,
    );
    await page.reload();
    await page.getByLabel("Search all conversations").fill("lighthouse");
    await page
      .getByRole("link", { name: /Question in The harbour in winter/ })
      .nth(3)
      .click();
    await page.getByRole("article").last().waitFor();
    await page.keyboard.press("Control+f");
    await page.getByRole("search", { name: "Find in this conversation" }).getByLabel("Find in this conversation").fill("letters");
    await page.getByText("30 found").waitFor();
  },
  "chat answer": async (page) => {
    await chooseHarbour(page);
    await ask(page, "Who built the Kesslar lighthouse?");
    await page.getByRole("button", { name: /^Citation 1/ }).click();
    await page.locator("mark").waitFor();
  },
  "reader page": (page, core) => cite(page, core, "page"),
  "reader loading": (page, core) => cite(page, core, "loading"),
  "reader missing": (page, core) => cite(page, core, "missing"),
  "reader changed": (page, core) => cite(page, core, "changed"),
  "reader unreadable": (page, core) => cite(page, core, "unreadable"),
  "reader deleted": (page, core) => cite(page, core, "deleted"),
  "reader no text": (page, core) => cite(page, core, "no text"),
  "reader waiting": (page, core) => cite(page, core, "waiting"),
  "reader pieces": async (page, core) => {
    await cite(page, core, "page");
    await page.getByRole("button", { name: "Show the text" }).click();
    await page.getByRole("button", { name: "Show where pieces of the search begin" }).click();
    await page.getByRole("note").first().waitFor();
  },
  "chat branches": async (page) => {
    await chooseHarbour(page);
    await ask(page, "Who built the lighthouse?");
    await page.getByRole("button", { name: "Edit the question" }).click();
    await page.getByLabel("The question in other words").fill("Who built the Kesslar lighthouse?");
    await page.keyboard.press("Enter");
    await page.getByRole("group", { name: "Versions of the question" }).waitFor();
    await page.getByRole("button", { name: "Answer again", exact: true }).click();
    await page.getByRole("group", { name: "Versions of the answer" }).waitFor();
    await ask(page, "How tall is it?");
    await page.getByRole("button", { name: "Edit the question" }).nth(1).click();
    await page.getByLabel("The question in other words").waitFor();
  },
  "chat deleted": async (page) => {
    await ask(page, "Who built the Kesslar lighthouse?");
    await page.getByRole("button", { name: "Answer again", exact: true }).waitFor();
    await page.getByRole("button", { name: "More about this conversation" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Undo" }).waitFor();
  },
  "chat menu": async (page) => {
    await chooseHarbour(page);
    await ask(page, "Who built the Kesslar lighthouse?");
    await page.getByRole("button", { name: "Answer again, another way" }).click();
    await page.getByRole("menuitem").first().waitFor();
  },
  "chat refusal": async (page) => {
    await chooseHarbour(page);
    await ask(page, "What is the capital of Mongolia?");
    await page.getByRole("region", { name: "Closest passages" }).waitFor();
  },
  "chat error": async (page) => {
    await ask(page, "Break, please");
    await page.getByText("MEMORY_LOW").waitFor();
  },
  "knowledge empty": async (page, core) => {
    await reread(page, core, "empty");
    await go(page, "Knowledge");
    await page.getByRole("heading", { name: "No collections yet" }).waitFor();
  },
  "knowledge loading": async (page, core) => {
    await reread(page, core, "loading");
    await go(page, "Knowledge");
    await page.getByRole("status", { name: "Loading collections" }).first().waitFor();
  },
  "knowledge error": async (page, core) => {
    await reread(page, core, "error");
    await go(page, "Knowledge");
    await page.getByText("DATABASE_DAMAGED").first().waitFor();
  },
  "knowledge documents": async (page) => {
    await go(page, "Knowledge");
    await page.getByLabel("Path of a file or folder to add").fill("/home/ada/harbour/scans");
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Indexing" }).waitFor();
    await page.getByRole("row", { name: /lighthouse/ }).waitFor();
  },
  "knowledge rules": async (page) => {
    await go(page, "Knowledge");
    await page.getByLabel("Path of a file or folder to add").fill("/home/ada/archive");
    await page.getByRole("button", { name: "Add with rules" }).click();
    await page.getByLabel("Not these files").fill("drafts/**");
    await page.getByText("312 files").waitFor();
  },
  "knowledge sources": async (page) => {
    await go(page, "Knowledge");
    await page.getByRole("tab", { name: "Sources" }).click();
    await page.getByRole("list", { name: "Sources of Harbour" }).waitFor();
  },
  "knowledge report": async (page) => {
    await go(page, "Knowledge");
    await page.getByRole("tab", { name: "Report" }).click();
    await page.getByRole("button", { name: /^\d+ Locked with a password/ }).click();
    await page.getByLabel("Password of the locked files").waitFor();
  },
  "knowledge compare": async (page) => {
    await go(page, "Knowledge");
    await page.getByRole("tab", { name: "Compare rankings" }).click();
    await page.getByRole("searchbox", { name: "Query to compare in Harbour" }).fill("who built the tower");
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Reranked" }).getByRole("button").first().focus();
  },
  "knowledge words only": async (page, core) => {
    core.workspace.wordsOnly.push("Harbour");
    await go(page, "Knowledge");
    await page.getByRole("tab", { name: "Search" }).click();
    await page.getByRole("searchbox", { name: "Search in Harbour" }).fill("who built the tower");
    await page.keyboard.press("Enter");
    await page.getByText("Only the words of “Harbour” were searched").waitFor();
  },
  "knowledge embedder": async (page) => {
    await go(page, "Knowledge");
    await page.getByRole("button", { name: "Embedding model" }).click();
    await page.getByRole("radio", { name: /BGE small/ }).waitFor();
  },
  "knowledge search": async (page) => {
    await go(page, "Knowledge");
    await page.getByRole("tab", { name: "Search" }).click();
    await page.getByRole("searchbox", { name: "Search in Harbour" }).fill("who built the tower");
    await page.keyboard.press("Enter");
    await page.getByRole("list", { name: "Passages" }).getByRole("button").first().click();
    await page.locator("mark").waitFor();
  },
  models: async (page) => {
    await go(page, "Models");
    await page.getByRole("button", { name: "Download SmolLM2 135M Instruct" }).click();
    await page.getByRole("progressbar").waitFor();
  },
  "models checks": async (page, core) => {
    await go(page, "Models");
    await page.getByRole("button", { name: "Test BGE small English v1.5" }).click();
    await page.getByText("The file is damaged or not supported.").waitFor();
    core.gate.close();
    await page.getByRole("button", { name: "Measure Qwen2.5 Coder 1.5B Instruct" }).click();
    await page.getByText("Measuring: it reads and writes for a while").waitFor();
  },
  "models remove": async (page) => {
    await go(page, "Models");
    await page.getByRole("button", { name: "Remove BGE small English v1.5" }).click();
    await page.getByRole("alertdialog").waitFor();
  },
  "models offline": async (page, core) => {
    await core.client.settings.set({ key: "network.offline", value: true });
    await page.reload();
    await go(page, "Models");
    await page.getByText("Local only, offline").waitFor();
    await page.getByText("Every network connection is forbidden, so").waitFor();
  },
  "opened file": async (page) => {
    await go(page, "Knowledge");
    await page.getByRole("row", { name: /lighthouse/ }).waitFor();
    await page.evaluate(() => (window.location.hash = "#/knowledge?add=%2Fhome%2Fada%2Fharbour%2Fdeed-1897.pdf"));
    await page.getByRole("dialog", { name: "Add “deed-1897.pdf”" }).waitFor();
  },
  settings: async (page) => {
    await go(page, "Settings");
    await page.getByText("Passages that a search returns").waitFor();
  },
  "settings storage": async (page) => {
    await go(page, "Settings");
    await page.getByLabel("Find a setting").fill("backup");
    await page.getByRole("heading", { name: "Storage" }).waitFor();
    await page.getByText("Search index, made again when it is gone").waitFor();
  },
  "settings privacy": async (page) => {
    await go(page, "Settings");
    await page.getByLabel("Find a setting").fill("leaves this machine");
    await page.getByText("Refused by Croft").waitFor();
  },
  "models details": async (page) => {
    await go(page, "Models");
    await page.getByRole("button", { name: "About Qwen2.5 Coder 1.5B Instruct" }).click();
    await page.getByText("answers in the chat and in batch").waitFor();
  },
  "welcome look": (page, core) => welcome(page, core),
  "welcome machine": (page, core) => welcome(page, core, "This machine"),
  "welcome model": async (page, core) => {
    await core.client.settings.set({ key: "models.chat", value: "local:smollm2-135m-instruct" });
    await welcome(page, core, "A model");
    await page.getByRole("button", { name: "Download SmolLM2 135M Instruct" }).click();
    await page.getByRole("progressbar").waitFor();
    await page.getByRole("button", { name: "Use Llama 3.2 3B Instruct" }).waitFor();
  },
  "welcome documents": async (page, core) => {
    await welcome(page, core, "Your documents");
    await page.getByRole("button", { name: "Use the sample" }).click();
    await page.getByRole("progressbar").waitFor();
  },
  agents: coming("Agents"),
  datasets: coming("Datasets"),
  dashboard: coming("Dashboard"),
  palette: async (page) => {
    await page.getByLabel("Your question").waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("option", { name: /Go to Chat/ }).waitFor();
  },
  "palette objects": async (page) => {
    await page.getByLabel("Your question").waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Find a command" }).fill("ha");
    await page.getByRole("option", { name: /Harbour/ }).waitFor();
  },
  jobs: async (page) => {
    await go(page, "Models");
    await page.getByRole("button", { name: "Download SmolLM2 135M Instruct" }).click();
    await page.keyboard.press("Control+j");
    await page.getByRole("dialog").getByRole("progressbar").waitFor();
  },
  shortcuts: async (page) => {
    await go(page, "Settings");
    await page.getByText("Passages that a search returns").waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByText("All commands").waitFor();
  },
};
