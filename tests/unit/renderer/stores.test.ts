import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startSession } from "../../../src/renderer/api/session.ts";
import { applyAppearance, textSizes, themes, useAppearance } from "../../../src/renderer/view/appearance-store.ts";
import { useChatView, withDraft } from "../../../src/renderer/view/chat-store.ts";
import { useConnection } from "../../../src/renderer/view/connection-store.ts";
import { useLayout, useOverlay } from "../../../src/renderer/view/layout-store.ts";

describe("drafts", () => {
  test("of one thread leave those of the others alone", () => {
    const drafts = { a: "one", b: "two" };
    expect(withDraft(drafts, "a", "changed")).toEqual({ a: "changed", b: "two" });
    expect(drafts).toEqual({ a: "one", b: "two" });
  });

  test("keep spaces and lines as they were typed: only nothing at all is no draft", () => {
    expect(withDraft({}, "a", " \n")).toEqual({ a: " \n" });
    expect(withDraft({}, "a", "")).toEqual({});
  });

  test("of a thread called like a part of every object are drafts as any other", () => {
    expect(Object.hasOwn(withDraft({}, "constructor", "x"), "constructor")).toBe(true);
    expect(withDraft({ toString: "x" }, "toString", "")).toEqual({});
  });

  test("are kept in the store by thread, and gone when they are emptied", () => {
    const { setDraft } = useChatView.getState();
    setDraft("t1", "half a question");
    setDraft("new", "another");
    expect(useChatView.getState().drafts).toEqual({ t1: "half a question", new: "another" });
    setDraft("t1", "");
    setDraft("new", "");
    expect(useChatView.getState().drafts).toEqual({});
  });
});

test("effort and collections can be chosen and left to the setting again", () => {
  const { setEffort, setCollections } = useChatView.getState();
  setEffort("thorough");
  setCollections(["c1", "c2"]);
  expect(useChatView.getState()).toMatchObject({ effort: "thorough", collections: ["c1", "c2"] });
  setEffort(undefined);
  setCollections([]);
  expect(useChatView.getState().effort).toBeUndefined();
  expect(useChatView.getState().collections).toEqual([]);
});

describe("layers over the frame", () => {
  beforeEach(() => useOverlay.getState().hide());

  test("are one at a time: a second takes the place of the first", () => {
    useOverlay.getState().show("jobs");
    useOverlay.getState().show("palette");
    expect(useOverlay.getState().open).toBe("palette");
  });

  test("are gone when hidden, however often", () => {
    useOverlay.getState().show("shortcuts");
    useOverlay.getState().hide();
    useOverlay.getState().hide();
    expect(useOverlay.getState().open).toBeUndefined();
  });
});

test("a window begins with its list open and its rail narrow", () => {
  expect(useLayout.getInitialState()).toMatchObject({ listOpen: true, railWide: false });
});

test("a window that has just begun claims no connection", () => {
  expect(useConnection.getInitialState().state).toBe("connecting");
});

describe("the look of the window", () => {
  const root = () => ({ dataset: {} as Record<string, string>, style: { fontSize: "" } });
  const apply = (look: Parameters<typeof applyAppearance>[0], target = root()) => {
    // Of an element only these are written.
    applyAppearance(look, target as unknown as HTMLElement);
    return target;
  };

  test("follows the system unless a theme was chosen", () => {
    expect(useAppearance.getInitialState()).toMatchObject({ theme: "auto", textSize: 13 });
    expect(apply({ theme: "auto", textSize: 13 })).toEqual({ dataset: {}, style: { fontSize: "" }, lang: "en", dir: "ltr" });
  });

  test.each([
    ["density", "compact"],
    ["density", "comfortable"],
    ["motion", "reduce"],
  ] as const)("%s %s is written to the page, and taken off again for the default", (name, value) => {
    const target = apply({ [name]: value });
    expect(target.dataset).toEqual({ [name]: value });
    expect(apply({}, target).dataset).toEqual({});
  });

  test("a language brings its direction with it", () => {
    expect(apply({ language: "ar-XB" })).toMatchObject({ lang: "ar-XB", dir: "rtl" });
  });

  test.each(themes.filter((theme) => theme !== "auto"))("%s is written to the page, and taken off again for the system's", (theme) => {
    const target = apply({ theme, textSize: 13 });
    expect(target.dataset["theme"]).toBe(theme);
    expect(apply({ theme: "auto", textSize: 13 }, target).dataset).toEqual({});
  });

  test.each(textSizes)("%s pixels scale everything by one number, and the design's own size by none", (textSize) => {
    const { fontSize } = apply({ theme: "auto", textSize }).style;
    if (textSize === 13) expect(fontSize).toBe("");
    else expect(Number.parseFloat(fontSize)).toBeCloseTo((textSize / 13) * 100, 6);
  });
});

describe("the session of a start link", () => {
  const sent = vi.fn<typeof fetch>(async () => new Response());
  const replaced = vi.fn<History["replaceState"]>();
  const visit = (hash: string) =>
    // Of a window's address and history only these are read and called.
    startSession({ hash, pathname: "/app/", search: "?x=1" } as Location, { replaceState: replaced } as unknown as History);
  beforeEach(() => vi.stubGlobal("fetch", sent));
  afterEach(() => {
    vi.unstubAllGlobals();
    sent.mockClear();
    replaced.mockClear();
  });

  test("sends the token in the body, to the page's own server, never in an address", async () => {
    await visit("#token=abcDEF12345");
    expect(sent).toHaveBeenCalledOnce();
    const [address, options] = sent.mock.calls[0] ?? [];
    expect(address).toBe("session");
    expect(options).toMatchObject({ method: "POST", credentials: "same-origin", body: '{"token":"abcDEF12345"}' });
  });

  test("takes the token out of address and history before anything is sent", async () => {
    sent.mockImplementationOnce(async () => {
      expect(replaced).toHaveBeenCalledWith(null, "", "/app/?x=1#/");
      return new Response();
    });
    await visit("#token=abcDEF12345");
    expect(replaced).toHaveBeenCalledOnce();
  });

  test.each(["", "#/chat/t1", "#token=", "#token=a b c d e f g h", "#token=<script>alert(1)</script>"])(
    "an address that ends in %s sends nothing and stays as it is",
    async (hash) => {
      await visit(hash);
      expect(sent).not.toHaveBeenCalled();
      expect(replaced).not.toHaveBeenCalled();
    },
  );
});
