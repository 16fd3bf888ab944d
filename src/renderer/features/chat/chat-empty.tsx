import { Link } from "react-router";
import type { Collection } from "../../../shared/contract/knowledge.ts";
import { useCollections, useModels, useTextSetting } from "../../api/hooks.ts";
import { EmptyState } from "../../components/notice.tsx";

const suggestions = ["What are these documents about?", "Which dates and deadlines are named?", "Who is mentioned, and in what role?"];

const link = "text-accent underline underline-offset-2";

/** A conversation that has not begun: what it will read, and a way to begin. */
export function ChatEmpty({ collections, onAsk }: { collections: Collection[]; onAsk(question: string): void }) {
  const known = useCollections().data;
  const modelMissing = useModelMissing();
  const names = collections.map(({ name }) => `“${name}”`).join(", ");
  return (
    <div className="mx-auto flex w-full max-w-[76ch] min-h-0 flex-1 flex-col justify-center overflow-y-auto">
      <EmptyState title={collections.length > 0 ? `Ask about ${names}` : "Ask a question"}>
        {collections.length > 0
          ? "The passages that fit are shown first, then an answer from them. Every number in the answer opens the place it comes from."
          : known?.length === 0
            ? "There is no collection yet, so an answer would come from the model, and from files that you attach."
            : "No collection is chosen, so an answer comes from the model, and from files that you attach. Choose a collection below to have it answer from your documents."}
        {known?.length === 0 && (
          <p className="mt-2">
            <Link to="/knowledge" className={link}>
              Add documents first
            </Link>
          </p>
        )}
        {modelMissing && (
          <p className="mt-2">
            The chat model is not installed.{" "}
            <Link to="/models" className={link}>
              Install it
            </Link>
          </p>
        )}
      </EmptyState>
      {collections.length > 0 && (
        <ul className="flex flex-col gap-1 px-6 pb-6">
          {suggestions.map((question) => (
            <li key={question}>
              <button
                type="button"
                onClick={() => onAsk(question)}
                className="w-full rounded-input border border-line px-3 py-1.5 text-left text-fg2 hover:bg-bg3 hover:text-fg"
              >
                {question}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function useModelMissing(): boolean {
  const id = useTextSetting("models.chat")?.replace(/^local:/, "");
  const model = useModels().data?.find((one) => one.id.replace(/^local:/, "") === id);
  return model !== undefined && model.state !== "installed";
}
