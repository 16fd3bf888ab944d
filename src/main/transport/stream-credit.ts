/** How many items of each stream may still be sent before the client has to acknowledge some. */
export type StreamCredit = {
  /** Takes one item's credit, waiting for it where the client is behind. False when the stream ended meanwhile. */
  take(id: string): Promise<boolean>;
  /** Gives credit back. False when more is acknowledged than was sent, which no honest client does. */
  give(id: string, count: number): boolean;
  /** Ends a stream; whoever waits for its credit goes on at once. */
  end(id: string): void;
  endAll(): void;
  /** Streams that are known; for tests of leaks. */
  readonly size: number;
};

type Stream = { sent: number; wake: ((alive: boolean) => void) | undefined };

export function createStreamCredit(window: number): StreamCredit {
  const streams = new Map<string, Stream>();

  const end = (id: string): void => {
    const stream = streams.get(id);
    streams.delete(id);
    stream?.wake?.(false);
  };

  return {
    async take(id) {
      let stream = streams.get(id);
      if (!stream) streams.set(id, (stream = { sent: 0, wake: undefined }));
      const waiting = stream;
      while (waiting.sent >= window) {
        const alive = await new Promise<boolean>((resolve) => (waiting.wake = resolve));
        if (!alive) return false;
      }
      waiting.sent += 1;
      return true;
    },
    give(id, count) {
      const stream = streams.get(id);
      // The stream may have ended while the acknowledgement was on its way.
      if (!stream) return true;
      if (count > stream.sent) return false;
      stream.sent -= count;
      const wake = stream.wake;
      stream.wake = undefined;
      wake?.(true);
      return true;
    },
    end,
    endAll: () => [...streams.keys()].forEach(end),
    get size() {
      return streams.size;
    },
  };
}
