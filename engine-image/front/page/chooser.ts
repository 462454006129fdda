import type { Input } from "#schema/config.ts";
import { element } from "#viewers/dom.ts";
import { cameraButton } from "./camera.ts";
import { microphoneButton } from "./microphone.ts";

/** Where the files of one input come from: a dialog, a drop, a paste, a device, or what is typed. */
export interface Chooser {
  node: HTMLElement;
  /** Say what is chosen, wherever it came from. */
  show(files: readonly File[]): void;
}

// Endings that file dialogs know where the media type means nothing to them.
const endings: Record<Input["kind"], string> = {
  image: "",
  volume: ".nii,.gz,.nrrd,.dcm,.npy",
  array: ".npy,.npz,.h5",
  audio: "",
  text: ".txt",
  table: ".csv,.tsv,.json",
  file: "",
};

export function chooser(input: Input, isOnly: boolean, chosen: (files: File[]) => void): Chooser {
  const name = element("span", { className: "quiet" });
  const hasText = input.kind === "text" || input.kind === "table";
  const area = dropArea(
    input,
    isOnly && !hasText ? "Choose a file" : `Choose “${input.id}”`,
    chosen,
  );
  area.append(name);
  const node = element(
    "div",
    { className: "input" },
    ...(hasText ? typed(input, chosen) : []),
    area,
    deviceOf(input, chosen) ?? "",
  );
  const show = (files: readonly File[]) => {
    const [first, ...more] = files;
    name.textContent = more.length > 0 ? `${files.length} files` : (first?.name ?? "");
  };
  return { node, show };
}

function deviceOf(input: Input, chosen: (files: File[]) => void): HTMLElement | undefined {
  if (input.kind === "image") return cameraButton(input, chosen);
  return input.kind === "audio" ? microphoneButton(input, chosen) : undefined;
}

function dropArea(input: Input, title: string, chosen: (files: File[]) => void): HTMLElement {
  const picker = element("input", {
    type: "file",
    accept: [...input.mediaTypes, endings[input.kind]].filter(Boolean).join(","),
    // A DICOM series is a file for each slice.
    multiple: input.kind === "volume",
  });
  picker.addEventListener("change", () => {
    take([...(picker.files ?? [])]);
    picker.value = "";
  });
  const take = (files: File[]) => {
    if (files.length > 0) chosen(picker.multiple ? files : files.slice(0, 1));
  };
  const area = element(
    "label",
    { className: "drop" },
    picker,
    element("strong", {}, title),
    " or drop it here",
    element("span", { className: "quiet" }, input.description ?? input.mediaTypes.join(", ")),
  );
  for (const type of ["dragenter", "dragover", "dragleave", "drop"] as const)
    area.addEventListener(type, (event) => {
      event.preventDefault();
      area.classList.toggle("over", type === "dragenter" || type === "dragover");
    });
  area.addEventListener("drop", ({ dataTransfer }) => take([...(dataTransfer?.files ?? [])]));
  return area;
}

/** A box to type or paste a text or a table in. */
function typed(input: Input, chosen: (files: File[]) => void): HTMLElement[] {
  const isTable = input.kind === "table";
  const box = element("textarea", { spellcheck: false, rows: 5 });
  if (isTable && input.columns) box.placeholder = `${input.columns.join(",")}\n…`;
  const label = element(
    "label",
    {},
    isTable ? `“${input.id}” as CSV or JSON` : `“${input.id}”`,
    box,
  );
  const button = element(
    "button",
    { type: "button" },
    isTable ? "Use this table" : "Use this text",
  );
  button.addEventListener("click", () => {
    if (box.value.trim() !== "") chosen([fileOf(box.value, input)]);
    else box.focus();
  });
  return [label, button];
}

/** A typed text as the file that it would have been. */
function fileOf(text: string, { kind }: Pick<Input, "kind">): File {
  if (kind !== "table") return new File([text], "text.txt", { type: "text/plain" });
  if (/^\s*[[{]/.test(text)) return new File([text], "table.json", { type: "application/json" });
  return text.split("\n", 1)[0]?.includes("\t")
    ? new File([text], "table.tsv", { type: "text/tab-separated-values" })
    : new File([text], "table.csv", { type: "text/csv" });
}
