import type { Context, ContextPart } from "../../../shared/contract/chat.ts";
import { toContract } from "./attachment-store.ts";
import { evidenceTokens } from "./evidence-budget.ts";
import { planContext } from "./plan-context.ts";
import { groundedPrompt } from "./prompt.ts";
import { kindOf } from "./question-kind.ts";
import { estimating } from "./token-counter.ts";
import { type AskDeps, HISTORY_MESSAGES, readAttachments } from "./turn.ts";

type ContextRequest = {
  thread?: string | undefined;
  parent?: string | null | undefined;
  collections?: string[] | undefined;
  model?: string | undefined;
  question: string;
};

/** What the next question would tell the model. Nothing is loaded for it. @throws NOT_FOUND · MODEL_MISSING */
export async function contextOf(deps: AskDeps, request: ContextRequest, signal: AbortSignal): Promise<Context> {
  const thread = request.thread === undefined ? undefined : deps.threads.get(request.thread);
  const settings = thread?.settings ?? {};
  const model = await deps.chatModel(request.model ?? settings.model ?? deps.settings.model(), { contextTokens: settings.contextTokens });
  const counter = model.isLoaded?.() ? deps.counter(model) : estimating;
  const named = request.collections ? deps.collectionIds(request.collections) : (thread?.collections ?? []).filter(deps.hasCollection);
  const attachments = deps.attachments.of(thread?.id ?? "");
  const { told, searched } = readAttachments(attachments, named, model.contextTokens);
  const { parent = thread?.leaf ?? null } = request;
  const history = thread ? deps.threads.history(thread.id, parent, HISTORY_MESSAGES) : [];
  const facts = { model: model.id, contextTokens: model.contextTokens, counted: counter.counted };

  if (named.length + searched.length === 0) {
    const { systemPrompt, maxTokens } = settings;
    const plan = await planContext(
      { systemPrompt, maxTokens, contextTokens: model.contextTokens, attachments: told, history, question: request.question },
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
      tokens: evidenceTokens("normal", kind, question, model.readingSpeed()),
      searched: true,
    },
    { kind: "history", title: "Conversation", tokens: Math.max(0, whole - system - question) },
    { kind: "question", title: "Question", tokens: question },
  ];
  return { ...facts, parts: parts.filter(isShown) };
}

const isShown = ({ kind, tokens, leftOut }: ContextPart): boolean => kind === "attachment" || tokens > 0 || (leftOut ?? 0) > 0;
