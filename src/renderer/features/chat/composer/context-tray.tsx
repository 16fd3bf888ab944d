import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronDown, FileText, X } from "lucide-react";
import type { Context, ContextPart } from "../../../../shared/contract/chat.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { Button } from "../../../components/button.tsx";
import { classNames } from "../../../components/class-names.ts";
import { formatNumber } from "../../../components/format.ts";
import { IconButton } from "../../../components/icon-button.tsx";
import { ErrorNotice } from "../../../components/notice.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { useChatView } from "../../../view/chat-store.ts";
import { newThread } from "../asking/asks.ts";
import { messages, type Say } from "../messages.ts";
import type { Attach } from "./use-attach.ts";
import type { ChosenCollections } from "./use-chosen-collections.ts";
import { usePagesUsed } from "./use-pages-used.ts";
import { useSettled } from "./use-settled.ts";

export type ContextTrayProps = {
  threadKey: string;
  end: string | undefined;
  chosen: ChosenCollections;
  attach: Attach;
  question: string;
  running: boolean;
};

/** Of the bar. Amber is what stands in sources, as everywhere. */
const shades: Record<ContextPart["kind"], string> = {
  system: "bg-fg3",
  attachment: "bg-accent",
  sources: "bg-source",
  history: "bg-fg2",
  question: "bg-fg",
  answer: "bg-control",
};

/** What the next question would tell the model, and how many tokens that is; the files of the conversation. */
export function ContextTray({ threadKey, end, chosen, attach, question, running }: ContextTrayProps) {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const { trayOpen, toggleTray } = useChatView((view) => view);
  const settled = useSettled(question, 400);
  const { data } = useQuery(
    orpc.chat.context.queryOptions({
      input: {
        question: settled,
        collections: chosen.collections.map(({ id }) => id),
        ...(threadKey === newThread ? {} : { thread: threadKey }),
        ...(end === undefined || threadKey === newThread ? {} : { parent: end }),
      },
      enabled: !running,
      placeholderData: keepPreviousData,
    }),
  );
  const pagesUsed = usePagesUsed(threadKey);
  const files = data?.parts.flatMap((part) => (part.attachment ? [{ part, attachment: part.attachment }] : [])) ?? [];
  return (
    <div className="mb-2 flex flex-col gap-1.5">
      {attach.problem !== undefined && attach.problem !== null && <ErrorNotice error={attach.problem} />}
      {(files.length > 0 || attach.reading.length > 0) && (
        <ul aria-label={say("attachedFiles")} className="flex flex-wrap gap-1.5">
          {files.map(({ part, attachment }) => (
            <li key={attachment.id} className="flex h-7 max-w-full items-center gap-1.5 rounded-input border border-line bg-bg2 ps-2">
              <FileText aria-hidden size={14} strokeWidth={1.5} className="shrink-0 text-fg2" />
              <span className="min-w-0 truncate" title={attachment.path}>
                {attachment.name}
              </span>
              <span className="tnum shrink-0 text-fg3">{howTold(part, pagesUsed(attachment.path), attachment.pages, say)}</span>
              <IconButton
                icon={X}
                label={say("takeOut", { name: attachment.name })}
                className="size-6"
                onClick={() => attach.remove(attachment.id)}
              />
            </li>
          ))}
          {attach.reading.map((name) => (
            <li key={name} className="flex h-7 items-center gap-1.5 rounded-input border border-dashed border-control px-2 text-fg2">
              {say("reading", { name })}
            </li>
          ))}
          {attach.reading.length > 0 && (
            <li>
              <Button look="quiet" onClick={attach.stop}>
                {say("stopReading")}
              </Button>
            </li>
          )}
        </ul>
      )}
      {data && <Meter context={data} isOpen={trayOpen} onToggle={toggleTray} />}
    </div>
  );
}

/** How a file is told: whole, or searched, and then which of its pages the last answer was chosen from. */
function howTold({ searched, tokens }: ContextPart, pagesUsed: readonly number[], pages: number, say: Say): string {
  if (!searched) return say("whole", { count: tokens });
  if (pagesUsed.length === 0) return pages > 1 ? say("searchedPages", { count: pages }) : say("searched");
  return say("searchedUsed", { count: pagesUsed.length, pages: pagesUsed.join(", ") });
}

function Meter({ context, isOpen, onToggle }: { context: Context; isOpen: boolean; onToggle(): void }) {
  const say = useWords(messages);
  const { parts, contextTokens, counted } = context;
  const used = parts.reduce((sum, { tokens }) => sum + tokens, 0);
  const isFull = used > contextTokens;
  const sum = { used: formatNumber(used), contextTokens: formatNumber(contextTokens) };
  return (
    <div className="text-12 text-fg3">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={onToggle}
        className="flex h-6 w-full items-center gap-2 rounded-input text-start hover:text-fg"
      >
        <span aria-hidden className="flex h-1.5 w-24 shrink-0 overflow-hidden rounded-input bg-bg3">
          {parts.map(({ kind, tokens, title }) => (
            <span key={kind + title} className={shades[kind]} style={{ width: `${(100 * tokens) / Math.max(used, contextTokens)}%` }} />
          ))}
        </span>
        <span className={classNames("tnum", isFull && "text-danger")}>
          {counted === "estimate" ? say("tokensAbout", sum) : say("tokensOf", sum)}
        </span>
        {isFull && <span className="text-danger">{say("tooLongShortenQuestion")}</span>}
        <span className="ms-auto">{isOpen ? say("hideWhatSent") : say("showWhatSent")}</span>
        <ChevronDown aria-hidden size={14} strokeWidth={1.5} className={isOpen ? "rotate-180" : ""} />
      </button>
      {isOpen && (
        <div className="py-1">
          <table className="w-full">
            <caption className="sr-only">{say("whatSentModel")}</caption>
            <tbody>
              {parts.map(({ kind, title, tokens, leftOut, searched }) => (
                <tr key={kind + title}>
                  <td className="w-full max-w-0 truncate py-0.5 text-fg2" title={title}>
                    <span aria-hidden className={`me-2 inline-block size-2 rounded-input ${shades[kind]}`} />
                    {title}
                    {leftOut ? say("olderLeftOut", { count: leftOut }) : ""}
                  </td>
                  <td className="tnum py-0.5 text-end">{searched && tokens === 0 ? say("searched") : formatNumber(tokens)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="pt-1">
            {counted === "estimate" ? say("tokensEstimated") : say("tokensCounted", { model: context.model.replace(/^local:/, "") })}
          </p>
        </div>
      )}
    </div>
  );
}
