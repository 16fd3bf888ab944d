import { defineCommand, type Group } from "../command.ts";
import { bytes, columns, dateTime, harmless } from "../text.ts";
import { add } from "./kb-add.ts";
import { status } from "./kb-status.ts";
import { sync } from "./kb-sync.ts";
import { unlink } from "./kb-unlink.ts";
import { update } from "./kb-update.ts";

const name = { name: "NAME", description: "Name or id of a collection" };

const create = defineCommand({
  summary: "Make a collection",
  args: [name],
  options: { embedder: { type: "string", value: "ID", description: "Embedding model (models.embedding when left out)" } },
  examples: [["croft kb create papers", "An empty collection"]],
  async run({ args: [collection = ""], values, open, output }) {
    const { client } = await open();
    const made = await client.knowledge.createCollection({ name: collection, ...(values.embedder ? { embedder: values.embedder } : {}) });
    output.result(made, () => `${harmless(made.name)} made, embedded by ${harmless(made.embedder)}`);
    return 0;
  },
});

const list = defineCommand({
  summary: "All collections",
  args: [],
  options: {},
  examples: [["croft kb list", "Name, documents, size"]],
  async run({ open, output }) {
    const { client } = await open();
    const all = await client.knowledge.listCollections({});
    output.list(
      all,
      () => columns(all.map((one) => [harmless(one.name), `${one.documents} documents`, `${one.chunks} passages`, bytes(one.bytes)])),
      "No collections yet. Make one with: croft kb add PATH --to NAME",
    );
    return 0;
  },
});

const show = defineCommand({
  summary: "One collection",
  args: [name],
  options: {},
  examples: [["croft kb show papers", "Documents, passages, size, embedding model"]],
  async run({ args: [collection = ""], open, output }) {
    const { client } = await open();
    const one = await client.knowledge.showCollection({ collection });
    output.result(one, () =>
      columns([
        ["name", harmless(one.name)],
        ["id", one.id],
        ["embedder", harmless(one.embedder)],
        ["documents", String(one.documents)],
        ["passages", String(one.chunks)],
        ["size", bytes(one.bytes)],
        ["sources", String(one.sources)],
        ["made", dateTime(one.createdAt)],
      ]),
    );
    return 0;
  },
});

const remove = defineCommand({
  summary: "Remove a collection; the files themselves stay where they are",
  args: [name],
  options: {},
  examples: [["croft kb remove papers", "Forget the collection and what only it held"]],
  async run({ args: [collection = ""], open, output }) {
    const { client } = await open();
    const removed = await client.knowledge.removeCollection({ collection });
    output.result(removed, () => `${removed.removedDocuments} documents removed`);
    return 0;
  },
});

export const kb: Group = {
  summary: "Collections of documents",
  commands: { create, list, show, update, remove, add, unlink, status, sync },
};
