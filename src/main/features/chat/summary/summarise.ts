import { languageCode, loadLanguage, type Language } from "../../../text/languages.ts";
import type { ChatMessage } from "../../../engines/generation/protocol.ts";
import type { ChatModel } from "../../../providers/chat-model.ts";
import type { FoundPassage } from "../../knowledge/index.ts";
import { checkAnswer } from "../check/citations.ts";
import { type Section, sectionsOf, sentencesIn } from "./document-sections.ts";
import type { EvidenceSentence } from "../evidence/evidence.ts";
import { linesOf, type Note, verifiedNotes } from "./notes.ts";
import { createProgress } from "../progress.ts";
import { notesPrompt, sectionPrompt } from "./summary-prompt.ts";
import { keep, show, type Turn, type Written } from "../turn.ts";
import { writeAside } from "../write-aside.ts";

/** Text that is read at once: about 600 tokens, which leaves room in the smallest context and keeps a stop near. */
const UNITS_OF_A_SECTION = 2400;
const TOKENS_OF_A_SECTION = 110;
/** Notes on so many sections are shown as they are; on more, they are summed up. */
const SECTIONS_SHOWN = 6;
const UNITS_OF_NOTES = 3000;
const TOKENS_OF_A_SUMMARY = 220;
const PASSAGES_SHOWN = 8;
/** Sentences of a summary that no model writes. */
const LEADS = 12;

/**
 * Sums up a whole document: every section is read, noted down and held against its text; where there are many, the
 * notes are summed up in turn. Every line cites a sentence of the document. Stopped, what was noted is kept.
 */
export async function summarise(turn: Turn, passages: readonly FoundPassage[]): Promise<Written> {
  const { deps, ids } = turn;
  turn.sources = deps.now() - turn.startedAt - turn.load;
  turn.put({
    type: "sources",
    thread: ids.thread,
    message: ids.answer,
    passages: passages.slice(0, PASSAGES_SHOWN).map(({ section: _section, language: _language, ...passage }) => passage),
    matched: passages.length,
  });
  const language = await loadLanguage(languageCode(passages[0]?.language ?? "en"));
  const sections = sectionsOf(passages, UNITS_OF_A_SECTION);
  const notes = turn.effort === "instant" ? leadsOf(sections, deps.text) : await noteDown(turn, sections, language);
  if (turn.effort === "instant") show(turn, written(notes));
  const isLong = turn.effort !== "instant" && sections.length > SECTIONS_SHOWN;
  const last = isLong ? await sumUp(turn, notes, language) : notes;
  const text = written(last);
  const checked = checkAnswer(text, "", citedBy(last), language, deps.boxes);
  const read =
    turn.effort === "instant" ? new Set(notes.flatMap(({ cites }) => cites.map(({ passage }) => passage))).size : passages.length;
  return { text, checked, refused: false, evidence: undefined, read: { passages: read, matched: passages.length } };
}

/** One section after another; shown at once where nothing is summed up afterwards, and kept in any case. */
async function noteDown(turn: Turn, sections: readonly Section[], language: Language): Promise<Note[]> {
  const model = await turn.deps.chatModel(turn.model);
  const progress = createProgress(turn, sections.length, {
    readTokens: sections.map(({ passages }) => ((passages.at(-1)?.chunk.end ?? 0) - (passages[0]?.chunk.start ?? 0)) / 4),
    writtenTokens: TOKENS_OF_A_SECTION,
    tokensPerSecond: model.readingSpeed(),
  });
  const notes: Note[] = [];
  for (const section of sections) {
    const sentences = sentencesIn(section, turn.deps.text);
    if (sentences.length > 0) {
      const prompt = sectionPrompt(sentences.map(({ text }) => text));
      const fresh = await notesFrom(turn, model, prompt, TOKENS_OF_A_SECTION, sentences, language);
      if (sections.length <= SECTIONS_SHOWN) show(turn, `${notes.length > 0 ? "\n" : ""}${written(fresh)}`);
      notes.push(...fresh);
      if (sections.length > SECTIONS_SHOWN) keep(turn, written(notes));
    }
    progress.step();
  }
  return notes;
}

/** Sums up notes until they fit into one prompt, and once more. */
async function sumUp(turn: Turn, notes: Note[], language: Language): Promise<Note[]> {
  const model = await turn.deps.chatModel(turn.model);
  const batches = inBatches(notes, UNITS_OF_NOTES);
  const shorter: Note[] = [];
  for (const batch of batches) {
    const prompt = notesPrompt(batch.map(({ text }) => text));
    shorter.push(...(await notesFrom(turn, model, prompt, TOKENS_OF_A_SUMMARY, citedBy(batch), language)));
  }
  // Where a model repeats its notes instead of summing up, going on would never end.
  if (batches.length > 1 && shorter.length < notes.length) return sumUp(turn, shorter, language);
  keep(turn, "");
  show(turn, written(shorter));
  return shorter;
}

async function notesFrom(
  turn: Turn,
  model: ChatModel,
  prompt: ChatMessage[],
  maxTokens: number,
  sentences: readonly EvidenceSentence[],
  language: Language,
): Promise<Note[]> {
  const text = await writeAside(turn, model, prompt, maxTokens);
  return verifiedNotes(linesOf(text), sentences, language);
}

/** The first sentence of each section, evenly over the document. */
function leadsOf(sections: readonly Section[], text: (hash: string) => string): Note[] {
  const stride = Math.max(1, sections.length / LEADS);
  const chosen = sections.filter((_, index) => Math.floor(index / stride) !== Math.floor((index - 1) / stride));
  return chosen
    .flatMap((section) => sentencesIn(section, text).slice(0, 1))
    .map((sentence) => ({ text: sentence.text, cites: [sentence] }));
}

function inBatches(notes: readonly Note[], units: number): Note[][] {
  const batches: Note[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const note of notes) {
    used += note.text.length;
    if (used > units) {
      batches.push([]);
      used = note.text.length;
    }
    batches.at(-1)?.push(note);
  }
  return batches;
}

const written = (notes: readonly Note[]) => notes.map(({ text }) => `- ${text.replaceAll(/\s+/gu, " ")}`).join("\n");
const citedBy = (notes: readonly Note[]) => [...new Set(notes.flatMap(({ cites }) => cites))];
