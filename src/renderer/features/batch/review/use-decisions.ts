import { useMutation } from "@tanstack/react-query";
import type { BatchRecord, Change } from "../../../../shared/contract/batch.ts";
import { useCroft } from "../../../api/use-croft.ts";

/** Records with a decision that can be taken back, the newest last; of this window. */
const acts: { run: string; record: string }[] = [];

/** Decides about a record, and takes the newest decision of a run back wherever it was made. */
export function useDecisions(run: string, id: string, onGo: (record: string) => void) {
  const { client, orpc, cache } = useCroft();
  const show = (record: BatchRecord) => {
    if (record.id !== undefined) cache.setQueryData(orpc.batch.record.queryKey({ input: { id: record.id } }), record);
    void cache.invalidateQueries({ queryKey: orpc.batch.results.key() });
  };
  const decide = useMutation({
    mutationFn: ({ changes = [], approve = false }: { changes?: Change[]; approve?: boolean }) =>
      client.batch.decide({ id, changes, approve }),
    onSuccess: (record) => {
      acts.push({ run, record: id });
      show(record);
    },
  });
  const undo = useMutation({
    mutationFn: async () => {
      const at = acts.findLastIndex((act) => act.run === run);
      const [act] = at < 0 ? [] : acts.splice(at, 1);
      const record = await client.batch.undo({ id: act?.record ?? id });
      return record;
    },
    onSuccess: (record) => {
      show(record);
      if (record.id !== undefined && record.id !== id) onGo(record.id);
    },
  });
  const acceptEqual = useMutation({
    mutationFn: ({ field, value }: { field: string; value: string | number | boolean | null }) =>
      client.batch.acceptEqual({ run, field, ...(value === null ? {} : { value }) }),
    onSuccess: () => cache.invalidateQueries({ queryKey: orpc.batch.key() }),
  });
  const error = [decide, undo, acceptEqual].find((one) => one.error)?.error;
  return { decide, undo, acceptEqual, error };
}
