const lists = new WeakMap<object, ArrayBuffer[]>();

/**
 * Marks buffers of an engine's output or item to be moved to the caller instead of copied; the engine must not use
 * them afterwards. Across processes they are copied all the same.
 */
export function withTransfer<T extends object>(value: T, buffers: readonly ArrayBufferLike[]): T {
  lists.set(
    value,
    buffers.filter((buffer) => buffer instanceof ArrayBuffer),
  );
  return value;
}

/** The buffers marked by `withTransfer`, none for anything else. */
export function takeTransfer(value: unknown): readonly ArrayBuffer[] {
  return typeof value === "object" && value !== null ? (lists.get(value) ?? []) : [];
}
