import { constants } from "node:fs";
import { access, copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../../shared/errors.ts";
import { isTrainedData } from "./trained-data.ts";

/** Data that is no language: orientation, and formulas of the legacy engine. */
const notLanguages = new Set(["osd", "equ"]);

export type LanguageData = {
  /** Codes that can be recognised. */
  languages: string[];
  hasOrientation: boolean;
  /**
   * The folder that holds the data of all these languages.
   * @throws INVALID_INPUT for none · MODEL_MISSING for a language without data · MODEL_INVALID for damaged data
   */
  folderFor(languages: string[]): Promise<string>;
  dispose(): Promise<void>;
};

/**
 * Finds `<language>.traineddata.gz` in the folders configured. Tesseract reads one folder only, so languages that lie in
 * different ones are gathered in a temporary folder.
 */
export function createLanguageData(folders: Record<string, string>): LanguageData {
  const gathered = new Map<string, Promise<string>>();
  const sound = new Set<string>();
  const languages = Object.keys(folders).filter((code) => !notLanguages.has(code));

  async function find(code: string): Promise<{ code: string; folder: string }> {
    const folder = Object.hasOwn(folders, code) ? folders[code] : undefined;
    const there = folder !== undefined && (await access(dataFile(folder, code)).then(yes, no));
    if (folder === undefined || !there) throw missing(code, languages);
    if (!sound.has(code) && !(await isTrainedData(dataFile(folder, code)))) throw damaged(code);
    sound.add(code);
    return { code, folder };
  }

  async function gather(found: { code: string; folder: string }[]): Promise<string> {
    const target = await mkdtemp(join(tmpdir(), "croft-ocr-"));
    await Promise.all(
      found.map(({ code, folder }) => copyFile(dataFile(folder, code), dataFile(target, code), constants.COPYFILE_FICLONE)),
    );
    return target;
  }

  return {
    languages,
    hasOrientation: Object.hasOwn(folders, "osd"),
    async folderFor(wanted) {
      const found = await Promise.all(wanted.map(find));
      const [first] = found;
      if (!first) throw new AppError("INVALID_INPUT", "Text recognition needs at least one language.", { hint: "Choose a language." });
      if (found.every(({ folder }) => folder === first.folder)) return first.folder;
      const key = wanted.toSorted().join("+");
      const folder = gathered.get(key) ?? gather(found);
      gathered.set(key, folder);
      return folder;
    },
    async dispose() {
      for (const folder of await Promise.allSettled(gathered.values())) {
        if (folder.status === "fulfilled") await rm(folder.value, { recursive: true, force: true });
      }
    },
  };
}

const dataFile = (folder: string, code: string) => join(folder, `${code}.traineddata.gz`);
const yes = () => true;
const no = () => false;

function missing(code: string, languages: string[]): AppError {
  return new AppError("MODEL_MISSING", `There is no data for recognising text in the language ${JSON.stringify(code.slice(0, 40))}.`, {
    hint: languages.length > 0 ? `Install it, or choose one of: ${languages.join(", ")}.` : "Install a language for text recognition.",
    data: { language: code.slice(0, 40), languages },
  });
}

function damaged(code: string): AppError {
  return new AppError("MODEL_INVALID", `The data for recognising text in the language ${code} is damaged.`, {
    hint: "Install the language again, or choose another one.",
    data: { language: code },
  });
}
