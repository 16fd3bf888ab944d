import { defineMessages } from "../../i18n/messages.ts";

export const messages = defineMessages({
  notBuilt: "Not built yet",
  agents: "Agents",
  agentsText: "Give a task to several specialists that work over your documents. The plan is visible and can be changed before it runs.",
  agentsClaims: "Each claim leads to the agent, the tool call and the source",
  agentsApproval: "Side effects wait for your approval, with the exact arguments",
  agentsBudgets: "Budgets for steps, tokens, time and money",
  datasets: "Datasets",
  datasetsText:
    "Turn conversations, reviewed rows and documents into training data, check it, tune a model, compare it with its base, and roll it out by stages.",
  datasetsFindings: "Findings at row and line: format, duplicates, secrets, leakage",
  datasetsHeldOut: "The same held-out questions for base and tuned model",
  datasetsCanary: "A canary of 10, 50, 100 percent with automatic rollback",
  dashboard: "Dashboard",
  dashboardText:
    "How fast and how well this machine answers: latency, tokens, memory, support of answers by sources, outcomes of jobs. Every point opens the runs behind it.",
  dashboardHere: "Measured here, kept here",
  dashboardTwin: "Each chart is also a table, and each table a CSV file",
});
