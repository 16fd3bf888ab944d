import type { Effort } from "../../../shared/contract/chat.ts";
import { SelectField } from "../../components/field.tsx";

const efforts: [Effort, string][] = [
  ["instant", "Instant: the best sentence"],
  ["normal", "Normal"],
  ["thorough", "Thorough: reads more, takes longer"],
];

/** How much an answer reads; left alone, the setting decides. */
export function EffortPicker({ value, onChange }: { value: Effort | undefined; onChange(value: Effort | undefined): void }) {
  return (
    <SelectField
      label="How much an answer reads"
      className="ml-auto max-w-36 border-line text-fg2"
      value={value ?? ""}
      onChange={(event) => onChange(efforts.find(([id]) => id === event.target.value)?.[0])}
    >
      <option value="">Effort as set</option>
      {efforts.map(([id, title]) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
    </SelectField>
  );
}
