import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import type { Thread } from "../../../../shared/contract/chat.ts";
import { useCroft } from "../../../api/use-croft.ts";
import type { Action } from "../../../components/action-menu.tsx";
import { fileNameOf, saveText } from "../../../components/save-text.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { undoStore } from "../../../view/undo-store.ts";
import { messages } from "../messages.ts";

type Format = "markdown" | "json";
const files = { markdown: ["md", "text/markdown"], json: ["json", "application/json"] } as const;

/** What can be done with a whole conversation. */
export function useThreadActions(thread: Thread): { actions: Action[]; rename(title: string): void; problem: Error | null } {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const navigate = useNavigate();
  const { id, title } = thread;
  const read = async (format: Format) => (await client.chat.exportThread({ id, format })).text;
  const refresh = () => cache.invalidateQueries({ queryKey: orpc.chat.key() });

  const rename = useMutation({ mutationFn: (next: string) => client.chat.renameThread({ id, title: next }), onSuccess: refresh });
  const copy = useMutation({ mutationFn: async () => navigator.clipboard.writeText(await read("markdown")) });
  const save = useMutation({
    mutationFn: async (format: Format) => {
      const [extension, type] = files[format];
      saveText(fileNameOf(title, extension), await read(format), type);
    },
  });
  const remove = () => {
    undoStore.getState().hold({
      id,
      text: say("deleted", { title }),
      send: async () => {
        await client.chat.removeThread({ id });
        await refresh();
      },
      onUndo: () => void navigate(`/chat/${id}`),
    });
    void navigate("/chat");
  };

  const saving: Action[] = [
    { title: say("saveAsMarkdown"), run: () => save.mutate("markdown") },
    { title: say("saveAsJson"), run: () => save.mutate("json") },
  ];
  return {
    actions: [{ title: say("copyAsMarkdown"), run: () => copy.mutate() }, ...saving, { title: say("delete"), danger: true, run: remove }],
    rename: (next) => rename.mutate(next),
    problem: rename.error ?? copy.error ?? save.error,
  };
}
