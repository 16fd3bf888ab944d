import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { launchBrowser } from "./browser.ts";
import { buildRenderer } from "./build-renderer.ts";
import { type OpenedPage, type OpenOptions, openPage } from "./open-page.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

/** For a suite: one browser, and for each test a scripted core and a page of its own that must end without a problem. */
export function useScriptedApp() {
  let built: string;
  let browser: Browser;
  let core: ScriptedServer;
  let opened: OpenedPage | undefined;

  beforeAll(async () => {
    [built, browser] = await Promise.all([buildRenderer(), launchBrowser()]);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    core = await startScriptedServer(built);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await opened?.page.screenshot({ path: `out/e2e-failures/${task.id}.png` });
    const problems = opened?.problems ?? [];
    await opened?.close();
    opened = undefined;
    core.gate.open();
    await core.server.close(0);
    expect(problems).toEqual([]);
  });

  return {
    core: () => core,
    /** Wherever the window begins. */
    async openAt(options: OpenOptions = {}): Promise<Page> {
      opened = await openPage(browser, core.server.createLink(), options);
      return opened.page;
    },
    async open(place = "Chat"): Promise<Page> {
      opened = await openPage(browser, core.server.createLink());
      await opened.page.getByRole("link", { name: place, exact: true }).first().click();
      return opened.page;
    },
  };
}

/** What stands in the conversation, a line each: questions as they are, answers by their first words. */
export const readMessages = (page: Page): Promise<string[]> =>
  page
    .locator("[data-message]")
    .evaluateAll((messages) =>
      messages.map((message) => (message.querySelector("h2") ?? message.querySelector(".text-15"))?.textContent?.slice(0, 40) ?? ""),
    );
