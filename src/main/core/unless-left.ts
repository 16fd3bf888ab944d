/** Waits no longer than the signal lets it; what is waited for goes on. @throws the signal's reason once it is aborted */
export async function unlessLeft<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const left = Promise.withResolvers<never>();
  const onAbort = () => left.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([left.promise, promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
