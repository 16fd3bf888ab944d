import Database from "better-sqlite3";
import { AppError } from "../../../shared/errors.ts";
import type { CreateEngine } from "../engine.ts";
import { createCatalogue } from "./catalogue.ts";
import { storageError } from "./index-store.ts";
import { begin, isDamage } from "./open-index.ts";
import { loadSimdKernel } from "./kernel.ts";
import { createPlainKernel } from "./plain-kernel.ts";
import type { SearchConfig, SearchProtocol } from "./protocol.ts";
import { openSession, type Session } from "./session.ts";

/**
 * The search engine. A damaged index.db is set aside and begun anew, and the call that found it fails with
 * DATABASE_DAMAGED; `stats` tells since when and why the index is new, so that core can fill it again.
 */
export const createSearch: CreateEngine<SearchConfig, SearchProtocol> = async ({ indexPath, truthPath, scanner: wanted }) => {
  const truth = new Database(truthPath, { readonly: true });
  truth.pragma("busy_timeout = 5000");
  const catalogue = createCatalogue(truth);
  const simd = wanted === "plain" ? undefined : loadSimdKernel();
  const scanner = { name: simd ? ("simd" as const) : ("plain" as const), makeKernel: simd ?? createPlainKernel };
  const open = (): Session => openSession(indexPath, truth, catalogue, scanner);
  let session: Session | undefined = open();
  const running = new Set<Promise<unknown>>();
  let repairing: Promise<void> | undefined;

  /** Calls in flight end first: they hold the file open. */
  async function repair(): Promise<void> {
    await Promise.allSettled(running);
    session?.close();
    session = undefined;
    begin(indexPath, "damaged");
  }

  async function run<Result>(work: (session: Session) => Promise<Result> | Result): Promise<Result> {
    await repairing;
    const current = (session ??= open());
    const task = (async () => work(current))();
    running.add(task);
    try {
      return await task;
    } catch (error) {
      if (!isDamage(error)) throw storageError(error);
      if (session === current) {
        repairing ??= repair().finally(() => {
          repairing = undefined;
        });
      }
      throw new AppError("DATABASE_DAMAGED", "The search index was damaged. It was set aside and a new one begun; documents are safe.", {
        cause: error,
        hint: "Croft indexes the documents again.",
      });
    } finally {
      running.delete(task);
    }
  }

  return {
    methods: {
      put: (input, context) => run(async (index) => index.put(input, context)).then(() => null),
      remove: (input, context) => run((index) => index.remove(input, context)).then(() => null),
      erase: (input, context) => run((index) => index.erase(input, context)).then(() => null),
      query: (input, context) => run((index) => index.query(input, context)),
      present: (input) => run((index) => index.present(input)),
      sweep: (_, context) => run((index) => index.sweep(context)),
      forget: (input) => run((index) => index.forget(input)).then(() => null),
      stats: () => run((index) => index.stats()),
    },
    async dispose() {
      await repairing?.catch(() => {});
      session?.close();
      truth.close();
    },
  };
};
