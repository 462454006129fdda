import { readDicomPicture } from "#viewers/dicom-picture.ts";
import { type Grid, volumeOfGrid } from "#viewers/grid.ts";
import { maskPaint } from "#viewers/mask.ts";
import { unpacked } from "#viewers/packed.ts";
import { type Paint, type Plane, paintPlane } from "#viewers/plane.ts";
import { readScan } from "#viewers/scan.ts";
import { cuts, greyRange, sliceOf, type Volume } from "#viewers/volume.ts";
import { type Picture, type Pixels, pictureOf } from "./png.ts";

// Larger ones weigh more than they tell.
const mostPixels = 256;

/** What is drawn over a slice. */
export interface Cover {
  volume: Volume;
  paint: Paint;
}

/**
 * The middle of a scan, or a picture that is a slice, as a small picture with what lies over it.
 * Nothing where the file is another.
 */
export async function slicePicture(file: File, cover?: Cover): Promise<Picture | undefined> {
  const slice = cover ? undefined : await readSlice(file).catch(() => undefined);
  if (slice) return pictureOf(slice);
  const grid = await readScan([file]).catch(() => undefined);
  return grid && pictureOf(drawn(grid, cover));
}

/** One slice of DICOM as the model sees it, each of its pixels the mean of those that it stands for. */
async function readSlice(file: File): Promise<Pixels | undefined> {
  const picture = readDicomPicture(await unpacked(file));
  if (!picture) return undefined;
  const { width, height } = thinned({ ...picture, at: () => 0 });
  const step = Math.floor(picture.width / width);
  const data = new Uint8Array(width * height * 4);
  for (let at = 0; at < data.length; at += 1) {
    const [column, row] = [Math.floor(at / 4) % width, Math.floor(at / 4 / width)];
    let sum = 0;
    for (let y = row * step; y < (row + 1) * step; y += 1)
      for (let x = column * step; x < (column + 1) * step; x += 1)
        sum += picture.data[(y * picture.width + x) * 4 + (at % 4)] ?? 0;
    data[at] = sum / step ** 2;
  }
  return { width, height, channels: 4, data };
}

function drawn(grid: Grid, cover: Cover | undefined): Pixels {
  const volume = volumeOfGrid(grid);
  const [axial] = cuts;
  const middle = Math.floor(volume.axes[2].size / 2);
  const plane = thinned(sliceOf(volume, axial, middle));
  const { width, height } = plane;
  const { min, max } = greyRange(volume);
  const grey = (value: number) => Math.min(255, Math.max(0, ((value - min) / (max - min)) * 255));
  if (!cover) {
    const data = Uint8Array.from({ length: width * height }, (_, at) =>
      grey(plane.at(at % width, Math.floor(at / width))),
    );
    return { width, height, channels: 1, data };
  }
  const data = new Uint8ClampedArray(width * height * 4);
  paintPlane(data, plane, (value) => [[grey(value), grey(value), grey(value)], 1]);
  paintPlane(data, thinned(sliceOf(cover.volume, axial, middle, volume)), cover.paint);
  return { width, height, channels: 4, data };
}

/** Paints a mask so that the scan below is still seen. */
export const thinPaint: Paint = maskPaint(0.55);

/** Every n-th row and column, so that the longer side has no more than the most pixels. */
export function thinned({ width, height, at }: Plane): Plane {
  const step = Math.max(1, Math.ceil(Math.max(width, height) / mostPixels));
  return {
    width: Math.floor(width / step),
    height: Math.floor(height / step),
    at: (column, row) => at(column * step, row * step),
  };
}
