import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findingsInBothThemes } from "./helpers/axe.ts";
import { launchBrowser, noBrowserReason } from "./helpers/browser.ts";
import { buildRenderer } from "./helpers/build-renderer.ts";
import { openPage } from "./helpers/open-page.ts";
import { type ScriptedServer, startScriptedServer } from "./helpers/scripted-server.ts";
import { scenes } from "./helpers/scenes.ts";
import { sidewaysScroll } from "./helpers/sideways-scroll.ts";

const reason = noBrowserReason();

describe.skipIf(reason)(`accessibility${reason ? ` (skipped: ${reason})` : ""}`, () => {
  let browser: Browser;
  let built: string;
  beforeAll(async () => {
    [built, browser] = await Promise.all([buildRenderer(), launchBrowser()]);
  });
  afterAll(() => browser?.close());

  /** Runs a check over a scene on a core of its own. @returns what went wrong in the page without anybody seeing it */
  async function inScene(name: string, check: (page: Page, core: ScriptedServer) => Promise<void>): Promise<string[]> {
    const core = await startScriptedServer(built);
    const opened = await openPage(browser, core.server.createLink());
    try {
      await scenes[name]?.(opened.page, core);
      await check(opened.page, core);
      // Of a page that cannot be drawn the browser says that it was refused; that is the scene.
      return opened.problems.filter((problem) => !problem.includes("status of 422"));
    } finally {
      await opened.close();
      core.gate.open();
      await core.server.close(0);
    }
  }

  // Every scene has a core and a page of its own, so that several can be looked at while one waits.
  test.concurrent.for(Object.keys(scenes))(
    "%s: no serious finding in either theme, and no sideways scroll at 1024×700 and 200 percent",
    async (name, { expect: expectHere }) => {
      const problems = await inScene(name, async (page) => {
        expectHere(await findingsInBothThemes(page)).toEqual([]);
        for (const [width, height] of [
          [1024, 700],
          [720, 450],
        ] as const) {
          await page.setViewportSize({ width, height });
          // An open menu follows the edge of the window a frame later.
          await expectHere.poll(() => sidewaysScroll(page), { message: `${width} pixels` }).toBeLessThanOrEqual(0);
        }
      });
      expectHere(problems).toEqual([]);
    },
  );

  test("F6 goes through every part of the frame and comes round", async () => {
    const problems = await inScene("chat answer", async (page) => {
      const visited: string[] = [];
      for (let press = 0; press < 5; press += 1) {
        await page.keyboard.press("F6");
        visited.push(await page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? ""));
      }
      expect(new Set(visited)).toEqual(new Set(["Workspaces", "Conversations", "Conversation", "Source reader", "Status"]));
    });
    expect(problems).toEqual([]);
  });
});
