import { expect, test, vi } from "vitest";
import { AppError } from "../../../src/shared/errors.ts";
import { backoffMs, keepConnected } from "../../../src/renderer/api/keep-connected.ts";
import type { Wire } from "../../../src/renderer/api/wire.ts";

const options = { context: {} };

/** A connection that the test ends. It answers every call with its own name. */
function wireNamed(name: string): { wire: Wire; end(): void } {
  const closed = Promise.withResolvers<void>();
  return { wire: { link: { call: () => Promise.resolve(name) }, closed: closed.promise }, end: closed.resolve };
}

/** Keeps connected without waiting; what would have been waited is recorded. */
function setUp(dial: () => Promise<Wire>) {
  const states: string[] = [];
  const pauses: number[] = [];
  const connection = keepConnected(dial, { onState: (state) => states.push(state), pause: async (ms) => void pauses.push(ms) });
  return { connection, states, pauses };
}

test("a lost connection is dialled again and later calls go over the new one", async () => {
  const first = wireNamed("first");
  const second = wireNamed("second");
  const dial = vi.fn<() => Promise<Wire>>().mockResolvedValueOnce(first.wire).mockResolvedValueOnce(second.wire);
  const { connection, states } = setUp(dial);
  expect(await connection.link.call([], {}, options)).toBe("first");
  first.end();
  await vi.waitFor(() => expect(states.filter((state) => state === "connected")).toHaveLength(2));
  expect(await connection.link.call([], {}, options)).toBe("second");
  expect(states).toEqual(["connecting", "connected", "reconnecting", "connected"]);
  connection.close();
});

test("a call made while nothing is connected waits, and leaves when its own signal says so", async () => {
  const dialled = Promise.withResolvers<Wire>();
  const { connection } = setUp(() => dialled.promise);
  const leaving = new AbortController();
  const left = connection.link.call([], {}, { ...options, signal: leaving.signal });
  const patient = connection.link.call([], {}, options);
  leaving.abort(new Error("left"));
  await expect(left).rejects.toThrow("left");
  dialled.resolve(wireNamed("late").wire);
  expect(await patient).toBe("late");
  connection.close();
});

test("tries come further and further apart, up to five seconds", async () => {
  const dial = vi.fn<() => Promise<Wire>>();
  for (let n = 0; n < 8; n += 1) dial.mockRejectedValueOnce(new Error("down"));
  dial.mockResolvedValueOnce(wireNamed("up").wire);
  const { connection, pauses } = setUp(dial);
  await connection.link.call([], {}, options);
  expect(pauses).toEqual([500, 1000, 2000, 4000, 5000, 5000, 5000, 5000]);
  expect(backoffMs(0)).toBe(250);
  connection.close();
});

test("a page that was not let in says so and stops knocking", async () => {
  const dial = vi.fn<() => Promise<Wire>>().mockRejectedValue(new AppError("UNAUTHORIZED", "No."));
  const { connection, states } = setUp(dial);
  await expect(connection.link.call([], {}, options)).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  expect(dial).toHaveBeenCalledOnce();
  expect(states.at(-1)).toBe("refused");
});

test("closing rejects what waits", async () => {
  const { connection } = setUp(() => new Promise<Wire>(() => {}));
  const waiting = connection.link.call([], {}, options);
  connection.close();
  await expect(waiting).rejects.toMatchObject({ code: "CLOSED" });
});
