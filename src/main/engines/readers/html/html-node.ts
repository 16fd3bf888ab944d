/** What the readers use of a parsed page; linkedom's own types need the browser's library, which the main side has not. */
export type HtmlNode = {
  readonly nodeType: number;
  readonly nodeValue: string | null;
  readonly firstChild: HtmlNode | null;
  readonly nextSibling: HtmlNode | null;
  readonly parentNode: HtmlNode | null;
};

export type HtmlElement = HtmlNode & {
  readonly localName: string;
  readonly children: Iterable<HtmlElement> & { readonly length: number };
  readonly parentElement: HtmlElement | null;
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  querySelector(selector: string): HtmlElement | null;
  querySelectorAll(selector: string): Iterable<HtmlElement>;
};

export type HtmlDocument = HtmlElement & { readonly documentElement: HtmlElement | null };

export const isElement = (node: HtmlNode): node is HtmlElement => node.nodeType === 1;
export const isText = (node: HtmlNode): boolean => node.nodeType === 3;
