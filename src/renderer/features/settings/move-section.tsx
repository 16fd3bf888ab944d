import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { AppError } from "../../../shared/errors.ts";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { saveText } from "../../components/save-text.ts";
import { useWords } from "../../i18n/use-words.ts";
import { defaultLook, useAppearance } from "../../view/appearance-store.ts";
import { Line, Section } from "./line.tsx";
import { messages } from "./messages.ts";

/** Longest file that is sent to core, which looks at no longer one. */
const mostText = 100_000;

/** Settings as a file, from a file, and back to what they were at first. */
export function MoveSection() {
  const say = useWords(messages);
  const { client, cache } = useCroft();
  const picker = useRef<HTMLInputElement>(null);
  const changed = { onSuccess: () => void cache.invalidateQueries() };
  const save = useMutation({
    mutationFn: async () => {
      const { name, text } = await client.settings.export({});
      saveText(name, text, "application/json");
      return name;
    },
  });
  const bring = useMutation({
    mutationFn: async (file: File) => {
      if (file.size > mostText) throw new AppError("FILE_TOO_LARGE", say("tooLong"));
      return client.settings.import({ text: await file.text() });
    },
    ...changed,
  });
  const reset = useMutation({ mutationFn: () => client.settings.resetAll({}), ...changed });
  const problem = save.error ?? bring.error ?? reset.error;
  return (
    <Section title={say("moveTitle")}>
      <Line title={say("export")} note={save.data ? say("saved", { name: save.data }) : say("exportNote")}>
        <Button onClick={() => save.mutate()}>{say("exportAction")}</Button>
      </Line>
      <Line title={say("import")} note={say("importNote")}>
        <input
          ref={picker}
          type="file"
          hidden
          accept="application/json,.json"
          aria-label={say("importAction")}
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = "";
            if (file) bring.mutate(file);
          }}
        />
        <Button onClick={() => picker.current?.click()}>{say("importAction")}</Button>
      </Line>
      {bring.data && (
        <div role="status" className="border-b border-line/60 bg-bg1 px-3 py-2">
          <p>{say("imported", { applied: bring.data.applied.length, refused: bring.data.refused.length })}</p>
          <ul className="text-12 text-fg2">
            {bring.data.refused.map(({ key, reason }) => (
              <li key={key}>
                <code className="tnum break-all">{key}</code>: {reason}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Line title={say("resetAll")} note={say("resetAllNote")}>
        <Confirm
          trigger={<Button>{say("resetAllAction")}</Button>}
          title={say("resetAllTitle")}
          text={say("resetAllText")}
          action={say("resetAllAction")}
          onConfirm={() => {
            useAppearance.getState().setLook(defaultLook);
            reset.mutate();
          }}
        />
      </Line>
      {problem && <ErrorNotice error={problem} />}
    </Section>
  );
}
