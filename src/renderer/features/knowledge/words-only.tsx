import { TriangleAlert } from "lucide-react";

/** Says of which collections only the words were searched. */
export function WordsOnly({ names }: { names: readonly string[] | undefined }) {
  if (!names || names.length === 0) return null;
  return (
    <p role="status" className="flex items-start gap-2 px-4 py-2 text-fg2">
      <TriangleAlert aria-hidden size={16} strokeWidth={1.5} className="mt-0.5 shrink-0 text-fg" />
      <span>
        Only the words of {names.map((name) => `“${name}”`).join(", ")} were searched: the embedding model cannot be used. Install it under
        Models, or choose another for the collection.
      </span>
    </p>
  );
}
