export const steps = [
  { id: "input", title: "Input" },
  { id: "recipe", title: "Recipe" },
  { id: "run", title: "Run" },
  { id: "review", title: "Review" },
  { id: "export", title: "Export" },
] as const;

export type Step = (typeof steps)[number]["id"];

/** The address of a step; a run that is not yet begun is `new`. */
export const stepPath = (run: string, step: Step): string => `/batch/${run}/${step}`;

export const toStep = (text: string | undefined): Step | undefined => steps.find(({ id }) => id === text)?.id;

/** What can only be done with a run that was begun. */
export const needsRun = (step: Step): boolean => step === "run" || step === "review" || step === "export";
