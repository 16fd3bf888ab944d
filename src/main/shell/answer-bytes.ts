import { AppError, errorCodes, toWire } from "../../shared/errors.ts";
import type { CallerContext } from "../core/implementer.ts";
import type { BytesRequest, CoreBytes } from "./app-protocol.ts";

type ServeBytes = (request: Request, context: CallerContext) => Promise<Response>;

/** An answer crosses two processes in one piece; what is larger is asked for in ranges. */
const largestAnswerBytes = 64 * 1024 * 1024;

/** Answers a request that came through the shell; errors become JSON, as over HTTP. Never throws. */
export async function answerBytes(
  serve: ServeBytes | undefined,
  { method, path, range }: BytesRequest,
  context: CallerContext,
  signal: AbortSignal,
): Promise<CoreBytes> {
  try {
    if (!serve) throw new AppError("CLOSED", "Core is not ready.");
    // The host stands for nothing: what serves bytes looks at the path alone.
    const url = new URL(`http://core/files/${path}`);
    const response = await serve(new Request(url, { method, signal, headers: range === undefined ? {} : { range } }), context);
    const headers = Object.fromEntries(response.headers);
    if (method === "HEAD") return { status: response.status, headers, body: new Uint8Array() };
    if (Number(response.headers.get("content-length")) > largestAnswerBytes) {
      await response.body?.cancel();
      throw new AppError("FILE_TOO_LARGE", "The file is too large to be handed over in one piece.", {
        hint: "Ask for a range of it.",
        data: { largestAnswerBytes },
      });
    }
    return { status: response.status, headers, body: new Uint8Array(await response.arrayBuffer()) };
  } catch (error) {
    if (!(error instanceof AppError) && !signal.aborted) context.log.warn("bytes.failed", { error });
    const wire = toWire(error);
    return {
      status: errorCodes[wire.code].status,
      headers: { "content-type": "application/json" },
      body: new TextEncoder().encode(JSON.stringify({ error: wire })),
    };
  }
}
