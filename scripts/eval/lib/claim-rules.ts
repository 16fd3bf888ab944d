/** Makes of a sentence another one that says the same, or not: undefined where the rule does not fit. */
export type ClaimRule = { kind: string; isFaithful: boolean; make: (text: string) => string | undefined };

const DENIAL: Record<string, RegExp> = {
  en: /\b(?:no|not|never|none|nobody|nothing|nor|neither|without|cannot|hardly|fail(?:s|ed)?)\b|n['’]t/iu,
  de: /\b(?:nicht|nichts|kein\w*|nie|niemals|niemand\w*|ohne|weder|kaum)\b/iu,
};
const VERB = /\b(is|was|are|were|can|has|had|will|would|could)\b/u;
const VERB_DE = /\b(ist|war|sind|waren|wird|werden|wurde|wurden|kann|können|hat|haben)\b/u;
const SAYABLE = "able|acceptable|available|certain|changed|clear|common|equal|known|likely|limited|related|successful|usual|wanted";
const SAYABLE_DE = "abhängig(?:e[nrms]?)?|bekannt(?:e[nrms]?)?|möglich(?:e[nrms]?)?|mittelbar(?:e[nrms]?)?|wahrscheinlich(?:e[nrms]?)?";

/** Where the rule finds its words, the sentence with them replaced. */
const replacing =
  (pattern: RegExp, by: string | ((word: string) => string)) =>
  (text: string): string | undefined =>
    pattern.test(text) ? (typeof by === "string" ? text.replace(pattern, by) : text.replace(pattern, by)) : undefined;

/** What of a language's grammar a sentence can be changed by; sentences that deny twice are left alone. */
export function claimRules(language: string): ClaimRule[] {
  const denial = DENIAL[language] ?? /(?!)/u;
  const unlessDenied = (make: ClaimRule["make"]) => (text: string) => (denial.test(text) ? undefined : make(text));
  const once = (make: ClaimRule["make"]) => (text: string) =>
    text.match(new RegExp(denial.source, "giu"))?.length === 1 ? make(text) : undefined;
  const faithful = (kind: string, make: ClaimRule["make"]): ClaimRule => ({ kind, isFaithful: true, make });
  const changed = (kind: string, make: ClaimRule["make"]): ClaimRule => ({ kind, isFaithful: false, make });
  if (language === "de") {
    return [
      faithful("a clause left out", clauseLeftOut(/^(.{40,}?), (?:und|aber|während|wobei|sondern|die|der|das|obwohl)\b.*$/su)),
      changed("a denial added", unlessDenied(replacing(VERB_DE, "$1 nicht"))),
      changed("a denial removed", once(replacing(/\snicht\b/u, ""))),
      changed("none made one", once(replacing(/\bkein(e[nrms]?)?\b/u, "ein$1"))),
      changed("without made with", once(replacing(/\bohne\b/u, "mit"))),
      changed("denied by its beginning", unlessDenied(replacing(new RegExp(`\\b(?:${SAYABLE_DE})(?!\\p{L})`, "u"), (word) => `un${word}`))),
    ];
  }
  return [
    faithful("a clause left out", clauseLeftOut(/^(.{40,}?), (?:and|which|who|while|but|where)\b.*$/su)),
    faithful(
      "reported",
      (text) =>
        `According to the text, ${text.replace(/^(The|A|An|In|It|This|These|They|He|She|There|At|On)\b/u, (word) => word.toLowerCase())}`,
    ),
    faithful("a denial contracted", replacing(/\b(is|was|are|were|does|do|did|has|have|had|would|could|should) not\b/u, "$1n't")),
    faithful("a denial written out", replacing(/\b(is|was|are|were|does|do|did|has|have|had|would|could|should)n['’]t\b/u, "$1 not")),
    changed("a denial added", unlessDenied(replacing(VERB, "$1 not"))),
    changed("a denial added in short", unlessDenied(replacing(/\b(is|was|are|were|has|had|would|could)\b/u, "$1n’t"))),
    changed("never added", unlessDenied(replacing(VERB, "$1 never"))),
    changed("no longer added", unlessDenied(replacing(/\b(is|was|are|were)\b/u, "$1 no longer"))),
    changed("with made without", unlessDenied(replacing(/\bwith\b/u, "without"))),
    changed("denied by its beginning", unlessDenied(replacing(new RegExp(`\\b(?:${SAYABLE})\\b`, "u"), (word) => `un${word}`))),
    changed(
      "said of nobody",
      unlessDenied(
        replacing(/^(?:People|Everyone|Students|Scientists|Users|They|He|She|You|We)\b/u, (word) =>
          word.length % 2 === 0 ? "Nobody" : "No one",
        ),
      ),
    ),
    changed("a denial removed", once(replacing(/\snot\b/u, ""))),
    changed(
      "a short denial removed",
      once(
        replacing(/\b(is|was|are|were|do|does|did|has|have|had|would|could|should|ca)n['’]t\b/u, (word) =>
          word.replace(/n['’]t$/u, "").replace(/^ca$/u, "can"),
        ),
      ),
    ),
    changed("without made with", once(replacing(/\bwithout\b/u, "with"))),
    changed("never removed", once(replacing(/\snever\b/u, ""))),
  ];
}

/** The first clause alone, as a sentence. */
function clauseLeftOut(pattern: RegExp): ClaimRule["make"] {
  return (text) => {
    const kept = pattern.exec(text)?.[1];
    return kept === undefined ? undefined : `${kept}.`;
  };
}
