import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { isSound } from "../../../src/main/db/snapshot.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { addAndWait, folderOf, openTestCore } from "../../helpers/core.ts";
import { temporaryFolder } from "../../helpers/profile.ts";
import { startProgram } from "../../helpers/program.ts";

/** Kills of one run; the full form is `CROFT_KILLS=200 npm run test:integration -- kill`. */
const KILLS = Number(process.env["CROFT_KILLS"] ?? 6);
const FILES = 60;

/** Runs the busy process and kills it when it has said so many lines; gives back what it acknowledged before. */
async function runAndKill(profile: string, folder: string, lines: number): Promise<string[]> {
  const said: string[] = [];
  const { child, ended } = startProgram("busy-process.ts", [profile, folder], (line, kill) => {
    said.push(line);
    if (said.length === lines) kill();
  });
  await ended;
  expect(child.signalCode).toBe("SIGKILL");
  return said;
}

describe("kill -9", () => {
  it(
    `at ${KILLS} points of indexing and answering loses nothing acknowledged and leaves no duplicate`,
    { timeout: 30_000 + KILLS * 15_000 },
    async () => {
      const profile = temporaryFolder();
      const folder = folderOf(
        Object.fromEntries(
          Array.from({ length: FILES }, (_, index) => [
            `file-${index}.md`,
            `# File ${index}\n\n${`Sentence ${index} of the file. `.repeat(40)}`,
          ]),
        ),
      );
      // Spread over start-up, indexing, publishing and answering; the same points in every run.
      const points = Array.from({ length: KILLS }, (_, index) => 2 + ((index * 37) % 160));
      const acknowledged = {
        job: new Set<string>(),
        collection: new Set<string>(),
        document: new Set<string>(),
        answer: new Set<string>(),
      };
      for (const point of points) {
        for (const line of await runAndKill(profile, folder, point)) {
          const [kind = "", value = ""] = line.split(" ");
          if (kind in acknowledged) acknowledged[kind as keyof typeof acknowledged].add(value);
        }
        expect(isSound(join(profile, "croft.db"))).toBe(true);
      }

      const { client, close } = await openTestCore({ profile, engines: { inference: createFakeInference() } });
      await addAndWait(client, "notes", folder);
      expect((await client.knowledge.status({ collection: "notes" })).totals).toEqual({
        indexed: FILES,
        skipped: 0,
        failed: 0,
        pending: 0,
      });
      const documents = await client.knowledge.listDocuments({ collection: "notes", limit: 1000 });
      expect(documents).toHaveLength(FILES);
      for (const id of acknowledged.document) expect(documents.map((document) => document.id)).toContain(id);
      for (const id of acknowledged.job) expect((await client.jobs.get({ id })).id).toBe(id);
      const { results } = await client.knowledge.search({ query: "sentence 17", collections: ["notes"], mode: "keyword", limit: 1000 });
      expect(new Set(results.map(({ chunk }) => `${chunk.textHash} ${chunk.start}`)).size).toBe(results.length);
      await close();

      const db = new Database(join(profile, "croft.db"), { readonly: true });
      const messages = db
        .prepare<[], { id: string; state: string; text: string }>("SELECT id, state, text FROM messages WHERE role = 'assistant'")
        .all();
      for (const id of acknowledged.answer)
        expect(messages.find((message) => message.id === id)).toMatchObject({
          state: "complete",
          text: "It was finished in 1874, they say.",
        });
      expect(messages.filter(({ state }) => state === "streaming")).toEqual([]);
      expect(db.prepare("SELECT text_hash, start, count(*) AS n FROM chunks GROUP BY document_id, start HAVING n > 1").all()).toEqual([]);
      expect(db.prepare("SELECT count(*) AS n FROM documents WHERE state = 'pending'").get()).toEqual({ n: 0 });
      expect(db.pragma("foreign_key_check")).toEqual([]);
      db.close();
    },
  );
});
