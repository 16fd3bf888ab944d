import { useRouteError } from "react-router";
import { Button } from "../components/button.tsx";

/** A view that failed: the window stays, nothing that core holds is lost. */
export function RouteProblem() {
  const error = useRouteError();
  return (
    <main className="mx-auto flex max-w-[60ch] flex-col items-start gap-3 p-12" role="alert">
      <h1 className="text-20 font-title">This view failed</h1>
      <p className="text-fg2">Your documents and conversations are untouched. Load the window again to go on.</p>
      <pre className="max-w-full overflow-auto rounded-panel bg-bg1 p-3 text-12 text-fg3">
        {error instanceof Error ? error.message : "Unknown error"}
      </pre>
      <Button look="primary" size="normal" onClick={() => window.location.reload()}>
        Load again
      </Button>
    </main>
  );
}
