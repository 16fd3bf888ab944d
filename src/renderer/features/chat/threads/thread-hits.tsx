import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { useCroft } from "../../../api/use-croft.ts";

import { ErrorNotice } from "../../../components/notice.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { useUndo } from "../../../view/undo-store.ts";
import { messages } from "../messages.ts";
import { useSettled } from "../composer/use-settled.ts";

const most = 50;

/** Where the words were said, over all conversations; each leads to its message. */
export function ThreadHits({ query }: { query: string }) {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const hidden = useUndo((undo) => undo.hidden);
  const settled = useSettled(query, 150);
  const { data, error } = useQuery(
    orpc.chat.searchThreads.queryOptions({ input: { query: settled, limit: most }, placeholderData: keepPreviousData }),
  );
  const hits = data?.filter(({ thread }) => !hidden.includes(thread)) ?? [];
  return (
    <>
      {error && <ErrorNotice error={error} />}
      <p role="status" className="px-4 pb-1 text-12 text-fg3">
        {data && (hits.length === 0 ? say("nothingWasSaid") : say(hits.length === most ? "placesShown" : "places", { count: hits.length }))}
      </p>
      <ul>
        {hits.map(({ thread, message, role, title, snippet }) => (
          <li key={message ?? thread} className="px-2">
            <Link
              to={message ? `/chat/${thread}?at=${message}` : `/chat/${thread}`}
              className="flex flex-col gap-0.5 rounded-input px-2 py-1.5 hover:bg-bg3"
            >
              <span className="truncate text-12 text-fg2">
                {role === "assistant" ? say("answerInThread", { title }) : role === "user" ? say("questionInThread", { title }) : title}
              </span>
              <span className="line-clamp-2 break-words">
                {snippet.map(({ text, hit }, index) =>
                  hit ? (
                    <mark key={index} className="rounded-input bg-bg3 font-title text-fg underline decoration-accent underline-offset-2">
                      {text}
                    </mark>
                  ) : (
                    <span key={index}>{text}</span>
                  ),
                )}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
