// What the scripts tell a person: everything on stderr, so that stdout stays free for data.

export const say = (text) => void process.stderr.write(`${text}\n`);

/** A wait of this long without a word would look like a hang. */
const quietMs = 5_000;

/**
 * Progress in bytes: one line that is rewritten on a terminal, a line every five seconds elsewhere.
 * @param {string} title
 */
export function progressOf(title, stream = process.stderr, now = Date.now) {
  let last = 0;
  const megabytes = (bytes) => (bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0);
  return {
    report(done, total) {
      const at = now();
      if (at - last < (stream.isTTY ? 100 : quietMs)) return;
      last = at;
      const text = `${title}: ${megabytes(total ? Math.min(done, total) : done)}${total ? ` of ${megabytes(total)}` : ""} MB`;
      stream.write(stream.isTTY ? `\r\u001b[K${text}` : `${text}\n`);
    },
    end() {
      if (stream.isTTY && last > 0) stream.write("\r\u001b[K");
    },
  };
}

/** How often something that shows nothing itself says that it is still at work. */
const heartbeatMs = 15_000;

/**
 * Awaits something long and says every 15 seconds that it goes on.
 * @template T
 * @param {string} what
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withHeartbeat(what, work) {
  const start = Date.now();
  const timer = setInterval(() => say(`  ${what}, ${Math.round((Date.now() - start) / 1000)} s so far`), heartbeatMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
