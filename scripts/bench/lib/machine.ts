import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, platform, totalmem } from "node:os";
import { setTimeout as after } from "node:timers/promises";

/** What decides speed, without anything that names the machine. */
export type Machine = { cores: number; cpu: string; flags: string[]; memoryGb: number; system: string; node: string; busy: number };

/** Instruction sets that ONNX Runtime, llama.cpp, Tesseract or usearch choose their code by. */
const telling = ["avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8", "asimd", "asimddp", "i8mm", "sve"];

/** Looked at for a second while nothing of ours runs: `busy` is the share of all cores that others use, 0 to 1. */
export async function describeMachine(): Promise<Machine> {
  const known = new Set(cpuFlags());
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    flags: telling.filter((flag) => known.has(flag)),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.versions.node,
    busy: await busyShare(1000),
  };
}

function cpuFlags(): string[] {
  try {
    return /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1]?.split(" ") ?? [];
  } catch {
    return [];
  }
}

async function busyShare(ms: number): Promise<number> {
  const before = cpuTimes();
  await after(ms);
  const now = cpuTimes();
  const all = now.all - before.all;
  return all > 0 ? Number((1 - (now.idle - before.idle) / all).toFixed(2)) : 0;
}

function cpuTimes(): { idle: number; all: number } {
  const times = cpus().map(({ times }) => times);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return { idle: sum(times.map(({ idle }) => idle)), all: sum(times.flatMap((time) => Object.values(time))) };
}
