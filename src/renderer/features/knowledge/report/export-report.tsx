import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import type { Collection, CoverageFormat } from "../../../../shared/contract/knowledge.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { ActionMenu } from "../../../components/action-menu.tsx";
import { ErrorNotice } from "../../../components/notice.tsx";
import { saveText } from "../../../components/save-text.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";

const formats = [
  ["csv", "formatTable", "CSV"],
  ["markdown", "formatReport", "Markdown"],
  ["json", "formatData", "JSON"],
] as const satisfies [CoverageFormat, string, string][];

/** Saves the report as a file. */
export function ExportReport({ collection }: { collection: Collection }) {
  const say = useWords(messages);
  const { client } = useCroft();
  const { mutate, error, isPending } = useMutation({
    mutationFn: (format: CoverageFormat) => client.knowledge.exportCoverage({ collection: collection.id, format }),
    onSuccess: ({ name, mime, text }) => saveText(name, text, mime),
  });
  return (
    <>
      <ActionMenu
        icon={Download}
        label={say("exportTheReport")}
        disabled={isPending}
        actions={formats.map(([format, title, note]) => ({ title: say(title), note, run: () => mutate(format) }))}
      />
      {error && <ErrorNotice error={error} />}
    </>
  );
}
