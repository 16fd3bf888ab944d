import { describe, expect, it } from "vitest";
import { createCache } from "../../../src/main/engines/inference/cache.ts";

function fixture(capacity: number) {
  const events: string[] = [];
  const cache = createCache<{ name: string; dispose(): Promise<void> }>({ capacity });
  const load = (name: string) => async () => {
    events.push(`load ${name}`);
    return { name, dispose: async () => void events.push(`free ${name}`) };
  };
  const use = <T>(name: string, work: () => Promise<T>) => cache.use({ key: name, folder: `/${name}` }, load(name), work);
  return { cache, events, use, touch: (name: string) => use(name, async () => name) };
}

describe("what is kept in memory", () => {
  it("is loaded once, also for uses at the same time", async () => {
    const { events, touch } = fixture(2);
    await Promise.all([touch("a"), touch("a")]);
    expect(events).toEqual(["load a"]);
  });

  it("gives way least recently used first, before the next is loaded", async () => {
    const { events, touch } = fixture(2);
    for (const name of ["a", "b", "a", "c"]) await touch(name);
    expect(events).toEqual(["load a", "load b", "free b", "load c"]);
  });

  it("is not freed while it is in use, but after (a running ONNX session would be pulled away)", async () => {
    const { cache, events, use } = fixture(1);
    const gate = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    const using = use("a", () => {
      began.resolve();
      return gate.promise;
    });
    await began.promise;
    await cache.unload("/a");
    expect(events).toEqual(["load a"]);
    gate.resolve();
    await using;
    expect(events).toEqual(["load a", "free a"]);
  });

  it("is freed by folder, or all at once", async () => {
    const { cache, events, touch } = fixture(3);
    for (const name of ["a", "b", "c"]) await touch(name);
    await cache.unload("/b");
    await cache.unload();
    expect(events.slice(3)).toEqual(["free b", "free a", "free c"]);
  });

  it("forgets a failed load, so that the next use tries again", async () => {
    const cache = createCache<{ dispose(): Promise<void> }>({ capacity: 1 });
    const use = (load: () => Promise<{ dispose(): Promise<void> }>) => cache.use({ key: "a", folder: "/a" }, load, async () => "used");
    await expect(use(() => Promise.reject(new Error("no file")))).rejects.toThrow("no file");
    expect(await use(async () => ({ dispose: async () => {} }))).toBe("used");
  });
});
