import type { ExportManifest } from "../../../../shared/contract/batch.ts";
import { CopyButton } from "../../../components/copy-button.tsx";
import { fileName, formatBytes, formatNumber } from "../../../components/format.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";

/** What was written, by what, and what it rests on. */
export function ManifestView({ files, manifest }: { files: readonly string[]; manifest: ExportManifest }) {
  const say = useWords(messages);
  const { counts, outputs, recipe, model, forced, unreviewed } = manifest;
  const facts: [string, string][] = [
    [say("documents"), formatNumber(counts.documents)],
    [say("rows"), formatNumber(counts.rows)],
    [say("stillToReview"), formatNumber(counts.review)],
    [say("notRead"), formatNumber(counts.dead)],
    [say("recipe"), `${recipe.name} ${recipe.version} · ${recipe.hash.slice(0, 12)}`],
    [say("model"), model === "none" ? say("rulesAlone") : model],
    [say("pipeline"), manifest.pipeline],
    [say("forced"), forced ? say("yesFailureNot", { count: unreviewed }) : say("notForced")],
  ];
  return (
    <section aria-label={say("manifest")}>
      <h2 role="status" className="mb-2 text-16 font-title">
        {say("writtenFile", { count: files.length })}
      </h2>
      <ul className="mb-3">
        {files.map((file) => {
          const output = outputs.find((one) => fileName(file) === one.file);
          return (
            <li key={file} className="flex items-center gap-3 border-t border-line py-0.5">
              <span className="min-w-0 flex-1 truncate font-mono text-12" title={file}>
                {file}
              </span>
              {output && (
                <span className="tnum text-fg2" title={output.sha256}>
                  {formatBytes(output.bytes)} · {output.sha256.slice(0, 12)}
                </span>
              )}
              <CopyButton label={say("copyThePath", { file })} text={() => file} />
            </li>
          );
        })}
      </ul>
      <dl className="grid max-w-2xl grid-cols-[8rem_minmax(0,1fr)] gap-y-0.5">
        {facts.map(([title, value]) => (
          <div key={title} className="contents">
            <dt className="text-fg2">{title}</dt>
            <dd className="tnum truncate">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
