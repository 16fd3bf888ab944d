/**
 * The address at which the window begins; undefined until core has told whether the cards of the first start were seen.
 * Without its answer the window begins where it was `left`, which says itself what failed.
 */
export function firstPlace(
  settings: readonly { key: string; value: unknown }[] | undefined,
  hasFailed: boolean,
  left: string,
): string | undefined {
  if (!settings && !hasFailed) return undefined;
  return settings?.find(({ key }) => key === "welcome.done")?.value === false ? "/welcome" : left;
}
