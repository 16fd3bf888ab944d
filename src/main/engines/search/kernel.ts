import { kernelCode } from "./kernel-code.ts";

/** Numbers in one memory and what is computed on them. Arguments are byte addresses there and counts; see kernel.wat. */
export type Kernel = {
  /** Replaced whenever the memory grows: not to be kept. */
  readonly buffer: ArrayBuffer;
  /** Makes the memory at least `size` bytes large. @throws RangeError beyond 4 GB */
  grow(size: number): void;
  score(rows: number, groups: number, steps: number, table: number, scores: number): void;
  count(scores: number, excluded: number, rows: number, histogram: number): void;
  collect(scores: number, excluded: number, rows: number, least: number, found: number): number;
  multiply(vectors: number, size: number, query: number, found: number, count: number, products: number): void;
};

const pageBytes = 65_536;

/** What is used of the global, which the types of Node lack. */
declare const WebAssembly: {
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object) => { exports: Exports };
};
type Exports = Omit<Kernel, "buffer" | "grow"> & { memory: { readonly buffer: ArrayBuffer; grow(pages: number): number } };

/** The kernel in WebAssembly, or undefined where the engine or the processor has no 16-byte vectors. */
export function loadSimdKernel(): (() => Kernel) | undefined {
  try {
    const module = new WebAssembly.Module(Buffer.from(kernelCode, "base64"));
    return () => {
      const { memory, ...functions } = new WebAssembly.Instance(module).exports;
      return {
        ...functions,
        get buffer() {
          return memory.buffer;
        },
        grow(size) {
          const missing = Math.ceil((size - memory.buffer.byteLength) / pageBytes);
          if (missing > 0) memory.grow(missing);
        },
      };
    };
  } catch {
    return undefined;
  }
}
