import { useState } from "react";
import { useSettings } from "../../api/hooks.ts";
import { TextField } from "../../components/field.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { AppearanceSection } from "./appearance-section.tsx";
import { groupSettings } from "./group-settings.ts";
import { SettingLine } from "./setting-line.tsx";

/** Every setting on one page, searchable; a change is in effect at once. */
export function SettingsPage() {
  const { data, error, refetch } = useSettings();
  const [text, setText] = useState("");
  const groups = groupSettings(data ?? [], text);
  return (
    <main data-region tabIndex={-1} aria-label="Settings" className="flex min-w-0 flex-1 flex-col">
      <PageHeader
        title="Settings"
        actions={
          <TextField
            label="Find a setting"
            placeholder="Find a setting"
            type="search"
            className="w-56"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        }
      />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="max-w-[52rem] px-4 pb-10">
          {text.trim() === "" && <AppearanceSection />}
          {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
          {!data && !error && <SkeletonRows rows={10} label="Loading settings" />}
          {groups.map(({ title, rows }) => (
            <section key={title} aria-label={title} className="pt-5">
              <h2 className="border-b border-line pb-1 font-title">{title}</h2>
              {rows.map((row) => (
                <SettingLine key={row.key} row={row} />
              ))}
            </section>
          ))}
          {data && groups.length === 0 && <p className="pt-5 text-fg2">No setting has these words.</p>}
        </div>
      </div>
    </main>
  );
}
