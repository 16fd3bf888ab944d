/**
 * A glob as a test on paths: `*` and `?` stay inside a folder, `**` goes through all. Without regard to case and to
 * the kind of slash. Matches the whole path or its end from a folder on, so that `reports/**` finds
 * `/home/me/reports/2024/a.pdf`. Works in time proportional to pattern × path for any pattern.
 */
export function globTest(pattern: string): (path: string) => boolean {
  const steps = parse(normal(pattern));
  return (path) => {
    const text = normal(path);
    if (matches(steps, text)) return true;
    for (let slash = text.indexOf("/"); slash >= 0; slash = text.indexOf("/", slash + 1))
      if (matches(steps, text.slice(slash + 1))) return true;
    return false;
  };
}

/** `folders` is no folder or the start of one, `folder` what is left of it until a slash. */
type Step = { kind: "letter"; letter: string } | { kind: "any" | "some" | "all" | "folders" | "folder" };

const normal = (path: string): string => path.replaceAll("\\", "/").toLowerCase();

function parse(pattern: string): Step[] {
  return [...pattern.matchAll(/\*\*\/?|\*|\?|./gsu)].flatMap(([found]): Step[] => {
    if (found === "**/") return [{ kind: "folders" }, { kind: "folder" }];
    if (found === "**") return [{ kind: "all" }];
    if (found === "*") return [{ kind: "some" }];
    return [found === "?" ? { kind: "any" } : { kind: "letter", letter: found }];
  });
}

/** Runs the pattern as a set of states, so that no pattern makes it go back. */
function matches(steps: readonly Step[], text: string): boolean {
  let states = closure(steps, new Set([0]));
  for (const letter of text) {
    const next = new Set<number>();
    for (const state of states) {
      const step = steps[state];
      if (!step) continue;
      if (step.kind === "folder") next.add(state).add(letter === "/" ? state + 1 : state);
      else if (step.kind === "all" || (step.kind === "some" && letter !== "/")) next.add(state);
      else if ((step.kind === "any" && letter !== "/") || (step.kind === "letter" && step.letter === letter)) next.add(state + 1);
    }
    if (next.size === 0) return false;
    states = closure(steps, next);
  }
  return states.has(steps.length);
}

function closure(steps: readonly Step[], states: Set<number>): Set<number> {
  for (const state of states) {
    const kind = steps[state]?.kind;
    if (kind === "all" || kind === "some" || kind === "folders") states.add(state + 1);
    if (kind === "folders") states.add(state + 2);
  }
  return states;
}
