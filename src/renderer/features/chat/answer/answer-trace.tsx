import { useQuery } from "@tanstack/react-query";
import type { Message, Trace } from "../../../../shared/contract/chat.ts";
import type { Passage } from "../../../../shared/contract/search.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { formatDuration, formatNumber } from "../../../components/format.ts";
import { ErrorNotice } from "../../../components/notice.tsx";
import { PassageRow } from "../../../components/passage-row.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { useReader } from "../../../view/reader-store.ts";
import { passageEvidence } from "../../reader/evidence.ts";
import { messages, type Say } from "../messages.ts";

const stepNames = new Map<string, "stepSearch" | "stepModel">([
  ["retrieval", "stepSearch"],
  ["chat", "stepModel"],
]);

/** What was read for an answer: the passages it was chosen from, which of them it quotes, and what each step took. */
export function AnswerTrace({ message }: { message: Message }) {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const { data, error } = useQuery(orpc.chat.trace.queryOptions({ input: { message: message.id } }));
  return (
    <section aria-label={say("whatWasRead")} className="flex flex-col gap-3 border-s-2 border-line ps-3">
      {error && <ErrorNotice error={error} />}
      {data && <TraceView trace={data} message={message} />}
    </section>
  );
}

function TraceView({ trace: { passages, steps }, message: { answer } }: { trace: Trace; message: Message }) {
  const say = useWords(messages);
  const cited = new Set(answer?.citations.map(({ chunk }) => chunk.id));
  return (
    <>
      {passages.length === 0 ? <p className="text-fg2">{say("nothingRead")}</p> : <Passages passages={passages} cited={cited} />}
      {steps.length > 0 && (
        <table className="w-fit text-12">
          <thead className="sr-only">
            <tr>
              <th>{say("step")}</th>
              <th>{say("time")}</th>
              <th>{say("whatItDid")}</th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step, index) => (
              <tr key={`${step.name}-${index}`}>
                <td className="pe-4 text-fg2">{stepName(step.name, say)}</td>
                <td className="tnum pe-4 text-end">{formatDuration(step.durationMs)}</td>
                <td className="text-fg2">{describe(step, say)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Passages({ passages, cited }: { passages: Passage[]; cited: ReadonlySet<string> }) {
  const say = useWords(messages);
  const open = useReader((reader) => reader.open);
  const evidence = passages.map(passageEvidence);
  return (
    <div>
      <p className="label text-fg2">
        {say("passagesReadQuoted", {
          count: passages.length,
          count2: formatNumber(passages.filter(({ chunk }) => cited.has(chunk.id)).length),
        })}
      </p>
      <ol>
        {passages.map((passage, index) => (
          <li key={passage.chunk.id} className="flex items-start">
            <div className="min-w-0 flex-1">
              <PassageRow
                passage={passage.text === "" ? { ...passage, text: say("documentWasDeleted") } : passage}
                lines={1}
                onOpen={() => open(evidence, index)}
              />
            </div>
            <span className="tnum shrink-0 py-1.5 ps-2 text-fg3">
              {cited.has(passage.chunk.id) ? say("quoted") : passage.score.toFixed(2)}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

const stepName = (name: string, say: Say): string => {
  const known = stepNames.get(name);
  return known ? say(known) : name;
};

function describe({ attributes }: Trace["steps"][number], say: Say): string {
  const count = (key: string) => (typeof attributes[key] === "number" ? attributes[key] : undefined);
  const [found, matched] = [count("passages"), count("matched")];
  const [read, written, cached] = [count("gen_ai.usage.input_tokens"), count("gen_ai.usage.output_tokens"), count("croft.cached_tokens")];
  return [
    found === undefined ? undefined : say("passagesOf", { count: found, matched: formatNumber(matched ?? found) }),
    read === undefined ? undefined : say("tokensRead", { tokens: formatNumber(read) }),
    cached ? say("tokensKnown", { tokens: formatNumber(cached) }) : undefined,
    written === undefined ? undefined : say("tokensMade", { tokens: formatNumber(written) }),
  ]
    .filter(Boolean)
    .join(", ");
}
