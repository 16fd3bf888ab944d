/**
 * A two-way channel of text frames between a client and core: a message port, a WebSocket, a local socket.
 * Frames keep their order. What arrives is unparsed and hostile until a decoder has seen it.
 */
export type Pipe = {
  /** Resolves once the frame has left this process (or is queued where the platform cannot tell); rejects when the pipe is closed. */
  send(frame: string): Promise<void>;
  onMessage(listener: (frame: unknown) => void): void;
  /** Called once, also when the other side went away. */
  onClose(listener: () => void): void;
  /** Idempotent. */
  close(): void;
};
