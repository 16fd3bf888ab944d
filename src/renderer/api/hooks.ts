import { useQuery } from "@tanstack/react-query";
import type { Settings } from "../../shared/contract/settings.ts";
import { jobsInput } from "./live.ts";
import { useCroft } from "./use-croft.ts";

/** All jobs that core still knows, newest first, kept live. */
export function useJobs() {
  const { orpc } = useCroft();
  return useQuery(orpc.jobs.list.queryOptions({ input: jobsInput }));
}

export function useCollections() {
  const { orpc } = useCroft();
  return useQuery(orpc.knowledge.listCollections.queryOptions({ input: {} }));
}

export function useModels() {
  const { orpc } = useCroft();
  return useQuery(orpc.models.list.queryOptions({ input: {} }));
}

export function useSettings() {
  const { orpc } = useCroft();
  return useQuery(orpc.settings.list.queryOptions({ input: {} }));
}

export function useSystemInfo() {
  const { orpc } = useCroft();
  return useQuery(orpc.system.info.queryOptions({ input: {} }));
}

/** The value of one text setting, or undefined while it is unknown. */
export function useTextSetting(key: keyof Settings): string | undefined {
  const value = useSettings().data?.find((row) => row.key === key)?.value;
  return typeof value === "string" ? value : undefined;
}
