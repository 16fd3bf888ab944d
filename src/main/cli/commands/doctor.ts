import { defineCommand } from "../command.ts";
import { bytes, harmless } from "../text.ts";

const marks = { ok: ["green", "ok     "], warning: ["yellow", "warning"], failed: ["red", "failed "] } as const;

export const doctor = defineCommand({
  summary: "Machine, engines, models, profile: what works, what is missing, how to mend it",
  args: [],
  options: {},
  examples: [
    ["croft doctor", "Check everything"],
    ["croft doctor --json", "The same for programs; the exit code is 6 when something failed"],
  ],
  async run({ open, output }) {
    const { client } = await open();
    const info = await client.system.info({});
    const checks = await client.system.doctor({});
    output.result({ info, checks }, (paint) => {
      const about = `Croft ${info.version} on ${info.platform}, ${info.cores} cores, ${bytes(info.memory.free)} of ${bytes(info.memory.total)} free\nProfile ${info.profile}`;
      const lines = checks.map(({ state, title, message, hint }) => {
        const [style, mark] = marks[state];
        const told = `${paint(style, mark)} ${harmless(title)}: ${harmless(message)}`;
        return hint && state !== "ok" ? `${told}\n        ${paint("dim", harmless(hint))}` : told;
      });
      return [about, "", ...lines].join("\n");
    });
    return checks.some(({ state }) => state === "failed") ? 6 : 0;
  },
});
