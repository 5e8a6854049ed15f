/** Speech for the models that hear: thirty seconds out of a package, in pieces, resampled, or as spectra. */
import { readFileSync } from 'node:fs';
import { packageFile } from './fetch.js';

/** Samples per second of the recording. */
export const RATE = 16_000;

/** Thirty seconds of a conversation, in [-1, 1). */
export async function speech(cache: string): Promise<Float32Array> {
  return pcm16(readFileSync(await packageFile('pyannote.audio', 'pyannote/audio/sample/sample.wav', cache)));
}

/** Samples of a mono RIFF file of 16-bit PCM.
 *  @throws Error when it is something else. */
export function pcm16(bytes: Buffer): Float32Array {
  let at = 12;
  while (at + 8 <= bytes.length) {
    const length = bytes.readUInt32LE(at + 4);
    if (bytes.toString('latin1', at, at + 4) === 'data') {
      const count = Math.min(length, bytes.length - at - 8) >> 1;
      return Float32Array.from({ length: count }, (_, i) => bytes.readInt16LE(at + 8 + 2 * i) / 32768);
    }
    at += 8 + length + (length & 1);
  }
  throw new Error('no samples in the recording');
}

/** Linear interpolation to another rate: what is lost above its frequencies does not matter here. */
export function resampled(samples: Float32Array, rate: number): Float32Array {
  const step = RATE / rate;
  const length = Math.floor((samples.length - 1) / step);
  return Float32Array.from({ length }, (_, i) => {
    const at = Math.floor(i * step);
    const share = i * step - at;
    return samples[at]! * (1 - share) + samples[at + 1]! * share;
  });
}

/** `length` samples from `start` on, times `gain`, zeros behind the end. */
export function piece(samples: Float32Array, start: number, length: number, gain = 1): Float32Array {
  return Float32Array.from({ length }, (_, i) => (samples[start + i] ?? 0) * gain);
}

/** Starts of `count` pieces of a length, spread evenly over a recording. */
export function starts(samples: Float32Array, length: number, count: number): number[] {
  const room = Math.max(0, samples.length - length);
  return Array.from({ length: count }, (_, i) => Math.floor((room * i) / Math.max(1, count - 1)));
}

export interface Spectrum {
  /** [frames, bins], real and imaginary parts. */
  real: Float32Array;
  imaginary: Float32Array;
  frames: number;
  bins: number;
}

/** Short-time Fourier transform by definition: frames are few here.
 *  @param window factors, one per sample of a frame. */
export function spectrum(samples: Float32Array, hop: number, window: Float32Array): Spectrum {
  const size = window.length;
  const bins = size / 2 + 1;
  const frames = Math.max(0, Math.floor((samples.length - size) / hop) + 1);
  const [real, imaginary] = [new Float32Array(frames * bins), new Float32Array(frames * bins)];
  const cosine = Float64Array.from({ length: size }, (_, i) => Math.cos((2 * Math.PI * i) / size));
  const sine = Float64Array.from({ length: size }, (_, i) => Math.sin((2 * Math.PI * i) / size));
  for (let frame = 0; frame < frames; frame++) {
    const values = Float64Array.from(window, (factor, i) => factor * samples[frame * hop + i]!);
    for (let bin = 0; bin < bins; bin++) {
      let [re, im] = [0, 0];
      for (let i = 0; i < size; i++) {
        const turn = (bin * i) % size;
        re += values[i]! * cosine[turn]!;
        im -= values[i]! * sine[turn]!;
      }
      real[frame * bins + bin] = re;
      imaginary[frame * bins + bin] = im;
    }
  }
  return { real, imaginary, frames, bins };
}

export function hann(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
}
