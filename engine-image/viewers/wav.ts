/** Samples from -1 to 1, an array for each channel. */
export interface Recording {
  channels: Float32Array<ArrayBuffer>[];
  sampleRate: number;
}

type Read = (view: DataView, at: number) => number;

// By format (1: integers, 3: floats) and bits.
const reads: Record<string, Read> = {
  "1 8": (view, at) => (view.getUint8(at) - 128) / 128,
  "1 16": (view, at) => view.getInt16(at, true) / 2 ** 15,
  "1 24": (view, at) =>
    ((view.getInt8(at + 2) << 16) | (view.getUint8(at + 1) << 8) | view.getUint8(at)) / 2 ** 23,
  "1 32": (view, at) => view.getInt32(at, true) / 2 ** 31,
  "3 32": (view, at) => view.getFloat32(at, true),
  "3 64": (view, at) => view.getFloat64(at, true),
};

const extensible = 0xfffe;

/** The recording in a WAV file. Throws a sentence's end for a file that is another, damaged or in a form that isn't read. */
export function readWav(file: Uint8Array): Recording {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const name = (at: number) => new TextDecoder("latin1").decode(file.subarray(at, at + 4));
  if (file.length < 12 || name(0) !== "RIFF" || name(8) !== "WAVE")
    throw new Error("it is no WAV file");
  let form: Form | undefined;
  for (let at = 12; at + 8 <= file.length; ) {
    const length = view.getUint32(at + 4, true);
    const body = at + 8;
    if (name(at) === "fmt ") form = formOf(view, body);
    if (name(at) === "data") {
      if (!form) break;
      if (body + length > file.length) throw new Error("it is shorter than its header says");
      return samplesOf(view, body, length, form);
    }
    // Chunks begin at even places.
    at = body + length + (length % 2);
  }
  throw new Error("it holds no samples");
}

interface Form {
  channels: number;
  sampleRate: number;
  bytes: number;
  read: Read;
}

function formOf(view: DataView, at: number): Form {
  const declared = view.getUint16(at, true);
  const format = declared === extensible ? view.getUint16(at + 24, true) : declared;
  const bits = view.getUint16(at + 14, true);
  const read = reads[`${format} ${bits}`];
  const channels = view.getUint16(at + 2, true);
  if (!read || channels === 0)
    throw new Error(`it holds samples of format ${format} with ${bits} bits, which aren't read`);
  return { channels, sampleRate: view.getUint32(at + 4, true), bytes: bits / 8, read };
}

function samplesOf(view: DataView, start: number, length: number, form: Form): Recording {
  const { channels, sampleRate, bytes, read } = form;
  const count = Math.floor(length / (bytes * channels));
  return {
    sampleRate,
    channels: Array.from({ length: channels }, (_, channel) =>
      Float32Array.from({ length: count }, (_, at) =>
        read(view, start + (at * channels + channel) * bytes),
      ),
    ),
  };
}

/** One channel as a WAV file of 16 bits. */
export function writeWav(samples: Float32Array, sampleRate: number): Blob {
  const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
  const write = (at: number, text: string) => {
    for (const [place, letter] of [...text].entries())
      view.setUint8(at + place, letter.charCodeAt(0));
  };
  write(0, "RIFF");
  view.setUint32(4, view.byteLength - 8, true);
  write(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  write(36, "data");
  view.setUint32(40, samples.length * 2, true);
  for (const [at, sample] of samples.entries())
    view.setInt16(44 + at * 2, Math.max(-1, Math.min(1, sample)) * 32_767, true);
  return new Blob([view], { type: "audio/wav" });
}
