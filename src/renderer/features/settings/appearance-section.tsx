import { SelectField } from "../../components/field.tsx";
import { textSizes, themes, useAppearance } from "../../view/appearance-store.ts";

const titles: Record<(typeof themes)[number], string> = {
  auto: "Follow the system",
  light: "Light",
  dark: "Dark",
  contrast: "High contrast",
};

/** How this window looks; kept in this window, not in the profile. */
export function AppearanceSection() {
  const { theme, textSize, setTheme, setTextSize } = useAppearance();
  return (
    <section aria-label="Appearance" className="pt-5">
      <h2 className="border-b border-line pb-1 font-title">Appearance</h2>
      <Line title="Theme" note="Kept in this window">
        <SelectField label="Theme" value={theme} onChange={(event) => setTheme(themes.find((one) => one === event.target.value) ?? "auto")}>
          {themes.map((one) => (
            <option key={one} value={one}>
              {titles[one]}
            </option>
          ))}
        </SelectField>
      </Line>
      <Line title="Text size" note="Everything grows with it">
        <SelectField label="Text size" value={textSize} onChange={(event) => setTextSize(Number(event.target.value))}>
          {textSizes.map((size) => (
            <option key={size} value={size}>
              {size} px{size === 13 ? " (default)" : ""}
            </option>
          ))}
        </SelectField>
      </Line>
    </section>
  );
}

function Line({ title, note, children }: { title: string; note: string; children: React.ReactNode }) {
  return (
    <div className="grid grid-cols-[1fr_18rem_1.75rem] items-center gap-3 border-b border-line/60 py-2">
      <div>
        <p>{title}</p>
        <p className="text-12 text-fg3">{note}</p>
      </div>
      {children}
      <span />
    </div>
  );
}
