import { servePeer } from "./lib/peer.ts";
import type { Measurement, Skipped } from "./row.ts";
import { rows } from "./rows.ts";

// One row, in a process of its own: what it leaves loaded, or an abort in native code, touches no other.
servePeer<{ name: string; quick: boolean }, Measurement | Skipped>(async ({ name, quick }) => {
  const load = rows[name];
  if (!load) throw new Error(`There is no row ${name}.`);
  return (await load()).measure({ quick });
});
