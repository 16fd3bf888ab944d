import type { CroftClient } from "../../shared/client/create-client.ts";

/**
 * Resolves once, for `idleMs` together, no job waited or ran and nobody was connected; or when the signal fires.
 * Wakes by events, never by a clock of its own.
 */
export async function waitUntilIdle(
  client: CroftClient,
  connections: { readonly connections: number; onChange(listener: () => void): void },
  options: { idleMs: number; signal: AbortSignal },
): Promise<void> {
  const active = new Set<string>();
  const idle = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const reconsider = (): void => {
    clearTimeout(timer);
    if (active.size === 0 && connections.connections === 0) timer = setTimeout(() => idle.abort(), options.idleMs);
  };
  connections.onChange(reconsider);
  const ended = AbortSignal.any([idle.signal, options.signal]);
  try {
    for await (const item of await client.jobs.watch({}, { signal: ended })) {
      for (const job of item.type === "change" ? [item.job] : item.jobs) {
        if (job.state === "queued" || job.state === "running") active.add(job.id);
        else active.delete(job.id);
      }
      reconsider();
    }
  } catch (error) {
    if (!ended.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
}
