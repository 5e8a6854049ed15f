/** wav files as one channel of samples at the rate that a model takes. */
import { readFile } from 'node:fs/promises';
import { WaveFile } from 'wavefile';
import { messageOf } from '../../errors.js';
import { UndecodableSample } from '../samples/source.js';
import { resampled } from './resample.js';

export interface Waveform {
  /** From −1 to 1. */
  samples: Float32Array;
  /** Of the file, in Hz. */
  storedRate: number;
}

/** Full scale of integer samples, by bits. */
const FULL_SCALE: Record<string, number> = { '8': 2 ** 7, '16': 2 ** 15, '24': 2 ** 23, '32': 2 ** 31 };

/** PCM, floating point, and the header that says which of them in its extension. */
const READABLE_FORMATS = [1, 3, 0xfffe];
/** What recordings are made at, in Hz, with room on both sides: a rate beyond is damage, and would be resampled to millions of samples. */
const RATES = { least: 1_000, most: 768_000 };

/**
 * PCM of 8, 16, 24 and 32 bits, and floating point of 32 and 64; channels are averaged, and another rate is resampled. `id` names the
 * sample. Throws UndecodableSample.
 */
export async function readWav(path: string, id: string, samplingRate: number): Promise<Waveform> {
  try {
    return decodeWav(await readFile(path), samplingRate);
  } catch (error) {
    throw new UndecodableSample(id, messageOf(error));
  }
}

/** Throws Error for bytes that are no wav file, or one in another encoding. */
export function decodeWav(bytes: Uint8Array, samplingRate: number): Waveform {
  assertWhole(bytes);
  const wav = new WaveFile(bytes);
  const {
    sampleRate: storedRate,
    numChannels,
    audioFormat,
  } = wav.fmt as Record<'sampleRate' | 'numChannels' | 'audioFormat', number>;
  if (!READABLE_FORMATS.includes(audioFormat))
    throw new Error(`its samples are coded as format ${audioFormat}; PCM and floating point are read`);
  if (numChannels < 1 || storedRate < RATES.least || storedRate > RATES.most)
    throw new Error(`its header is damaged: ${numChannels} channels at ${storedRate} Hz`);
  const depth = String(wav.bitDepth);
  const scale = depth === '32f' || depth === '64' ? 1 : FULL_SCALE[depth];
  if (scale === undefined)
    throw new Error(`its samples are coded as '${depth}'; PCM and floating point are read`);
  // 8-bit samples count from 0, with silence at 128.
  const silence = depth === '8' ? 128 : 0;
  const stored = wav.getSamples(false, Float64Array) as unknown as Float64Array | Float64Array[];
  const channels = numChannels === 1 ? [stored as Float64Array] : (stored as Float64Array[]);
  const length = channels[0]!.length;
  if (length === 0) throw new Error('it holds no samples');
  const mono = new Float64Array(length);
  for (let at = 0; at < length; at++) {
    let sum = 0;
    for (const channel of channels) sum += channel[at]!;
    mono[at] = (sum / channels.length - silence) / scale;
  }
  return {
    samples:
      storedRate === samplingRate ? Float32Array.from(mono) : resampled(mono, storedRate, samplingRate),
    storedRate,
  };
}

/** Sizes from here on stand for "until the end": written by who streams and doesn't know yet. */
const UNKNOWN_SIZE = 0x7fff0000;

/** Throws Error for a file that ends before its header says: a cut recording would be measured as a whole one. */
function assertWhole(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number) => Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');
  for (let at = 12; tag(0) === 'RIFF' && at + 8 <= bytes.length; ) {
    const [size, held] = [view.getUint32(at + 4, true), bytes.length - at - 8];
    if (tag(at) === 'data' && size > held && size < UNKNOWN_SIZE)
      throw new Error(`it is cut: its header promises ${size} bytes of sound, and ${held} are there`);
    at += 8 + size + (size % 2);
  }
}

/** Rate in the file's header, in Hz; null where the bytes aren't a wav file's. */
export function rateOf(head: Uint8Array): number | null {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const tag = (at: number) => Buffer.from(head.subarray(at, at + 4)).toString('latin1');
  for (let at = 12; tag(0) === 'RIFF' && at + 16 <= head.length; at += 8 + view.getUint32(at + 4, true))
    if (tag(at) === 'fmt ') return view.getUint32(at + 12, true);
  return null;
}
