import { defineCommand } from "../command.ts";
import { waitUntilIdle } from "../wait-until-idle.ts";

/** What `--detach` starts in the background. */
export const core = defineCommand({
  summary: "A core without interface, for commands that join it; ends when it is idle",
  args: [],
  options: { "idle-seconds": { type: "number", value: "N", description: "End after so many idle seconds (20)" } },
  examples: [["croft core", "Serve the local socket of the profile until nothing is left to do"]],
  hidden: true,
  async run({ values, profile, offline, signal }) {
    const { openProfile } = await import("../../core/open-profile.ts");
    const opened = await openProfile({ kind: "cli", profile, offline });
    try {
      await waitUntilIdle(opened.client, opened.socket, { idleMs: (values["idle-seconds"] ?? 20) * 1000, signal });
    } finally {
      await opened.close();
    }
    return 0;
  },
});
