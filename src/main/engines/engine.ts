/**
 * The contract of every engine. An engine runs in a worker thread (or a child process) of its own and is
 * reached through an `EngineHost`, which gives all of them the same lifecycle:
 *
 *   stopped → starting → ready ⇄ busy → stopping → stopped        (`failed` ends a generation)
 *
 * A protocol names the methods: what goes in, what may stream out on the way, what comes back. Both ends ship
 * in one build, so messages are typed and not parsed; everything must survive a structured clone.
 */
export type Method = { input: unknown; item?: unknown; output: unknown };
export type Protocol = Record<string, Method>;

export type ItemOf<M extends Method> = M extends { item: infer Item } ? Item : never;

/** What a running call is given on the engine's side. */
export type CallContext<Item = never> = {
  /** Aborted when the caller gives up. The computation must end within a second of it. */
  signal: AbortSignal;
  /** Sends one item of the stream to the caller. */
  emit(item: Item): void;
  /**
   * To be awaited between pieces of work of at most 100 ms. Resolves at once, unless the CPU arbiter wants the
   * cores for something more urgent; then it resolves when they are free again. Rejects when the call is aborted.
   */
  checkpoint(): Promise<void>;
};

export type Methods<P extends Protocol> = {
  [Name in keyof P]: (input: P[Name]["input"], context: CallContext<ItemOf<P[Name]>>) => Promise<P[Name]["output"]>;
};

/** What an engine's `worker.ts` makes and hands to `serveEngine`. */
export type Engine<P extends Protocol> = {
  methods: Methods<P>;
  /** Frees native resources. Called with no call in flight; afterwards the thread ends by itself. */
  dispose(): Promise<void>;
};

export type CreateEngine<Config, P extends Protocol> = (config: Config) => Promise<Engine<P>>;

export type EngineState = "stopped" | "starting" | "ready" | "busy" | "stopping" | "failed";

/** `interactive`: a person waits for it. `background`: yields to anything interactive. */
export type Priority = "interactive" | "background";

export type CallOptions<M extends Method> = {
  signal?: AbortSignal | undefined;
  /** Default `interactive`. */
  priority?: Priority | undefined;
  onItem?: ((item: ItemOf<M>) => void) | undefined;
  /** Buffers to move instead of copy. */
  transfer?: ArrayBuffer[] | undefined;
};

/** Core's side of one engine. */
export type EngineHost<P extends Protocol> = {
  readonly name: string;
  readonly state: EngineState;
  /** Counts starts; a call belongs to the generation it was made in. */
  readonly generation: number;
  /**
   * Starts the engine when it is stopped and calls the method.
   * @throws ABORTED when the signal fires (at once; the computation ends soon after and is awaited before the next call) ·
   *   ENGINE_EXITED when the thread ended under the call · ENGINE_UNAVAILABLE when three starts failed · CLOSED after close
   */
  call<Name extends keyof P & string>(method: Name, input: P[Name]["input"], options?: CallOptions<P[Name]>): Promise<P[Name]["output"]>;
  onState(listener: (state: EngineState) => void): () => void;
  /** Ends the thread once calls in flight are done or aborted; the next call starts it again. */
  stop(): Promise<void>;
  /**
   * Aborts what is in flight, drains, ends the thread for good. Never kills a thread that computes natively: where one
   * does not end by the deadline this resolves all the same, `engine.overdue` is logged, and the state is not `stopped`.
   */
  close(): Promise<void>;
};
