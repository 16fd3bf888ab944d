export type Choice = {
  /** Collections that the thread was begun with; undefined in a new one. */
  begunWith: readonly string[] | undefined;
  /** What was chosen for the thread in this window. */
  changed: readonly string[] | undefined;
  /** What was chosen last for a new thread. */
  lastChosen: readonly string[];
  /** Every collection there is; undefined while that is unknown. */
  known: readonly string[] | undefined;
};

/** Ids of the collections that the next question reads. One that was removed since is left out. */
export function chosenIds({ begunWith, changed, lastChosen, known }: Choice): string[] {
  const ids = changed ?? begunWith ?? lastChosen;
  return ids.filter((id) => known?.includes(id) ?? true);
}

/** What is sent: nothing where the thread's own collections are read as they are, so that core decides what they are. */
export function idsToSend(choice: Choice): string[] | undefined {
  const ids = chosenIds(choice);
  const own = choice.begunWith;
  const unchanged = own !== undefined && own.length > 0 && own.length === ids.length && own.every((id) => ids.includes(id));
  return unchanged ? undefined : ids;
}
