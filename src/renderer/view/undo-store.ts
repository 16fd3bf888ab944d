import { createStore, useStore } from "zustand";
import type { Problem } from "../api/problem.ts";
import { toProblem } from "../api/problem.ts";

/** Something that was taken off the screen and is not yet told to core. */
export type Removal = {
  /** What it is about; whoever lists it leaves it out. */
  id: string;
  /** `Deleted “Title”` */
  text: string;
  send(): Promise<unknown>;
  onUndo?(): void;
};

export type Undo = {
  waiting: Removal | undefined;
  /** Ids that are not shown: waiting, or told to core and not yet read again. */
  hidden: readonly string[];
  problem: Problem | undefined;
  /** Holds a removal for `waitMs`; one that waited before is sent now. */
  hold(removal: Removal): void;
  undo(): void;
  dismiss(): void;
};

/** Time to change one's mind, in milliseconds. */
const waitMs = 10_000;

/** The one undo of a window. Closing the window within the time deletes nothing: the safe side. */
export const createUndo = () =>
  createStore<Undo>()((set, get) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (id: string) => set(({ hidden }) => ({ hidden: hidden.filter((one) => one !== id) }));
    const take = (): Removal | undefined => {
      clearTimeout(timer);
      const { waiting } = get();
      set({ waiting: undefined });
      return waiting;
    };
    const send = async () => {
      const removal = take();
      if (!removal) return;
      try {
        await removal.send();
      } catch (error) {
        set({ problem: toProblem(error) });
      } finally {
        show(removal.id);
      }
    };
    return {
      waiting: undefined,
      hidden: [],
      problem: undefined,
      hold(removal) {
        void send();
        set(({ hidden }) => ({ waiting: removal, hidden: [...hidden, removal.id], problem: undefined }));
        timer = setTimeout(() => void send(), waitMs);
      },
      undo() {
        const removal = take();
        if (!removal) return;
        show(removal.id);
        removal.onUndo?.();
      },
      dismiss: () => set({ problem: undefined }),
    };
  });

export const undoStore = createUndo();
export const useUndo = <T>(select: (undo: Undo) => T): T => useStore(undoStore, select);
