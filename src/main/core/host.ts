import type { LogRecord } from "./logger.ts";

/** Folders of one running Croft. All absolute. */
export type HostPaths = {
  /** Holds croft.db, index.db, settings and everything a backup needs. */
  profile: string;
  /** User-wide model store, shared by all profiles and checkouts. */
  models: string;
  /** The package's `resources` folder. */
  resources: string;
};

/** Keeps API keys: safeStorage under Electron, a 0600 file or the environment when headless. */
export type Secrets = {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
  /** False where the platform only obscures; the interface says so. */
  isProtected(): Promise<boolean>;
};

/** A process of our own, reached by messages. `entry` is the name of a built entry, e.g. `readers`. */
export type ChildSpec = { entry: string; name: string; /** V8 heap limit. */ memoryMb?: number };
export type Child = {
  readonly pid: number | undefined;
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (code: number | null) => void): void;
  /** Ends the process at once, whatever it does. Safe: it is a process, not a thread. */
  kill(): void;
};

/**
 * What a host gives to core. Everything is async and survives a structured clone, because under Electron core is
 * a process of its own and the host is another.
 */
export type Host = {
  kind: "electron" | "server" | "cli" | "embedded";
  paths: HostPaths;
  /** The network is forbidden, whatever the settings say. */
  offline?: true;
  secrets: Secrets;
  log(record: LogRecord): void;
  /** Milliseconds since 1970. */
  now(): number;
  startChild(spec: ChildSpec): Child;
  /** Shows a file in the system's file manager; left out where there is no desktop. */
  showInFolder?(path: string): Promise<void>;
  /** Network access; core asks its egress policy first and never uses another. */
  fetch: typeof fetch;
};
