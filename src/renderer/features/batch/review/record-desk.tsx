import { useLayoutEffect, useRef, useState } from "react";
import type { Alternative, BatchRecord, Change } from "../../../../shared/contract/batch.ts";
import type { Box } from "../../../../shared/contract/define.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { FieldPane } from "./field-pane.tsx";
import { messages } from "../messages.ts";
import { PagePane } from "./page-pane.tsx";
import type { Editing, RecordReviewProps } from "./review-props.ts";
import { useDecisions } from "./use-decisions.ts";
import { useReviewKeys } from "./use-review-keys.ts";
import { eachValue, flaggedPaths } from "../values.ts";

/** A page beside the fields that were read from it, and everything that can be decided about them. */
export function RecordDesk({ run, id, record, left, onNext, onPrevious, onGo }: RecordReviewProps & { record: BatchRecord }) {
  const say = useWords(messages);
  const { client } = useCroft();
  const desk = useRef<HTMLDivElement>(null);
  const flagged = flaggedPaths(record);
  const [all, setAll] = useState(flagged.length === 0);
  // What was flagged when the document was opened stays in sight after it was decided.
  const [opened] = useState(flagged);
  // What a person accepted as it was read is confirmed, too.
  const confirmed = new Set(
    record.history.flatMap(({ field, action, undoneAt }) => (undoneAt === undefined && action === "accept" ? [field] : [])),
  );
  const values = eachValue(record.fields).map((one) =>
    confirmed.has(one.path) ? { ...one, value: { ...one.value, origin: "person" as const } } : one,
  );
  const shown = values.filter(({ path, value }) => all || opened.includes(path) || value.flags.length > 0);
  const [active, setActive] = useState(shown[0]?.path);
  const [editing, setEditing] = useState<Editing>();
  const [drawing, setDrawing] = useState(false);
  const [readProblem, setReadProblem] = useState<unknown>();
  const { decide, undo, acceptEqual, error } = useDecisions(run.id, id, onGo);
  const value = values.find(({ path }) => path === active)?.value;

  const focus = (selector: string) => desk.current?.querySelector<HTMLElement>(selector)?.focus();
  const focusField = (path: string | undefined) => path !== undefined && focus(`[data-field="${CSS.escape(path)}"]`);
  // Before anybody can see it: a frame later it would take the focus from where a quick key has led.
  useLayoutEffect(() => {
    const first = desk.current?.querySelector<HTMLElement>("[data-field]") ?? desk.current?.querySelector<HTMLElement>("[data-approve]");
    first?.focus();
  }, []);

  /** After a decision the next doubt has the focus; when there is none, what leads on. */
  const goOn = (after: BatchRecord, from: string | undefined) => {
    const doubts = flaggedPaths(after);
    const order = eachValue(after.fields).map(({ path }) => path);
    const next = doubts.find((path) => order.indexOf(path) > order.indexOf(from ?? "")) ?? doubts[0];
    requestAnimationFrame(() =>
      next === undefined ? focus(after.state === "review" ? "[data-approve]" : "[data-next]") : focusField(next),
    );
  };
  const change = (made: Change) => {
    setEditing(undefined);
    setReadProblem(undefined);
    decide.mutate({ changes: [made] }, { onSuccess: (after) => goOn(after, active) });
  };
  const stepField = (step: 1 | -1) => {
    const at = shown.findIndex(({ path }) => path === active);
    focusField(shown[(at + step + shown.length) % shown.length]?.path);
  };
  const edit = (path = active) => {
    const now = values.find((one) => one.path === path)?.value.value;
    if (path !== undefined) setEditing({ path, text: now === null || now === undefined ? "" : String(now) });
  };
  const readAgain = async (place: { page: number; box: Box }) => {
    setDrawing(false);
    if (active === undefined) return;
    const read = await client.batch.readAgain({ id, field: active, place }).then(
      (reading): Alternative | undefined => (setReadProblem(undefined), reading),
      (problem: unknown) => (setReadProblem(problem), undefined),
    );
    setEditing({ path: active, text: read?.value === undefined || read.value === null ? "" : String(read.value), place });
  };
  const takeBack = () => undo.mutate(undefined, { onSuccess: () => requestAnimationFrame(() => focusField(active)) });

  useReviewKeys(desk, {
    Enter: () => active !== undefined && change({ action: "accept", field: active }),
    "Shift+Enter": () => decide.mutate({ approve: true }, { onSuccess: (after) => goOn(after, undefined) }),
    e: () => edit(),
    b: () => active !== undefined && setDrawing(true),
    f: () => active !== undefined && change({ action: "flag", field: active, message: say("flaggedByPerson") }),
    a: () => value && active !== undefined && acceptEqual.mutate({ field: active, value: value.value }),
    s: () => stepField(1),
    z: takeBack,
    n: onNext,
    p: onPrevious,
    choose: (index) =>
      active !== undefined && value?.alternatives?.[index] && change({ action: "choose", field: active, alternative: index }),
  });

  return (
    <div ref={desk} className="flex min-h-0 min-w-0 flex-1 max-md:flex-col">
      <PagePane
        record={record}
        id={id}
        values={values}
        active={active}
        drawing={drawing}
        onDrawn={(place) => void readAgain(place)}
        onStop={() => (setDrawing(false), focusField(active))}
      />
      <FieldPane
        record={record}
        left={left}
        shown={shown}
        all={all}
        onAll={setAll}
        active={active}
        onActive={setActive}
        editing={editing}
        onEdit={(path) => edit(path)}
        onType={setEditing}
        onStopEditing={() => (setEditing(undefined), setReadProblem(undefined), requestAnimationFrame(() => focusField(active)))}
        onChange={change}
        onDraw={() => setDrawing(true)}
        onAcceptEqual={(path, equal) => acceptEqual.mutate({ field: path, value: equal.value })}
        onApprove={() => decide.mutate({ approve: true }, { onSuccess: (after) => goOn(after, undefined) })}
        onUndo={takeBack}
        onNext={onNext}
        onPrevious={onPrevious}
        accepted={acceptEqual.data?.records}
        error={error ?? readProblem}
        busy={decide.isPending || undo.isPending}
      />
    </div>
  );
}
