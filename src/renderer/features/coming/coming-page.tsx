import { PageHeader } from "../../components/page-header.tsx";

const plans = {
  agents: {
    title: "Agents",
    text: "Give a task to several specialists that work over your documents. The plan is visible and can be changed before it runs.",
    points: [
      "Each claim leads to the agent, the tool call and the source",
      "Side effects wait for your approval, with the exact arguments",
      "Budgets for steps, tokens, time and money",
    ],
  },
  datasets: {
    title: "Datasets",
    text: "Turn conversations, reviewed rows and documents into training data, check it, tune a model, compare it with its base, and roll it out by stages.",
    points: [
      "Findings at row and line: format, duplicates, secrets, leakage",
      "The same held-out questions for base and tuned model",
      "A canary of 10, 50, 100 percent with automatic rollback",
    ],
  },
  dashboard: {
    title: "Dashboard",
    text: "How fast and how well this machine answers: latency, tokens, memory, support of answers by sources, outcomes of jobs. Every point opens the runs behind it.",
    points: ["Measured here, kept here", "Each chart is also a table, and each table a CSV file"],
  },
} as const;

/** A workspace that is still to come says what it will do, and that it does not do it yet. */
export function ComingPage({ workspace }: { workspace: keyof typeof plans }) {
  const { title, text, points } = plans[workspace];
  return (
    <main data-region tabIndex={-1} className="min-w-0 flex-1">
      <PageHeader title={title} facts="Not built yet" />
      <div className="max-w-[68ch] px-4 py-5">
        <p className="text-15">{text}</p>
        <ul className="mt-4 list-disc space-y-1 pl-5 text-fg2">
          {points.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      </div>
    </main>
  );
}
