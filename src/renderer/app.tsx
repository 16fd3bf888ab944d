import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { RouterProvider } from "react-router/dom";
import type { Croft } from "./api/croft.ts";
import { CroftContext } from "./api/use-croft.ts";
import { createAsks } from "./features/chat/asking/asks.ts";
import { AsksContext } from "./features/chat/asking/use-asks.ts";
import { createRoutes } from "./routes.tsx";

/** The whole window over one connection to core. */
export function App({ croft }: { croft: Croft }) {
  const [router] = useState(createRoutes);
  const [asks] = useState(() =>
    createAsks({
      ask: (request, signal) => croft.client.chat.ask(request, { signal }),
      onSettled: () => {
        void croft.cache.invalidateQueries({ queryKey: croft.orpc.chat.key() });
        void croft.cache.invalidateQueries({ queryKey: croft.orpc.system.key() });
      },
    }),
  );
  return (
    <CroftContext value={croft}>
      <QueryClientProvider client={croft.cache}>
        <AsksContext value={asks}>
          {/* The policy of every host allows no style elements. */}
          <CSPProvider disableStyleElements>
            <Tooltip.Provider delay={300}>
              <RouterProvider router={router} />
            </Tooltip.Provider>
          </CSPProvider>
        </AsksContext>
      </QueryClientProvider>
    </CroftContext>
  );
}
