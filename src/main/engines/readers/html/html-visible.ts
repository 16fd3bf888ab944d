import type { HtmlElement } from "./html-node.ts";

const neverText =
  /^(?:script|style|template|noscript|head|title|svg|math|canvas|iframe|object|embed|audio|video|select|button|input|textarea|map|dialog)$/;

/** What a reader of the page does not see as text: scripts, styles, controls, elements switched off. */
export function isHiddenElement(element: HtmlElement): boolean {
  if (neverText.test(element.localName)) return true;
  if (element.hasAttribute("hidden")) return true;
  return /display\s*:\s*none|visibility\s*:\s*hidden/i.test(element.getAttribute("style") ?? "");
}

/** Navigation around the content: menus, and a page footer where the page names its main part. */
export function isBoilerplate(element: HtmlElement, hasMain: boolean): boolean {
  if (element.localName === "nav" || /^(?:navigation|search|banner)$/.test(element.getAttribute("role") ?? "")) return true;
  return hasMain && /^(?:footer|aside)$/.test(element.localName) && element.parentElement?.localName === "body";
}
