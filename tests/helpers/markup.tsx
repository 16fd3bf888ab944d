import { QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { MemoryRouter } from "react-router";
import type { Citation } from "../../src/shared/contract/chat.ts";
import type { Passage } from "../../src/shared/contract/search.ts";
import type { Croft } from "../../src/renderer/api/croft.ts";
import { createCroft } from "../../src/renderer/api/croft.ts";
import { CroftContext } from "../../src/renderer/api/use-croft.ts";

/** A renderer over a core that never answers: what is shown comes from the cache alone. */
export const silentCroft = (): Croft => createCroft({ call: () => new Promise(() => {}) });

/** The markup of a view at an address, over what the cache holds. */
export function markupOf(view: ReactNode, { croft = silentCroft(), at = "/" }: { croft?: Croft; at?: string } = {}): string {
  return renderToStaticMarkup(
    <CroftContext value={croft}>
      <QueryClientProvider client={croft.cache}>
        <MemoryRouter initialEntries={[at]}>{view}</MemoryRouter>
      </QueryClientProvider>
    </CroftContext>,
  );
}

/** The words of a piece of markup, with one space wherever an element stood between them. */
export const wordsOf = (markup: string): string =>
  markup
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();

/** Runs with another first state of a store; markup that is made without a window shows exactly that one. */
export function withInitial<State extends object, Result>(
  store: { getInitialState(): State },
  state: Partial<State>,
  run: () => Result,
): Result {
  const initial = store.getInitialState();
  const before = { ...initial };
  Object.assign(initial, state);
  try {
    return run();
  } finally {
    Object.assign(initial, before);
  }
}

/** What a document, a file name or a model might send to break out of text. */
export const hostileTexts = [
  '<img src=x onerror="alert(1)">',
  "</script><script>alert(1)</script>",
  '"><svg onload=alert(1)>',
  "javascript:alert(1)",
  "<!-- <iframe srcdoc='<b>'>",
];

/** True when no element, no handler and no address of the hostile texts above came to life. */
export function isHarmless(markup: string): boolean {
  const addresses = [...markup.matchAll(/\s(?:href|src|action|formaction)="([^"]*)"/gi)].map(([, address]) => address ?? "");
  // What stands between quotes is a value; only what stands outside of them is an element or a handler.
  const bare = markup.replace(/="[^"]*"/g, "=");
  return (
    !/<(?:img|script|iframe|object|embed|link|style|base|b|!--)(?![a-z])/i.test(bare) &&
    !/<[a-z][^>]*\son[a-z]+=/i.test(bare) &&
    addresses.every((address) => /^(?:[#/.]|$)/.test(address))
  );
}

export const passageOf = (rank: number, more: Partial<Passage> = {}): Passage => ({
  rank,
  score: 1 / rank,
  document: { id: `d${rank}`, title: `Document ${rank}`, path: `/files/${rank}.txt` },
  chunk: { id: `c${rank}`, textHash: "a".repeat(64), start: rank * 100, end: rank * 100 + 50 },
  text: `Text of passage ${rank}`,
  ...more,
});

export const citationOf = (n: number, more: Partial<Citation> = {}): Citation => ({
  n,
  document: { id: `d${n}`, title: `Document ${n}`, path: `/files/${n}.txt` },
  chunk: { id: `c${n}`, textHash: "a".repeat(64), start: 100, end: 150 },
  quote: `Quote ${n}`,
  quoteStart: 110,
  quoteEnd: 117,
  ...more,
});
