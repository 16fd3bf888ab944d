import { type Command, defineCommand, type Group } from "../command.ts";
import { completionScript, shells } from "../completion.ts";

/** `root` is asked late, because this command is itself in it. */
export const createCompletion = (root: () => Group): Command =>
  defineCommand({
    summary: "Completion for a shell",
    args: [{ name: "SHELL", description: shells.join(", ") }],
    options: {},
    examples: [
      ["croft completion bash > ~/.local/share/bash-completion/completions/croft", "bash"],
      ["croft completion zsh > ~/.zfunc/_croft", "zsh, with ~/.zfunc in fpath"],
      ["croft completion fish > ~/.config/fish/completions/croft.fish", "fish"],
    ],
    async run({ args: [shell = ""], output }) {
      const script = completionScript(shell, root());
      output.result({ shell, script }, () => script);
      return 0;
    },
  });
