import { useState } from "react";
import { useSearchParams } from "react-router";
import { useSettings } from "../../api/hooks.ts";
import { TextField } from "../../components/field.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { AppearanceSection } from "./appearance-section.tsx";
import { groupSettings } from "./group-settings.ts";
import { HelpSection } from "./help-section.tsx";
import { holds, Section } from "./line.tsx";
import { messages } from "./messages.ts";
import { MoveSection } from "./move-section.tsx";
import { PrivacySection } from "./privacy-section.tsx";
import { SettingLine } from "./setting-line.tsx";
import { StorageSection } from "./storage-section.tsx";

type Key = keyof typeof messages;
/** The parts below the settings themselves, and the words that a search finds each by. */
const parts: { id: string; words: Key[]; View: () => React.ReactNode }[] = [
  { id: "privacy", words: ["privacy", "privacyNote", "purposeModels", "purposeUrl"], View: PrivacySection },
  { id: "storage", words: ["storage", "backup", "backupNote", "restore", "restoreNote", "truth", "index"], View: StorageSection },
  { id: "move", words: ["moveTitle", "export", "exportNote", "import", "importNote", "resetAll"], View: MoveSection },
  { id: "help", words: ["help", "shortcuts", "welcome", "diagnostics", "diagnosticsNote"], View: HelpSection },
];

/** Every setting on one page, searchable; a change is in effect at once. `?find=` opens it at what was looked for. */
export function SettingsPage() {
  const say = useWords(messages);
  const { data, error, refetch } = useSettings();
  const [params] = useSearchParams();
  const asked = params.get("find") ?? "";
  const [find, setFind] = useState({ asked, text: asked });
  if (find.asked !== asked) setFind({ asked, text: asked });
  const { text } = find;
  const groups = groupSettings(data ?? [], text, say);
  const shown = parts.filter(({ words }) => holds(words.map((key) => messages[key]).join(" "), text));
  const looks = ["appearance", "language", "theme", "textSize", "density", "motion"] satisfies Key[];
  const nothing = data && groups.length === 0 && shown.length === 0 && !holds(looks.map((key) => messages[key]).join(" "), text);
  return (
    <main data-region tabIndex={-1} aria-label={say("title")} className="flex min-w-0 flex-1 flex-col">
      <PageHeader
        title={say("title")}
        actions={
          <TextField
            label={say("find")}
            placeholder={say("find")}
            type="search"
            className="w-56"
            value={text}
            onChange={(event) => setFind({ asked, text: event.target.value })}
          />
        }
      />
      {/* The place of what only a screen reader sees, or it would widen the window. */}
      <div className="relative min-h-0 flex-1 overflow-y-auto">
        <div className="max-w-[52rem] px-4 pb-10">
          <AppearanceSection text={text} />
          {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
          {!data && !error && <SkeletonRows rows={10} label={say("loading")} />}
          {groups.map(({ title, rows }) => (
            <Section key={title} title={title}>
              {rows.map((row) => (
                <SettingLine key={row.key} row={row} />
              ))}
            </Section>
          ))}
          {data && shown.map(({ id, View }) => <View key={id} />)}
          {nothing && <p className="pt-5 text-fg2">{say("none")}</p>}
        </div>
      </div>
    </main>
  );
}
