import { TriangleAlert } from "lucide-react";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";

/** Says of which collections only the words were searched. */
export function WordsOnly({ names }: { names: readonly string[] | undefined }) {
  const say = useWords(messages);
  if (!names || names.length === 0) return null;
  return (
    <p role="status" className="flex items-start gap-2 px-4 py-2 text-fg2">
      <TriangleAlert aria-hidden size={16} strokeWidth={1.5} className="mt-0.5 shrink-0 text-fg" />
      <span>{say("onlyWordsWereSearched", { names: names.map((name) => `“${name}”`).join(", ") })}</span>
    </p>
  );
}
