/** Verbs of telling, as they stand after “did somebody”. */
const TELL =
  "say|tell|mention|discuss|describe|state|explain|express|emphasi[sz]e|outline|note|report|announce|propose|suggest|claim|argue|recommend|present|address|highlight|request|urge|give";
/** Those that are nothing else, in all their forms. */
const ONLY_TELL =
  "sa(?:y|ys|id)|tell|tells|told|mention(?:s|ed)?|discuss(?:es|ed)?|describe[sd]?|explain(?:s|ed)?|express(?:es|ed)|emphasi[sz]e[sd]?|stated|reported|announced|suggest(?:s|ed)?|sagte?|nennt|nannte|erwähnte?|beschreibt|beschrieb|erklärte?|betonte?|berichtete?";
/** Who tells it: “did the chair of the board” before “mention”. */
const TELLER = new RegExp(`(?<!\\p{L})(?:did|does|do)\\s(?:[\\p{L}\\p{N}’'.-]+\\s){1,5}?(?:${TELL})(?!\\p{L})`, "giu");
/** Where it is told: “according to the annual report”, “as described in the article” up to the next comma; “in her speech”. */
const WHERE =
  /(?<!\p{L})(?:(?:according to|laut|(?:as\s)?(?:mentioned|described|stated|discussed|outlined|reported)\s(?:in|by|during))\s[^,;.?!]*|(?:in|during|from)\s(?:his|her|their|its|this|the)\s(?:[\p{L}\p{N}’'-]+\s){0,5}?(?:speech|address|talk|article|report|document|passage|statement)(?!\p{L})|(?:in|aus)\s(?:der|dem|diesem|dieser|seiner|ihrer)\s(?:Rede|Bericht|Artikel|Dokument|Text)(?!\p{L}))/giu;
/** Words that ask, and name nothing. */
const ASKING = new RegExp(
  `(?<!\\p{L})(?:${ONLY_TELL}|specific(?:ally)?|particular(?:ly)?|certain|key|main|major|significant|important|notable|various|different|several|some|kinds?|types?|sorts?|examples?|else|other|regarding|concerning|related|relation|terms|ways?|happens?|happened|bestimmten?|wichtigen?|wichtigsten|verschiedenen?|art|arten|beispiele?|bezüglich|hinsichtlich)(?!\\p{L})`,
  "giu",
);
/** Fewer words would be too few to look for. */
const FEWEST_WORDS = 2;

/**
 * What a question is about, without who tells it, where it is told and the words that only ask: a passage that answers
 * seldom repeats those. The whole question where little else is left.
 */
export function askedAbout(question: string): string {
  const about = question.replaceAll(WHERE, " ").replaceAll(TELLER, " ").replaceAll(ASKING, " ");
  return (about.match(/[\p{L}\p{N}]{3,}/gu)?.length ?? 0) > FEWEST_WORDS ? about : question;
}
