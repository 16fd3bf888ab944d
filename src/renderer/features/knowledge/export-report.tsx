import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import type { Collection, CoverageFormat } from "../../../shared/contract/knowledge.ts";
import { useCroft } from "../../api/use-croft.ts";
import { ActionMenu } from "../../components/action-menu.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { saveText } from "../../components/save-text.ts";

const formats: [CoverageFormat, string, string][] = [
  ["csv", "Table", "CSV"],
  ["markdown", "Report to read", "Markdown"],
  ["json", "Data", "JSON"],
];

/** Saves the report as a file. */
export function ExportReport({ collection }: { collection: Collection }) {
  const { client } = useCroft();
  const { mutate, error, isPending } = useMutation({
    mutationFn: (format: CoverageFormat) => client.knowledge.exportCoverage({ collection: collection.id, format }),
    onSuccess: ({ name, mime, text }) => saveText(name, text, mime),
  });
  return (
    <>
      <ActionMenu
        icon={Download}
        label="Export the report"
        disabled={isPending}
        actions={formats.map(([format, title, note]) => ({ title, note, run: () => mutate(format) }))}
      />
      {error && <ErrorNotice error={error} />}
    </>
  );
}
