import { by, type NumberArray } from "#operations/array.ts";
import type { Input } from "#schema/config.ts";
import type { Recording } from "#viewers/wav.ts";
import { resample } from "./resample.ts";

type AudioInput = Pick<Input, "axes" | "sampleRate" | "dtype">;

/** A recording as an array with the input's axes, at its rate. Throws a sentence's end for channels it can't have. */
export function audioArray(recording: Recording, input: AudioInput): NumberArray {
  const { axes, sampleRate = recording.sampleRate, dtype } = input;
  const channels = mixed(recording, axes).map((samples) =>
    fullScale(resample(samples, recording.sampleRate, sampleRate), dtype),
  );
  const length = channels[0]?.length ?? 0;
  const isTimeFirst = typeAt(axes, "time") < typeAt(axes, "channel");
  const data = new Float32Array(length * channels.length);
  for (const [channel, samples] of channels.entries())
    for (let at = 0; at < length; at += 1)
      data[isTimeFirst ? at * channels.length + channel : channel * length + at] = samples[at] ?? 0;
  const sizes = { time: length, channel: channels.length };
  const shape = axes.map(({ type }) => (type === "time" || type === "channel" ? sizes[type] : 1));
  return { data, shape };
}

function typeAt(axes: Input["axes"], type: string): number {
  return axes.findIndex((axis) => axis.type === type);
}

/** As many channels as the axes take: the mean of all for one, one repeated for several. */
function mixed({ channels }: Recording, axes: Input["axes"]): Recording["channels"] {
  const size = axes.find(({ type }) => type === "channel")?.size;
  const wanted = typeof size === "number" ? size : size?.min;
  const isOne = typeAt(axes, "channel") < 0 || wanted === 1;
  const [first] = channels;
  if (!first || (channels.length === 1 && isOne)) return channels;
  if (isOne)
    return [
      first.map(
        (_, at) => channels.reduce((sum, one) => sum + (one[at] ?? 0), 0) / channels.length,
      ),
    ];
  if (wanted === undefined || wanted === channels.length) return channels;
  if (channels.length === 1) return Array.from({ length: wanted }, () => first);
  throw new Error(`it has ${by([channels.length])} channels, and the model takes ${wanted}`);
}

/** Samples of an integer type are full scale. */
function fullScale(samples: Float32Array<ArrayBuffer>, dtype: string): Float32Array<ArrayBuffer> {
  const bits = /^int(8|16|32)$/.exec(dtype)?.[1];
  return bits === undefined ? samples : samples.map((sample) => sample * 2 ** (Number(bits) - 1));
}
