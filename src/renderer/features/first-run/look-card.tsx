import { useId } from "react";
import { languages } from "../../i18n/messages.ts";
import { useWords } from "../../i18n/use-words.ts";
import { densities, themes, useAppearance } from "../../view/appearance-store.ts";
import { CardHead } from "./card.tsx";
import { messages } from "./messages.ts";

/** Language, theme and density; each choice is in effect at once. */
export function LookCard() {
  const say = useWords(messages);
  const { language, theme, density, setLook } = useAppearance();
  return (
    <>
      <CardHead title={say("lookTitle")}>{say("lookText")}</CardHead>
      <Choice
        title={say("language")}
        options={languages.map((one) => [one, say(one === "en" ? "english" : "mirrored")])}
        value={language}
        onChoose={(value) => setLook({ language: value })}
      />
      <Choice
        title={say("theme")}
        options={themes.map((one) => [one, say(one)])}
        value={theme}
        onChoose={(value) => setLook({ theme: value })}
      />
      <Choice
        title={say("density")}
        options={densities.map((one) => [one, say(one)])}
        value={density}
        onChoose={(value) => setLook({ density: value })}
      />
    </>
  );
}

type ChoiceProps<Value extends string> = { title: string; options: [Value, string][]; value: Value; onChoose(value: Value): void };

function Choice<Value extends string>({ title, options, value, onChoose }: ChoiceProps<Value>) {
  const group = useId();
  return (
    <fieldset className="mt-4">
      <legend className="label mb-1 text-fg2">{title}</legend>
      <div className="flex flex-wrap gap-2">
        {options.map(([one, name]) => (
          <label
            key={one}
            className={`flex h-8 items-center gap-2 rounded-input border px-2.5 focus-within:outline-2 focus-within:outline-focus ${one === value ? "border-accent bg-bg3" : "border-control hover:bg-bg3"}`}
          >
            <input
              type="radio"
              name={group}
              checked={one === value}
              onChange={() => onChoose(one)}
              className="accent-accent outline-none"
            />
            {name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
