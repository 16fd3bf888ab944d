/** Where nothing may be asked for. */
export const away = "https://tracker.invalid";

/** What a document may have taught a model to write, so that reading the answer tells somebody. */
export const hostileAnswers: Record<string, string> = {
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

/** An expression whose value names whatever of the messages in a page could be asked for or run. */
export const liveParts = `(() => {
  const log = document.querySelector("[role=log]");
  if (!log) return ["no conversation"];
  const loud = "img,picture,source,video,audio,track,iframe,object,embed,link,style,script,form,meta,base,a,area,image,use";
  const elements = [...log.querySelectorAll(loud)].filter((element) => !element.closest("button")).map(({ localName }) => localName);
  const reach = /^(?:on|href|src|srcset|action|formaction|xlink|poster|background|data$|ping)/;
  return [...elements, ...[...log.querySelectorAll("*")].flatMap((element) => element.getAttributeNames().filter((name) => reach.test(name)))];
})()`;
