/** wav files byte by byte. */
export interface WavOptions {
  rate?: number;
  channels?: number;
  /** Bits per sample; 32 with `float`: floating point. */
  bits?: 8 | 16 | 24 | 32;
  float?: boolean;
}

/** `samples` from −1 to 1, channels interleaved. */
export function wav(
  samples: readonly number[],
  { rate = 16_000, channels = 1, bits = 16, float = false }: WavOptions = {},
): Buffer {
  const bytes = bits / 8;
  const file = Buffer.alloc(44 + samples.length * bytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(float ? 3 : 1, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * channels * bytes, 28);
  file.writeUInt16LE(channels * bytes, 32);
  file.writeUInt16LE(bits, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples.length * bytes, 40);
  samples.forEach((value, at) => {
    const place = 44 + at * bytes;
    if (float) file.writeFloatLE(value, place);
    else if (bits === 8) file.writeUInt8(Math.round(value * 127) + 128, place);
    else file.writeIntLE(Math.round(value * (2 ** (bits - 1) - 1)), place, bytes);
  });
  return file;
}

export function tone(hertz: number, { rate = 16_000, seconds = 0.25 } = {}): number[] {
  return Array.from({ length: rate * seconds }, (_, at) => 0.5 * Math.sin((2 * Math.PI * hertz * at) / rate));
}
