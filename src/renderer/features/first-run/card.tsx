import type { ReactNode } from "react";

/** The head of a card: what it asks, and in two sentences why. */
export function CardHead({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <h2 className="text-20 font-title">{title}</h2>
      <p className="mt-1 mb-4 max-w-[64ch] text-fg2">{children}</p>
    </>
  );
}
