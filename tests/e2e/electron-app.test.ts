import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { waitForSession, type Session } from "../../src/main/cli/session.ts";
import { acquireProfileLock } from "../../src/main/core/profile-lock.ts";
import { createFakeGeneration } from "../../src/main/engines/fakes/fake-generation.ts";
import { openTestCore } from "../helpers/core.ts";
import { buildApp } from "../helpers/electron-stand-in/built-app.ts";
import { findChromium } from "../helpers/electron-stand-in/chromium.ts";
import { startApp } from "../helpers/electron-stand-in/start-app.ts";
import { skipReason } from "../helpers/models.ts";
import { temporaryFolder } from "../helpers/profile.ts";
import { writeSyntheticGguf } from "../helpers/synthetic-gguf.ts";
import { away, hostileAnswers, liveParts } from "./helpers/hostile-answers.ts";

/** The page is up and has been answered by core: its status bar knows the memory that core uses. */
const answered = `/\\d MB/.test(document.body.innerText)`;
const hasText = (text: string) => `document.body.innerText.includes(${JSON.stringify(text)})`;
const chromium = findChromium();
const chatModel = "smollm2-135m-instruct";
const noModel = skipReason(chatModel);

/** The built app with a profile of its own, past its first steps, ended with the test. */
function start(options: { profile?: string; models?: string; args?: string[] } = {}) {
  const profile = options.profile ?? temporaryFolder("croft-app-");
  const settings = join(profile, "settings.json");
  if (!existsSync(settings)) writeFileSync(settings, JSON.stringify({ "welcome.done": true }));
  const app = startApp({ profile, models: options.models ?? temporaryFolder("croft-models-"), args: options.args ?? [] });
  onTestFinished(() => app.kill());
  return { app, profile };
}

async function session(profile: string): Promise<Session> {
  const joined = await waitForSession(profile, 15_000);
  if (!joined) throw new Error("Core does not answer on its local socket.");
  onTestFinished(() => joined.close());
  return joined;
}

/** An app whose chat model is a small real llama.cpp model that answers until it is stopped. */
async function startWithEndlessModel() {
  const { app, profile } = start();
  const { client } = await session(profile);
  const file = join(temporaryFolder("croft-gguf-"), "endless.gguf");
  writeSyntheticGguf(file, { answer: "abcdefgh ", endless: true });
  const model = await client.models.import({ path: file, role: "chat" });
  await client.settings.set({ key: "models.chat", value: model.id });
  await app.until(answered);
  return { app, profile, client };
}

type App = ReturnType<typeof startApp>;

async function ask(app: App, question: string): Promise<void> {
  await app.until(`document.querySelector("textarea")`);
  await app.evaluate(`document.querySelector("textarea").focus()`);
  await app.cdp("Input.insertText", { text: question });
  await app.until(`[...document.querySelectorAll("button")].some((button) => button.textContent === "Ask" && !button.disabled)`);
  await press(app, "Ask");
}

const press = (app: App, label: string) =>
  app.evaluate(`[...document.querySelectorAll("button")].find((button) => button.textContent === ${JSON.stringify(label)}).click()`);

const corePid = async (app: App): Promise<number> =>
  (await app.processes()).find(({ name }) => name === "core")?.pid ?? expect.fail("no core runs");

describe.skipIf(!chromium)(`the built app under a stand-in for Electron${chromium ? "" : " (skipped: no Chromium is installed)"}`, () => {
  beforeAll(buildApp, 120_000);

  it("opens a window whose page comes over app:, talks to core in a process of its own, and asks the network for nothing", async () => {
    const { app, profile } = start();
    await app.until(answered);
    const page = await app.page();
    expect(page?.url).toMatch(/^app:\/\/croft\/index\.html/);
    expect(page?.requests.filter((url) => !url.startsWith("app://croft/"))).toEqual([]);
    expect(page?.console).toEqual([]);
    // A schema library tries whether it may compile code, and takes the refusal for an answer.
    const violations = (await app.evaluate("window.__violations")) as string[];
    expect(violations.filter((violation) => violation !== "script-src eval")).toEqual([]);
    expect(await corePid(app)).not.toBe(app.pid);
    await vi.waitFor(async () => expect((await app.windows())[0]?.calls).toEqual(["show"]), { timeout: 15_000 });
    const { client } = await session(profile);
    expect(await client.system.info({})).toMatchObject({ host: "electron", profile });
    expect(await app.desktop()).toMatchObject({ sandboxed: true, messages: [] });
  });

  it("gives the page a path for a file and nothing else of the machine", async () => {
    const { app } = start();
    await app.until(answered);
    expect(
      await app.evaluate(
        `[typeof require, typeof process, typeof ipcRenderer, Object.keys(window.desktop).join(), Object.isFrozen(window.desktop)]`,
      ),
    ).toEqual(["undefined", "undefined", "undefined", "pathForFile", true]);
  });

  it("asks, streams and stops: llama.cpp computes in core, and what it wrote until then is kept", async () => {
    const { app, client } = await startWithEndlessModel();
    await ask(app, "Will this ever end?");
    await app.until(hasText("abcdefgh abcdefgh"));
    await press(app, "Stop");
    await app.until(`[...document.querySelectorAll("button")].some((button) => button.textContent === "Ask")`);
    const [thread] = await client.chat.listThreads({});
    const kept = async () => (await client.chat.getThread({ id: thread?.id ?? "" })).messages;
    await vi.waitFor(
      async () =>
        expect((await kept()).map(({ role, state }) => [role, state])).toEqual([
          ["user", "complete"],
          ["assistant", "stopped"],
        ]),
      { timeout: 15_000 },
    );
    expect((await kept())[1]?.text).toContain("abcdefgh abcdefgh");
  });

  it("goes on when core is killed in the middle of an answer: the window stays, connects again, and the answer is kept", async () => {
    const { app, profile } = await startWithEndlessModel();
    await app.evaluate("window.sameDocument = true");
    await ask(app, "Will this ever end?");
    await app.until(hasText("abcdefgh abcdefgh"));
    const before = await corePid(app);
    process.kill(before, "SIGKILL");
    const { client } = await vi.waitFor(
      async () => {
        expect(await corePid(app)).not.toBe(before);
        return session(profile);
      },
      { timeout: 20_000 },
    );
    const [thread] = await client.chat.listThreads({});
    expect(thread).toBeDefined();
    const { messages } = await client.chat.getThread({ id: thread?.id ?? "" });
    expect(messages[1]?.state).not.toBe("streaming");
    // The page that asks again is the one that was open, over the port to the new core.
    await app.evaluate(`location.hash = "#/chat"`);
    await ask(app, "And now?");
    await app.until(hasText("abcdefgh abcdefgh"));
    await vi.waitFor(async () => expect(await client.chat.listThreads({})).toHaveLength(2), { timeout: 10_000 });
    expect(await app.evaluate("window.sameDocument")).toBe(true);
  });

  it("quits while llama.cpp computes without an abort, and the profile opens again", async () => {
    const { app, profile } = await startWithEndlessModel();
    await ask(app, "Will this ever end?");
    await app.until(hasText("abcdefgh"));
    await app.quit();
    expect(await app.exited).toEqual({ code: 0, signal: null });
    expect(app.output()).not.toMatch(/terminate called|Napi::Error|SIGABRT/);
    const log = readFileSync(join(profile, "logs", "croft.log"), "utf8");
    expect(log).toContain('"core.closed"');
    expect(log).not.toContain('"core.killed"');
    const again = start({ profile });
    await again.app.until(hasText("Will this ever end?"));
  });

  it("remembers the window and quits when it is closed", async () => {
    const { app, profile } = start();
    await app.until(answered);
    await app.closeWindow();
    expect(await app.exited).toEqual({ code: 0, signal: null });
    expect(JSON.parse(readFileSync(join(profile, "window", "window-state.json"), "utf8"))).toMatchObject({
      width: 1280,
      height: 800,
      maximized: false,
    });
    expect(existsSync(join(profile, "lock.json"))).toBe(false);
  });

  it("started twice shows the first window, at the place the second was asked for", async () => {
    const { app, profile } = start();
    await app.until(answered);
    const { app: second } = start({ profile, args: ["croft://chat/0192f3c4-1111-7222-8333-444455556666"] });
    expect(await second.exited).toEqual({ code: 0, signal: null });
    await app.until(`location.hash === "#/chat/0192f3c4-1111-7222-8333-444455556666"`);
    await vi.waitFor(async () => expect((await app.windows())[0]?.calls).toEqual(["show", "show", "focus"]), { timeout: 15_000 });
  });

  it("opens links, the menu's places and files where they belong, without loading the page again", async () => {
    const { app } = start();
    await app.until(answered);
    await app.evaluate("window.sameDocument = true");
    await app.clickMenu("Models");
    await app.until(`location.hash === "#/models"`);
    await app.emit("open-url", "croft://collection/0192f3c4-1111-7222-8333-444455556666");
    await app.until(`location.hash.startsWith("#/knowledge/0192f3c4")`);
    await app.choose("/some/where/a b.pdf");
    await app.clickMenu("Add Files or a Folder…");
    await app.until(`location.hash.startsWith("#/knowledge?add=")`);
    await app.emit("open-url", "croft://evil/x");
    expect(await app.evaluate("window.sameDocument")).toBe(true);
  });

  it("keeps the page where it is: no navigation, no frame, no window, no request leaves", async () => {
    const { app } = start();
    await app.until(answered);
    const reached = (await app.evaluate(`(async () => {
      const tried = {};
      tried.fetch = await fetch("https://example.org/x").then(() => "reached", () => "refused");
      tried.image = await new Promise((resolve) => { const image = new Image(); image.onload = () => resolve("reached"); image.onerror = () => resolve("refused"); image.src = "https://example.org/x.png"; });
      tried.socket = await new Promise((resolve) => { try { const socket = new WebSocket("wss://example.org/"); socket.onopen = () => resolve("reached"); socket.onerror = () => resolve("refused"); } catch { resolve("refused"); } });
      tried.script = await new Promise((resolve) => { const script = document.createElement("script"); script.onload = () => resolve("reached"); script.onerror = () => resolve("refused"); script.src = "https://example.org/x.js"; document.head.append(script); });
      const inline = document.createElement("script"); inline.textContent = "window.inlineRan = true"; document.head.append(inline);
      tried.inline = window.inlineRan ? "reached" : "refused";
      location.href = "https://example.org/away";
      return tried;
    })()`)) as Record<string, string>;
    expect(reached).toEqual({ fetch: "refused", image: "refused", socket: "refused", script: "refused", inline: "refused" });
    await app.until(`location.pathname === "/index.html"`);
    expect((await app.page())?.url).toMatch(/^app:\/\/croft\/index\.html/);
    const violations = (await app.evaluate("window.__violations")) as string[];
    expect(violations.length).toBeGreaterThanOrEqual(5);
  });

  // Catches: a policy or a handler of the shell that lets an answer's words reach out, which no browser test would see.
  it.skipIf(noModel)(
    `shows hostile answers as their words: nothing is asked for, nothing runs${noModel ? ` (skipped: ${noModel})` : ""}`,
    async () => {
      const profile = temporaryFolder("croft-app-");
      const whole = Object.values(hostileAnswers).join("\n\n");
      const { client, close } = await openTestCore({ profile, engines: { generation: createFakeGeneration({ reply: () => whole }) } });
      const asked = await client.chat.ask({ question: "Show everything.", model: chatModel, collections: [] });
      for await (const item of asked) if (item.type === "done") expect(item.answer.answer).toContain(`${away}/p.png`);
      const [thread] = await client.chat.listThreads({});
      await close();

      const { app } = start({ profile });
      await app.until(answered);
      await app.evaluate(`location.hash = "#/chat/${thread?.id}"`);
      await app.until(hasText(`![p](${away}/p.png)`));
      await app.until(`document.querySelector("[role=log] pre")`);
      expect(await app.evaluate(liveParts)).toEqual([]);
      for (let press = 0; press < 6; press += 1)
        await app.evaluate(`document.querySelectorAll("[role=log] article:last-of-type p")[${press}]?.click()`);
      const page = await app.page();
      expect(page?.requests.filter((url) => !url.startsWith("app://croft/"))).toEqual([]);
      expect(page?.console).toEqual([]);
      expect(await app.evaluate("[typeof window.hacked, frames.length, location.pathname]")).toEqual(["undefined", 0, "/index.html"]);
      expect(await app.windows()).toHaveLength(1);
      expect((await app.desktop()).messages).toEqual([]);
      expect((await app.desktop()).opened).toEqual([]);
    },
  );

  it("puts a link to the person before the browser opens it", async () => {
    const { app } = start();
    await app.until(answered);
    await app.evaluate(`void window.open("https://example.org/read?x=1")`);
    await vi.waitFor(
      async () => expect((await app.desktop()).messages).toEqual([expect.objectContaining({ detail: "https://example.org/read?x=1" })]),
      { timeout: 15_000 },
    );
    expect((await app.desktop()).opened).toEqual([]);
    await app.answer(0);
    await app.evaluate(`void window.open("https://example.org/read?x=2")`);
    await vi.waitFor(async () => expect((await app.desktop()).opened).toEqual(["https://example.org/read?x=2"]), { timeout: 15_000 });
  });

  it("lets a page save what it made where a person says, and nothing from elsewhere", async () => {
    const { app } = await startWithEndlessModel();
    await ask(app, "Will this ever end?");
    await app.until(hasText("abcdefgh abcdefgh"));
    await press(app, "Stop");
    await app.until(`document.querySelector('[aria-label="More about this conversation"]')`);
    await app.evaluate(`document.querySelector('[aria-label="More about this conversation"]').click()`);
    await app.until(`[...document.querySelectorAll("[role=menuitem]")].some((item) => item.textContent === "Save as Markdown")`);
    await app.evaluate(`[...document.querySelectorAll("[role=menuitem]")].find((item) => item.textContent === "Save as Markdown").click()`);
    await vi.waitFor(async () => expect((await app.desktop()).saves).toHaveLength(1), { timeout: 15_000 });
    const [save] = (await app.desktop()).saves;
    expect(save).toMatchObject({ prevented: false, options: { defaultPath: expect.stringMatching(/\.md$/) } });
    await vi.waitFor(() => expect(readFileSync(save?.file ?? "", "utf8")).toContain("Will this ever end?"), { timeout: 15_000 });

    await app.evaluate(`{
      const link = document.createElement("a");
      link.href = "data:application/octet-stream,hello";
      link.download = "hello.exe";
      link.click();
    }`);
    await vi.waitFor(async () => expect((await app.desktop()).saves[1]).toEqual({ prevented: true, file: expect.any(String) }), {
      timeout: 15_000,
    });
  });

  it("answers bytes of documents over app: by document only, with its own errors and as no page", async () => {
    const { app } = start();
    await app.until(answered);
    const asked = (path: string) =>
      app.evaluate(`fetch("bytes/${path}").then(async (response) => [response.status, (await response.json()).error.code])`);
    const id = "01980000-0000-7000-8000-000000000001";
    expect(await asked(`documents/${id}/original`)).toEqual([404, "NOT_FOUND"]);
    expect(await asked(`documents/${id}/pages/1?width=12345`)).toEqual([400, "INVALID_INPUT"]);
    expect(await asked("documents/%2Fetc%2Fpasswd/original")).toEqual([404, "NOT_FOUND"]);
  });

  it("says why core cannot start, and tries again when told to", async () => {
    const profile = temporaryFolder("croft-locked-");
    const lock = acquireProfileLock(profile, "cli");
    const { app } = start({ profile });
    await app.answer(0);
    await vi.waitFor(
      async () =>
        expect((await app.desktop()).messages).toEqual([
          expect.objectContaining({ type: "error", message: expect.stringContaining("in use") }),
        ]),
      { timeout: 15_000 },
    );
    // The answer was to try again; it succeeds as soon as the other let go, and until then asks again.
    lock.release();
    for (let button = 0; button < 3; button++) await app.answer(0);
    await app.until(answered);
  });

  it("survives a page that crashes", async () => {
    const { app } = start();
    await app.until(answered);
    await app.evaluate("window.sameDocument = true");
    // The page that crashes answers no more, so nobody waits for its answer.
    void app.cdp("Page.crash", {}).catch(() => {});
    await app.until(`window.sameDocument === undefined && ${answered}`);
  });
});
