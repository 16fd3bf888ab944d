import { useQuery } from "@tanstack/react-query";
import type { Message, Trace } from "../../../shared/contract/chat.ts";
import type { Passage } from "../../../shared/contract/search.ts";
import { useCroft } from "../../api/use-croft.ts";
import { formatCount, formatDuration, formatNumber } from "../../components/format.ts";
import { ErrorNotice } from "../../components/notice.tsx";
import { PassageRow } from "../../components/passage-row.tsx";
import { useReader } from "../../view/reader-store.ts";
import { passageEvidence } from "../reader/evidence.ts";

const stepNames: Record<string, string> = { retrieval: "Search", chat: "Model" };

/** What was read for an answer: the passages it was chosen from, which of them it quotes, and what each step took. */
export function AnswerTrace({ message }: { message: Message }) {
  const { orpc } = useCroft();
  const { data, error } = useQuery(orpc.chat.trace.queryOptions({ input: { message: message.id } }));
  return (
    <section aria-label="What was read" className="flex flex-col gap-3 border-l-2 border-line pl-3">
      {error && <ErrorNotice error={error} />}
      {data && <TraceView trace={data} message={message} />}
    </section>
  );
}

function TraceView({ trace: { passages, steps }, message: { answer } }: { trace: Trace; message: Message }) {
  const cited = new Set(answer?.citations.map(({ chunk }) => chunk.id));
  return (
    <>
      {passages.length === 0 ? (
        <p className="text-fg2">No passage was read for this answer.</p>
      ) : (
        <Passages passages={passages} cited={cited} />
      )}
      {steps.length > 0 && (
        <table className="w-fit text-12">
          <thead className="sr-only">
            <tr>
              <th>Step</th>
              <th>Time</th>
              <th>What it did</th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step, index) => (
              <tr key={`${step.name}-${index}`}>
                <td className="pr-4 text-fg2">{stepNames[step.name] ?? step.name}</td>
                <td className="tnum pr-4 text-right">{formatDuration(step.durationMs)}</td>
                <td className="text-fg2">{describe(step)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Passages({ passages, cited }: { passages: Passage[]; cited: ReadonlySet<string> }) {
  const open = useReader((reader) => reader.open);
  const evidence = passages.map(passageEvidence);
  return (
    <div>
      <p className="label text-fg2">
        {formatCount(passages.length, "passage")} read, {formatNumber(passages.filter(({ chunk }) => cited.has(chunk.id)).length)} quoted
      </p>
      <ol>
        {passages.map((passage, index) => (
          <li key={passage.chunk.id} className="flex items-start">
            <div className="min-w-0 flex-1">
              <PassageRow
                passage={passage.text === "" ? { ...passage, text: "The document was deleted since." } : passage}
                lines={1}
                onOpen={() => open(evidence, index)}
              />
            </div>
            <span className="tnum shrink-0 py-1.5 pl-2 text-fg3">{cited.has(passage.chunk.id) ? "quoted" : passage.score.toFixed(2)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function describe({ attributes }: Trace["steps"][number]): string {
  const count = (key: string) => (typeof attributes[key] === "number" ? attributes[key] : undefined);
  const [found, matched] = [count("passages"), count("matched")];
  const [read, written, cached] = [count("gen_ai.usage.input_tokens"), count("gen_ai.usage.output_tokens"), count("croft.cached_tokens")];
  return [
    found === undefined ? undefined : `${formatCount(found, "passage")} of ${formatNumber(matched ?? found)} that matched`,
    read === undefined ? undefined : `${formatNumber(read)} tokens read`,
    cached ? `${formatNumber(cached)} of them known from before` : undefined,
    written === undefined ? undefined : `${formatNumber(written)} written`,
  ]
    .filter(Boolean)
    .join(", ");
}
