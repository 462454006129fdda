import { extname } from "node:path";

const byExtension: Record<string, string> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".bmp": "image/bmp",
  ".tif": "image/tiff",
  ".tiff": "image/tiff",
  ".npy": "application/x-npy",
  ".json": "application/json",
};

/** Media type of a file by its name. */
export function mediaTypeOf(path: string): string {
  return byExtension[extname(path).toLowerCase()] ?? "application/octet-stream";
}
