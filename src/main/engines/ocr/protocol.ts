/** A recognised word; the box is in pixels of the image given, from its top left. */
export type OcrWord = { text: string; box: [number, number, number, number]; confidence: number; line: number; block: number };

export type RecognizeInput = {
  /** PNG, JPEG, TIFF, WebP or BMP bytes. */
  image: Uint8Array;
  /** Tesseract codes; data is looked up in `dataFolders` of the engine's configuration. */
  languages: string[];
  /** Only this part, in pixels of the image: left, top, right, bottom. Boxes of words are those of the part and its white border. */
  crop?: [number, number, number, number];
};
export type RecognizeOutput = {
  /** In reading order; boxes already turned back into the coordinates of the image given. */
  words: OcrWord[];
  /** Mean word confidence, 0–1. */
  confidence: number;
  width: number;
  height: number;
  /** Degrees clockwise by which the page had to be turned: 0, 90, 180, 270. */
  rotation: number;
};

export type OcrConfig = {
  /** Folders of `<lang>.traineddata.gz`, by language code. */
  languageFolders: Record<string, string>;
  /** Tesseract workers at most. */
  workers: number;
};

export type OcrProtocol = {
  recognize: { input: RecognizeInput; output: RecognizeOutput };
  languages: { input: Record<string, never>; output: string[] };
};
