import { type Command, globalOptions, type Group, isGroup, type Options } from "./command.ts";
import { columns } from "./text.ts";

/** The help of a command or a group of commands, examples first where there are some. */
export function renderHelp(path: readonly string[], node: Command | Group): string {
  const name = ["croft", ...path].join(" ");
  const sections = isGroup(node) ? groupSections(name, node) : commandSections(name, node);
  return `${[`${node.summary}`, ...sections].join("\n\n")}\n`;
}

function groupSections(name: string, group: Group): string[] {
  const commands = Object.entries(group.commands).filter(([, node]) => isGroup(node) || !node.hidden);
  return [
    `Usage: ${name} COMMAND`,
    `Commands:\n${columns(commands.map(([word, node]) => [`  ${word}`, node.summary]))}`,
    `Options of every command:\n${renderOptions(globalOptions)}`,
    `Help with examples: ${name} COMMAND --help`,
  ];
}

function commandSections(name: string, command: Command): string[] {
  const words = command.args.map(({ name: word, optional, many }) => {
    const shown = many ? `${word}…` : word;
    return optional ? `[${shown}]` : shown;
  });
  return [
    `Usage: ${[name, ...words, ...(Object.keys(command.options).length > 0 ? ["[options]"] : [])].join(" ")}`,
    `Examples:\n${command.examples.map(([line, what]) => `  ${line}\n      ${what}`).join("\n")}`,
    ...(command.args.length > 0
      ? [`Arguments:\n${columns(command.args.map((argument) => [`  ${argument.name}`, argument.description]))}`]
      : []),
    ...(Object.keys(command.options).length > 0 ? [`Options:\n${renderOptions(command.options)}`] : []),
    `Options of every command:\n${renderOptions(globalOptions)}`,
  ];
}

function renderOptions(options: Options): string {
  return columns(
    Object.entries(options).map(([name, option]) => {
      const value = option.choices ? ` ${option.choices.join("|")}` : option.type === "boolean" ? "" : ` ${option.value ?? "VALUE"}`;
      return [`  ${option.short ? `-${option.short}, ` : ""}--${name}${value}`, option.description];
    }),
  );
}
