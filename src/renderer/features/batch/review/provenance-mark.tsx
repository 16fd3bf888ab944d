import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { type Provenance, provenanceWords } from "../values.ts";

const tones: Record<Provenance, string> = { source: "bg-source", model: "bg-model", human: "bg-human", none: "bg-transparent" };

/** The small square that says where a value came from; its word is for those who see no colours. */
export function ProvenanceMark({ of }: { of: Provenance }) {
  const say = useWords(messages);
  return (
    <span title={say(provenanceWords[of])} className="inline-flex shrink-0">
      <span aria-hidden className={`size-2 rounded-[1px] ${tones[of]} ${of === "none" ? "outline outline-control" : ""}`} />
      <span className="sr-only">{say(provenanceWords[of])}: </span>
    </span>
  );
}
