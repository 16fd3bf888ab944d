import { defineConfig } from "vitest/config";

/** One project a folder of tests; workers and child processes run for real from the TypeScript source. */
const project = (name: string, options: { timeoutMs?: number; serial?: boolean } = {}) => ({
  extends: true as const,
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`, `tests/${name}/**/*.test.tsx`],
    testTimeout: options.timeoutMs ?? 15_000,
    hookTimeout: options.timeoutMs ?? 30_000,
    // A busy machine takes its time; what is polled for comes or never does.
    expect: { poll: { timeout: 10_000 } },
    ...(options.serial ? { fileParallelism: false } : {}),
    // Of tests that may run beside others of their file.
    maxConcurrency: 2,
  },
});

export default defineConfig({
  test: {
    // Threads cannot host engines that must never be terminated; processes can.
    pool: "forks",
    maxWorkers: 2,
    projects: [
      project("unit"),
      project("engines", { timeoutMs: 60_000 }),
      project("contract", { timeoutMs: 60_000 }),
      project("integration", { timeoutMs: 120_000 }),
      project("architecture", { timeoutMs: 120_000 }),
      project("models", { timeoutMs: 300_000, serial: true }),
      project("e2e", { timeoutMs: 180_000, serial: true }),
    ],
  },
});
