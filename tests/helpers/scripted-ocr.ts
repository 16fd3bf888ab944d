import { AppError } from "../../src/shared/errors.ts";
import type { EngineHost } from "../../src/main/engines/engine.ts";
import type { OcrProtocol } from "../../src/main/engines/ocr/protocol.ts";

/**
 * Recognition at the engine's seam: it knows these languages, waits at a gate until that is opened, and reads every page
 * as the word that `read` gives for the wanted languages.
 */
export function scriptedOcr(installed: string[], read: (languages: string[]) => string = () => "lighthouse") {
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  let recognised = 0;
  const host: EngineHost<OcrProtocol> = {
    name: "ocr",
    state: "ready",
    generation: 1,
    async call(method: string, input: unknown, options?: { signal?: AbortSignal | undefined }) {
      if (method === "languages") return [...installed] as never;
      const { languages } = input as OcrProtocol["recognize"]["input"];
      if (languages.some((language) => !installed.includes(language))) throw new AppError("MODEL_MISSING", "Not installed.");
      asked.resolve();
      const aborted = new Promise<never>((_, reject) => {
        const stop = () => reject(new AppError("ABORTED", "The fixture was aborted."));
        if (options?.signal?.aborted) stop();
        options?.signal?.addEventListener("abort", stop, { once: true });
      });
      await Promise.race([gate.promise, aborted]);
      recognised += 1;
      const word = {
        text: read(languages),
        box: [10, 10, 200, 50] as [number, number, number, number],
        confidence: 0.9,
        line: 0,
        block: 0,
      };
      return { words: [word], confidence: 0.9 } as never;
    },
    onState: () => () => {},
    stop: async () => {},
    close: async () => gate.resolve(),
  };
  return { host, open: () => gate.resolve(), asked: asked.promise, recognised: () => recognised };
}

/** What makes a page of `makePdf` one that must be recognised: its text drawn as outlines. */
export const outlines = Array.from({ length: 60 }, (_, index) => `${50 + index * 5} 700 3 8 re f`).join("\n");
