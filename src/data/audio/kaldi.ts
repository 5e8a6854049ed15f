/** Kaldi's filter-bank features (`compute-fbank-feats`), without dither: 25 ms frames every 10 ms, Povey's window. */
import { type MelBank, melEnergies, melOf, PowerSpectrum } from './spectrum.js';

const FRAME_SECONDS = 0.025;
const SHIFT_SECONDS = 0.01;
const LOWEST_HERTZ = 20;
const PREEMPHASIS = 0.97;
/** Exponent of the Hann window that makes it Povey's. */
const POVEY = 0.85;
/** Full scale of the 16-bit samples that Kaldi reads. */
const FULL_SCALE = 32_768;
/** FLT_EPSILON: what a logarithm is taken of at least. */
const FLOOR = 1.1920928955078125e-7;

export interface FilterBank {
  /** Row by row, [frames, filters]. */
  data: Float32Array;
  frames: number;
}

/** Of samples from −1 to 1; frames that aren't whole are left out (snip-edges). */
export function kaldiFeatures(
  samples: Float32Array,
  { samplingRate, filters = 80 }: { samplingRate: number; filters?: number },
): FilterBank {
  const [size, shift] = [FRAME_SECONDS, SHIFT_SECONDS].map((seconds) =>
    Math.round(seconds * samplingRate),
  ) as [number, number];
  const frames = samples.length < size ? 0 : 1 + Math.floor((samples.length - size) / shift);
  const spectrum = new PowerSpectrum(2 ** Math.ceil(Math.log2(size)));
  const bank = htkBank({ filters, spectrum, samplingRate });
  const window = Float64Array.from(
    { length: size },
    (_, at) => (0.5 - 0.5 * Math.cos((2 * Math.PI * at) / (size - 1))) ** POVEY,
  );
  const data = new Float32Array(frames * filters);
  for (let index = 0; index < frames; index++) {
    const frame = Float64Array.from(
      samples.subarray(index * shift, index * shift + size),
      (value) => value * FULL_SCALE,
    );
    const mean = frame.reduce((sum, value) => sum + value, 0) / size;
    for (let at = 0; at < size; at++) frame[at]! -= mean;
    for (let at = size - 1; at > 0; at--) frame[at]! -= PREEMPHASIS * frame[at - 1]!;
    frame[0]! *= 1 - PREEMPHASIS;
    for (let at = 0; at < size; at++) frame[at]! *= window[at]!;
    melEnergies(spectrum.of(frame), bank).forEach((energy, filter) => {
      data[index * filters + filter] = Math.log(Math.max(FLOOR, energy));
    });
  }
  return { data, frames };
}

/** Triangles on the mel scale of height 1, from 20 Hz to half the sampling rate. */
function htkBank({
  filters,
  spectrum,
  samplingRate,
}: {
  filters: number;
  spectrum: PowerSpectrum;
  samplingRate: number;
}): MelBank {
  const { bins, size } = spectrum;
  const [low, high] = [melOf(LOWEST_HERTZ, 'htk'), melOf(samplingRate / 2, 'htk')];
  const step = (high - low) / (filters + 1);
  const weights = new Float64Array(filters * bins);
  for (let filter = 0; filter < filters; filter++) {
    const left = low + filter * step;
    // The bin at half the sampling rate belongs to no filter.
    for (let bin = 0; bin < bins - 1; bin++) {
      const mel = melOf((bin * samplingRate) / size, 'htk');
      const height = Math.min(mel - left, left + 2 * step - mel) / step;
      if (height > 0) weights[filter * bins + bin] = height;
    }
  }
  return { filters, bins, weights };
}
