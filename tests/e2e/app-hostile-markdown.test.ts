import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { noBrowserReason } from "./helpers/browser.ts";
import { ask, useScriptedApp } from "./helpers/scripted-app.ts";

const reason = noBrowserReason();
const away = "https://tracker.invalid";

/** What a document may have taught a model to write, so that reading the answer tells somebody. */
const payloads: Record<string, string> = {
  image: `![p](${away}/p.png)`,
  "reference image": `![p][1]\n\n[1]: ${away}/p.png "t"`,
  "image link": `[![p](${away}/p.png)](${away}/)`,
  "script link": "[click](javascript:window.hacked=1)",
  "encoded script link": "[click](&#106;avascript&colon;window.hacked=1) [x](java\tscript:window.hacked=1)",
  "data link": "[click](data:text/html;base64,PHNjcmlwdD53aW5kb3cuaGFja2VkPTE8L3NjcmlwdD4=)",
  "data image": "![p](data:image/svg+xml,%3Csvg%20onload=%22window.hacked=1%22%3E)",
  autolink: `<${away}> and ${away}/bare and www.tracker.invalid`,
  "html image": `<img src="${away}/p.png" srcset="${away}/2x.png 2x" onerror="window.hacked=1">`,
  picture: `<picture><source srcset="${away}/s.webp"><img src="${away}/p.png"></picture>`,
  svg: `<svg onload="window.hacked=1"><image href="${away}/p.png"/><use href="${away}/u.svg#a"/><script>window.hacked=1</script></svg>`,
  css: `<style>@import url(${away}/a.css); body { background: url(${away}/b.png) }</style><p style="background:url(${away}/c.png)">x</p>`,
  "link element": `<link rel="stylesheet" href="${away}/a.css"><link rel="dns-prefetch" href="//tracker.invalid"><link rel="prefetch" href="${away}/p">`,
  frame: `<iframe src="${away}"></iframe><iframe srcdoc="<script>parent.hacked=1</script>"></iframe><object data="${away}/o"></object><embed src="${away}/e">`,
  media: `<video src="${away}/v.mp4" poster="${away}/p.png" autoplay></video><audio src="${away}/a.mp3" autoplay></audio><track src="${away}/t.vtt">`,
  meta: `<meta http-equiv="refresh" content="0;url=${away}"><base href="${away}/">`,
  form: `<form action="${away}"><input autofocus onfocus="window.hacked=1"></form><button formaction="javascript:window.hacked=1">x</button>`,
  "half-open tag": `<img src="${away}/p.png" onerror="window.hacked=1"`,
  "tag in code": `\`<img src=${away}/p.png onerror=window.hacked=1>\`\n\n\`\`\`html\n<img src="${away}/p.png" onerror="window.hacked=1">\n\`\`\``,
  "code of a hostile language": `\`\`\`"><img/src=${away}/p.png>\nx\n\`\`\``,
  "tag in a table": `| a | b |\n|---|---|\n| <img src="${away}/p.png"> | ![p](${away}/p.png) |`,
  "formula that links": `$$\n\\href{javascript:window.hacked=1}{x}\n$$\n\n$\\href{${away}}{y}$`,
  "formula that loads": `$$\n\\includegraphics{${away}/p.png}\n$$`,
  "formula that styles": `$$\n\\style{background:url(${away}/p.png)}{x} \\class{a}{y}\n$$`,
  "math markup": `<math><maction actiontype="statusline" xlink:href="javascript:window.hacked=1"><mtext><img src="${away}/p.png"></mtext></maction></math>`,
  "broken nesting": `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=${away}/p.png onerror=window.hacked=1&gt;">`,
  footnote: `Text[^1]\n\n[^1]: ![p](${away}/p.png)`,
  "mail and other schemes": "[a](mailto:a@tracker.invalid) [b](file:///etc/passwd) [c](app://croft/index.html) [d](vbscript:x)",
};

describe.skipIf(reason)(`hostile answers${reason ? ` (skipped: ${reason})` : ""}`, () => {
  const { core, open } = useScriptedApp();

  /** Everything that could be asked for or run, as the page has it. */
  const live = (page: Page) =>
    page
      .getByRole("log", { name: "Messages" })
      .evaluate((log) => [
        ...[
          ...log.querySelectorAll(
            "img,picture,source,video,audio,track,iframe,object,embed,link,style,script,form,meta,base,a,area,image,use",
          ),
        ]
          .filter((element) => !element.closest("button"))
          .map(({ localName }) => localName),
        ...[...log.querySelectorAll("*")].flatMap((element) =>
          element
            .getAttributeNames()
            .filter((name) => /^(?:on|href|src|srcset|action|formaction|xlink|poster|background|data$|ping)/.test(name)),
        ),
      ]);

  // Catches: one answer that is more than its words: an image, a link, a style or a script that reaches out or runs.
  test("ask nobody for anything, run nothing and stay readable: all of them in one conversation", async () => {
    const page = await open();
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    const origin = new URL(page.url()).origin;
    for (const [name, payload] of Object.entries(payloads)) core().chat.replies.set(`Show ${name}.`, payload);
    const whole = Object.values(payloads).join("\n\n");
    core().chat.replies.set("Show everything.", whole);

    for (const question of core().chat.replies.keys()) {
      const before = core().asked.length;
      await ask(page, question);
      await expect.poll(() => core().asked.length).toBe(before + 1);
      await expect.poll(() => [...core().threads.values()][0]?.at(-1)?.state).toBe("complete");
      await page.getByRole("article", { name: "Question" }).getByText(question, { exact: true }).waitFor();
      await page.getByRole("button", { name: "Ask", exact: true }).waitFor();
      expect(await live(page), question).toEqual([]);
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
    expect(await live(page)).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(origin))).toEqual([]);
    expect(await page.evaluate(() => Reflect.get(window, "hacked"))).toBeUndefined();
    expect(page.context().pages()).toHaveLength(1);
    await expect.poll(() => answer.innerText()).toContain("![p](https://tracker.invalid/p.png)");
  });
});
