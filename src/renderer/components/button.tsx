import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

const looks = {
  primary: "bg-accent text-on-accent border-transparent hover:brightness-110 disabled:bg-bg3 disabled:text-fg3",
  plain: "bg-bg2 text-fg border-control hover:bg-bg3 disabled:text-fg3 disabled:border-line",
  quiet: "bg-transparent text-fg2 border-transparent hover:bg-bg3 hover:text-fg disabled:text-fg3",
  danger: "bg-bg2 text-danger border-danger hover:bg-bg3",
} as const;

export type ButtonProps = ComponentProps<"button"> & { look?: keyof typeof looks; size?: "small" | "normal" };

/** The one button. `small` is 28 px high, `normal` 32. */
export function Button({ look = "plain", size = "small", className, type = "button", ...props }: ButtonProps) {
  return (
    <button
      {...props}
      // oxlint-disable-next-line react/button-has-type -- a button or a submit, never left to the browser
      type={type}
      className={classNames(
        "label inline-flex shrink-0 items-center justify-center gap-1.5 rounded-input border px-2.5 whitespace-nowrap transition-colors duration-100 disabled:opacity-70",
        size === "small" ? "h-7" : "h-8",
        looks[look],
        className,
      )}
    />
  );
}
