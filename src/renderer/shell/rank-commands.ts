import type { Command } from "./commands.ts";

/** Commands whose title holds every word of the query; those that start with it come first, ties in their own order. */
export function rankCommands(commands: readonly Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...commands];
  const scored = commands.flatMap((command) => {
    const title = command.title.toLowerCase();
    if (!words.every((word) => title.includes(word))) return [];
    const starts = words.filter((word) => title.split(/\s+/).some((part) => part.startsWith(word))).length;
    return [{ command, score: starts + (title.startsWith(query.trim().toLowerCase()) ? words.length : 0) }];
  });
  return scored.sort((a, b) => b.score - a.score).map(({ command }) => command);
}
