/** Whisper's log-mel spectrogram (Radford et al. 2022): 25 ms frames every 10 ms, slaney's mel filters up to 8 kHz. */
import { hertzOf, type MelBank, melEnergies, melOf, PowerSpectrum } from './spectrum.js';

const WHISPER_RATE = 16_000;
const FRAME = 400;
const HOP = 160;
const HIGHEST_HERTZ = 8_000;
/** Seconds that the encoder takes. */
const CHUNK = 30;
const FLOOR = 1e-10;
/** Below the loudest of the whole, in powers of ten. */
const RANGE = 8;

let spectrum: PowerSpectrum | null = null;
const window = Float64Array.from(
  { length: FRAME },
  (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / FRAME),
);

/**
 * [mels, frames] row by row. Samples at 16 kHz are cut, or filled with silence, to `frames` × 10 ms; default 30 s.
 */
export function whisperFeatures(
  samples: Float32Array,
  { mels = 80, frames = (CHUNK * WHISPER_RATE) / HOP }: { mels?: number; frames?: number } = {},
): Float32Array {
  spectrum ??= new PowerSpectrum(FRAME);
  const length = frames * HOP;
  const padded = new Float64Array(length + FRAME);
  const half = FRAME / 2;
  const at = (index: number) => samples[index] ?? 0;
  for (let index = 0; index < length; index++) padded[half + index] = index < samples.length ? at(index) : 0;
  // Both ends are mirrored, the first and last sample left out.
  for (let index = 0; index < half; index++) {
    padded[half - 1 - index] = at(index + 1);
    padded[half + length + index] = length - 2 - index < samples.length ? at(length - 2 - index) : 0;
  }
  const bank = slaneyBank(mels, spectrum.bins);
  const features = new Float32Array(mels * frames);
  const frame = new Float64Array(FRAME);
  let loudest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < frames; index++) {
    for (let place = 0; place < FRAME; place++) frame[place] = padded[index * HOP + place]! * window[place]!;
    const energies = melEnergies(spectrum.of(frame), bank);
    for (let mel = 0; mel < mels; mel++) {
      const value = Math.log10(Math.max(FLOOR, energies[mel]!));
      features[mel * frames + index] = value;
      loudest = Math.max(loudest, value);
    }
  }
  return features.map((value) => (Math.max(value, loudest - RANGE) + 4) / 4);
}

/** Triangles between points equally far apart on the mel scale, each of area 1. */
function slaneyBank(filters: number, bins: number): MelBank {
  const highest = melOf(HIGHEST_HERTZ, 'slaney');
  const points = Array.from({ length: filters + 2 }, (_, at) =>
    hertzOf((highest * at) / (filters + 1), 'slaney'),
  );
  const weights = new Float64Array(filters * bins);
  for (let filter = 0; filter < filters; filter++) {
    const [low, centre, high] = points.slice(filter, filter + 3) as [number, number, number];
    for (let bin = 0; bin < bins; bin++) {
      const hertz = (bin * WHISPER_RATE) / FRAME;
      const height = Math.max(0, Math.min((hertz - low) / (centre - low), (high - hertz) / (high - centre)));
      weights[filter * bins + bin] = (height * 2) / (high - low);
    }
  }
  return { filters, bins, weights };
}
