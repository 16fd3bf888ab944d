import type { Message } from "../../../../shared/contract/chat.ts";
import type { ChatMessage } from "../../../engines/generation/protocol.ts";

const RULE =
  "You rewrite the last question of a conversation so that it can be understood alone: put the names in for words like it, they, there. Change nothing else and do not answer it. Reply with the question only.";
const EXAMPLES: ChatMessage[] = [
  {
    role: "user",
    text: "Person: When was the lighthouse at Kell Point finished?\nAssistant: In 1874.\nPerson: And how tall is it?",
  },
  { role: "assistant", text: "How tall is the lighthouse at Kell Point?" },
  { role: "user", text: "Person: Wer war der Wärter am Kap Holm?\nAssistant: Agnes Muir.\nPerson: Wann kam sie dorthin?" },
  { role: "assistant", text: "Wann kam Agnes Muir zum Kap Holm?" },
];
const TURNS = 4;
const UNITS_OF_A_TURN = 300;

/** Asks for a question that stands alone. Each turn is one line, so that what was said can open no other. */
export function rewritePrompt(question: string, history: readonly Message[]): ChatMessage[] {
  const turns = [...history.filter(({ text }) => text !== "").slice(-TURNS), { role: "user" as const, text: question }];
  const lines = turns.map(({ role, text }) => {
    const line = text.replaceAll(/\s+/gu, " ").slice(0, UNITS_OF_A_TURN).toWellFormed().trim();
    return `${role === "user" ? "Person" : "Assistant"}: ${line}`;
  });
  return [{ role: "system", text: RULE }, ...EXAMPLES, { role: "user", text: lines.join("\n") }];
}
