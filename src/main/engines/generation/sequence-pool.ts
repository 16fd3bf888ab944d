import type { LlamaContext, LlamaContextSequence, Token } from "node-llama-cpp";

/** Answers of a thread whose tokens are remembered. */
const maxAnswers = 8;

/** One sequence of the key-value cache, used by one call at a time. */
export type Slot = {
  readonly sequence: LlamaContextSequence;
  key: string | undefined;
  /** First message of the prompt it holds: what the prompts of one kind have in common. */
  opening: string | undefined;
  busy: boolean;
  usedAt: number;
  /** Answers in this sequence with the tokens they were written in; see `PromptMaker`. */
  answers: Map<string, readonly Token[]>;
};

export type SequencePool = {
  /**
   * A free sequence: the one that holds this key's prefix, else of those that begin with this opening, or else of all,
   * the one not used for longest. So a new thread finds its rules and examples read, whatever short errands came
   * between; the thread that was there before it reads its own turns again. When all are taken a context of its own is made for this call alone: a call that waited here would
   * hold processor cores while the one it waits for was paused to give them to it.
   */
  take(key: string | undefined, opening?: string): Promise<Slot>;
  /** `sound: false` when an evaluation failed and nobody knows what the cache holds. */
  give(slot: Slot, sound: boolean): Promise<void>;
  remember(slot: Slot, answer: string, tokens: readonly Token[]): void;
  dispose(): Promise<void>;
};

export async function createSequencePool(
  makeContext: (sequences: number) => Promise<LlamaContext>,
  sequences: number,
): Promise<SequencePool> {
  const context = await makeContext(sequences);
  const slots = Array.from({ length: sequences }, () => slotOf(context));
  const extra = new Map<Slot, LlamaContext>();
  let clock = 0;

  function slotOf(owner: LlamaContext): Slot {
    return { sequence: owner.getSequence(), key: undefined, opening: undefined, busy: false, usedAt: 0, answers: new Map() };
  }

  function choose(key: string | undefined, opening?: string): Slot | undefined {
    const free = slots.filter((slot) => !slot.busy).sort((a, b) => a.usedAt - b.usedAt);
    const own = key === undefined ? undefined : free.find((slot) => slot.key === key);
    return own ?? free.find((slot) => slot.opening === opening) ?? free[0];
  }

  return {
    async take(key, opening) {
      const slot = choose(key, opening) ?? (await takeExtra());
      slot.busy = true;
      slot.usedAt = ++clock;
      if (slot.key !== key || key === undefined) slot.answers = new Map();
      slot.key = key;
      slot.opening = opening;
      return slot;
    },
    async give(slot, sound) {
      const owner = extra.get(slot);
      if (owner) {
        extra.delete(slot);
        await owner.dispose();
        return;
      }
      if (!sound) {
        slot.key = undefined;
        slot.opening = undefined;
        slot.usedAt = 0;
        await slot.sequence.clearHistory();
      }
      slot.busy = false;
    },
    remember(slot, answer, tokens) {
      slot.answers.delete(answer);
      slot.answers.set(answer, tokens);
      const oldest = slot.answers.keys().next();
      if (slot.answers.size > maxAnswers && !oldest.done) slot.answers.delete(oldest.value);
    },
    async dispose() {
      await Promise.all([...extra.values()].map((owner) => owner.dispose()));
      await context.dispose();
    },
  };

  async function takeExtra(): Promise<Slot> {
    const owner = await makeContext(1);
    const slot = slotOf(owner);
    extra.set(slot, owner);
    return slot;
  }
}
