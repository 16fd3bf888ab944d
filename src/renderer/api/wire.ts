import type { Link } from "../../shared/client/create-client.ts";
import { createPeerLink } from "../../shared/client/peer-link.ts";
import type { Pipe } from "../../shared/client/pipe.ts";

/** One live connection to core. `closed` resolves when it ends, whoever ended it. */
export type Wire = { link: Link; closed: Promise<void> };

/** Opens a connection; rejects when that fails now. */
export type Dial = (signal: AbortSignal) => Promise<Wire>;

export function createWire(pipe: Pipe): Wire {
  const closed = new Promise<void>((resolve) => pipe.onClose(resolve));
  return { link: createPeerLink(pipe), closed };
}
