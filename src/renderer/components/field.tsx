import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

export const inputClass =
  "h-7 w-full min-w-0 rounded-input border border-control bg-bg2 px-2 text-13 text-fg placeholder:text-fg3 disabled:text-fg3 focus-visible:outline-offset-0";

/** A one-line text field; `label` is its name for those who do not see the placeholder. */
export function TextField({ label, className, ...props }: ComponentProps<"input"> & { label: string }) {
  return (
    <input type="text" autoComplete="off" spellCheck={false} {...props} aria-label={label} className={classNames(inputClass, className)} />
  );
}

/** A choice among a few; the platform's own list, which every keyboard and reader knows. */
export function SelectField({ label, className, ...props }: ComponentProps<"select"> & { label: string }) {
  return <select {...props} aria-label={label} className={classNames(inputClass, "pe-1", className)} />;
}
