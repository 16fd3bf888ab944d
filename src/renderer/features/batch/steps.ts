export const steps = ["input", "recipe", "run", "review", "export"] as const;

export type Step = (typeof steps)[number];

/** The address of a step; a run that is not yet begun is `new`. */
export const stepPath = (run: string, step: Step): string => `/batch/${run}/${step}`;

export const toStep = (text: string | undefined): Step | undefined => steps.find((step) => step === text);

/** The address that an incomplete or impossible one stands for; undefined where it is in order. */
export function stepRedirect(run = "new", named: string | undefined): string | undefined {
  const step = toStep(named);
  const isNew = run === "new";
  return !step || (isNew && needsRun(step)) ? stepPath(run, isNew ? "input" : "run") : undefined;
}

/** What can only be done with a run that was begun. */
export const needsRun = (step: Step): boolean => step === "run" || step === "review" || step === "export";
