import { useQuery } from "@tanstack/react-query";
import { useSystemInfo } from "../../api/hooks.ts";
import { useCroft } from "../../api/use-croft.ts";
import { formatTime } from "../../components/format.ts";
import { ErrorNotice } from "../../components/notice.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { Section } from "./line.tsx";
import { messages } from "./messages.ts";

const purposes = { models: "purposeModels", url: "purposeUrl", provider: "purposeProvider" } as const;
/** The same, as short as a cell of the table. */
const reasons = { models: "forModels", url: "forUrl", provider: "forProvider" } as const;
const outcomes = { answered: "answered", refused: "refused", failed: "failedOutcome" } as const;
const mostShown = 20;

/** What may leave this machine and for what, and what did. */
export function PrivacySection() {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const offline = useSystemInfo().data?.offline === true;
  const { data, error } = useQuery(orpc.system.egress.queryOptions({ input: { limit: mostShown }, staleTime: 0 }));
  return (
    <Section title={say("privacy")} note={say("privacyNote")}>
      <ul className="list-disc ps-5">
        {Object.values(purposes).map((purpose) => (
          <li key={purpose}>{say(purpose)}</li>
        ))}
      </ul>
      {offline && <p className="mt-2">{say("offlineNow")}</p>}
      {error && <ErrorNotice error={error} />}
      {data?.length === 0 && <p className="mt-2 text-fg3">{say("noRequests")}</p>}
      {data && data.length > 0 && (
        <table className="mt-2 w-full border-collapse">
          <thead>
            <tr className="label h-7 border-b border-line text-fg3">
              {(["when", "purpose", "host", "outcome"] as const).map((head) => (
                <th key={head} className="text-start font-label">
                  {say(head)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.map(({ at, purpose, host, outcome }, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- entries have no id, and are never moved
              <tr key={index} className="h-8 border-b border-line/60">
                <td className="tnum">{formatTime(at)}</td>
                <td className="text-fg2">{say(reasons[purpose])}</td>
                <td className="tnum break-all">{host}</td>
                <td>{say(outcomes[outcome])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
