import { AppError, errorCodes, toAppError } from "../../shared/errors.ts";
import { nodePaths } from "../core/node-host.ts";
import { type CommandContext, isGroup } from "./command.ts";
import { startDetachedCore } from "./detached-core.ts";
import { renderHelp } from "./help.ts";
import { createOutput, type Io, type Output } from "./output.ts";
import { type Parsed, parseLine } from "./parse.ts";
import { root } from "./root.ts";
import { joinSession, openSession, type Session, type SessionOptions } from "./session.ts";

export type CliOptions = {
  io: Io;
  version: string;
  /** Fires when the command is to stop and keep what is done. */
  signal: AbortSignal;
  /** How core is reached; replaced in tests. */
  openSession?: (options: SessionOptions) => Promise<Session>;
};

/** Runs one command line and returns its exit code. Nothing is thrown, and the process is not ended. */
export async function runCli(line: readonly string[], options: CliOptions): Promise<number> {
  const { io } = options;
  let parsed: Parsed;
  try {
    parsed = parseLine(root, line[0] === "help" ? [...line.slice(1), "--help"] : line);
  } catch (error) {
    return failed(toAppError(error), createOutput(io, { form: formOf(line), quiet: false, color: !line.includes("--no-color") }));
  }
  const { path, node, global } = parsed;
  if (global.version) {
    io.stdout.write(`${options.version}\n`);
    return 0;
  }
  if (global.help || isGroup(node)) {
    io.stdout.write(renderHelp(path, node));
    return global.help || path.length === 0 ? 0 : 2;
  }

  const output = createOutput(io, { form: formOf(line), quiet: global.quiet, color: !global["no-color"] });
  const sessionOptions = { profile: nodePaths({ profile: global.profile }, io.environment).profile, offline: global.offline };
  const sessions: Session[] = [];
  const context: CommandContext = {
    values: parsed.values,
    args: parsed.args,
    output,
    signal: options.signal,
    ...sessionOptions,
    async open({ detached = false } = {}) {
      const session = detached ? await detachedSession(sessionOptions) : await (options.openSession ?? openSession)(sessionOptions);
      sessions.push(session);
      return session;
    },
  };
  try {
    try {
      return (await node.run(context)) ?? 0;
    } finally {
      output.progressEnd();
      for (const session of sessions) await session.close();
    }
  } catch (error) {
    return failed(withHelp(toAppError(options.signal.aborted ? options.signal.reason : error), path), output);
  }
}

/** Where core refuses what a command was given, the command's help says what it takes. */
function withHelp(error: AppError, path: readonly string[]): AppError {
  if (error.code !== "INVALID_INPUT" || error.hint !== undefined) return error;
  return new AppError(error.code, error.message, { hint: `See: croft ${path.join(" ")} --help`, data: error.data, cause: error });
}

async function detachedSession(options: SessionOptions): Promise<Session> {
  return (await joinSession(options.profile)) ?? (await startDetachedCore(options));
}

/** Told by the words themselves, since a line that cannot be parsed is answered in this form too. */
function formOf(line: readonly string[]): "text" | "json" | "jsonl" {
  const options = line.slice(0, line.includes("--") ? line.indexOf("--") : undefined);
  if (options.includes("--jsonl")) return "jsonl";
  return options.includes("--json") ? "json" : "text";
}

function failed(error: AppError, output: Output): number {
  output.error(error);
  return errorCodes[error.code].exit;
}
