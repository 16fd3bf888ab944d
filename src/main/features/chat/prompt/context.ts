import type { Context, ContextPart } from "../../../../shared/contract/chat.ts";
import { AppError } from "../../../../shared/errors.ts";
import type { ChatModel } from "../../../providers/chat-model.ts";
import { toContract } from "../attachments/attachment-store.ts";
import { evidenceTokens } from "../evidence/evidence-budget.ts";
import { planContext } from "./plan-context.ts";
import { groundedPrompt } from "./prompt.ts";
import { kindOf } from "../question/question-kind.ts";
import { type Counter, estimating } from "./token-counter.ts";
import { coldTokens } from "./told-history.ts";
import { type AskDeps, HISTORY_MESSAGES, readAttachments } from "../turn.ts";

type ContextRequest = {
  thread?: string | undefined;
  parent?: string | null | undefined;
  collections?: string[] | undefined;
  model?: string | undefined;
  question: string;
};

/**
 * What the next question would tell the model. Nothing is loaded for it, and the model need not be installed yet: tokens
 * are estimated then. @throws NOT_FOUND
 */
export async function contextOf(deps: AskDeps, request: ContextRequest, signal: AbortSignal): Promise<Context> {
  const thread = request.thread === undefined ? undefined : deps.threads.get(request.thread);
  const settings = thread?.settings ?? {};
  const model = await knownOf(deps, request.model ?? settings.model ?? deps.settings.model(), settings.contextTokens);
  const { counter } = model;
  const named = request.collections ? deps.collectionIds(request.collections) : (thread?.collections ?? []).filter(deps.hasCollection);
  const attachments = deps.attachments.of(thread?.id ?? "");
  const { told, searched } = readAttachments(attachments, named, model.contextTokens);
  const { parent = thread?.leaf ?? null } = request;
  const history = thread ? deps.threads.history(thread.id, parent, HISTORY_MESSAGES) : [];
  const facts = { model: model.id, contextTokens: model.contextTokens, counted: counter.counted };

  if (named.length + searched.length === 0) {
    const { systemPrompt, maxTokens } = settings;
    const plan = await planContext(
      {
        systemPrompt,
        maxTokens,
        contextTokens: model.contextTokens,
        attachments: told,
        history,
        question: request.question,
        toldFrom: model.isCold ? undefined : deps.told.get(thread?.id ?? ""),
        mostCold: settings.contextTokens === undefined ? coldTokens(model.readingSpeed) : undefined,
      },
      counter,
      signal,
    );
    const parts: ContextPart[] = [
      { kind: "system", title: "System prompt", tokens: plan.system.tokens },
      ...plan.attachments.map(({ attachment, tokens }): ContextPart => ({
        kind: "attachment",
        title: attachment.name,
        tokens,
        attachment: toContract(attachment),
      })),
      { kind: "history", title: "Conversation", tokens: plan.history.tokens, leftOut: plan.history.leftOut },
      { kind: "question", title: "Question", tokens: plan.question.tokens },
      { kind: "answer", title: "Kept for the answer", tokens: plan.answerTokens },
    ];
    return { ...facts, parts: parts.filter(isShown) };
  }

  const kind = kindOf(request.question);
  const rules = groundedPrompt("", [], [], kind);
  const prompt = groundedPrompt(request.question, [], history, kind);
  const texts = [rules, prompt].map((messages) => messages.map(({ text }) => text).join("\n"));
  const [system = 0, whole = 0, question = 0] = await counter.count([...texts, request.question], signal);
  const parts: ContextPart[] = [
    { kind: "system", title: "Rules of answering from sources", tokens: system },
    ...attachments.map((attachment): ContextPart => ({
      kind: "attachment",
      title: attachment.name,
      tokens: 0,
      searched: true,
      attachment: toContract(attachment),
    })),
    {
      kind: "sources",
      title: "Passages that fit the question, at most",
      tokens: evidenceTokens("normal", kind, question, model.readingSpeed),
      searched: true,
    },
    { kind: "history", title: "Conversation", tokens: Math.max(0, whole - system - question) },
    { kind: "question", title: "Question", tokens: question },
  ];
  return { ...facts, parts: parts.filter(isShown) };
}

const isShown = ({ kind, tokens, leftOut }: ContextPart): boolean => kind === "attachment" || tokens > 0 || (leftOut ?? 0) > 0;

type Known = Pick<ChatModel, "id" | "contextTokens"> & { isCold: boolean; readingSpeed: number | undefined; counter: Counter };

/** What is known of a model without loading it; of one that is not installed, what the settings say. @throws NOT_FOUND */
async function knownOf(deps: AskDeps, id: string, contextTokens: number | undefined): Promise<Known> {
  const most = contextTokens ?? deps.settings.contextTokens();
  const unknown = { id, contextTokens: most, isCold: true, readingSpeed: undefined, counter: estimating };
  try {
    const model = await deps.chatModel(id, { contextTokens });
    const known = { id: model.id, contextTokens: model.contextTokens, readingSpeed: model.readingSpeed() };
    const isCold = !(model.isLoaded?.() ?? true);
    return { ...known, isCold, counter: model.isLoaded && !isCold ? deps.counter(model) : estimating };
  } catch (error) {
    if (error instanceof AppError && error.code === "MODEL_MISSING") return unknown;
    throw error;
  }
}
