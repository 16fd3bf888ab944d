import { extname } from "node:path";
import { AppError, isAbort } from "../../../shared/errors.ts";
import type { CallContext, CreateEngine } from "../engine.ts";
import { detectLanguage } from "./text/detect-language.ts";
import { detectType, refusalOf, sniffBytes } from "./detect.ts";
import type { FileType, Format, Source } from "./format.ts";
import { loadFile, loadStart } from "./load-file.ts";
import { problems } from "./problems.ts";
import type { ClockItem, ReadersConfig, ReadersProtocol, ReadLimits } from "./protocol.ts";
import { formatOf } from "./registry.ts";

/** Extensions whose content is recognised by a header: without it the file is cut short or something else. */
const headed = new Set(["pdf", "png", "jpg", "jpeg", "tif", "tiff", "webp", "gif", "bmp", "docx", "pptx", "xlsx", "odt", "epub", "msg"]);

/** Extensions that are spelled unlike the type. */
const extensionTypes: Record<string, string> = { jpeg: "jpg", tif: "tiff" };

/** Reads files of every registered format. Meant for a process of its own, which can be ended at any moment. */
export const createReaders: CreateEngine<ReadersConfig, ReadersProtocol> = async (config) => ({
  methods: {
    async read(input, outer) {
      const context = withClock(outer);
      const { source, format, misnamed } = await openSource(input, config, context.signal);
      try {
        const output = await format.read(source, context);
        return misnamed === undefined ? output : { ...output, warnings: [misnamed, ...output.warnings] };
      } catch (error) {
        throw explain(error, input.path);
      }
    },

    async raster(input, { signal, emit }) {
      emit({ kind: "clock", running: true });
      const { source, format } = await openSource(input, config, signal);
      if (!format.raster) throw new AppError("NOT_SUPPORTED", `Pages of type ${source.fileType.type} cannot be drawn.`);
      try {
        return await format.raster(source, { page: input.page, dpi: input.dpi, signal });
      } catch (error) {
        throw explain(error, input.path);
      }
    },

    async extract(input, outer) {
      const { checkpoint, signal } = withClock(outer);
      const { source, format } = await openSource(input, config, signal);
      try {
        const found = await format.extract?.(source, { index: input.index, checkpoint });
        if (!found) throw new AppError("NOT_FOUND", `The file has no attachment ${input.index + 1}.`);
        if (found.bytes.length > input.limits.bytes) throw problems.tooLarge(found.name, "bytes", input.limits.bytes, found.bytes.length);
        return found;
      } catch (error) {
        throw explain(error, input.path);
      }
    },

    async detect({ path }) {
      const start = await loadStart(path, sniffBytes);
      if (start.length === 0) throw problems.empty(path);
      const fileType = await detectType(start, path);
      return { ...fileType, supported: formatOf(fileType.type) !== undefined };
    },

    language: ({ sample }) => detectLanguage(sample),
  },
  dispose: async () => {},
});

/** The watchdog's clock runs from now on, but not while the call waits for the cores. */
function withClock<Item>(context: CallContext<Item | ClockItem>): CallContext<Item | ClockItem> {
  context.emit({ kind: "clock", running: true });
  return {
    ...context,
    async checkpoint() {
      context.emit({ kind: "clock", running: false });
      await context.checkpoint();
      context.emit({ kind: "clock", running: true });
    },
  };
}

type Opened = { source: Source; format: Format; misnamed: { code: string; message: string } | undefined };

async function openSource(
  input: { path: string; password?: string; limits: ReadLimits },
  config: ReadersConfig,
  signal: AbortSignal,
): Promise<Opened> {
  const { path, limits } = input;
  const bytes = await loadFile(path, limits.bytes, signal);
  if (bytes.length === 0) throw problems.empty(path);
  const fileType = orBareObjects(await detectType(bytes.subarray(0, sniffBytes), path), bytes, path);
  const extension = extname(path).slice(1).toLowerCase();
  const format = formatOf(fileType.type);
  if (!format) {
    if (fileType.type === "bin" && headed.has(extension)) throw problems.misnamed(path, extension);
    const { what, hint } = refusalOf(fileType.type, fileType.mime);
    throw problems.unsupported(path, what, hint, fileType.type);
  }
  // Text that is named as a PDF is the stump of one; nothing readable would come of it.
  if (headed.has(extension) && fileType.type === "txt") throw problems.misnamed(path, extension);
  const isMisnamed = headed.has(extension) && formatOf(extensionTypes[extension] ?? extension) !== format;
  return {
    source: { path, bytes, fileType, password: input.password, limits, config },
    format,
    misnamed: isMisnamed
      ? { code: "TYPE_MISMATCH", message: `The file is named .${extension}, but holds ${fileType.type}; it was read as that.` }
      : undefined,
  };
}

/** A PDF that lost its header is still one when it is named so and holds objects. */
function orBareObjects(fileType: FileType, bytes: Uint8Array, path: string): FileType {
  if ((fileType.type !== "bin" && fileType.type !== "txt") || extname(path).toLowerCase() !== ".pdf") return fileType;
  const hasObjects = /\d+\s+\d+\s+obj\b/.test(
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1_000_000)).toString("latin1"),
  );
  return hasObjects ? { type: "pdf", mime: "application/pdf" } : fileType;
}

/** A reader's own errors as they are; whatever a parser throws means that the file is damaged. */
function explain(error: unknown, path: string): unknown {
  if (error instanceof AppError || isAbort(error)) return error;
  if (error instanceof RangeError && /call stack/i.test(error.message)) return problems.hostile(path, "its parts are nested too deeply");
  return problems.damaged(path, "its content cannot be understood", error);
}
