import { defineCommand } from "../command.ts";
import { completionScript, shells } from "../completion.ts";

export const completion = defineCommand({
  summary: "Completion for a shell",
  args: [{ name: "SHELL", description: shells.join(", ") }],
  options: {},
  examples: [
    ["croft completion bash > ~/.local/share/bash-completion/completions/croft", "bash"],
    ["croft completion zsh > ~/.zfunc/_croft", "zsh, with ~/.zfunc in fpath"],
    ["croft completion fish > ~/.config/fish/completions/croft.fish", "fish"],
  ],
  async run({ args: [shell = ""], output }) {
    const { root } = await import("../root.ts"); // root imports this file
    const script = completionScript(shell, root);
    output.result({ shell, script }, () => script);
    return 0;
  },
});
