import type { ReactNode } from "react";
import type { ScanReport } from "../../../../shared/contract/batch.ts";
import { fileName, formatBytes, formatNumber } from "../../../components/format.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { timeRange } from "../time-range.ts";

/** As many as are listed at once; the rest is counted. */
const mostListed = 200;

/** What is in the chosen files: types, pages, copies, what cannot be read, how long it will take. */
export function ScanReportView({ report }: { report: ScanReport }) {
  const say = useWords(messages);
  const { files, pages, pagesToRecognise, bytes, known, estimate, types, duplicates, unreadable } = report;
  const copies = duplicates.reduce((sum, { paths }) => sum + paths.length - 1, 0);
  const facts: [title: string, value: string, note?: string | undefined][] = [
    [say("files"), formatNumber(files), formatBytes(bytes)],
    [
      say("pages"),
      formatNumber(pages),
      pagesToRecognise > 0 ? say("toRecognise", { pagesToRecognise: formatNumber(pagesToRecognise) }) : undefined,
    ],
    [say("readBefore"), formatNumber(known), known > 0 ? say("notReadAgain") : undefined],
    [say("copies"), formatNumber(copies), copies > 0 ? say("readOnce") : undefined],
    [say("unreadable"), formatNumber(unreadable.length)],
    [
      say("time"),
      files > 0 ? timeRange(estimate.low, estimate.high, say) : say("noTime"),
      estimate.learnedFrom > 0 ? say("learnedFromPage", { count: estimate.learnedFrom }) : say("guessNothingWas"),
    ],
  ];
  return (
    <section aria-label={say("whatFiles")} className="flex flex-col gap-5 px-4 py-3">
      {files === 0 && <p>{say("noFilesWere")}</p>}
      <dl className="grid grid-cols-[repeat(auto-fit,minmax(8rem,1fr))] gap-x-6 gap-y-3">
        {facts.map(([title, value, note]) => (
          <div key={title}>
            <dt className="label text-fg3">{title}</dt>
            <dd className="tnum text-16">{value}</dd>
            <dd className="min-h-4 text-12 text-fg2">{note}</dd>
          </div>
        ))}
      </dl>
      {types.length > 0 && (
        <Part title={say("types")}>
          <table className="w-full max-w-xl">
            <thead>
              <tr className="label h-7 text-start text-fg3">
                <th className="font-label">{say("type")}</th>
                <th className="text-end font-label">{say("files")}</th>
                <th className="text-end font-label">{say("pages")}</th>
                <th className="text-end font-label">{say("size")}</th>
              </tr>
            </thead>
            <tbody>
              {types.map((type) => (
                <tr key={type.type} className="h-7 border-t border-line">
                  <td className="max-w-72 truncate">{type.type}</td>
                  <td className="tnum text-end">{formatNumber(type.files)}</td>
                  <td className="tnum text-end">{formatNumber(type.pages)}</td>
                  <td className="tnum text-end">{formatBytes(type.bytes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Part>
      )}
      {unreadable.length > 0 && (
        <Part title={say("cannotBeRead")}>
          <ul>
            {unreadable.slice(0, mostListed).map(({ path, message, hint, code }) => (
              <li key={path} className="border-t border-line py-1">
                <span className="block truncate font-mono text-12" title={path}>
                  {fileName(path)}
                </span>
                <span className="text-fg2">
                  {message} {hint} <code className="tnum text-fg3">{code}</code>
                </span>
              </li>
            ))}
          </ul>
          {unreadable.length > mostListed && (
            <p className="text-fg2">{say("andMore", { count: formatNumber(unreadable.length - mostListed) })}</p>
          )}
        </Part>
      )}
      {duplicates.length > 0 && (
        <Part title={say("theSameContent")}>
          <ul>
            {duplicates.slice(0, mostListed).map(({ hash, paths }) => (
              <li key={hash} className="truncate border-t border-line py-1" title={paths.join("\n")}>
                {paths.map(fileName).join(" = ")}
              </li>
            ))}
          </ul>
        </Part>
      )}
    </section>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h2 className="label mb-1 text-fg2">{title}</h2>
      {children}
    </div>
  );
}
