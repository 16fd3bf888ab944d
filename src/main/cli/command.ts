import type { Session } from "./session.ts";
import type { Output } from "./output.ts";

export type Option = {
  type: "boolean" | "string" | "number" | "list";
  description: string;
  /** Shown for the value: `--limit N`. */
  value?: string;
  choices?: readonly string[];
  short?: string;
};
export type Options = Record<string, Option>;

type ValueOf<O extends Option> = O["type"] extends "boolean"
  ? boolean
  : O["type"] extends "number"
    ? number | undefined
    : O["type"] extends "list"
      ? string[]
      : O extends { choices: readonly (infer Choice)[] }
        ? Choice | undefined
        : string | undefined;
export type Values<O extends Options> = { [Name in keyof O]: ValueOf<O[Name]> };

type Argument = { name: string; description: string; optional?: true; many?: true };

/** What every command is given beside its own options. */
export type CommandContext<O extends Options = Options> = {
  values: Values<O>;
  args: string[];
  output: Output;
  /** Fires at the first Ctrl-C, at a termination signal, and when nobody reads the output any more. */
  signal: AbortSignal;
  profile: string;
  offline: boolean;
  /** Core: the running app's where one has the profile open, else one in this process. Closed when the command ends. */
  open(options?: { detached?: boolean }): Promise<Session>;
};

export type Command<O extends Options = Options> = {
  summary: string;
  args: readonly Argument[];
  options: O;
  /** A command line and what it does. */
  examples: readonly (readonly [string, string])[];
  hidden?: true;
  /** Returns the exit code; 0 when nothing is returned. */
  run(context: CommandContext<O>): Promise<number | undefined>;
};

export type Group = { summary: string; commands: Record<string, Command | Group> };

/** A command with the types of its options, as a command among others. */
export function defineCommand<const O extends Options>(command: Command<O>): Command {
  // The parser fills the values by these very options.
  return command as unknown as Command;
}

export const globalOptions = {
  profile: { type: "string", value: "DIR", description: "Profile folder (also CROFT_PROFILE)" },
  offline: { type: "boolean", description: "Forbid the network" },
  json: { type: "boolean", description: "One JSON value on stdout" },
  jsonl: { type: "boolean", description: "JSON, one value a line, as it comes" },
  quiet: { type: "boolean", short: "q", description: "No progress and no notices" },
  "no-color": { type: "boolean", description: "No colours (also NO_COLOR)" },
  help: { type: "boolean", short: "h", description: "Help with examples" },
  version: { type: "boolean", description: "The version" },
} as const satisfies Options;

export const isGroup = (node: Command | Group): node is Group => "commands" in node;
