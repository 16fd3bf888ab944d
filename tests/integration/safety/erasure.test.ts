import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { CroftClient } from "../../../src/shared/client/create-client.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import { addAndWait, folderOf, openTestCore } from "../../helpers/core.ts";
import { tracesOf } from "../../helpers/traces.ts";

const open = () => openTestCore({ engines: { inference: createFakeInference() } });

/** Words that stand nowhere else, each beginning otherwise, so that an index cannot abbreviate them by a common beginning. */
const secrets = ["quornbaxel", "vintrossum", "heptaglim", "zwarnopick", "jellumbrate"];
const secretText = `# Plans\n\n${Array.from({ length: 400 }, (_, line) => `Line ${line}: the ${secrets[line % secrets.length]} is kept by the ${secrets[(line + 2) % secrets.length]}.`).join("\n")}\n`;
const others = Object.fromEntries(
  Array.from({ length: 30 }, (_, file) => [
    `other-${file}.md`,
    `# Other ${file}\n\n${`A harmless sentence number ${file} about rain. `.repeat(30)}`,
  ]),
);

/** Words of the full text, as SQLite itself lists them. */
function indexedWords(profile: string): string[] {
  const db = new Database(join(profile, "index.db"), { readonly: true });
  try {
    return db.prepare<[], string>("SELECT term FROM vocabulary").pluck().all();
  } finally {
    db.close();
  }
}

const find = async (client: CroftClient, query: string) =>
  (await client.knowledge.search({ query, collections: ["notes"], mode: "keyword", limit: 5 })).results.length;

describe("what a person deletes", () => {
  it("is in the files before (else the proof below would prove nothing)", async () => {
    const { client, profile } = await open();
    await addAndWait(client, "notes", folderOf({ ...others, "secret.md": secretText }));
    const traces = tracesOf(profile, secrets).join(" ");
    expect(traces).toMatch(/croft\.db/);
    expect(traces).toMatch(/index\.db/);
  });

  it("as a document leaves no word in any file of the profile while Croft runs, nor after it has closed", async () => {
    const { client, profile, close, records } = await open();
    await addAndWait(client, "notes", folderOf({ ...others, "secret.md": secretText }));
    const documents = await client.knowledge.listDocuments({ collection: "notes", limit: 100 });
    const secret = documents.find(({ path }) => path?.endsWith("secret.md"));
    await client.knowledge.removeDocument({ collection: "notes", id: secret?.id ?? "" });
    expect(tracesOf(profile, secrets)).toEqual([]);
    expect(await find(client, "quornbaxel")).toBe(0);
    expect(await find(client, "harmless sentence")).toBeGreaterThan(0);
    await close();
    expect(tracesOf(profile, secrets)).toEqual([]);
    const words = indexedWords(profile);
    expect(words.some((word) => secrets.some((secret) => secret.startsWith(word) && word.length > 4))).toBe(false);
    expect(words.some((word) => word.includes("harmless"))).toBe(true);
    expect(JSON.stringify(records)).not.toMatch(new RegExp(secrets.join("|")));
  });

  it("as a collection leaves no word either, and nothing of another collection is harmed", async () => {
    const { client, profile, close } = await open();
    await addAndWait(client, "secrets", folderOf({ "secret.md": secretText, "list.csv": `name,place\n${secrets.join(",")}\n` }));
    await addAndWait(client, "notes", folderOf(others));
    await client.knowledge.removeCollection({ collection: "secrets" });
    expect(tracesOf(profile, secrets)).toEqual([]);
    await close();
    expect(tracesOf(profile, secrets)).toEqual([]);
    const again = await openTestCore({ profile, engines: { inference: createFakeInference() } });
    expect((await again.client.knowledge.status({ collection: "notes" })).totals.indexed).toBe(30);
    expect(await find(again.client, "harmless sentence")).toBeGreaterThan(0);
  });

  it("stays where another collection holds the same content", async () => {
    const { client } = await open();
    const folder = folderOf({ "shared.md": secretText });
    await addAndWait(client, "first", folder);
    await addAndWait(client, "notes", folder);
    await client.knowledge.removeCollection({ collection: "first" });
    expect(await find(client, "quornbaxel")).toBeGreaterThan(0);
  });

  it("stays quoted in the conversations that cited it, marked as deleted, and nothing else of it stays", async () => {
    const { client, profile } = await open();
    const bees = "# Bees\n\nThe waggle dance tells other bees where the flowers are.\n";
    await addAndWait(client, "notes", folderOf({ "bees.md": `${bees}\n${secretText}` }));
    let thread = "";
    for await (const item of await client.chat.ask({
      question: "What does the waggle dance tell other bees?",
      collections: ["notes"],
      effort: "instant",
    })) {
      if (item.type === "done") thread = item.answer.thread;
    }
    const read = async () => (await client.chat.getThread({ id: thread })).messages.flatMap(({ answer }) => answer?.citations ?? []);
    const [before] = await read();
    expect(before?.quote).toContain("waggle dance");
    expect(before?.deleted).toBeUndefined();
    await client.knowledge.removeCollection({ collection: "notes" });
    const after = await read();
    expect(after[0]).toMatchObject({ quote: before?.quote, deleted: true });
    expect(after.every(({ deleted }) => deleted)).toBe(true);
    const quoted = after.map(({ quote }) => quote).join(" ");
    expect(
      tracesOf(
        profile,
        secrets.filter((secret) => !quoted.includes(secret)),
      ),
    ).toEqual([]);
    expect(secrets.some((secret) => !quoted.includes(secret))).toBe(true);
  });
});
