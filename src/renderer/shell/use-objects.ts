import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useNavigate } from "react-router";
import { useCollections, useModels, useSettings } from "../api/hooks.ts";
import { useCroft } from "../api/use-croft.ts";
import { messages as settingMessages } from "../features/settings/messages.ts";
import { settingName } from "../features/settings/setting-words.ts";
import { useWords } from "../i18n/use-words.ts";
import { useReader } from "../view/reader-store.ts";
import type { Command } from "./commands.ts";
import { messages } from "./messages.ts";

/** As many documents of a collection, and conversations, as core gives at once. */
const most = 1000;

/** Everything that can be opened by its name: collections, documents, conversations, models and settings. */
export function useObjects(): Command[] {
  const say = useWords(messages);
  const sayOfSettings = useWords(settingMessages);
  const navigate = useNavigate();
  const { orpc } = useCroft();
  const collections = useCollections().data;
  const models = useModels().data;
  const settings = useSettings().data;
  const threads = useQuery(orpc.chat.listThreads.queryOptions({ input: { limit: most } })).data;
  const documents = useQueries({
    queries: (collections ?? []).map(({ id }) => orpc.knowledge.listDocuments.queryOptions({ input: { collection: id, limit: most } })),
    combine: (results) => results.map(({ data }) => data),
  });
  return useMemo(() => {
    const of = (group: string, id: string, title: string, run: () => void): Command => ({
      id: `${group}.${id}`,
      title,
      group: say(group as "model"),
      run,
    });
    return [
      ...(collections ?? []).map(({ id, name }) => of("collection", id, name, () => void navigate(`/knowledge/${id}`))),
      ...(threads ?? []).map(({ id, title }) => of("conversation", id, title, () => void navigate(`/chat/${id}`))),
      ...(models ?? []).map(({ id, name }) => of("model", id, name, () => void navigate(`/models?model=${encodeURIComponent(id)}`))),
      ...(settings ?? []).map((row) =>
        of("setting", row.key, settingName(row, sayOfSettings), () => void navigate(`/settings?find=${encodeURIComponent(row.key)}`)),
      ),
      ...documents.flatMap((list, index) =>
        (list ?? []).map(({ id, title, path, textHash }) =>
          of("document", `${index}.${id}`, title, () => {
            void navigate(`/knowledge/${collections?.[index]?.id ?? ""}`);
            useReader.getState().open([{ document: { id, title, path }, textHash, label: "" }], 0);
          }),
        ),
      ),
    ];
  }, [collections, threads, models, settings, documents, navigate, say, sayOfSettings]);
}
