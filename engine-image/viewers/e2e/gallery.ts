import { element } from "#viewers/dom.ts";
import { drawInput } from "#viewers/input.ts";
import { drawOutput } from "#viewers/output.ts";
import { inputs } from "./examples/inputs.ts";
import { outputs } from "./examples/outputs.ts";

/** A page with every viewer, for tests and for the eye. */

const coffee = new File([await (await fetch("coffee.jpg")).blob()], "coffee.jpg");
const [image] = inputs;
if (!image) throw new Error("no input to draw on");
const { backdrop } = await drawInput([coffee], image.input);
const main = element("main");
document.body.append(main);

for (const { input, file } of inputs) {
  const { node } = await drawInput(file ? [await file()] : [coffee], input);
  show(
    `input-${input.kind}`,
    element("section", { className: "viewer", ariaLabel: input.id }, node),
  );
}
for (const { id, output, declared, scan } of outputs) {
  const volume = scan && (await drawInput([await scan.file()], scan.input)).volume;
  show(id, await drawOutput(output, { declared, backdrop: volume ? undefined : backdrop, volume }));
}
document.documentElement.dataset["ready"] = "";

function show(id: string, node: HTMLElement): void {
  main.append(element("div", { id }, node));
}
