import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import type { PathWindow } from "../../../../shared/contract/chat.ts";
import { useCroft } from "../../../api/use-croft.ts";

/** Messages that are held at a time, and the step in which that window moves. */
const held = 60;
const step = 20;

export type Path = {
  data: PathWindow | undefined;
  error: Error | null;
  retry(): void;
  /** Sees to it that the messages between two indices are held. */
  cover(first: number, last: number): void;
};

/** The part of a conversation's branch that is near the screen. However long it is, only that part is held. */
export function usePath(id: string): Path {
  const { orpc } = useCroft();
  const [from, setFrom] = useState<number>();
  const { data, error, refetch } = useQuery(
    orpc.chat.getPath.queryOptions({
      input: { id, limit: held, ...(from === undefined ? {} : { from }) },
      // While the window moves, what it held stays on the screen.
      placeholderData: keepPreviousData,
    }),
  );
  const length = data?.length ?? 0;
  const start = data?.start ?? 0;
  const cover = useCallback(
    (first: number, last: number) => {
      const next = windowFor({ first, last, start, length });
      if (next !== "held") setFrom(next);
    },
    [start, length],
  );
  return { data, error, retry: () => void refetch(), cover };
}

export type Cover = { first: number; last: number; start: number; length: number };

/** Where the window must begin; `held` where it is right, undefined for the end, which moves as messages are added. */
export function windowFor({ first, last, start, length }: Cover): number | undefined | "held" {
  const end = Math.min(length, start + held);
  if (first >= start && last < end) return "held";
  if (last >= length - step) return undefined;
  const middle = Math.floor((first + last) / 2);
  return Math.max(0, Math.floor((middle - held / 2) / step) * step);
}
