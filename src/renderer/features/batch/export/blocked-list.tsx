import { Link } from "react-router";
import type { Blocked } from "../../../../shared/contract/batch.ts";
import { fileName, formatNumber } from "../../../components/format.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { stepPath } from "../steps.ts";
import { pathTitle } from "../values.ts";

const mostListed = 200;

/** What holds an export back; each leads to where it is decided. */
export function BlockedList({ run, blocked }: { run: string; blocked: readonly Blocked[] }) {
  const say = useWords(messages);
  const documents = new Set(blocked.map(({ record }) => record)).size;
  return (
    <section aria-label={say("whatHoldsExport")}>
      <h2 className="label mb-1 text-fg2">{say("rulesFailedDocument", { count: documents })}</h2>
      <ul>
        {blocked.slice(0, mostListed).map(({ record, path, field, rule, message }) => (
          <li key={`${record} ${field} ${rule} ${message}`} className="flex min-h-8 items-center gap-4 border-t border-line py-1">
            <Link
              to={`${stepPath(run, "review")}?record=${record}`}
              className="w-48 shrink-0 truncate text-accent hover:underline"
              title={path}
            >
              {fileName(path)}
            </Link>
            <span className="w-32 shrink-0 truncate text-fg2">{field === "" ? say("theDocument") : pathTitle(field)}</span>
            <span className="min-w-0 flex-1">{message}</span>
          </li>
        ))}
      </ul>
      {blocked.length > mostListed && <p className="text-fg2">{say("andMore", { count: formatNumber(blocked.length - mostListed) })}</p>}
    </section>
  );
}
