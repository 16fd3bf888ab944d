export type OutlineRow = { id: string; parent: string | null; role: "user" | "assistant" };

/** The tree of a conversation without its texts. */
export type Outline = {
  /** Ids from the root to a message; a parent that is missing, or a loop, ends the walk. */
  pathTo(leaf: string | null): string[];
  /** The message and what stands beside it in its place, oldest first. */
  versions(message: string): string[];
  /** The end of the branch that goes on from a message, at every fork the newest. */
  newestLeaf(from: string): string;
};

/** `rows` are in the order in which they were written. */
export function createOutline(rows: readonly OutlineRow[]): Outline {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const children = new Map<string | null, string[]>();
  for (const { id, parent } of rows) {
    const siblings = children.get(parent);
    if (siblings) siblings.push(id);
    else children.set(parent, [id]);
  }
  return {
    pathTo(leaf) {
      const path = new Set<string>();
      for (let id = leaf; id !== null && !path.has(id);) {
        const row = byId.get(id);
        if (!row) break;
        path.add(id);
        id = row.parent;
      }
      return [...path].reverse();
    },
    versions(message) {
      const row = byId.get(message);
      // A question asked in answer to a question has no versions among answers.
      return (row && children.get(row.parent)?.filter((id) => byId.get(id)?.role === row.role)) ?? [message];
    },
    newestLeaf(from) {
      const seen = new Set<string>();
      let leaf = from;
      for (let next: string | undefined = from; next !== undefined && !seen.has(next); next = children.get(next)?.at(-1)) {
        seen.add(next);
        leaf = next;
      }
      return leaf;
    },
  };
}
