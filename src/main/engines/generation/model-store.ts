import { aborted } from "./errors.ts";
import { loadModel, modelKey } from "./loaded-model.ts";
import type { LoadedModel } from "./loaded-model.ts";
import type { Runtime } from "./llama.ts";
import type { GgufModel } from "./protocol.ts";

type Entry = { loading: Promise<LoadedModel>; ready: boolean; users: number; cancel: AbortController };

export type ModelStore = {
  /** Loads the model unless it is loaded; to be given back with `release`. `loadMs` is 0 when it was. */
  acquire(wanted: GgufModel, signal: AbortSignal): Promise<{ loaded: LoadedModel; loadMs: number; release(): void }>;
  /** Unloads every model that no call uses. */
  unload(): Promise<void>;
};

/**
 * Keeps the latest `maxModels` models loaded. One in use is never unloaded and never waited for: its call may be
 * paused to give the processor to the very call that would wait. So for a moment there may be one more.
 */
export function createModelStore(runtime: Runtime, maxModels: number): ModelStore {
  const entries = new Map<string, Entry>();

  async function drop(key: string, entry: Entry): Promise<void> {
    entries.delete(key);
    const loaded = await entry.loading.catch(() => undefined);
    await loaded?.dispose();
  }

  async function makeRoom(room: number): Promise<void> {
    for (const [key, entry] of entries) {
      if (entries.size <= room) return;
      if (entry.users === 0) await drop(key, entry);
    }
  }

  function open(key: string, wanted: GgufModel): Entry {
    const cancel = new AbortController();
    // Room is made once this entry counts and is in use, so that neither is it dropped nor one model too many.
    const loading = Promise.resolve()
      .then(() => makeRoom(maxModels))
      .then(() => loadModel(runtime, wanted, cancel.signal));
    const entry: Entry = { loading, ready: false, users: 0, cancel };
    loading.then(
      () => (entry.ready = true),
      () => forget(key, entry),
    );
    entries.set(key, entry);
    return entry;
  }

  function forget(key: string, entry: Entry): void {
    if (entries.get(key) === entry) entries.delete(key);
  }

  /** Nobody waits for this load any more; who asks next starts another. */
  function cancelLoad(key: string, entry: Entry): void {
    forget(key, entry);
    entry.cancel.abort(aborted());
  }

  return {
    async acquire(wanted, signal) {
      const startedAt = performance.now();
      const key = await modelKey(wanted);
      signal.throwIfAborted();
      const entry = entries.get(key) ?? open(key, wanted);
      entries.delete(key);
      entries.set(key, entry);
      const wasReady = entry.ready;
      entry.users += 1;
      const release = () => {
        entry.users -= 1;
        if (entry.users > 0) return;
        if (!entry.ready) cancelLoad(key, entry);
        else if (entries.size > maxModels) void makeRoom(maxModels);
      };
      const onAbort = () => {
        if (!entry.ready && entry.users === 1) cancelLoad(key, entry);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      try {
        const loaded = await entry.loading;
        signal.throwIfAborted();
        return { loaded, loadMs: wasReady ? 0 : performance.now() - startedAt, release };
      } catch (error) {
        release();
        throw error;
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },
    unload: () => makeRoom(0),
  };
}
