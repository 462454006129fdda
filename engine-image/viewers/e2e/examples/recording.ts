/** One second of two tones, as WAV. */
export function recording(): File {
  const rate = 8000;
  const file = new DataView(new ArrayBuffer(44 + rate * 2));
  const text = (at: number, letters: string) => {
    for (const [index, letter] of [...letters].entries())
      file.setUint8(at + index, letter.charCodeAt(0));
  };
  text(0, "RIFF");
  file.setUint32(4, 36 + rate * 2, true);
  text(8, "WAVEfmt ");
  file.setUint32(16, 16, true);
  file.setUint16(20, 1, true);
  file.setUint16(22, 1, true);
  file.setUint32(24, rate, true);
  file.setUint32(28, rate * 2, true);
  file.setUint16(32, 2, true);
  file.setUint16(34, 16, true);
  text(36, "data");
  file.setUint32(40, rate * 2, true);
  for (let at = 0; at < rate; at += 1) {
    const loud = Math.sin((at / rate) * 9) ** 2;
    file.setInt16(44 + at * 2, 20_000 * loud * Math.sin(at * 0.4), true);
  }
  return new File([file.buffer], "tones.wav", { type: "audio/wav" });
}
