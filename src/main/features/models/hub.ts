import type { FetchedFile } from "./catalogue.ts";

type HubSource = Extract<FetchedFile["sources"][number], { type: "hub" }>;

/** The public model hub, or the mirror that HF_ENDPOINT names. The only place that knows it. */
export function hubEndpoint(environment: NodeJS.ProcessEnv = process.env): string {
  return (environment["HF_ENDPOINT"] || "https://huggingface.co").replace(/\/+$/, "");
}

/** Address of a file's bytes on the hub. */
export function hubUrl(endpoint: string, source: HubSource): string {
  return `${endpoint}/${source.repo}/resolve/${source.revision ?? "main"}/${source.file}`;
}

/** Where to read a file and what it must be. `sha256` is missing only for small files that the hub keeps in git. */
export type Identity = { bytes?: number | undefined; sha256?: string | undefined };

/**
 * Size and hash that the hub declares for a file: headers of the answer to HEAD before its redirect.
 * Large files carry `x-linked-size` and, as `x-linked-etag`, their sha256.
 */
export async function declaredIdentity(fetch: typeof globalThis.fetch, url: string, signal: AbortSignal): Promise<Identity> {
  const response = await fetch(url, { method: "HEAD", redirect: "manual", signal, headers: { "accept-encoding": "identity" } });
  await response.body?.cancel();
  const etag = response.headers.get("x-linked-etag")?.replace(/^(W\/)?"|"$/g, "");
  const size = Number(response.headers.get("x-linked-size") ?? (response.ok ? response.headers.get("content-length") : null) ?? Number.NaN);
  return {
    ...(etag && /^[0-9a-f]{64}$/.test(etag) ? { sha256: etag } : {}),
    ...(Number.isSafeInteger(size) && size > 0 ? { bytes: size } : {}),
  };
}
