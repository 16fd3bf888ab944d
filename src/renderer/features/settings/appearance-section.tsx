import { RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import { SelectField } from "../../components/field.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { languages } from "../../i18n/messages.ts";
import { useWords } from "../../i18n/use-words.ts";
import type { Look } from "../../view/appearance-store.ts";
import { defaultLook, densities, motions, textSizes, themes, useAppearance } from "../../view/appearance-store.ts";
import { holds, Line, Section } from "./line.tsx";
import { messages } from "./messages.ts";

/** How this window looks; kept in this window, not in the profile. `text` leaves out the lines that do not hold it. */
export function AppearanceSection({ text = "" }: { text?: string }) {
  const say = useWords(messages);
  const { language, theme, textSize, density, motion, setLook } = useAppearance();
  const lines: { key: keyof Look; title: string; note: string; field: ReactNode }[] = [
    {
      key: "language",
      title: say("language"),
      note: say("inWindow"),
      field: (
        <Select
          label={say("language")}
          options={languages}
          value={language}
          name={(one) => say(one === "en" ? "english" : "mirrored")}
          onChoose={(value) => setLook({ language: value })}
        />
      ),
    },
    {
      key: "theme",
      title: say("theme"),
      note: say("inWindow"),
      field: <Select label={say("theme")} options={themes} value={theme} name={say} onChoose={(value) => setLook({ theme: value })} />,
    },
    {
      key: "textSize",
      title: say("textSize"),
      note: say("textSizeNote"),
      field: (
        <Select
          label={say("textSize")}
          options={textSizes}
          value={textSizes.find((size) => size === textSize) ?? 13}
          name={(size) => `${size} px`}
          onChoose={(value) => setLook({ textSize: value })}
        />
      ),
    },
    {
      key: "density",
      title: say("density"),
      note: say("densityNote"),
      field: (
        <Select label={say("density")} options={densities} value={density} name={say} onChoose={(value) => setLook({ density: value })} />
      ),
    },
    {
      key: "motion",
      title: say("motion"),
      note: say("motionNote"),
      field: <Select label={say("motion")} options={motions} value={motion} name={say} onChoose={(value) => setLook({ motion: value })} />,
    },
  ];
  const look: Look = { language, theme, textSize, density, motion };
  const shown = lines.filter(({ title, note }) => holds(`${say("appearance")} ${title} ${note}`, text));
  if (shown.length === 0) return null;
  return (
    <Section title={say("appearance")}>
      {shown.map(({ key, title, note, field }) => (
        <Line
          key={key}
          title={title}
          note={note}
          back={
            look[key] !== defaultLook[key] && (
              <IconButton icon={RotateCcw} label={say("reset", { name: title })} onClick={() => setLook({ [key]: defaultLook[key] })} />
            )
          }
        >
          {field}
        </Line>
      ))}
    </Section>
  );
}

type SelectProps<Value extends string | number> = {
  label: string;
  options: readonly Value[];
  value: NoInfer<Value>;
  name(value: Value): string;
  onChoose(value: Value): void;
};

function Select<const Value extends string | number>({ label, options, value, name, onChoose }: SelectProps<Value>) {
  return (
    <SelectField
      label={label}
      value={value}
      onChange={(event) => {
        const chosen = options.find((one) => String(one) === event.target.value);
        if (chosen !== undefined) onChoose(chosen);
      }}
    >
      {options.map((one) => (
        <option key={one} value={one}>
          {name(one)}
        </option>
      ))}
    </SelectField>
  );
}
