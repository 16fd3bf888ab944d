/** What a schema says of a value: an issue of zod, or of another library that keeps to Standard Schema. */
type Issue = { readonly message: string; readonly [fact: string]: unknown };

/**
 * An issue in words for a person, to be put behind the name of what is wrong: "limit must be at least 1". Zod's own
 * message where there are no better words.
 */
export function issueWords(issue: Issue): string {
  const { code, message, minimum, maximum, expected, values, keys, format } = issue;
  switch (code) {
    case "too_small":
      return isCounted(issue) && minimum === 1 ? "must not be empty" : `must ${bound(issue, "at least", "more than", minimum)}`;
    case "too_big":
      return `must ${bound(issue, "at most", "less than", maximum)}`;
    case "invalid_type":
      if (message.endsWith("received undefined")) return "is missing";
      return `must be ${kinds[String(expected)] ?? String(expected)}`;
    case "invalid_value":
      return Array.isArray(values) ? `must be ${values.length > 1 ? "one of " : ""}${values.map(String).join(", ")}` : named(message);
    case "unrecognized_keys":
      return Array.isArray(keys) ? `has what is not known here: ${keys.map(String).join(", ")}` : named(message);
    case "invalid_format":
      return format === "uuid" ? "must be an id, as lists show it" : named(message);
    default:
      return named(message);
  }
}

const kinds: Record<string, string> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "an object",
  string: "text",
};

const units: Record<string, string> = { string: "characters", array: "entries", set: "entries" };

const isCounted = ({ origin }: Issue): boolean => Object.hasOwn(units, String(origin));

function bound(issue: Issue, inclusive: string, exclusive: string, limit: unknown): string {
  const words = `${issue["inclusive"] === false ? exclusive : inclusive} ${String(limit)}`;
  return isCounted(issue) ? `have ${words} ${units[String(issue["origin"])]}` : `be ${words}`;
}

const named = (message: string): string => `is refused (${message})`;
