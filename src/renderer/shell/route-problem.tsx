import { useRouteError } from "react-router";
import { Button } from "../components/button.tsx";
import { useWords } from "../i18n/use-words.ts";
import { messages } from "./messages.ts";

/** A view that failed: the window stays, nothing that core holds is lost. */
export function RouteProblem() {
  const say = useWords(messages);
  const error = useRouteError();
  return (
    <main className="mx-auto flex max-w-[60ch] flex-col items-start gap-3 p-12" role="alert">
      <h1 className="text-20 font-title">{say("thisViewFailed")}</h1>
      <p className="text-fg2">{say("yourDocumentsConversationsUntouched")}</p>
      <pre className="max-w-full overflow-auto rounded-panel bg-bg1 p-3 text-12 text-fg3">
        {error instanceof Error ? error.message : say("unknownError")}
      </pre>
      <Button look="primary" size="normal" onClick={() => window.location.reload()}>
        {say("loadAgain")}
      </Button>
    </main>
  );
}
