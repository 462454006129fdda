import { words } from "#viewers/format.ts";
import { cardFacts } from "../format.ts";
import type { Facts } from "../search/fields.ts";

/** A card made from the template of the page; its plate is still empty. */
export function fillCard(template: HTMLTemplateElement, model: Facts, models: string): HTMLElement {
  const card = template.content.firstElementChild?.cloneNode(true) as HTMLElement;
  card.dataset["card"] = model.id;
  fill(card, ".overline span", model.task ? words(model.task) : "Model");
  if (model.state === "deprecated") card.querySelector(".overline")?.append(mark("Deprecated"));
  fill(card, "h3 a", model.title).setAttribute("href", `${models}${model.id}/`);
  fill(card, ".summary", model.summary);
  const facts = cardFacts(model).map((fact) => {
    const item = document.createElement("li");
    item.textContent = fact;
    return item;
  });
  card.querySelector(".facts")?.replaceChildren(...facts);
  card.querySelector("input")?.setAttribute("value", model.id);
  fill(card, ".pick span", ` ${model.title}`);
  return card;
}

function mark(text: string): HTMLElement {
  const element = document.createElement("span");
  element.className = "mark";
  element.textContent = text;
  return element;
}

function fill(card: HTMLElement, selector: string, text: string): Element {
  const element = card.querySelector(selector);
  if (element === null) throw new Error(`the card's template has no ${selector}`);
  element.textContent = text;
  return element;
}
