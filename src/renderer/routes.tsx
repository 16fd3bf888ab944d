import { createHashRouter, redirect, replace, type RouterState } from "react-router";
import { stepRedirect } from "./features/batch/steps.ts";
import { ComingPage } from "./features/coming/coming-page.tsx";
import { Start } from "./features/first-run/start.tsx";
import { RouteProblem } from "./shell/route-problem.tsx";
import { Shell } from "./shell/shell.tsx";

/** Every address of the window. A workspace is loaded when it is first visited. */
export function createRoutes() {
  const router: ReturnType<typeof createHashRouter> = createHashRouter([
    {
      element: <Shell />,
      errorElement: <RouteProblem />,
      HydrateFallback: () => null,
      children: [
        { index: true, element: <Start isLeaving={() => hasLeftStart(router.state)} /> },
        { path: "welcome", lazy: async () => ({ Component: (await import("./features/first-run/first-run-page.tsx")).FirstRunPage }) },
        { path: "chat/:thread?", lazy: async () => ({ Component: (await import("./features/chat/chat-page.tsx")).ChatPage }) },
        {
          path: "knowledge/:collection?",
          lazy: async () => ({ Component: (await import("./features/knowledge/knowledge-page.tsx")).KnowledgePage }),
        },
        { path: "models", lazy: async () => ({ Component: (await import("./features/models/models-page.tsx")).ModelsPage }) },
        { path: "settings", lazy: async () => ({ Component: (await import("./features/settings/settings-page.tsx")).SettingsPage }) },
        {
          path: "batch/:run?/:step?",
          // Within the navigation itself: a redirect by what is on screen would end one that a key began meanwhile.
          loader: ({ params }) => {
            const place = stepRedirect(params.run, params.step);
            return place === undefined ? null : redirect(place);
          },
          lazy: async () => ({ Component: (await import("./features/batch/batch-page.tsx")).BatchPage }),
        },
        { path: "agents", element: <ComingPage workspace="agents" /> },
        { path: "datasets", element: <ComingPage workspace="datasets" /> },
        { path: "dashboard", element: <ComingPage workspace="dashboard" /> },
        { path: "*", loader: () => replace("/chat") },
      ],
    },
  ]);
  return router;
}

/** By the router itself: what is drawn learns of a navigation only when there is time to draw. */
const hasLeftStart = ({ navigation, location }: Pick<RouterState, "navigation" | "location">): boolean =>
  navigation.state !== "idle" || location.pathname !== "/";
