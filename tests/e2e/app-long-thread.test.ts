import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { ask } from "./helpers/ask.ts";
import { noBrowserReason } from "./helpers/browser.ts";
import { useScriptedApp } from "./helpers/scripted-app.ts";

const reason = noBrowserReason();
const messages = 5000;
const textOf = (n: number) =>
  n % 2 === 0
    ? `Question number ${n / 2}?`
    : `Answer number ${(n - 1) / 2}. ${"It has words to fill some lines of it. ".repeat(1 + (n % 7))}`;

describe.skipIf(reason)(`a conversation of ${messages} messages${reason ? ` (skipped: ${reason})` : ""}`, () => {
  const { core, open } = useScriptedApp();
  const shown = (page: Page) => page.locator("[data-message]");
  const log = (page: Page) => page.getByRole("log", { name: "Messages" });
  const answer = (page: Page, n: number) => page.getByText(`Answer number ${n}.`);

  async function openLong(): Promise<Page> {
    core().chat.seed("The long one", messages, textOf);
    const page = await open();
    await page.getByRole("link", { name: "The long one" }).click();
    await answer(page, 2499).waitFor();
    return page;
  }

  test("opens at its end, holds only what is near the screen, and reads the rest as it is scrolled to", async () => {
    const page = await openLong();
    await expect.poll(() => shown(page).count()).toBeLessThan(40);
    await expect
      .poll(() => log(page).evaluate(({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - scrollTop - clientHeight))
      .toBeLessThan(4);
    await log(page).evaluate((element) => element.scrollTo({ top: 0 }));
    await answer(page, 0).waitFor();
    await expect.poll(() => shown(page).count()).toBeLessThan(40);
    await log(page).evaluate((element) => element.scrollTo({ top: element.scrollHeight / 2 }));
    await expect.poll(() => page.getByText(/^Answer number 1[12]\d\d\./).count()).toBeGreaterThan(0);
  });

  test("finds what is not on the screen, and goes from place to place", async () => {
    const page = await openLong();
    await page.keyboard.press("Control+f");
    const find = page.getByRole("search", { name: "Find in this conversation" });
    await find.getByLabel("Find in this conversation").fill("number 123");
    await find.getByText(/^\d+ found$/).waitFor();
    await page.keyboard.press("Enter");
    await answer(page, 1239).waitFor();
    await find.getByLabel("Find in this conversation").fill("Answer number 77.");
    await find.getByText("1 found").waitFor();
    await page.keyboard.press("Enter");
    await answer(page, 77).waitFor();
    await find.getByText("1 of 1").waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain("Answer number 77.");
    await page.keyboard.press("k");
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain("Question number 77?");
    await find.getByLabel("Find in this conversation").focus();
    await page.keyboard.press("Escape");
    await expect.poll(() => find.count()).toBe(0);
  });

  test("branches far from its end, and comes back", async () => {
    const page = await openLong();
    const [id] = [...core().threads.keys()];
    const middle = core().threads.get(id!)![2000]!;
    await page.goto(page.url().replace(/#.*/, `#/chat/${id}?at=${middle.id}`));
    const question = page.getByRole("article", { name: "Question" }).filter({ hasText: "Question number 1000?" });
    await question.waitFor();
    await question.getByRole("button", { name: "Edit the question" }).click();
    await page.getByLabel("The question in other words").fill("A question of another branch?");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "A question of another branch?" }).waitFor();
    await expect.poll(() => core().asked.at(-1)).toMatchObject({ parent: middle.parent });
    const branched = page.getByRole("article", { name: "Question" }).filter({ hasText: "A question of another branch?" });
    await branched.getByText("2/2").waitFor();
    await answer(page, 999).waitFor();
    await branched.getByRole("button", { name: "Previous version of the question" }).click();
    await answer(page, 1000).or(answer(page, 2499)).first().waitFor();
    await expect.poll(() => page.getByText("A question of another branch?").count()).toBe(0);
  });

  test("follows an answer at its end and stays where the reader is elsewhere", async () => {
    const page = await openLong();
    core().chat.replies.set("Go on.", "word ".repeat(600));
    await ask(page, "Go on.");
    const fromEnd = () => log(page).evaluate(({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - scrollTop - clientHeight);
    await page.getByRole("heading", { name: "Go on." }).waitFor();
    await expect.poll(() => [...core().threads.values()][0]?.at(-1)?.state).toBe("complete");
    await expect.poll(fromEnd).toBeLessThan(4);
    await log(page).evaluate((element) => element.scrollTo({ top: element.scrollHeight / 3 }));
    await expect.poll(fromEnd).toBeGreaterThan(10_000);
    core().chat.replies.set("And on.", "more ".repeat(600));
    await ask(page, "And on.");
    await expect.poll(() => [...core().threads.values()][0]?.at(-1)?.state).toBe("complete");
    expect(await fromEnd()).toBeGreaterThan(10_000);
  });
});
