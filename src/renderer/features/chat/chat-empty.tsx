import { Link } from "react-router";
import type { Collection } from "../../../shared/contract/knowledge.ts";
import { useCollections, useModels, useTextSetting } from "../../api/hooks.ts";
import { EmptyState } from "../../components/notice.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { messages } from "./messages.ts";

const suggestions = ["askAboutWhat", "askDates", "askPeople"] as const;

const link = "text-accent underline underline-offset-2";

/** A conversation that has not begun: what it will read, and a way to begin. */
export function ChatEmpty({ collections, onAsk }: { collections: Collection[]; onAsk(question: string): void }) {
  const say = useWords(messages);
  const known = useCollections().data;
  const modelMissing = useModelMissing();
  const names = collections.map(({ name }) => `“${name}”`).join(", ");
  return (
    <div className="mx-auto flex w-full max-w-[76ch] min-h-0 flex-1 flex-col justify-center overflow-y-auto">
      <EmptyState title={collections.length > 0 ? say("askAbout", { names }) : say("askAQuestion")}>
        {collections.length > 0 ? say("emptyWithSources") : known?.length === 0 ? say("emptyWithoutCollections") : say("emptyNoneChosen")}
        {known?.length === 0 && (
          <p className="mt-2">
            <Link to="/knowledge" className={link}>
              {say("addDocumentsFirst")}
            </Link>
          </p>
        )}
        {modelMissing && (
          <p className="mt-2">
            {say("chatModelNot")}{" "}
            <Link to="/models" className={link}>
              {say("installIt")}
            </Link>
          </p>
        )}
      </EmptyState>
      {collections.length > 0 && (
        <ul className="flex flex-col gap-1 px-6 pb-6">
          {suggestions.map(say).map((question) => (
            <li key={question}>
              <button
                type="button"
                onClick={() => onAsk(question)}
                className="w-full rounded-input border border-line px-3 py-1.5 text-start text-fg2 hover:bg-bg3 hover:text-fg"
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
