import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { saveText } from "../../components/save-text.ts";
import { useWords } from "../../i18n/use-words.ts";
import { useOverlay } from "../../view/layout-store.ts";
import { Line, Section } from "./line.tsx";
import { messages } from "./messages.ts";

/** Keys, first steps, and a report for people who help. */
export function HelpSection() {
  const say = useWords(messages);
  const { client } = useCroft();
  const navigate = useNavigate();
  const show = useOverlay((overlay) => overlay.show);
  const report = useMutation({
    mutationFn: async () => {
      const { name, text } = await client.system.diagnostics({});
      saveText(name, text, "application/json");
      return name;
    },
  });
  return (
    <Section title={say("help")}>
      <Line title={say("shortcuts")} note={say("shortcutsNote")}>
        <Button aria-label={`${say("show")}: ${say("shortcuts")}`} onClick={() => show("shortcuts")}>
          {say("show")}
        </Button>
      </Line>
      <Line title={say("welcome")} note={say("welcomeNote")}>
        <Button aria-label={`${say("open")}: ${say("welcome")}`} onClick={() => void navigate("/welcome")}>
          {say("open")}
        </Button>
      </Line>
      <Line title={say("diagnostics")} note={report.data ? say("saved", { name: report.data }) : say("diagnosticsNote")}>
        <Button disabled={report.isPending} onClick={() => report.mutate()}>
          {say("diagnosticsAction")}
        </Button>
      </Line>
      {report.error && <ErrorNotice error={report.error} />}
    </Section>
  );
}
