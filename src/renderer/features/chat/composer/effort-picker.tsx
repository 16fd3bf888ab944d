import type { Effort } from "../../../../shared/contract/chat.ts";
import { SelectField } from "../../../components/field.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";

const efforts = [
  ["instant", "effortInstant"],
  ["normal", "effortNormal"],
  ["thorough", "effortThorough"],
] as const satisfies [Effort, string][];

/** How much an answer reads; left alone, the setting decides. */
export function EffortPicker({ value, onChange }: { value: Effort | undefined; onChange(value: Effort | undefined): void }) {
  const say = useWords(messages);
  return (
    <SelectField
      label={say("howMuchAnswer")}
      className="ms-auto max-w-36 border-line text-fg2"
      value={value ?? ""}
      onChange={(event) => onChange(efforts.find(([id]) => id === event.target.value)?.[0])}
    >
      <option value="">{say("effortAsSet")}</option>
      {efforts.map(([id, title]) => (
        <option key={id} value={id}>
          {say(title)}
        </option>
      ))}
    </SelectField>
  );
}
