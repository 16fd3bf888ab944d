import { AppError } from "../../shared/errors.ts";
import { type Command, globalOptions, type Group, isGroup } from "./command.ts";

export const shells = ["bash", "zsh", "fish"];

type Entry = { path: string[]; words: string[] };

/**
 * A completion script that knows all commands, options and choices; nothing is started while completing.
 * @throws INVALID_INPUT for another shell
 */
export function completionScript(shell: string, root: Group): string {
  const entries = listEntries([], root);
  switch (shell) {
    case "bash":
      return bash(entries);
    case "zsh":
      return `#compdef croft\nautoload -U +X bashcompinit && bashcompinit\n${bash(entries)}`;
    case "fish":
      return fish(root);
    default:
      throw new AppError("INVALID_INPUT", `There is no completion for ${shell}.`, { hint: `Shells: ${shells.join(", ")}.` });
  }
}

function listEntries(path: string[], node: Command | Group): Entry[] {
  const globals = Object.keys(globalOptions).map((name) => `--${name}`);
  if (!isGroup(node)) return [{ path, words: [...Object.keys(node.options).map((name) => `--${name}`), ...globals] }];
  const visible = Object.entries(node.commands).filter(([, child]) => isGroup(child) || !child.hidden);
  return [
    { path, words: [...visible.map(([name]) => name), ...globals] },
    ...visible.flatMap(([name, child]) => listEntries([...path, name], child)),
  ];
}

function bash(entries: Entry[]): string {
  const cases = entries.map(({ path, words }) => `    "${path.join(" ")}") words="${words.join(" ")}" ;;`);
  return `_croft() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) if [[ $(echo "$path" | wc -w) -lt 2 ]]; then path="\${path:+$path }$word"; fi ;; esac
  done
  case "$path" in
${cases.join("\n")}
    *) path="\${path%% *}"; case "$path" in
${cases.join("\n")}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ "$current" == -* ]] || COMPREPLY+=($(compgen -f -- "$current"))
}
complete -o filenames -F _croft croft
`;
}

function fish(root: Group): string {
  const line = (condition: string, rest: string): string => `complete -c croft -n '${condition}' ${rest}`;
  const quote = (text: string): string => `'${text.replace(/['\\]/g, "\\$&")}'`;
  const lines = Object.entries(globalOptions).map(([name, { description }]) => `complete -c croft -l ${name} -d ${quote(description)}`);
  for (const [name, node] of Object.entries(root.commands)) {
    if (!isGroup(node) && node.hidden) continue;
    lines.push(line("__fish_use_subcommand", `-f -a ${name} -d ${quote(node.summary)}`));
    for (const [leaf, command] of isGroup(node) ? Object.entries(node.commands) : []) {
      if (isGroup(command)) continue;
      lines.push(
        line(
          `__fish_seen_subcommand_from ${name}; and not __fish_seen_subcommand_from ${Object.keys(isGroup(node) ? node.commands : {}).join(" ")}`,
          `-f -a ${leaf} -d ${quote(command.summary)}`,
        ),
      );
      lines.push(...options(`__fish_seen_subcommand_from ${name}; and __fish_seen_subcommand_from ${leaf}`, command));
    }
    if (!isGroup(node)) lines.push(...options(`__fish_seen_subcommand_from ${name}`, node));
  }
  return `${lines.join("\n")}\n`;

  function options(condition: string, command: Command): string[] {
    return Object.entries(command.options).map(([name, option]) => {
      const choices = option.choices ? ` -x -a ${quote(option.choices.join(" "))}` : option.type === "boolean" ? "" : " -r";
      return line(condition, `-l ${name}${choices} -d ${quote(option.description)}`);
    });
  }
}
