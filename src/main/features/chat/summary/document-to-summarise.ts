import type { Message } from "../../../../shared/contract/chat.ts";
import type { FoundPassage } from "../../knowledge/index.ts";
import { isCalled, isPartOfName, summaryRequest } from "./summary-request.ts";
import type { Turn } from "../turn.ts";

/** Passages among whose documents the named one is looked for: titles are searched with every passage. */
const LOOKED_AT = 50;

/**
 * Every passage of the document that a question wants summed up; undefined when it asks for none, or when it is not
 * clear which is meant: then it is answered like any broad question.
 */
export async function documentToSummarise(turn: Turn): Promise<FoundPassage[] | undefined> {
  const wanted = summaryRequest(turn.request.question);
  if (!wanted) return undefined;
  const id = theFiltered(turn) ?? (wanted.name === "" ? theImplied(turn) : await theNamed(turn, wanted.name));
  const passages = id === undefined ? [] : turn.deps.wholeDocument(id, turn.collections);
  return passages.length > 0 ? passages : undefined;
}

function theFiltered({ request }: Turn): string | undefined {
  const [id, ...others] = request.filter?.documents ?? [];
  return others.length === 0 ? id : undefined;
}

/** “This document”: the one that the last answer cites alone, or the only one that there is. */
function theImplied({ history, collections, deps, request }: Turn): string | undefined {
  if (request.filter) return undefined;
  const cited = citedBy(history.findLast(({ role }) => role === "assistant"));
  if (cited.size === 1) return [...cited][0];
  const [collection, ...others] = collections;
  return collection !== undefined && others.length === 0 ? deps.onlyDocument(collection) : undefined;
}

const citedBy = (message: Message | undefined) =>
  new Set((message?.answer?.citations ?? []).filter(({ deleted }) => !deleted).map(({ document }) => document.id));

async function theNamed({ deps, collections, request, signal }: Turn, name: string): Promise<string | undefined> {
  const { passages } = await deps.search(
    {
      query: name.slice(0, 400),
      collections,
      mode: "hybrid",
      rerank: false,
      limit: LOOKED_AT,
      explain: false,
      ...(request.filter ? { filter: request.filter } : {}),
    },
    signal,
  );
  const documents = [...new Map(passages.map(({ document }) => [document.id, document])).values()];
  for (const isMeant of [isCalled, isPartOfName]) {
    const [meant, ...others] = documents.filter((document) => isMeant(name, document));
    if (meant) return others.length === 0 ? meant.id : undefined;
  }
  return undefined;
}
