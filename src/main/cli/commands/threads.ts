import { writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { AppError } from "../../../shared/errors.ts";
import { defineCommand, type Group } from "../command.ts";
import { columns, dateTime, harmless, oneLine } from "../text.ts";
import { presets } from "./presets.ts";

const id = { name: "ID", description: "Id of a conversation" };

const list = defineCommand({
  summary: "Conversations, the latest first",
  args: [],
  options: { limit: { type: "number", value: "N", description: "How many (100)" } },
  examples: [["croft threads list --limit 20", "The latest twenty"]],
  async run({ values, open, output }) {
    const { client } = await open();
    const threads = await client.chat.listThreads(values.limit === undefined ? {} : { limit: values.limit });
    output.list(
      threads,
      () =>
        columns(threads.map((thread) => [thread.id, dateTime(thread.updatedAt), `${thread.messages} messages`, oneLine(thread.title, 80)])),
      "No conversations yet. Begin one with: croft ask QUESTION",
    );
    return 0;
  },
});

const show = defineCommand({
  summary: "One conversation with all its messages",
  args: [id],
  options: {},
  examples: [["croft threads show 0192f3a4-7b1c-7def-8abc-0123456789ab", "Questions and answers"]],
  async run({ args: [thread = ""], open, output }) {
    const { client } = await open();
    const shown = await client.chat.getThread({ id: thread });
    output.result(shown, (paint) =>
      [
        paint("bold", harmless(shown.thread.title)),
        ...shown.messages.map(({ role, text }) => `\n${paint("dim", role)}\n${harmless(text)}`),
      ].join("\n"),
    );
    return 0;
  },
});

const exportThread = defineCommand({
  summary: "A conversation as Markdown with footnotes, or as JSON",
  args: [id],
  options: {
    format: { type: "string", choices: ["markdown", "json"], description: "Form (markdown)" },
    out: { type: "string", value: "FILE", description: "File to write; stdout when left out" },
  },
  examples: [["croft threads export 0192f3a4-7b1c-7def-8abc-0123456789ab --out talk.md", "Write a Markdown file"]],
  async run({ args: [thread = ""], values, open, output }) {
    const { client } = await open();
    const { text } = await client.chat.exportThread({ id: thread, ...(values.format ? { format: values.format } : {}) });
    if (values.out === undefined) {
      output.result({ text }, () => harmless(text));
      return 0;
    }
    const { out } = values;
    await writeFile(out, text).catch((error: NodeJS.ErrnoException) => {
      throw new AppError("STORAGE_READONLY", `${out} cannot be written.`, { hint: "Choose another file with --out.", cause: error });
    });
    output.result({ file: out }, () => out);
    return 0;
  },
});

const remove = defineCommand({
  summary: "Remove a conversation",
  args: [id],
  options: {},
  examples: [["croft threads remove 0192f3a4-7b1c-7def-8abc-0123456789ab", "Forget it"]],
  async run({ args: [thread = ""], open, output }) {
    const { client } = await open();
    output.result(await client.chat.removeThread({ id: thread }), () => "removed");
    return 0;
  },
});

const search = defineCommand({
  summary: "Find what was said, in any conversation",
  args: [{ name: "WORDS", description: "Words that must all stand there", many: true }],
  options: {
    thread: { type: "string", value: "ID", description: "In this conversation only" },
    limit: { type: "number", value: "N", description: "How many places (50)" },
  },
  examples: [["croft threads search lighthouse keeper", "Titles, questions and answers that hold both words"]],
  async run({ args, values, open, output }) {
    const { client } = await open();
    const hits = await client.chat.searchThreads({
      query: args.join(" "),
      ...(values.thread === undefined ? {} : { thread: values.thread }),
      ...(values.limit === undefined ? {} : { limit: values.limit }),
    });
    output.list(
      hits,
      (paint) =>
        hits
          .map(({ thread, title, role, snippet }) => {
            const text = snippet.map(({ text: part, hit }) => (hit ? paint("bold", harmless(part)) : harmless(part))).join("");
            return `${thread}  ${oneLine(title, 60)}\n    ${paint("dim", role ?? "title")} ${text}`;
          })
          .join("\n"),
      "Nothing found. Every word must stand in the title or in one message.",
    );
    return 0;
  },
});

const fork = defineCommand({
  summary: "Begin a new conversation with the messages up to one of another",
  args: [id, { name: "MESSAGE", description: "Id of the last message to take along" }],
  options: {},
  examples: [
    ["croft threads fork 0192f3a4-7b1c-7def-8abc-0123456789ab 0192f3a4-7b1c-7def-8abc-0123456789ac", "Go on from there, beside the first"],
  ],
  async run({ args: [thread = "", message = ""], open, output }) {
    const { client } = await open();
    const copy = await client.chat.forkThread({ id: thread, message });
    output.result(copy, () => copy.id);
    return 0;
  },
});

const attach = defineCommand({
  summary: "Attach a file to a conversation, or to a new one",
  args: [{ name: "FILE", description: "File to read" }],
  options: { thread: { type: "string", value: "ID", description: "Conversation; a new one when left out" } },
  examples: [["croft threads attach report.pdf", "Prints the conversation, for `croft ask … --thread ID`"]],
  async run({ args: [file = ""], values, open, output, signal }) {
    const { client } = await open();
    const thread = values.thread ?? (await client.chat.createThread({})).id;
    const path = resolve(file);
    const attachment = await client.chat.attach({ thread, name: basename(path), path }, { signal }).catch(async (error: unknown) => {
      // A conversation that was made for a file that cannot be read would be an empty one.
      if (values.thread === undefined) await client.chat.removeThread({ id: thread }).catch(() => undefined);
      throw error;
    });
    output.result({ thread, attachment }, () => thread);
    return 0;
  },
});

export const threads: Group = {
  summary: "Conversations",
  commands: { list, show, search, export: exportThread, fork, attach, presets, remove },
};
