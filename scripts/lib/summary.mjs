// The end of `npm test`: every skip with its reason, every failure, and the line that closes it.

/**
 * @param {{ project: string, name: string, state: string, note?: string }[]} outcomes states passed, failed, skipped;
 *   a test that never ended (`pending`) has failed
 * @param {string[]} silent projects in which no test was found
 * @returns {{ lines: string[], ok: boolean }}
 */
export function summarise(outcomes, silent = []) {
  const all = [...outcomes, ...silent.map((project) => ({ project, name: "no test was found", state: "failed" }))];
  const passed = all.filter(({ state }) => state === "passed");
  const skipped = all.filter(({ state }) => state === "skipped");
  const failed = all.filter(({ state }) => state !== "passed" && state !== "skipped");
  const describe = ({ project, name, note }) => `  ${project ? `${project}: ` : ""}${name}${note ? ` — ${firstLine(note)}` : ""}`;
  const nothingRan =
    !executed(all.filter(({ project }) => !preliminary.has(project))) &&
    (all.some(({ project }) => !preliminary.has(project)) || !executed(all));
  const lines = [
    ...(skipped.length ? ["Skipped:", ...skipped.map(describe)] : []),
    ...(failed.length ? ["Failed:", ...failed.map(describe)] : []),
    ...(nothingRan ? ["No test was executed; that counts as a failure."] : []),
    `${passed.length} passed, ${failed.length} failed, ${skipped.length} skipped`,
  ];
  return { lines, ok: failed.length === 0 && !nothingRan };
}

/** What comes before the tests and does not count as one of them. */
const preliminary = new Set(["build", "check"]);

const executed = (outcomes) => outcomes.some(({ state }) => state !== "skipped");

const firstLine = (text) => text.split("\n")[0].slice(0, 300);
