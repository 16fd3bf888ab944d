import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { seriousFindings } from "./helpers/axe.ts";
import { noBrowserReason } from "./helpers/browser.ts";
import { useScriptedApp } from "./helpers/scripted-app.ts";
import { scenes } from "./helpers/scenes.ts";
import { sidewaysScroll } from "./helpers/sideways-scroll.ts";

const reason = noBrowserReason();

describe.skipIf(reason)(`panels${reason ? ` (skipped: ${reason})` : ""}`, () => {
  const { core, open } = useScriptedApp();
  const widthOf = async (panel: Locator) => Math.round((await panel.boundingBox())?.width ?? 0);
  const list = (page: Page, name = "Conversations") => page.getByRole("navigation", { name, exact: true });
  const edge = (page: Page, name = "Conversations") => page.getByRole("separator", { name: `Width of ${name}` });

  async function drag(page: Page, handle: Locator, by: number): Promise<void> {
    const box = await handle.boundingBox();
    if (!box) throw new Error("The edge is not on screen.");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + by / 2, y + 30, { steps: 3 });
    await page.mouse.move(x + by, y);
    await page.mouse.up();
  }

  // Catches: an edge that only a mouse can move, a width that a reload or another workspace loses, text that is selected on the way.
  test("are as wide as they were made, by pointer and by keyboard, each workspace for itself, after a reload too", async () => {
    const page = await open("Chat");
    const own = await widthOf(list(page));
    await drag(page, edge(page), 60);
    await expect.poll(() => widthOf(list(page))).toBe(own + 60);
    await edge(page).focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => widthOf(list(page))).toBe(own + 44);
    await expect.poll(() => edge(page).getAttribute("aria-valuenow")).toBe(String(own + 44));
    await page.keyboard.press("End");
    await expect.poll(() => widthOf(list(page))).toBe(420);

    await page.getByRole("link", { name: "Knowledge", exact: true }).click();
    await list(page, "Collections").waitFor();
    await expect.poll(() => widthOf(list(page, "Collections"))).toBe(own);
    await drag(page, edge(page, "Collections"), -500);
    await expect.poll(() => widthOf(list(page, "Collections"))).toBe(180);

    await page.reload();
    await list(page, "Collections").waitFor();
    await expect.poll(() => widthOf(list(page, "Collections"))).toBe(180);
    await page.getByRole("link", { name: "Chat", exact: true }).click();
    await expect.poll(() => widthOf(list(page))).toBe(420);
    await edge(page).dblclick();
    await expect.poll(() => widthOf(list(page))).toBe(own);
    await page.mouse.move(600, 400);
    await drag(page, edge(page), 40);
    // What is released ends the drag: the pointer moves on without the panel.
    await page.mouse.move(900, 300);
    await expect.poll(() => widthOf(list(page))).toBe(own + 40);
    await expect.poll(() => page.evaluate(() => window.getSelection()?.toString())).toBe("");
  });

  test("the reader grows towards the conversation, leaves it room, and its edge takes no key that is not its own", async () => {
    const page = await open("Chat");
    await scenes["reader page"]?.(page, core());
    const reader = page.getByRole("complementary", { name: "Source reader" });
    const handle = edge(page, "Source reader");
    const own = await widthOf(reader);
    await handle.focus();
    await page.keyboard.press("Shift+ArrowLeft");
    await expect.poll(() => widthOf(reader)).toBe(own + 64);
    await page.keyboard.press("End");
    await expect.poll(async () => (await page.getByRole("log", { name: "Messages" }).boundingBox())?.width).toBeGreaterThan(280);
    await page.keyboard.press("Enter");
    await expect.poll(() => widthOf(reader)).toBe(own);
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await reader.waitFor({ state: "detached" });
  });

  /** Texts of the window that come from no catalogue: what a mirrored word lacks its turning. */
  const unturned = (page: Page) =>
    page.evaluate(() => {
      const shown = [...document.querySelectorAll("body *")].filter((element) => element.checkVisibility());
      const names = shown.flatMap((element) => ["aria-label", "placeholder", "title"].map((name) => element.getAttribute(name) ?? ""));
      const texts = shown
        .filter((element) => element.matches("button, th, h2, h3, label, legend, option, [role=tab], [role=columnheader], [role=status]"))
        .map((element) => element.textContent ?? "");
      const left = [...names, ...texts].map((text) => text.replaceAll(/\u202e[^\u202c]*\u202c/g, "").trim());
      // Keys, paths, titles and what core says are no words of the window.
      const data =
        /^(?:,? *Ctrl\+\w|.*Index Harbour|Harbour|\/(?:home|media)\/.*|No reader knows.*|The file .*|[^a-z]*(?:The Kesslar lighthouse|Who built the Kesslar).*)$/;
      return [...new Set(left.filter((text) => /\p{L}{4}/u.test(text) && !data.test(text)))].sort();
    });

  /** Controls that lie on top of one another, or whose words are cut off. */
  const broken = (page: Page) =>
    page.evaluate(() => {
      const controls = [...document.querySelectorAll<HTMLElement>("main button, main [role=tab], nav a, aside button")].filter(
        (element) => element.checkVisibility() && element.getBoundingClientRect().width > 0,
      );
      const name = (element: HTMLElement) => element.getAttribute("aria-label") ?? element.textContent ?? "";
      // The press of a chip reaches further than it looks, and so do its measures.
      const cut = controls
        .filter((one) => one.scrollWidth > one.clientWidth + 1 && !one.querySelector(".truncate") && !one.dataset["key"])
        .map(name);
      const over = controls.flatMap((one, at) => {
        const a = one.getBoundingClientRect();
        return controls.slice(at + 1).flatMap((other) => {
          const b = other.getBoundingClientRect();
          const overlap =
            Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
          return overlap &&
            !one.contains(other) &&
            one.closest("[data-region]") === other.closest("[data-region]") &&
            !one.closest(".absolute")
            ? [`${name(one)} over ${name(other)}`]
            : [];
        });
      });
      return { cut, over };
    });

  // Catches: a side that was counted on, a word that stands in no catalogue, controls that lie on top of one another.
  test.each([
    ["chat", "chat answer", "\u202eConversations\u202c"],
    ["knowledge", "knowledge documents", "\u202eCollections\u202c"],
  ])(
    "in a window that runs from the right %s is turned round, every word of it, and nothing lies over another",
    async (place, scene, listName) => {
      const page = await open("Chat");
      await scenes[scene]?.(page, core());
      const address = page.url();
      await page.evaluate(() => (window.location.hash = "#/settings"));
      await page.getByLabel("Language", { exact: true }).selectOption("ar-XB");
      await page.goto(address);
      await list(page, listName).waitFor();
      const isRightOfMain = async () => {
        const [main, listed] = await Promise.all([page.getByRole("main").boundingBox(), list(page, listName).boundingBox()]);
        return main !== null && listed !== null && listed.x >= main.x + main.width - 1;
      };
      await expect.poll(isRightOfMain).toBe(true);
      if (place === "chat") {
        await page.getByRole("article").last().waitFor();
        await page.locator('[data-key="evidence"]').first().click();
        const reader = page.getByRole("complementary");
        await reader.waitFor();
        await expect.poll(async () => (await reader.boundingBox())?.x).toBe(0);
        // The arrow that points away from the reader widens it here, too.
        const own = await widthOf(reader);
        await reader.getByRole("separator").focus();
        await page.keyboard.press("ArrowRight");
        await expect.poll(() => widthOf(reader)).toBe(own + 16);
      } else await page.getByRole("grid").waitFor();
      await expect.poll(() => sidewaysScroll(page)).toBeLessThanOrEqual(0);
      await expect.poll(() => broken(page)).toEqual({ cut: [], over: [] });
      await expect.poll(() => unturned(page)).toEqual([]);
      expect(await seriousFindings(page)).toEqual([]);
      await page.screenshot({ path: `out/mirrored-${place}.png` });
    },
  );
});
