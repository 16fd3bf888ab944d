/** Which page of how many a page says it is; `of` is undefined where it does not say how many there are. */
export type PageNumber = { page: number; of: number | undefined };

/** `Page 2 of 3`, `Seite 2/3`, `Página 2 de 3`: the word for a page in the languages that are read, a number, and how many. */
const NUMBERED =
  /(?<![\p{L}])(?:page|seite|blatt|pagina|página|strona|sida|side|sivu|oldal|strana|str\.|p\.)\s*:?\s*(\d{1,3})(?:\s*(?:\/|of|von|de|sur|van|di|z|av|af|\|)\s*(\d{1,3}))?(?!\d)/giu;

/** The page number that a page carries; undefined where it has none or several that differ. */
export function pageNumberOf(text: string): PageNumber | undefined {
  const found = [...text.matchAll(NUMBERED)].flatMap(([, page, of]): PageNumber[] => {
    const [own, all] = [Number(page), of === undefined ? undefined : Number(of)];
    return own < 1 || (all !== undefined && (all < own || all < 1)) ? [] : [{ page: own, of: all }];
  });
  // One that says how many there are is surer than a mere number.
  const best = found.filter(({ of }) => of !== undefined);
  const list = best.length > 0 ? best : found;
  return list.every(({ page, of }) => page === list[0]?.page && of === list[0].of) ? list[0] : undefined;
}
