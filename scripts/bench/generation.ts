import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { GgufModel } from "../../src/main/engines/generation/protocol.ts";
import { localProvider } from "../../src/main/providers/local-provider.ts";
import { modelFolder } from "../../tests/helpers/models.ts";
import { alternate } from "./lib/alternate.ts";
import type { DirectInput, DirectOutput } from "./lib/direct-generation.ts";
import { missing } from "./lib/needs.ts";
import { openCore, threads, withFolder } from "./lib/open-core.ts";
import { openPeer } from "./lib/peer.ts";
import { abstracts } from "./lib/texts.ts";
import { type Figure, type Measurement, median, type Skipped } from "./row.ts";

const smallModel = "smollm2-135m-instruct";
const models = [smallModel, "qwen2.5-coder-1.5b-instruct"];
/** node-llama-cpp puts one of its own in front where none is given. */
const system = "You retell texts for people in a hurry.";
/** As core loads them. */
const loading = { threads, contextTokens: 4096, sequences: 2 };

const answerTokens = 24;

type OpenedCore = Awaited<ReturnType<typeof openCore>>;

/**
 * Our engine, called through its host, against node-llama-cpp in a process of its own: the same model, prompts and
 * settings, in turn. Then how soon a follow-up begins, against the question before it.
 */
export async function measure({ quick }: { quick: boolean }): Promise<Measurement | Skipped> {
  const skipped = missing(smallModel);
  if (skipped) return { skipped };
  return withFolder(async (profile) => {
    const core = await openCore(profile);
    const lines: string[][] = [];
    const figures: Figure[] = [];
    try {
      for (const id of models.slice(0, quick ? 1 : undefined).filter((id) => modelFolder(id) !== undefined)) {
        const path = ggufOf(id);
        const speed = await compare(core, path, { rounds: quick ? 2 : 4, maxTokens: quick ? 16 : 64 });
        const provider = await followUps(viaProvider(core, id, path), quick ? 1 : 2);
        const chat = await followUps(viaChat(core, id), quick ? 1 : 2);
        lines.push([
          id,
          `${speed.ours.toFixed(1)} (best ${speed.oursBest.toFixed(1)})`,
          `${speed.theirs.toFixed(1)} (best ${speed.theirsBest.toFixed(1)})`,
          `${speed.oursFirst.toFixed(0)} / ${speed.theirsFirst.toFixed(0)}`,
          speed.same,
          `${provider.follow.toFixed(0)} / ${provider.first.toFixed(0)}`,
          `${chat.follow.toFixed(0)} / ${chat.first.toFixed(0)}`,
        ]);
        figures.push(
          { name: `${id}: writing against node-llama-cpp`, value: speed.ours / speed.theirs, unit: "×", target: { atLeast: 0.97 } },
          { name: `${id}: reading against node-llama-cpp`, value: speed.theirsFirst / speed.oursFirst, unit: "×" },
          { name: `${id}: follow-up begins, provider`, value: provider.follow / provider.first, unit: "×", target: { atMost: 0.2 } },
          { name: `${id}: follow-up begins, chat.ask`, value: chat.follow / chat.first, unit: "×", target: { atMost: 0.2 } },
        );
      }
    } finally {
      await core.close();
    }
    return {
      title: "Generation",
      columns: [
        "model",
        "ours, tokens/s",
        "node-llama-cpp, tokens/s",
        "first token ms, ours / theirs",
        "same answers",
        "follow-up / question, first token ms, provider",
        "through chat.ask",
      ],
      lines,
      notes: "Greedy, the same prompt of about 350 tokens to both, in turn; medians. Tokens a second without the prompt.",
      figures,
    };
  });
}

/** The weights of an installed chat model. */
export const ggufOf = (id: string): string => {
  const folder = modelFolder(id) ?? "";
  return join(folder, readdirSync(folder).find((name) => name.endsWith(".gguf")) ?? "");
};

async function compare({ engines }: OpenedCore, path: string, { rounds, maxTokens }: { rounds: number; maxTokens: number }) {
  const direct = openPeer<DirectInput, DirectOutput>(new URL("./lib/direct-generation.ts", import.meta.url));
  const model: GgufModel = { path, ...loading };
  const ours = async (prompt: string, maxTokens: number): Promise<DirectOutput> => {
    const startedAt = performance.now();
    let firstMs = 0;
    const { text, completionTokens } = await engines.generation.call(
      "generate",
      {
        model,
        messages: [
          { role: "system", text: system },
          { role: "user", text: prompt },
        ],
        maxTokens,
        temperature: 0,
      },
      { onItem: () => void (firstMs ||= performance.now() - startedAt) },
    );
    return { text, tokens: completionTokens, firstMs, totalMs: performance.now() - startedAt };
  };
  const theirs = (prompt: string, maxTokens: number) => direct.call({ kind: "ask", system, prompt, maxTokens });
  try {
    await direct.call({ kind: "load", path, ...loading });
    for (const ask of [ours, theirs]) await ask("Say hello.", 4);
    const runs = await alternate(
      rounds,
      (round) => ours(promptOf(round), maxTokens),
      (round) => theirs(promptOf(round), maxTokens),
    );
    const rates = (outputs: DirectOutput[]) => outputs.map(({ tokens, firstMs, totalMs }) => (1000 * (tokens - 1)) / (totalMs - firstMs));
    const same = runs.ours.filter(({ text }, index) => text.trim() === runs.theirs[index]?.text.trim()).length;
    return {
      ours: median(rates(runs.ours)),
      oursBest: Math.max(...rates(runs.ours)),
      theirs: median(rates(runs.theirs)),
      theirsBest: Math.max(...rates(runs.theirs)),
      oursFirst: median(runs.ours.map(({ firstMs }) => firstMs)),
      theirsFirst: median(runs.theirs.map(({ firstMs }) => firstMs)),
      same: `${same} of ${rounds}`,
    };
  } finally {
    direct.end();
  }
}

/** Prompts that share no beginning. */
const promptOf = (round: number): string =>
  `${passage(round)}\n\nRetell this at length, in your own words, for somebody who knows nothing of the subject.`;

const passage = (round: number): string =>
  `${round + 1}. ${abstracts(1, round * 7)[0]
    ?.text.split(" ")
    .slice(0, 220)
    .join(" ")}`;

/** Asks in one conversation, and gives the time to the first token. */
type Conversation = () => (question: string) => Promise<number>;

async function followUps(begin: Conversation, rounds: number): Promise<{ first: number; follow: number }> {
  const first: number[] = [];
  const follow: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const ask = begin();
    first.push(await ask(`${passage(100 + round)}\n${passage(200 + round)}\n\nWhat is this about? Answer in one sentence.`));
    follow.push(await ask("Say it more simply."));
  }
  return { first: median(first), follow: median(follow) };
}

function viaProvider({ engines }: OpenedCore, id: string, path: string): Conversation {
  const provider = localProvider({
    host: engines.generation,
    resolveGguf: async () => ({ path, trainContextTokens: 0 }),
    threads: () => threads,
    sequences: loading.sequences,
    contextTokens: () => loading.contextTokens,
  });
  let conversations = 0;
  return () => {
    const prefixKey = `bench-${id}-${(conversations += 1)}`;
    const messages: { role: "user" | "assistant"; text: string }[] = [];
    return async (question) => {
      const model = await provider(id);
      messages.push({ role: "user", text: question });
      const startedAt = performance.now();
      let firstMs = 0;
      const onText = () => void (firstMs ||= performance.now() - startedAt);
      const { text } = await model.generate({ messages: [...messages], maxTokens: answerTokens, temperature: 0, prefixKey }, { onText });
      messages.push({ role: "assistant", text });
      return firstMs;
    };
  };
}

/** A plain chat, so that the follow-up brings no new evidence. Answers are stopped early, as people do with long ones. */
function viaChat({ client }: OpenedCore, id: string): Conversation {
  return () => {
    let thread: string | undefined;
    return async (question) => {
      const startedAt = performance.now();
      let firstMs = 0;
      let tokens = 0;
      const more = thread === undefined ? { collections: [] } : { thread };
      for await (const item of await client.chat.ask({ question, model: `local:${id}`, ...more })) {
        if (item.type === "sources") thread = item.thread;
        if (item.type !== "token") continue;
        firstMs ||= performance.now() - startedAt;
        if ((tokens += 1) === answerTokens) break;
      }
      return firstMs;
    };
  };
}
