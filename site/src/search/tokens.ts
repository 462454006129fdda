export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~";

export type Token =
  | { type: "&&" | "||" | "!" | "(" | ")" }
  | { type: "word"; text: string }
  | { type: "comparison"; field: string; operator: Operator; value: string };

const comparison = /([a-z][\w-]*)\s*(<=|>=|!=|=|<|>|~)\s*("[^"]*"?|[^\s&|()]*)/iy;
// One & or | belongs to a word, as in R&D.
const word = /"[^"]*"?|(?:[^\s&|()"]|&(?!&)|\|(?!\|))+/y;
const sign = /&&|\|\||[()]|!(?=\s*[(a-z!])/iy;

/** The parts of what a reader typed. */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(query);
    if (found) at = pattern.lastIndex;
    return found;
  };
  while (at < query.length) {
    if (take(/\s+/y)) continue;
    const compared = take(comparison);
    if (compared) {
      const [, field = "", operator, value = ""] = compared;
      tokens.push({
        type: "comparison",
        field: field.toLowerCase(),
        operator: operator as Operator,
        value: unquoted(value),
      });
      continue;
    }
    const signed = take(sign);
    if (signed) tokens.push({ type: signed[0] as "&&" | "||" | "!" | "(" | ")" });
    else tokens.push({ type: "word", text: unquoted((take(word) ?? take(/./y))?.[0] ?? "") });
  }
  return tokens;
}

const unquoted = (text: string): string => text.replace(/^"([^"]*)"?$/, "$1");
