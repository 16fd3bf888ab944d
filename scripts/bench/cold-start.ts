import { join } from "node:path";
import { mkdirSync } from "node:fs";
import { makeLibrary } from "./lib/make-library.ts";
import { withFolder } from "./lib/open-core.ts";
import { programs, startServer } from "./lib/server-process.ts";
import { type Figure, type Measurement, median, quantile } from "./row.ts";

/**
 * From starting Node until `croft serve` says that it listens, and until it answers a call. File caches are warm:
 * they cannot be emptied without the rights of an administrator.
 */
export function measure({ quick }: { quick: boolean }): Promise<Measurement> {
  const rounds = quick ? 2 : 5;
  const chunks = quick ? 2000 : 100_000;
  return withFolder(async (folder) => {
    const full = join(folder, "full");
    mkdirSync(full);
    await makeLibrary(full, { collection: "library", chunks });
    const lines: string[][] = [];
    const figures: Figure[] = [];
    const [judged, ...others] = programs();
    for (const program of [judged, ...others].flatMap((found) => found ?? [])) {
      for (const [library, allowed, profileOf] of [
        ["a new profile", 1500, (round: number) => join(folder, `${program.name}-${round}`)],
        [`${chunks.toLocaleString("en")} chunks`, 2500, () => full],
      ] as const) {
        const listening: number[] = [];
        const answered: number[] = [];
        for (let round = 0; round < rounds; round += 1) {
          const server = await startServer(program.path, profileOf(round));
          listening.push(server.listeningMs);
          answered.push(server.answeredMs);
          await server.stop();
        }
        const cells = [listening, answered].flatMap((times) =>
          [median(times), Math.min(...times), Math.max(...times)].map((ms) => ms.toFixed(0)),
        );
        lines.push([program.name, library, ...cells]);
        if (program !== judged) continue;
        figures.push({
          name: `cold start, ${library}, ${program.name}, median`,
          value: quantile(answered, 0.5),
          unit: "ms",
          target: { atMost: allowed },
        });
      }
    }
    return {
      title: "Cold start of the server",
      columns: ["program", "library", "listening: median ms", "best", "worst", "answered: median ms", "best", "worst"],
      lines,
      notes: `${rounds} starts each, files in the system's cache. Judged is the build, where there is one of these sources: \`npm run build\` makes it.`,
      figures,
    };
  });
}
