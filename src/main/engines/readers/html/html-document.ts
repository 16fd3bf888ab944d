import { parseHTML } from "linkedom";
import type { HtmlDocument } from "./html-node.ts";

/** A parsed page; a piece of one is given the frame it lacks. Nothing is fetched, no script runs. */
export function parseHtml(source: string): HtmlDocument {
  return parseHTML(hasRoot(source) ? source : `<!doctype html><html><body>${source}</body></html>`).document;
}

const hasRoot = (source: string) => /<html[\s>]/i.test(source) && /<body[\s>]/i.test(source);
