/**
 * Regular expressions of strangers, matched in time proportional to text × pattern whatever the pattern: a
 * nondeterministic automaton walked state set by state set (K. Thompson, "Regular Expression Search Algorithm", 1968).
 * Literals, `.`, classes, `\d \w \s` and their opposites, groups, `|`, `* + ? {n,m}`, `^` and `$`. No look-around and no
 * back references: they cannot be matched so.
 */
export type LinearPattern = { test(text: string): boolean };

type Test = (code: number) => boolean;
type Node =
  | { kind: "test"; test: Test }
  | { kind: "start" | "end" | "empty" }
  | { kind: "all" | "any"; nodes: Node[] }
  | { kind: "repeat"; node: Node; least: number; most: number };
type State = { test?: Test; edge?: "start" | "end"; next: number[] };

const MOST_STATES = 5_000;
const MOST_REPEATS = 1_000;

/** @throws SyntaxError for what cannot be matched in linear time, or would need too many states */
export function linearPattern(source: string): LinearPattern {
  const states: State[] = [];
  const add = (state: State): number => {
    if (states.length >= MOST_STATES) throw new SyntaxError("the pattern is too large");
    return states.push(state) - 1;
  };
  const goal = add({ next: [] });
  const begin = build(parse(source), goal);
  return {
    test(text) {
      const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
      let current = new Set<number>();
      for (let at = 0; at <= codes.length; at += 1) {
        // Unanchored: a match may begin anywhere.
        enter(begin, at, current, codes.length);
        if (current.has(goal)) return true;
        if (at === codes.length) return false;
        const next = new Set<number>();
        for (const index of current) {
          const state = states[index];
          if (state?.test?.(codes[at] ?? 0) === true) for (const target of state.next) enter(target, at + 1, next, codes.length);
        }
        if (next.has(goal)) return true;
        current = next;
      }
      return false;
    },
  };

  function enter(first: number, at: number, into: Set<number>, length: number): void {
    const waiting = [first];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      if (into.has(index)) continue;
      const state = states[index];
      if (!state) continue;
      if (state.edge === "start" && at !== 0) continue;
      if (state.edge === "end" && at !== length) continue;
      into.add(index);
      if (!state.test) waiting.push(...state.next);
    }
  }

  /** Adds the states of a node that lead to `next`; returns where it begins. */
  function build(node: Node, next: number): number {
    switch (node.kind) {
      case "test":
        return add({ test: node.test, next: [next] });
      case "start":
      case "end":
        return add({ edge: node.kind, next: [next] });
      case "empty":
        return next;
      case "all":
        return node.nodes.reduceRight((to, part) => build(part, to), next);
      case "any":
        return add({ next: node.nodes.map((part) => build(part, next)) });
      case "repeat": {
        let to = next;
        if (node.most === Infinity) {
          const loop = add({ next: [next] });
          states[loop]?.next.push(build(node.node, loop));
          to = loop;
        } else for (let more = node.least; more < node.most; more += 1) to = add({ next: [next, build(node.node, to)] });
        for (let times = 0; times < node.least; times += 1) {
          const begun = build(node.node, to);
          // What has no states stays so however often it is repeated: nested, that would be a thousand times a thousand times ….
          if (begun === to) break;
          to = begun;
        }
        return to;
      }
    }
  }
}

const digit: Test = (code) => code >= 48 && code <= 57;
const word: Test = (code) => digit(code) || code === 95 || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
const space: Test = (code) => /\s/u.test(String.fromCodePoint(code));
const not =
  (test: Test): Test =>
  (code) =>
    !test(code);
const CLASSES: Readonly<Record<string, Test>> = { d: digit, D: not(digit), w: word, W: not(word), s: space, S: not(space) };
const CONTROLS: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

function parse(source: string): Node {
  const text = Array.from(source);
  let at = 0;
  const node = alternatives(0);
  if (at < text.length) throw new SyntaxError("unmatched )");
  return node;

  function alternatives(depth: number): Node {
    if (depth > 50) throw new SyntaxError("groups are nested too deeply");
    const nodes = [sequence(depth)];
    while (text[at] === "|") {
      at += 1;
      nodes.push(sequence(depth));
    }
    return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: "any", nodes };
  }

  function sequence(depth: number): Node {
    const nodes: Node[] = [];
    while (at < text.length && text[at] !== "|" && text[at] !== ")") nodes.push(repeated(atom(depth)));
    return nodes.length === 0 ? { kind: "empty" } : { kind: "all", nodes };
  }

  function repeated(node: Node): Node {
    const range =
      text[at] === "*"
        ? [0, Infinity]
        : text[at] === "+"
          ? [1, Infinity]
          : text[at] === "?"
            ? [0, 1]
            : text[at] === "{"
              ? counted()
              : undefined;
    if (!range) return node;
    at += 1;
    // Greedy or lazy makes no difference to whether there is a match.
    if (text[at] === "?") at += 1;
    if (["*", "+", "{"].includes(text[at] ?? "")) throw new SyntaxError("nothing to repeat");
    const [least = 0, most = 0] = range;
    if (most < least || least > MOST_REPEATS || (most !== Infinity && most > MOST_REPEATS))
      throw new SyntaxError("a repetition is out of range");
    return { kind: "repeat", node, least, most };
  }

  /** Leaves the place at the closing brace. */
  function counted(): [number, number] {
    const found = /^\{(\d{1,5})(,(\d{0,5}))?\}/u.exec(text.slice(at, at + 16).join(""));
    if (!found) throw new SyntaxError("a { that repeats nothing is written \\{");
    at += found[0].length - 1;
    const least = Number(found[1]);
    return [least, found[2] === undefined ? least : found[3] === "" ? Infinity : Number(found[3])];
  }

  function atom(depth: number): Node {
    const character = text[at] ?? "";
    at += 1;
    if (character === "(") {
      if (text[at] === "?") {
        if (text[at + 1] !== ":") throw new SyntaxError("look-around and named groups are not supported");
        at += 2;
      }
      const inner = alternatives(depth + 1);
      if (text[at] !== ")") throw new SyntaxError("unmatched (");
      at += 1;
      return inner;
    }
    if (character === "[") return { kind: "test", test: characterClass() };
    if (character === "^") return { kind: "start" };
    if (character === "$") return { kind: "end" };
    if (character === ".") return { kind: "test", test: (code) => code !== 10 && code !== 13 };
    if ("*+?{".includes(character)) throw new SyntaxError("nothing to repeat");
    return { kind: "test", test: character === "\\" ? escaped() : is(character) };
  }

  function escaped(): Test {
    const character = text[at] ?? "";
    at += 1;
    if (character === "") throw new SyntaxError("\\ at the end");
    const known = Object.hasOwn(CLASSES, character) ? CLASSES[character] : undefined;
    if (known) return known;
    if (Object.hasOwn(CONTROLS, character)) return is(CONTROLS[character] ?? "");
    if (/[\p{L}\d]/u.test(character)) throw new SyntaxError(`\\${character} is not supported`);
    return is(character);
  }

  function characterClass(): Test {
    const negated = text[at] === "^";
    if (negated) at += 1;
    const tests: Test[] = [];
    for (let first = true; text[at] !== "]" || first; first = false) {
      if (at >= text.length) throw new SyntaxError("unmatched [");
      const character = text[at] ?? "";
      at += 1;
      if (character === "\\" && Object.hasOwn(CLASSES, text[at] ?? "")) {
        tests.push(escaped());
        continue;
      }
      const from = character === "\\" ? literal() : character;
      if (text[at] === "-" && text[at + 1] !== "]" && at + 1 < text.length) {
        at += 1;
        const end = text[at] ?? "";
        at += 1;
        const [low, high] = [from.codePointAt(0) ?? 0, (end === "\\" ? literal() : end).codePointAt(0) ?? 0];
        if (high < low) throw new SyntaxError("a range is out of order");
        tests.push((code) => code >= low && code <= high);
      } else tests.push(is(from));
    }
    at += 1;
    return (code) => tests.some((test) => test(code)) !== negated;
  }

  function literal(): string {
    const character = text[at] ?? "";
    at += 1;
    if (/[\p{L}\d]/u.test(character) && !Object.hasOwn(CONTROLS, character)) throw new SyntaxError(`\\${character} is not supported here`);
    return CONTROLS[character] ?? character;
  }
}

const is = (character: string): Test => {
  const wanted = character.codePointAt(0);
  return (code) => code === wanted;
};
