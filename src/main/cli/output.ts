import { styleText } from "node:util";
import type { AppError } from "../../shared/errors.ts";
import { toWire } from "../../shared/errors.ts";
import type { Progress } from "../../shared/contract/jobs.ts";
import { oneLine } from "./text.ts";

/** Where a command writes; the process's own streams outside of tests. */
export type Io = {
  stdout: { write(text: string): unknown; isTTY?: boolean; columns?: number };
  stderr: { write(text: string): unknown; isTTY?: boolean; columns?: number };
  environment: NodeJS.ProcessEnv;
  now(): number;
};

export type Form = "text" | "json" | "jsonl";

export type Output = {
  readonly form: Form;
  /** The result: as JSON where that was asked for (one element a line with --jsonl), else as text. */
  result(value: unknown, text: (paint: Paint) => string): void;
  /** A result that is a list; of an empty one the person is told what to do, and what reads stdout gets nothing. */
  list(values: readonly unknown[], text: (paint: Paint) => string, empty: string): void;
  /** One piece of a streamed text; only where text is written. */
  piece(text: string): void;
  /** One JSON value on a line of its own. */
  line(value: unknown): void;
  /** For the person, on stderr. */
  notice(text: string): void;
  progress(progress: Progress): void;
  /** Ends the progress display. */
  progressEnd(): void;
  error(error: AppError): void;
};

export type Paint = (style: "bold" | "dim" | "green" | "yellow" | "red" | "cyan", text: string) => string;

const lineEveryMs = 5000;

export function createOutput(io: Io, options: { form: Form; quiet: boolean; color: boolean }): Output {
  const { form, quiet } = options;
  const colored = (stream: Io["stdout"]): boolean =>
    options.color && stream.isTTY === true && !io.environment["NO_COLOR"] && io.environment["TERM"] !== "dumb";
  const painter = (stream: Io["stdout"]): Paint =>
    colored(stream) ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
  let barShown = false;
  let lastLineAt = Number.NEGATIVE_INFINITY;

  const json = (value: unknown): void => void io.stdout.write(`${JSON.stringify(value)}\n`);
  const clearBar = (): void => {
    if (barShown) io.stderr.write("\r\u001b[K");
    barShown = false;
  };

  function result(value: unknown, text: (paint: Paint) => string): void {
    clearBar();
    if (form === "text") io.stdout.write(ended(text(painter(io.stdout))));
    else if (form === "jsonl" && Array.isArray(value)) value.forEach(json);
    else json(value);
  }
  function notice(text: string): void {
    clearBar();
    if (!quiet) io.stderr.write(`${text}\n`);
  }

  return {
    form,
    result,
    list(values, text, empty) {
      if (form === "text" && values.length === 0) notice(empty);
      else result(values, text);
    },
    piece(text) {
      if (form === "text") io.stdout.write(text);
    },
    line(value) {
      clearBar();
      json(value);
    },
    notice,
    progress(progress) {
      // A job that has just been made counts nothing yet.
      if (quiet || progress.unit === "") return;
      if (io.stderr.isTTY) {
        barShown = true;
        io.stderr.write(`\r\u001b[K${progressBar(progress, io.stderr.columns ?? 80)}`);
      } else if (io.now() - lastLineAt >= lineEveryMs) {
        lastLineAt = io.now();
        io.stderr.write(`${progressText(progress)}\n`);
      }
    },
    progressEnd: clearBar,
    error(error) {
      clearBar();
      if (form !== "text") return json({ error: toWire(error) });
      const paint = painter(io.stderr);
      io.stderr.write(`${paint("red", "croft:")} ${oneLine(error.message, 2000)}\n`);
      if (error.hint) io.stderr.write(`${oneLine(error.hint, 2000)}\n`);
    },
  };
}

const ended = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);

function progressText({ done, total, unit, note }: Progress): string {
  const counted = total > 0 ? `${done}/${total} ${unit}` : `${done} ${unit}`;
  return note ? `${counted}  ${oneLine(note, 200)}` : counted;
}

function progressBar(progress: Progress, width: number): string {
  const room = 24;
  const filled = progress.total > 0 ? Math.min(room, Math.round((progress.done / progress.total) * room)) : 0;
  const text = progressText(progress);
  return `[${"#".repeat(filled)}${" ".repeat(room - filled)}] ${text.slice(0, Math.max(0, width - room - 4))}`;
}
