import { PageHeader } from "../../components/page-header.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { messages } from "./messages.ts";

/** What each will do, by the keys of its messages. */
const plans = {
  agents: { text: "agentsText", points: ["agentsClaims", "agentsApproval", "agentsBudgets"] },
  datasets: { text: "datasetsText", points: ["datasetsFindings", "datasetsHeldOut", "datasetsCanary"] },
  dashboard: { text: "dashboardText", points: ["dashboardHere", "dashboardTwin"] },
} as const;

/** A workspace that is still to come says what it will do, and that it does not do it yet. */
export function ComingPage({ workspace }: { workspace: keyof typeof plans }) {
  const say = useWords(messages);
  const { text, points } = plans[workspace];
  return (
    <main data-region tabIndex={-1} className="min-w-0 flex-1">
      <PageHeader title={say(workspace)} facts={say("notBuilt")} />
      <div className="max-w-[68ch] px-4 py-5">
        <p className="text-15">{say(text)}</p>
        <ul className="mt-4 list-disc space-y-1 ps-5 text-fg2">
          {points.map((point) => (
            <li key={point}>{say(point)}</li>
          ))}
        </ul>
      </div>
    </main>
  );
}
