import { describe, expect, test } from "vitest";
import type { Answer, AnswerSentence, Verdict } from "../../../src/shared/contract/chat.ts";
import { Verdict as Verdicts } from "../../../src/shared/contract/chat.ts";
import { AnswerFooter } from "../../../src/renderer/features/chat/answer/answer-footer.tsx";
import { AnswerText } from "../../../src/renderer/features/chat/answer/answer-text.tsx";
import { applyAskItem, startAsk } from "../../../src/renderer/features/chat/asking/ask-state.ts";
import { CitationChip } from "../../../src/renderer/features/chat/answer/citation-chip.tsx";
import { EffortPicker } from "../../../src/renderer/features/chat/composer/effort-picker.tsx";
import { LiveAnswer } from "../../../src/renderer/features/chat/transcript/live-answer.tsx";
import { QuestionMessage } from "../../../src/renderer/features/chat/transcript/question-message.tsx";
import { Refusal } from "../../../src/renderer/features/chat/answer/refusal.tsx";
import { Sources } from "../../../src/renderer/features/chat/answer/sources.tsx";
import { VerdictWord } from "../../../src/renderer/features/chat/answer/verdict-word.tsx";
import { citationOf, hostileTexts, isHarmless, markupOf, passageOf, wordsOf } from "../../helpers/markup.tsx";

const sentence = (start: number, end: number, citations: number[], verdict: Verdict = "supported"): AnswerSentence => ({
  text: "",
  start,
  end,
  citations,
  verdict,
});
const answerText = (text: string, sentences: AnswerSentence[] = [], citations = [citationOf(1), citationOf(2)]) =>
  markupOf(<AnswerText text={text} sentences={sentences} citations={citations} />);

describe("a verdict", () => {
  test.each(Verdicts.options)("%s is an icon and its own word, and says what it means", (verdict) => {
    const markup = markupOf(<VerdictWord verdict={verdict} />);
    expect(wordsOf(markup)).toBe(verdict);
    expect(markup).toMatch(/<svg[^>]*aria-hidden="true"/);
    expect(markup).toMatch(/title="[^"]{20,}"/);
  });

  test("differs from every other in icon, word and meaning, not in colour alone", () => {
    const part = (pattern: RegExp) =>
      new Set(Verdicts.options.map((verdict) => pattern.exec(markupOf(<VerdictWord verdict={verdict} />))?.[0]));
    expect(part(/lucide-[a-z-]+/).size).toBe(3);
    expect(part(/title="[^"]*"/).size).toBe(3);
    expect(part(/text-(?:source|fg2|model)/).size).toBe(3);
  });

  test("of what no source says has the colour of the model, never that of a source", () => {
    expect(markupOf(<VerdictWord verdict="unsupported" />)).toContain("text-model");
    expect(markupOf(<VerdictWord verdict="unsupported" />)).not.toContain("text-source");
    expect(markupOf(<VerdictWord verdict="supported" />)).toContain("text-source");
  });
});

describe("an answer's text", () => {
  test("has its citations and its verdict where the sentence ends", () => {
    const markup = answerText("One. Two.", [sentence(0, 4, [1]), sentence(5, 9, [2], "weak")]);
    expect(wordsOf(markup)).toBe("One. 1 supported Two. 2 weak");
  });

  test("shows a sentence without citations with its verdict alone", () => {
    expect(wordsOf(answerText("One.", [sentence(0, 4, [], "unsupported")]))).toBe("One. unsupported");
  });

  test("shows no number that no citation stands behind", () => {
    const markup = answerText("One.", [sentence(0, 4, [1, 9])]);
    expect(markup.match(/<button/g)).toHaveLength(1);
    expect(wordsOf(markup)).toBe("One. 1 supported");
  });

  test("makes a number in the text no citation: [7] of a model stays text", () => {
    const markup = answerText("See [7] and [1](#).");
    expect(markup).not.toMatch(/<button|<a\b/);
    expect(wordsOf(markup)).toBe("See [7] and [1](#).");
  });

  test("shows lists with their own numbers, and others with a dash", () => {
    expect(wordsOf(answerText("3. three\n7) seven\n- dash"))).toBe("3. three 7. seven – dash");
  });

  test("makes no heading of a model's #, so that it cannot rearrange the page's outline", () => {
    const markup = answerText("# Title\ntext");
    expect(markup).not.toMatch(/<h[1-6]/);
    expect(wordsOf(markup)).toBe("Title text");
  });

  test("shows bold and inline code as such", () => {
    const markup = answerText("a **bold** `code`");
    expect(markup).toMatch(/<strong[^>]*>bold<\/strong>/);
    expect(markup).toMatch(/<code[^>]*>code<\/code>/);
  });

  test("keeps code as it was written: no bold, no citations, no verdicts in it", () => {
    const text = "```\na **b** `c`\n```";
    const markup = answerText(text, [sentence(0, text.length, [1])]);
    expect(markup).toContain("a **b** `c`");
    expect(markup).toMatch(/<pre[^>]*><code/);
    expect(/<code[^>]*>(.*?)<\/code>/s.exec(markup)?.[1]).toBe("a **b** `c`");
    expect(markup).not.toMatch(/<strong|Citation|supported/);
  });

  test("that is empty makes no paragraph", () => {
    expect(answerText("")).not.toMatch(/<p\b/);
    expect(answerText(" \n\n ")).not.toMatch(/<p\b/);
  });

  const wraps: [string, (text: string) => string][] = [
    ["a paragraph", (text) => text],
    ["an item", (text) => `- ${text}`],
    ["a heading", (text) => `# ${text}`],
    ["bold", (text) => `**${text}**`],
    ["inline code", (text) => `\`${text}\``],
    ["code", (text) => `\`\`\`\n${text}\n\`\`\``],
    ["code that never ends", (text) => `\`\`\`html\n${text}`],
    ["a link", (text) => `[a](${text})`],
    ["an image", (text) => `![a](${text})`],
  ];
  test.each(wraps)("hostile as %s stays text and loads nothing", (_, wrap) => {
    for (const text of hostileTexts) {
      const markup = answerText(wrap(text), [sentence(0, wrap(text).length, [1])]);
      expect(isHarmless(markup), text).toBe(true);
      expect(markup, text).not.toMatch(/<a\b|<[^>]*\s(?:src|href)=/);
    }
  });
});

describe("a citation", () => {
  const citation = citationOf(4, { page: 12 });

  test("is a button whose name says where it leads, not a bare number", () => {
    const markup = markupOf(<CitationChip citation={citation} all={[citation]} />);
    expect(markup).toMatch(/<button[^>]*type="button"/);
    expect(markup).toContain('aria-label="Citation 4: Document 4 · page 12"');
    expect(wordsOf(markup)).toBe("4");
  });

  test("goes nowhere by an address: only the reader opens it", () => {
    expect(markupOf(<CitationChip citation={citation} all={[citation]} />)).not.toMatch(/href/);
  });

  test.each(hostileTexts)("of a document called %s stays text", (title) => {
    const hostile = citationOf(1, { document: { id: "d", title, path: title }, quote: title });
    expect(isHarmless(markupOf(<CitationChip citation={hostile} all={[hostile]} />))).toBe(true);
  });
});

describe("the sources of an answer", () => {
  const sources = (count: number, matched = count) =>
    markupOf(
      <Sources passages={Array.from({ length: count }, (_, n) => passageOf(n + 1))} matched={matched} citations={[citationOf(1)]} />,
    );

  test("are a named part that says how many were read from how many documents", () => {
    expect(sources(2)).toMatch(/^<section aria-label="Sources"/);
    expect(wordsOf(sources(2))).toContain("2 passages from 2 documents");
    expect(wordsOf(sources(1))).toContain("1 passage from 1 document");
  });

  test("count a document once, however many passages it gave", () => {
    const { document } = passageOf(1);
    const markup = markupOf(<Sources passages={[passageOf(1), passageOf(2, { document })]} matched={2} citations={[]} />);
    expect(wordsOf(markup)).toContain("2 passages from 1 document");
  });

  test("tell how much more was found, only where it is more than what was read", () => {
    expect(wordsOf(sources(2, 9))).toContain("9 passages matched");
    expect(wordsOf(sources(2, 2))).not.toContain("matched");
  });

  test("show four at first and say how many more there are", () => {
    expect(sources(4).match(/<li/g)).toHaveLength(4);
    expect(wordsOf(sources(4))).not.toContain("more");
    expect(sources(7).match(/<li/g)).toHaveLength(4);
    expect(wordsOf(sources(7))).toContain("Show 3 more");
  });

  test("of an earlier visit are what was cited; without either there is no empty box", () => {
    const cited = markupOf(<Sources passages={[]} matched={0} citations={[citationOf(1), citationOf(2)]} />);
    expect(wordsOf(cited)).toBe("2 citations 1 Document 1 Quote 1 2 Document 2 Quote 2");
    expect(markupOf(<Sources passages={[]} matched={0} citations={[]} />)).toBe("");
  });

  test.each(hostileTexts)("that say %s stay text", (text) => {
    const citation = citationOf(1, { quote: text, document: { id: "d", title: text } });
    expect(isHarmless(markupOf(<Sources passages={[]} matched={0} citations={[citation]} />))).toBe(true);
  });
});

describe("the foot of an answer", () => {
  const timings = { load: 0, retrieval: 40, sources: 55, firstToken: 320, total: 2100 };
  const usage = { promptTokens: 900, completionTokens: 1234 };
  const foot = (more: Partial<Parameters<typeof AnswerFooter>[0]> = {}) =>
    wordsOf(markupOf(<AnswerFooter state="complete" model="local:small-1b" timings={timings} usage={usage} {...more} />));

  test("names the model without its provider, and how long each step took", () => {
    expect(foot()).toBe("small-1b sources 55 ms · first word 320 ms · total 2.1 s · 1,234 tokens");
  });

  test("keeps the provider of a model that is not local: it says where the words came from", () => {
    expect(foot({ model: "remote:big" })).toContain("remote:big");
  });

  test("says that it was stopped and that nothing is lost, only when it was", () => {
    expect(foot({ state: "stopped" })).toContain("Stopped. What was written is kept.");
    for (const state of ["complete", "done", "failed", "streaming"] as const) expect(foot({ state })).not.toContain("Stopped");
  });

  test("says that the model stands alone, and then claims no time for sources", () => {
    const alone = foot({ fromModelAlone: true });
    expect(alone).toContain("From the model alone, no source was read");
    expect(alone).not.toContain("sources 55 ms");
  });

  test("keeps its height and says nothing before anything is known", () => {
    const markup = markupOf(<AnswerFooter state="answering" model={undefined} timings={undefined} usage={undefined} />);
    expect(markup).toMatch(/^<footer/);
    expect(wordsOf(markup)).toBe("");
  });
});

describe("an answer under way", () => {
  const asked = startAsk({ question: "Who?", collections: ["c"] });
  const read = applyAskItem(asked, { type: "sources", seq: 0, thread: "t", message: "m", passages: [passageOf(1)], matched: 1 });
  const live = (ask: typeof asked) => markupOf(<LiveAnswer ask={ask} />);

  test("is an article that the keyboard can stand on, from its first moment", () => {
    expect(live(asked)).toMatch(/^<article[^>]*tabindex="-1"[^>]*aria-label="Answer"/i);
    expect(wordsOf(live(asked))).toBe("Searching your sources");
  });

  test("shows its sources before a word, and words in place of the waiting", () => {
    expect(wordsOf(live(read))).toContain("1 passage from 1 document");
    expect(wordsOf(live(read))).toContain("Reading the passages");
    const written = live(applyAskItem(read, { type: "token", seq: 1, text: "Ada" }));
    expect(wordsOf(written)).toContain("Ada");
    expect(wordsOf(written)).not.toContain("Reading the passages");
  });

  test("that failed keeps what was written beside what failed", () => {
    const written = applyAskItem(read, { type: "token", seq: 1, text: "Half an" });
    const markup = live({ ...written, phase: "failed", problem: { code: "MEMORY_LOW", message: "No memory.", hint: "Close a window." } });
    expect(wordsOf(markup)).toContain("Half an");
    expect(wordsOf(markup)).toContain("No memory. Close a window. MEMORY_LOW");
    expect(markup).toContain('role="alert"');
  });

  test("that is refused says so in place of an answer, with the closest passages", () => {
    const refused: Answer = {
      question: "Who?",
      thread: "t",
      message: "m",
      model: "local:small",
      answer: "HIDDEN",
      refused: true,
      evidenceScore: 0,
      sentences: [],
      citations: [],
      usage: { promptTokens: 0, completionTokens: 0 },
      timings: { load: 0, retrieval: 0, sources: 0, firstToken: 0, total: 0 },
      read: { passages: 1, matched: 1 },
    };
    const words = wordsOf(live(applyAskItem(read, { type: "done", seq: 1, answer: refused })));
    expect(words).toContain("Not in your sources");
    expect(words).toContain("Text of passage 1");
    expect(words).not.toContain("HIDDEN");
  });
});

test("a refusal shows five passages at most and promises none where there are none", () => {
  const many = Array.from({ length: 9 }, (_, n) => passageOf(n + 1));
  expect(markupOf(<Refusal passages={many} />).match(/<li/g)).toHaveLength(5);
  const none = markupOf(<Refusal passages={[]} />);
  expect(wordsOf(none)).not.toContain("closest");
  expect(none).not.toContain("<section");
});

test.each(hostileTexts)("a question that says %s is shown as it was asked", (text) => {
  const markup = markupOf(<QuestionMessage text={text} />);
  expect(isHarmless(markup)).toBe(true);
  expect(markup).toContain('aria-label="Question"');
});

test("how much is read can be left to the setting, and each choice says what it means", () => {
  const markup = (value: "thorough" | undefined) => markupOf(<EffortPicker value={value} onChange={() => {}} />);
  expect(markup(undefined)).toContain('<option value="" selected="">');
  expect(markup("thorough")).toMatch(/<option value="thorough" selected="">/);
  expect(markup(undefined).match(/<option/g)).toHaveLength(4);
  expect(markup(undefined)).toContain('aria-label="How much an answer reads"');
});
