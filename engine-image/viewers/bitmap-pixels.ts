import type { Pixels } from "./dicom-picture.ts";

/** A picture's pixels with the colours that its file has. Throws a sentence's end where a browser can't tell them. */
export function pixelsOfBitmap(bitmap: ImageBitmap): Pixels {
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("this browser has no canvas for it");
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const isSolid = data.every((value, at) => at % 4 < 3 || value === 255);
  return { width, height, data: isSolid ? data : seeThroughPixels(bitmap) };
}

/** A canvas keeps the colour of a pixel only as far as it is seen; WebGL keeps it as it is. */
function seeThroughPixels(bitmap: ImageBitmap): Pixels["data"] {
  const { width, height } = bitmap;
  const gl = new OffscreenCanvas(1, 1).getContext("webgl");
  if (!gl || Math.max(width, height) > gl.getParameter(gl.MAX_TEXTURE_SIZE))
    throw new Error(
      "it has pixels that are seen through, whose colours this browser can't tell: save it without them",
    );
  const texture = gl.createTexture();
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, bitmap);
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  const data = new Uint8Array(width * height * 4);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, data);
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return new Uint8ClampedArray(data.buffer);
}
