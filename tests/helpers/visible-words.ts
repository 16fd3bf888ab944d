import ts from "typescript";

export type VisibleWords = { line: number; text: string };

/** Attributes whose text a person reads or hears. */
const shown = /^(?:aria-(?:label|description|roledescription|valuetext)|label|title|placeholder|alt|note|text|hint|action|facts|summary)$/;
/** Attributes whose text nobody reads. */
const silent = /^(?:class(?:Name)?|id|key|keys|role|type|style|to|href|rel|target|value|name|align|side|look|size|data-.*)$/;
const keyName = /^(?:(?:Mod|Ctrl|Shift|Alt)\+?.*|Enter|Esc(?:ape)?|Arrow\w+|Key\w*|Digit\w*|Page(?:Up|Down)|Home|End|Tab|Space)$/;
/** Calls whose text is for the program. */
const quietCalls =
  /(?:^|\.)(?:classNames|querySelector(?:All)?|closest|matches|addEventListener|removeEventListener|includes|startsWith|say\w*)$/;

/**
 * Text of a file that somebody would read in the window and that stands in no catalogue: what is written between
 * elements, in attributes that are shown, and every other text that reads like words.
 */
export function visibleWords(path: string, source: string): VisibleWords[] {
  const kind = path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, kind);
  const found: VisibleWords[] = [];
  const report = (node: ts.Node, text: string) =>
    found.push({ line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, text: text.trim().replace(/\s+/g, " ") });
  const visit = (node: ts.Node): void => {
    if (isQuiet(node)) return;
    if (ts.isJsxText(node) && hasWord(node.text)) report(node, node.text);
    if (ts.isJsxAttribute(node) && node.initializer && ts.isStringLiteral(node.initializer)) {
      const text = node.initializer.text;
      if (shown.test(node.name.getText()) ? hasWord(text) && !keyName.test(text) : readsLikeWords(text)) report(node, text);
      return;
    }
    if ((ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) && readsLikeWords(node.text)) report(node, node.text);
    if (ts.isTemplateExpression(node)) {
      const text = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("…");
      if (readsLikeWords(text)) report(node, text);
    }
    node.forEachChild(visit);
  };
  visit(file);
  return found;
}

function isQuiet(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return true;
  if (ts.isJsxAttribute(node)) return silent.test(node.name.getText());
  // What a programmer did wrong is told in English; it never stands in the window.
  if (ts.isNewExpression(node)) return node.expression.getText().endsWith("Error");
  if (ts.isBinaryExpression(node)) return /^[!=]==$/.test(node.operatorToken.getText());
  return (
    ts.isCallExpression(node) &&
    quietCalls.test(node.expression.getText()) &&
    node.arguments.every((one) => ts.isStringLiteralLike(one) || ts.isTemplateExpression(one))
  );
}

const hasWord = (text: string): boolean => /\p{L}{2}/u.test(text);

/** A capital and small letters, or words after one another that are no class names. */
function readsLikeWords(text: string): boolean {
  if (keyName.test(text) || isStyle(text)) return false;
  return /^\W*\p{Lu}\p{Ll}+/u.test(text) || (/\p{L}{2}[\p{L},.:;’']*\s+\p{L}/u.test(text) && /\p{L}{2}/u.test(text));
}

/** Lists of class names, and lists of the names of elements or attributes. */
const isStyle = (text: string): boolean =>
  /(?:^|\s)(?:-?m[xytrbse]?|p[xytrbse]?|h|w|text|bg|border|rounded|flex|grid|gap|size|min-w|max-w|inset|top|font)-[\w[]/.test(text) ||
  /minmax\(/.test(text) ||
  /^[a-z\d]+(?: [a-z\d]+){5,}$/.test(text);
