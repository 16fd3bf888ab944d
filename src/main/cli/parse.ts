import { parseArgs } from "node:util";
import { AppError } from "../../shared/errors.ts";
import { type Command, globalOptions, type Group, isGroup, type Option, type Options, type Values } from "./command.ts";

export type Parsed = {
  /** The words that lead to the node: `["kb", "add"]`. */
  path: string[];
  node: Command | Group;
  global: Values<typeof globalOptions>;
  values: Values<Options>;
  args: string[];
};

/**
 * The command that a line names, with its options and arguments. Nothing unknown is ignored.
 * @throws INVALID_INPUT, with the command to ask for help as its hint
 */
export function parseLine(root: Group, line: readonly string[]): Parsed {
  const { path, node, rest } = findCommand(root, line);
  const own: Options = isGroup(node) ? {} : node.options;
  const refuse = (message: string): AppError =>
    new AppError("INVALID_INPUT", message, { hint: `See: croft ${[...path, "--help"].join(" ")}` });

  const parsed = strictly(rest, { ...own, ...globalOptions }, refuse);
  const values = Object.fromEntries(
    Object.entries({ ...own, ...globalOptions }).map(([name, option]) => [name, valueOf(name, option, parsed.values[name], refuse)]),
  );
  const global = values as Values<typeof globalOptions>;
  const args = parsed.positionals;
  if (!global.help && !isGroup(node)) checkArguments(node, args, refuse);
  return { path, node, global, values: values as Values<Options>, args };
}

/** The words before the first option's own value lead to the command; all else is left for it. */
function findCommand(root: Group, line: readonly string[]): { path: string[]; node: Command | Group; rest: string[] } {
  const path: string[] = [];
  const rest: string[] = [];
  let node: Command | Group = root;
  for (let at = 0; at < line.length; at++) {
    const word = line[at] ?? "";
    if (!isGroup(node) || word === "--") {
      rest.push(...line.slice(at));
      break;
    }
    if (word.startsWith("-")) {
      rest.push(word);
      if (takesValue(word)) rest.push(...line.slice(++at, at + 1));
      continue;
    }
    const next: Command | Group | undefined = Object.hasOwn(node.commands, word) ? node.commands[word] : undefined;
    if (!next) {
      throw new AppError("INVALID_INPUT", `There is no command ${[...path, word].join(" ")}.`, {
        hint: `See: croft ${[...path, "--help"].join(" ")}`,
      });
    }
    path.push(word);
    node = next;
  }
  return { path, node, rest };
}

function takesValue(word: string): boolean {
  const option = Object.entries(globalOptions).find(([name]) => word === `--${name}`)?.[1];
  return option !== undefined && option.type !== "boolean";
}

function strictly(args: string[], options: Options, refuse: (message: string) => AppError) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      strict: true,
      options: Object.fromEntries(
        Object.entries(options).map(([name, { type, short }]) => [
          name,
          {
            type: type === "boolean" ? "boolean" : "string",
            multiple: type === "list",
            ...(short === undefined ? {} : { short }),
          } as const,
        ]),
      ),
    });
  } catch (error) {
    const why = error instanceof Error ? (error.message.split(". To specify")[0] ?? error.message) : "The line was not understood.";
    throw refuse(/'-\d/.test(why) ? `${why}. A value that begins with - comes last, after --` : why);
  }
}

function valueOf(name: string, option: Option, given: unknown, refuse: (message: string) => AppError): unknown {
  if (option.type === "boolean") return given === true;
  if (option.type === "list") return Array.isArray(given) ? given : [];
  if (typeof given !== "string") return undefined;
  if (given === "" && (option.value === "DIR" || option.value === "FILE")) throw refuse(`--${name} is empty.`);
  if (option.choices && !option.choices.includes(given)) throw refuse(`--${name} is one of ${option.choices.join(", ")}; not ${given}.`);
  if (option.type === "string") return given;
  if (!/^\d{1,9}$/.test(given)) throw refuse(`--${name} is a whole number; not ${given}.`);
  return Number(given);
}

function checkArguments(command: Command, args: readonly string[], refuse: (message: string) => AppError): void {
  const missing = command.args.find((argument, at) => !argument.optional && args[at] === undefined);
  if (missing) throw refuse(`${missing.name} is missing.`);
  // A shell variable that is not set: as a path it would name the folder that the command was called in.
  const empty = args.indexOf("");
  if (empty >= 0) throw refuse(`${command.args[Math.min(empty, command.args.length - 1)]?.name ?? "An argument"} is empty.`);
  const extra = args[command.args.length];
  if (extra !== undefined && !command.args.at(-1)?.many) throw refuse(`There is one argument too many: ${extra}.`);
}
