import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { ask } from "./helpers/ask.ts";
import { noBrowserReason } from "./helpers/browser.ts";
import { hostileAnswers, liveParts } from "./helpers/hostile-answers.ts";
import { useScriptedApp } from "./helpers/scripted-app.ts";

const reason = noBrowserReason();

describe.skipIf(reason)(`hostile answers${reason ? ` (skipped: ${reason})` : ""}`, () => {
  const { core, open } = useScriptedApp();

  /** Everything that could be asked for or run, as the page has it. */
  const live = (page: Page) => page.evaluate<string[]>(liveParts);

  // Catches: one answer that is more than its words: an image, a link, a style or a script that reaches out or runs.
  test("ask nobody for anything, run nothing and stay readable: all of them in one conversation", async () => {
    const page = await open();
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    const origin = new URL(page.url()).origin;
    for (const [name, payload] of Object.entries(hostileAnswers)) core().chat.replies.set(`Show ${name}.`, payload);
    const whole = Object.values(hostileAnswers).join("\n\n");
    core().chat.replies.set("Show everything.", whole);

    for (const question of core().chat.replies.keys()) {
      const before = core().asked.length;
      await ask(page, question);
      await expect.poll(() => core().asked.length).toBe(before + 1);
      await expect.poll(() => [...core().threads.values()][0]?.at(-1)?.state).toBe("complete");
      await page.getByRole("article", { name: "Question" }).getByText(question, { exact: true }).waitFor();
      await page.getByRole("button", { name: "Ask", exact: true }).waitFor();
      // A new conversation moves to its own address, and is shown anew there.
      await expect.poll(() => live(page), { message: question }).toEqual([]);
    }
    // Lazy parts have come by now, and so would have what they ask for.
    await page.locator("pre").first().waitFor();
    expect(requests.filter((url) => !url.startsWith(origin))).toEqual([]);
    expect(await page.evaluate(() => Reflect.get(window, "hacked"))).toBeUndefined();
    expect(page.url()).toContain(origin);
    expect(page.frames()).toHaveLength(1);

    // The same when it is read again from core, hovered, and clicked wherever there is text.
    await page.reload();
    await page.getByRole("navigation", { name: "Conversations" }).getByRole("link").first().click();
    const answer = page.getByRole("article", { name: "Answer" }).last();
    await answer.waitFor();
    for (const paragraph of (await answer.locator("p").all()).slice(0, 8)) await paragraph.click({ position: { x: 4, y: 4 } });
    await expect.poll(() => live(page)).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(origin))).toEqual([]);
    expect(await page.evaluate(() => Reflect.get(window, "hacked"))).toBeUndefined();
    expect(page.context().pages()).toHaveLength(1);
    await expect.poll(() => answer.innerText()).toContain("![p](https://tracker.invalid/p.png)");
  });
});
