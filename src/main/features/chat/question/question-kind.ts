/**
 * What a question wants, by its words. `fact`: one fact, best told in the source's own words. `broad`: a list, a
 * procedure, a comparison or a summary, which needs whole sections. `open`: anything else.
 */
export type QuestionKind = "fact" | "open" | "broad";

// `\b` knows ASCII letters only: it sees no beginning before “Überblick” and no end after “groß”.
const FACT =
  /^\s*(?:(?:and|but|so|then|und|aber)\s+)?(?:who|whom|whose|when|where|which|how (?:many|much|old|long|far|tall|big|large|often|high|deep)|what (?:is|was|are|were) the (?:name|number|date|year|percentage|amount|size|capital|total)|what (?:year|date|day|time|percentage|number|city|country|type|kind|name)|wer|wen|wem|wann|wo|wie (?:viele?|alt|lange?|weit|hoch|groß|oft|tief)|welche[rsmn]?)(?![\p{L}\p{N}_])/iu;

const BROAD =
  /(?<![\p{L}\p{N}_])(?:list|enumerate|name all|all the|every|each of|steps?|procedure|how (?:do|does|can|could|should|would|to)|compare|comparison|differences?|differ|versus|vs\.?|pros and cons|advantages|summar(?:y|i[sz]e)|overview|outline|explain|describe|tell me about|main points|zähle|liste|alle|schritte?|wie (?:kann|muss|soll|geht)|vergleiche?|unterschiede?|zusammenfass\p{L}*|fasse|überblick|erkläre?|beschreibe?)(?![\p{L}\p{N}_])/iu;

/** Words that say what to do with the answer, not what it is about. */
const TASK =
  /(?<![\p{L}\p{N}_])(?:list|enumerate|name|all|every|each|steps?|procedure|compare|comparison|differences?|pros|cons|summar(?:y|i[sz]e)|overview|outline|explain|describe|tell|main|points?|zähle|liste|alle|schritte?|vergleiche?|unterschiede?|zusammenfass\p{L}*|fasse|überblick|erkläre?|beschreibe?)(?![\p{L}\p{N}_])/giu;

/** What a question is about; the whole of it when nothing else is left. */
export function subjectOf(question: string): string {
  const subject = question.replaceAll(TASK, " ");
  return /\p{L}{3}/u.test(subject) ? subject : question;
}

export function kindOf(question: string): QuestionKind {
  if (BROAD.test(question)) return "broad";
  return FACT.test(question) ? "fact" : "open";
}
