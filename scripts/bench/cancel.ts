import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { EngineHost, Protocol } from "../../src/main/engines/engine.ts";
import type { GgufModel } from "../../src/main/engines/generation/protocol.ts";
import type { OnnxModel } from "../../src/main/engines/inference/protocol.ts";
import { modelFolder } from "../../tests/helpers/models.ts";
import { drawPage } from "../../tests/helpers/text-page.ts";
import { ggufOf } from "./generation.ts";
import { makeLibrary } from "./lib/make-library.ts";
import { missing } from "./lib/needs.ts";
import { jobEnd, openCore, threads, withFolder } from "./lib/open-core.ts";
import { abstracts, writeFiles } from "./lib/texts.ts";
import { type Figure, type Measurement, median, type Skipped } from "./row.ts";

const chatModel = "smollm2-135m-instruct";
const embedder = "bge-small-en-v1.5";

type Engines = Awaited<ReturnType<typeof openCore>>["engines"];
type Cancelled = {
  name: string;
  /** Starts the work, cancels it in the middle and resolves when the caller knows; undefined when it was over before. */
  cancel(): Promise<number | undefined>;
  /** A small call of the same kind. */
  next(): Promise<unknown>;
  engines: (keyof Engines)[];
};
type Times = { acknowledged: number[]; ended: number[]; next: number[]; normal: number[] };

/** Cancels each kind of work in the middle: when the caller knows, when nothing computes any more, how fast the next call is. */
export async function measure({ quick }: { quick: boolean }): Promise<Measurement | Skipped> {
  const skipped = missing(chatModel, { model: embedder });
  if (skipped) return { skipped };
  const rounds = quick ? 1 : 4;
  return withFolder(async (folder) => {
    const profile = join(folder, "profile");
    mkdirSync(profile);
    await makeLibrary(profile, { collection: "library", chunks: quick ? 1000 : 10_000 });
    const core = await openCore(profile);
    try {
      const lines: string[][] = [];
      const figures: Figure[] = [];
      for (const work of works(core, folder)) {
        const times = await repeat(work, core.engines, rounds);
        const ratio = median(times.next) / median(times.normal);
        const worst = (values: number[]) => (values.length > 0 ? Math.max(...values) : Number.NaN);
        lines.push([
          work.name,
          `${times.acknowledged.length} of ${rounds}`,
          worst(times.acknowledged).toFixed(0),
          worst(times.ended).toFixed(0),
          median(times.normal).toFixed(0),
          median(times.next).toFixed(0),
        ]);
        if (times.acknowledged.length === 0) continue;
        figures.push(
          { name: `cancel ${work.name}: acknowledged, worst`, value: worst(times.acknowledged), unit: "ms", target: { atMost: 200 } },
          { name: `cancel ${work.name}: computation ended, worst`, value: worst(times.ended), unit: "ms", target: { atMost: 1000 } },
          { name: `cancel ${work.name}: next call against a usual one`, value: ratio, unit: "×", target: { atMost: 1.5 } },
        );
      }
      return {
        title: "Cancel",
        columns: ["cancelled while", "in time", "acknowledged, worst ms", "ended, worst ms", "usual call ms", "next call ms"],
        lines,
        notes: "“In time”: how often the work was still under way when it was cancelled. “Ended”: no engine it uses computes.",
        figures,
      };
    } finally {
      await core.close();
    }
  });
}

async function repeat({ cancel, next, engines: used }: Cancelled, engines: Engines, rounds: number): Promise<Times> {
  const times: Times = { acknowledged: [], ended: [], next: [], normal: [] };
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const startedAt = performance.now();
    await work();
    return performance.now() - startedAt;
  };
  await next();
  for (let round = 0; round < rounds; round += 1) {
    for (let call = 0; call < 2; call += 1) times.normal.push(await timed(next));
    const cancelledAt = await cancel();
    const acknowledgedAt = performance.now();
    await Promise.all(used.map((name) => untilIdle(engines[name])));
    const endedAt = performance.now();
    times.next.push(await timed(next));
    if (cancelledAt === undefined) continue;
    times.acknowledged.push(acknowledgedAt - cancelledAt);
    times.ended.push(endedAt - cancelledAt);
  }
  return times;
}

async function untilIdle(host: Pick<EngineHost<Protocol>, "state" | "onState">): Promise<void> {
  if (host.state !== "busy") return;
  await new Promise<void>((resolve) => {
    const off = host.onState((state) => {
      if (state === "busy") return;
      off();
      resolve();
    });
  });
}

function works({ client, engines }: Awaited<ReturnType<typeof openCore>>, folder: string): Cancelled[] {
  const gguf: GgufModel = { path: ggufOf(chatModel), contextTokens: 4096, threads, sequences: 2 };
  const onnx: OnnxModel = {
    folder: modelFolder(embedder) ?? "",
    dtype: "q8",
    pooling: "cls",
    queryPrefix: "",
    maxTokens: 512,
    dimensions: 384,
  };
  const texts = abstracts(200).map(({ text }) => text);
  const short = drawPage(
    texts.slice(0, 12).map((text) => text.slice(0, 60)),
    { width: 1500, height: 1000 },
  ).png;
  const long = drawPage(
    texts.slice(0, 40).map((text) => text.slice(0, 88)),
    { fontPixels: 46, width: 2480, height: 3508 },
  ).png;
  let jobs = 0;

  const generate = (prompt: string, maxTokens: number, signal?: AbortSignal, onItem?: () => void) =>
    engines.generation.call(
      "generate",
      { model: gguf, messages: [{ role: "user", text: prompt }], maxTokens, temperature: 0 },
      { signal, onItem },
    );
  const embed = (some: string[], signal?: AbortSignal) =>
    engines.inference.call("embed", { model: onnx, texts: some, kind: "passage", threads }, { signal });
  const recognize = (image: Uint8Array, signal?: AbortSignal) => engines.ocr.call("recognize", { image, languages: ["eng"] }, { signal });
  const search = (query: string, signal?: AbortSignal) =>
    client.knowledge.search({ query, collections: ["library"], limit: 100 }, signal ? { signal } : {});
  let questions = 0;
  const writeOn = "Tell a long story about a harbour in winter, with many people in it.";

  return [
    {
      name: "a long prompt is read",
      engines: ["generation"],
      cancel: () => {
        questions += 1;
        return afterMs(400, (signal) =>
          generate(`${questions}. ${texts.slice(questions, questions + 7).join(" ")}`.slice(0, 12_000), 8, signal),
        );
      },
      next: () => generate("Say hello.", 8),
    },
    {
      name: "an answer is written",
      engines: ["generation"],
      cancel: () => atCall(8, (signal, called) => generate(writeOn, 400, signal, called)),
      next: () => generate("Say hello.", 8),
    },
    {
      name: "texts are embedded",
      engines: ["inference"],
      cancel: () => afterMs(300, (signal) => embed(texts, signal)),
      next: () => embed(texts.slice(0, 4)),
    },
    {
      name: "a page is recognised",
      engines: ["ocr"],
      cancel: () => afterMs(400, (signal) => recognize(new Uint8Array(long), signal)),
      next: () => recognize(new Uint8Array(short)),
    },
    {
      name: "a search runs",
      engines: ["search", "inference"],
      cancel: () => afterMs(3, (signal) => search(`${(questions += 1)} ${texts[questions]?.slice(0, 1500)}`, signal)),
      // Another one each time: what was asked before is answered from a cache.
      next: () => search(`What is known of ${texts[(questions += 1)]?.slice(0, 40)}`),
    },
    {
      name: "a folder is indexed",
      engines: ["inference", "search", "readers"],
      async cancel() {
        const path = join(folder, `documents-${(jobs += 1)}`);
        mkdirSync(path);
        writeFiles(path, abstracts(150, jobs * 150));
        const { jobId } = await client.knowledge.addSources({ collection: `cancelled-${jobs}`, paths: [path] });
        await someDone(jobId);
        const at = performance.now();
        await client.jobs.cancel({ id: jobId });
        return (await jobEnd(client, jobId)).state === "cancelled" ? at : undefined;
      },
      next: () => embed(texts.slice(0, 4)),
    },
  ];

  async function someDone(jobId: string): Promise<void> {
    const stop = new AbortController();
    for await (const item of await client.jobs.watch({}, { signal: stop.signal })) {
      if (item.type === "change" && item.job.id === jobId && item.job.progress.done > 5) break;
    }
    stop.abort();
  }
}

/** Cancels after so many milliseconds. @returns when, or undefined where the work was quicker */
const afterMs = (ms: number, work: (signal: AbortSignal) => Promise<unknown>) =>
  cancelled((stop, signal) => {
    setTimeout(stop, ms);
    return work(signal);
  });

/** Cancels when the work has called for the nth time. */
const atCall = (nth: number, work: (signal: AbortSignal, called: () => void) => Promise<unknown>) =>
  cancelled((stop, signal) => {
    let calls = 0;
    return work(signal, () => void ((calls += 1) === nth && stop()));
  });

async function cancelled(work: (stop: () => void, signal: AbortSignal) => Promise<unknown>): Promise<number | undefined> {
  const controller = new AbortController();
  let at: number | undefined;
  let over = false;
  const stop = () => {
    if (over) return;
    at = performance.now();
    controller.abort();
  };
  try {
    await work(stop, controller.signal);
    return undefined;
  } catch (error) {
    if (at === undefined) throw error;
    return at;
  } finally {
    over = true;
  }
}
