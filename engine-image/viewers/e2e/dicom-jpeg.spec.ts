import { readFileSync } from "node:fs";
import { expect, test } from "../../../site/e2e/test.ts";
import { moduleOf } from "./module.ts";

const base64 = (name: string) => readFileSync(new URL(name, import.meta.url)).toString("base64");

const readers = `
  export { readDicomPicture } from "#viewers/dicom-picture.ts";
  export { withoutJpeg } from "#viewers/dicom-jpeg.ts";
  export { readDicom } from "#viewers/dicom.ts";`;

// The pictures are what pydicom unpacks of the files with Pillow.
for (const name of ["grey", "colour"]) {
  test(`JPEG within DICOM gives the engine's numbers: ${name}`, async ({ page }) => {
    const files = { dicom: base64(`jpeg-${name}.dcm`), picture: base64(`jpeg-${name}.png`) };
    const [have, wanted, values] = await page.evaluate(
      async ([module, { dicom, picture }]) => {
        const { readDicom, readDicomPicture, withoutJpeg } = await import(module);
        const bytes = (text: string) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
        const plain = await withoutJpeg(bytes(dicom));
        const bitmap = await createImageBitmap(new Blob([bytes(picture)]));
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
        context?.drawImage(bitmap, 0, 0);
        const { data = [] } = context?.getImageData(0, 0, bitmap.width, bitmap.height) ?? {};
        const { data: values = [] } = readDicom([plain]) ?? {};
        return [[...readDicomPicture(plain).data], [...data], [...values]];
      },
      [await moduleOf(readers), files] as const,
    );
    expect(have).toEqual(wanted);
    expect(new Set(wanted).size).toBeGreaterThan(50);
    // As a slice of a series, grey has one number a pixel; colours make no volume.
    expect(values).toEqual(name === "grey" ? wanted.filter((_, at) => at % 4 === 0) : []);
  });
}
