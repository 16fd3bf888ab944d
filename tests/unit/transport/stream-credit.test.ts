import { describe, expect, it } from "vitest";
import { createRateLimit } from "../../../src/main/transport/rate-limit.ts";
import { createStreamCredit } from "../../../src/main/transport/stream-credit.ts";
import { webSocketPipe } from "../../../src/shared/client/websocket-pipe.ts";

describe("createStreamCredit", () => {
  it("lets a window of items through, then waits for acknowledgements", async () => {
    const credit = createStreamCredit(2);
    expect(await credit.take("a")).toBe(true);
    expect(await credit.take("a")).toBe(true);
    const third = credit.take("a");
    // Catches: streams that share one window, so that one slow reader stops the others.
    expect(await credit.take("b")).toBe(true);
    expect(credit.give("a", 1)).toBe(true);
    expect(await third).toBe(true);
  });

  // Catches: a handler that waits for ever after its stream was closed, and streams that are never forgotten.
  it("wakes who waits when the stream ends, and forgets it", async () => {
    const credit = createStreamCredit(1);
    await credit.take("a");
    await credit.take("b");
    const waiting = [credit.take("a"), credit.take("b")];
    credit.end("a");
    credit.endAll();
    expect(await Promise.all(waiting)).toEqual([false, false]);
    expect(credit.size).toBe(0);
  });

  it("refuses acknowledgements of what was never sent, and ignores those of ended streams", async () => {
    const credit = createStreamCredit(4);
    await credit.take("a");
    expect(credit.give("a", 2)).toBe(false);
    expect(credit.give("unknown", 2)).toBe(true);
  });
});

describe("createRateLimit", () => {
  it("lets a burst through, then so many a second", () => {
    let now = 0;
    const limit = createRateLimit({ perSecond: 2, burst: 3, now: () => now });
    expect([1, 2, 3, 4].map(() => limit.allow())).toEqual([true, true, true, false]);
    now = 500;
    expect([1, 2].map(() => limit.allow())).toEqual([true, false]);
    now = 1e9;
    expect([1, 2, 3, 4].map(() => limit.allow())).toEqual([true, true, true, false]);
  });
});

describe("webSocketPipe", () => {
  /** A browser's socket that is still connecting. */
  function socket() {
    const listeners = new Map<string, ((event: { data: unknown }) => void)[]>();
    const sent: string[] = [];
    return {
      readyState: 0,
      sent,
      addEventListener: (type: string, listener: (event: { data: unknown }) => void) =>
        void listeners.set(type, [...(listeners.get(type) ?? []), listener]),
      send: (frame: string) => void sent.push(frame),
      close: () => undefined,
      fire: (type: string) => listeners.get(type)?.forEach((listener) => listener({ data: undefined })),
    };
  }

  // Catches: calls made while connecting that are lost or overtake each other.
  it("keeps frames until the socket is open, in order", async () => {
    const connecting = socket();
    const pipe = webSocketPipe(connecting);
    const sending = [pipe.send("1"), pipe.send("2")];
    expect(connecting.sent).toEqual([]);
    connecting.readyState = 1;
    connecting.fire("open");
    await Promise.all(sending);
    expect(connecting.sent).toEqual(["1", "2"]);
  });

  it("rejects frames of a socket that could not be opened", async () => {
    const connecting = socket();
    const sending = webSocketPipe(connecting).send("1");
    connecting.readyState = 3;
    connecting.fire("close");
    await expect(sending).rejects.toMatchObject({ code: "CLOSED" });
  });
});
