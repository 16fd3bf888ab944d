import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/shared/errors.ts";
import type { EngineHost } from "../../../src/main/engines/engine.ts";
import type { PagesProtocol } from "../../../src/main/engines/pages/protocol.ts";
import { createDrawPage } from "../../../src/main/features/knowledge/pages/bytes-pages.ts";

const never = new AbortController().signal;
const request = (page: number, width = 640) => ({ file: { path: "/a.pdf" }, password: undefined, contentHash: "c", page, width });

/** An engine whose drawings end when a test says so. */
function slowEngine() {
  const calls: { page: number; signal: AbortSignal | undefined; end(): void; fail(error: unknown): void }[] = [];
  const host = {
    name: "pages",
    state: "ready",
    generation: 1,
    call: ((_method: string, input: { page: number }, options: { signal?: AbortSignal }) => {
      const drawing = Promise.withResolvers<{ image: Uint8Array; width: number; height: number }>();
      options.signal?.addEventListener("abort", () => drawing.reject(new AppError("ABORTED", "Left.")));
      calls.push({
        page: input.page,
        signal: options.signal,
        end: () => drawing.resolve({ image: new Uint8Array([input.page]), width: 1, height: 1 }),
        fail: drawing.reject,
      });
      return drawing.promise;
    }) as EngineHost<PagesProtocol>["call"],
    onState: () => () => {},
    stop: async () => {},
    close: async () => {},
  } satisfies EngineHost<PagesProtocol>;
  return { calls, draw: createDrawPage(host), pages: () => calls.map(({ page }) => page) };
}
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("drawing pages", () => {
  it("draws one page once for all who want it, and not again afterwards", async () => {
    const { calls, draw } = slowEngine();
    const both = [draw(request(1), never), draw(request(1), never)];
    await settle();
    expect(calls).toHaveLength(1);
    calls[0]?.end();
    expect(await Promise.all(both)).toEqual([new Uint8Array([1]), new Uint8Array([1])]);
    expect(await draw(request(1), never)).toEqual(new Uint8Array([1]));
    expect(calls).toHaveLength(1);
  });

  it("draws the same page of another width or content anew", async () => {
    const { calls, draw } = slowEngine();
    for (const wanted of [request(1), request(1, 960), { ...request(1), contentHash: "d" }]) {
      const drawn = draw(wanted, never);
      await settle();
      calls.at(-1)?.end();
      await drawn;
    }
    expect(calls).toHaveLength(3);
  });

  it("draws the newest request first: pages that were scrolled past wait", async () => {
    const { calls, draw, pages } = slowEngine();
    const drawn = [1, 2, 3, 4, 5].map((page) => draw(request(page), never));
    await settle();
    expect(pages()).toEqual([1, 2]);
    for (let next = 0; next < 5; next += 1) {
      calls[next]?.end();
      await settle();
    }
    expect(pages()).toEqual([1, 2, 5, 4, 3]);
    await Promise.all(drawn);
  });

  it("gives a drawing up when the last who wanted it has left, and never starts one nobody waits for", async () => {
    const { calls, draw, pages } = slowEngine();
    const leaving = [new AbortController(), new AbortController(), new AbortController()] as const;
    const drawn = [draw(request(1), leaving[0].signal), draw(request(1), leaving[1].signal), draw(request(2), never)];
    const waiting = draw(request(3), leaving[2].signal);
    await settle();
    leaving[2].abort();
    await expect(waiting).rejects.toMatchObject({ code: "ABORTED" });
    leaving[0].abort();
    await expect(drawn[0]).rejects.toMatchObject({ code: "ABORTED" });
    expect(calls[0]?.signal?.aborted).toBe(false);
    leaving[1].abort();
    await expect(drawn[1]).rejects.toMatchObject({ code: "ABORTED" });
    expect(calls[0]?.signal?.aborted).toBe(true);
    calls[1]?.end();
    await drawn[2];
    await settle();
    expect(pages()).toEqual([1, 2]);
    // Who comes back gets it, although the abandoned drawing may still be winding down.
    const again = draw(request(1), never);
    await settle();
    calls.at(-1)?.end();
    expect(await again).toEqual(new Uint8Array([1]));
  });

  it("says of a page that ended its process that the file did it, keeps nothing of it, and goes on with others", async () => {
    const { calls, draw } = slowEngine();
    const broken = draw(request(9), never);
    await settle();
    calls[0]?.fail(new AppError("ENGINE_EXITED", "The pages engine ended."));
    await expect(broken).rejects.toMatchObject({ code: "FILE_HOSTILE", message: /Page 9/ });
    const other = draw(request(1), never);
    await settle();
    calls[1]?.end();
    expect(await other).toEqual(new Uint8Array([1]));
    const again = draw(request(9), never);
    await settle();
    expect(calls).toHaveLength(3);
    calls[2]?.end();
    await again;
  });

  it("takes a file out of another only for a page that is not there yet, and lends it until that is drawn", async () => {
    const { calls, draw } = slowEngine();
    const lent: string[] = [];
    const file = {
      async lend<Result>(_signal: AbortSignal, use: (path: string) => Promise<Result>): Promise<Result> {
        lent.push("lent");
        const result = await use("/tmp/attachment.pdf");
        lent.push("given back");
        return result;
      },
    };
    const drawn = draw({ ...request(1), file }, never);
    await settle();
    expect(lent).toEqual(["lent"]);
    calls[0]?.end();
    await drawn;
    await draw({ ...request(1), file }, never);
    expect(lent).toEqual(["lent", "given back"]);
  });

  it("refuses who has left before", async () => {
    const { calls, draw } = slowEngine();
    await expect(draw(request(1), AbortSignal.abort())).rejects.toBeDefined();
    expect(calls).toEqual([]);
  });
});
