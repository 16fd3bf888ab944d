import type { Effect } from "../../shared/contract/define.ts";

/** Who calls, and what the call may do. REST, MCP and agents' tools derive their permissions from it. */
export type Principal = {
  kind: "window" | "browser" | "cli" | "embedder" | "api-key" | "mcp" | "agent";
  name: string;
  effects: ReadonlySet<Effect>;
  /** Ids of collections that may be seen; undefined means all. */
  collections?: ReadonlySet<string>;
};

/** A principal with every right: the person at this machine. */
export function owner(kind: Principal["kind"]): Principal {
  return { kind, name: kind, effects: new Set(["read", "write", "egress", "execute"]) };
}
