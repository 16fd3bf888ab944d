import { describe, expect, it } from "vitest";
import { createArbiter } from "../../src/main/engines/arbiter.ts";
import type { Arbiter, CoreRequest, Lease } from "../../src/main/engines/arbiter.ts";
import { codeOf } from "../helpers/engine-hosts.ts";

/** Lets every promise that can settle do so. */
const settle = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** A request whose state can be looked at. */
function ask(arbiter: Arbiter, request: Partial<CoreRequest> = {}) {
  const state: { lease: Lease | undefined; pauseWanted: number } = { lease: undefined, pauseWanted: 0 };
  const promise = arbiter.acquire({ threads: 1, priority: "interactive", ...request, onPauseWanted: () => void (state.pauseWanted += 1) });
  void promise.then(
    (lease) => {
      state.lease = lease;
    },
    () => {},
  );
  return { state, promise };
}

async function held(arbiter: Arbiter, request: Partial<CoreRequest> = {}) {
  const asked = ask(arbiter, request);
  await settle();
  const { lease } = asked.state;
  if (!lease) throw new Error("the cores were not granted");
  return { ...asked, lease };
}

describe("the arbiter", () => {
  it("never hands out more threads than there are cores", async () => {
    const arbiter = createArbiter({ cores: 4 });
    const three = await held(arbiter, { threads: 3 });
    const two = ask(arbiter, { threads: 2 });
    await settle();
    expect(two.state.lease).toBeUndefined();
    expect(arbiter.free).toBe(1);
    three.lease.release();
    await settle();
    expect(two.state.lease).toBeDefined();
    expect(arbiter.free).toBe(2);
  });

  it("grants all cores to a request for more (it would wait for ever)", async () => {
    const arbiter = createArbiter({ cores: 2 });
    await held(arbiter, { threads: 16 });
    expect(arbiter.free).toBe(0);
  });

  it("grants a request for no cores at once", async () => {
    const arbiter = createArbiter({ cores: 1 });
    await held(arbiter);
    const none = await held(arbiter, { threads: 0 });
    await none.lease.pause();
    none.lease.release();
    expect(arbiter.free).toBe(0);
  });

  it("serves interactive requests before background ones that came earlier", async () => {
    const arbiter = createArbiter({ cores: 1 });
    const holder = await held(arbiter);
    const background = ask(arbiter, { priority: "background" });
    const interactive = ask(arbiter);
    holder.lease.release();
    await settle();
    expect(interactive.state.lease).toBeDefined();
    expect(background.state.lease).toBeUndefined();
  });

  it("serves equals in the order in which they came, and lets no small one overtake a large one", async () => {
    const arbiter = createArbiter({ cores: 2 });
    const holder = await held(arbiter);
    const large = ask(arbiter, { threads: 2 });
    const small = ask(arbiter, { threads: 1 });
    await settle();
    expect(small.state.lease).toBeUndefined();
    holder.lease.release();
    await settle();
    expect(large.state.lease).toBeDefined();
    expect(small.state.lease).toBeUndefined();
  });

  it("asks a background holder to pause for an interactive request, and gives it the cores back afterwards", async () => {
    const arbiter = createArbiter({ cores: 2 });
    const background = await held(arbiter, { threads: 2, priority: "background" });
    const interactive = ask(arbiter);
    expect(background.state.pauseWanted).toBe(1);
    let resumed = false;
    void background.lease.pause().then(() => {
      resumed = true;
    });
    await settle();
    expect(interactive.state.lease).toBeDefined();
    expect(resumed).toBe(false);
    interactive.state.lease?.release();
    await settle();
    expect(resumed).toBe(true);
    expect(arbiter.free).toBe(0);
  });

  it("asks no more holders to pause than it needs", async () => {
    const arbiter = createArbiter({ cores: 3 });
    const holders = [
      await held(arbiter, { priority: "background" }),
      await held(arbiter, { priority: "background" }),
      await held(arbiter, { priority: "background" }),
    ];
    ask(arbiter);
    expect(holders.map(({ state }) => state.pauseWanted)).toEqual([1, 0, 0]);
    ask(arbiter);
    expect(holders.reduce((sum, { state }) => sum + state.pauseWanted, 0)).toBe(1);
  });

  it("does not ask anybody when there is room, nor for the sake of a background request", async () => {
    const arbiter = createArbiter({ cores: 2 });
    const interactive = await held(arbiter);
    const background = await held(arbiter, { priority: "background" });
    ask(arbiter, { priority: "background" });
    expect([interactive.state.pauseWanted, background.state.pauseWanted]).toEqual([0, 0]);
  });

  it("lets a paused background call continue before background calls that have not begun", async () => {
    const arbiter = createArbiter({ cores: 1 });
    const first = await held(arbiter, { priority: "background" });
    const second = ask(arbiter, { priority: "background" });
    const interactive = ask(arbiter);
    let resumed = false;
    void first.lease.pause().then(() => {
      resumed = true;
    });
    await settle();
    interactive.state.lease?.release();
    await settle();
    expect(resumed).toBe(true);
    expect(second.state.lease).toBeUndefined();
  });

  it("shares the cores among equals in slices (a long answer would block every query)", async () => {
    let clock = 0;
    const arbiter = createArbiter({ cores: 1, sliceMs: 100, now: () => clock });
    const long = await held(arbiter);
    clock = 50;
    const waiting = ask(arbiter);
    expect(long.state.pauseWanted).toBe(0);
    clock = 100;
    const later = ask(arbiter);
    expect(long.state.pauseWanted).toBe(1);
    let resumed = false;
    void long.lease.pause().then(() => {
      resumed = true;
    });
    await settle();
    expect(waiting.state.lease).toBeDefined();
    waiting.state.lease?.release();
    await settle();
    expect(later.state.lease).toBeDefined();
    expect(resumed).toBe(false);
    later.state.lease?.release();
    await settle();
    expect(resumed).toBe(true);
  });

  it("asks for the slice's end by itself when nothing else happens", async () => {
    const arbiter = createArbiter({ cores: 1, sliceMs: 5 });
    const wanted = Promise.withResolvers<void>();
    await arbiter.acquire({ threads: 1, priority: "interactive", onPauseWanted: wanted.resolve });
    ask(arbiter);
    await wanted.promise;
  });

  it("forgets a waiter that aborts, and serves the next", async () => {
    const arbiter = createArbiter({ cores: 2 });
    const holder = await held(arbiter);
    const controller = new AbortController();
    const large = ask(arbiter, { threads: 2, signal: controller.signal });
    const small = ask(arbiter);
    controller.abort();
    expect(await codeOf(large.promise)).toBe("ABORTED");
    await settle();
    expect(small.state.lease).toBeDefined();
    holder.lease.release();
    small.state.lease?.release();
    expect(arbiter.free).toBe(2);
  });

  it("refuses a request that is aborted already", async () => {
    const arbiter = createArbiter({ cores: 1 });
    expect(await codeOf(arbiter.acquire({ threads: 0, priority: "interactive", signal: AbortSignal.abort() }))).toBe("ABORTED");
  });

  it("gives cores back once, however often a lease is released, and for a paused lease not at all", async () => {
    const arbiter = createArbiter({ cores: 2 });
    const first = await held(arbiter, { priority: "background" });
    const second = await held(arbiter);
    first.lease.release();
    first.lease.release();
    expect(arbiter.free).toBe(1);
    const paused = await held(arbiter, { priority: "background" });
    const interactive = ask(arbiter);
    void paused.lease.pause();
    await settle();
    paused.lease.release();
    expect(arbiter.free).toBe(0);
    interactive.state.lease?.release();
    second.lease.release();
    expect(arbiter.free).toBe(2);
  });

  it("keeps its promise under a storm of requests, and serves every one", async () => {
    const arbiter = createArbiter({ cores: 3, sliceMs: 0 });
    let inUse = 0;
    let most = 0;
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    async function work(index: number): Promise<void> {
      const threads = 1 + random(3);
      let pauseWanted = false;
      const lease = await arbiter.acquire({
        threads,
        priority: index % 3 === 0 ? "interactive" : "background",
        onPauseWanted: () => {
          pauseWanted = true;
        },
      });
      for (let step = random(6); step >= 0; step -= 1) {
        inUse += threads;
        most = Math.max(most, inUse);
        await settle();
        inUse -= threads;
        if (pauseWanted) {
          pauseWanted = false;
          await lease.pause();
        }
      }
      lease.release();
    }
    await Promise.all(Array.from({ length: 200 }, (_, index) => work(index)));
    expect(most).toBeLessThanOrEqual(3);
    expect(arbiter.free).toBe(3);
  });
});
