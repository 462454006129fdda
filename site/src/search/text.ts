import { fold } from "../search.ts";
import { type Facts, fields } from "./fields.ts";

const known = new WeakMap<Facts, string>();

/** All words of a model, folded, a space before each. */
export function textOf(model: Facts): string {
  let text = known.get(model);
  if (text === undefined) {
    const words = fields.flatMap((field) => (field.kind === "word" ? field.read(model) : []));
    text = ` ${fold([...words, model.summary].join(" "))}`;
    known.set(model, text);
  }
  return text;
}
