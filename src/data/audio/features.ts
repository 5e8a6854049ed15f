/** From samples to what the model's input takes. */
import { UserError } from '../../errors.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Binding } from '../samples/binding.js';
import { kaldiFeatures } from './kaldi.js';
import { whisperFeatures } from './whisper.js';

/** waveform: samples from −1 to 1. normalized: those with mean 0 and variance 1 (Wav2Vec2's `do_normalize`). whisper, kaldi: log-mel filter banks. */
export const AUDIO_FEATURES = ['waveform', 'normalized', 'whisper', 'kaldi'] as const;
export type AudioFeatures = (typeof AUDIO_FEATURES)[number];

/** Mel bands that models take. */
const BANDS = [80, 128];

/** As the input's shape tells: [batch, samples], [batch, bands, frames], [batch, frames, bands]. Throws UserError where it doesn't. */
export function guessFeatures({ input, shape }: Binding): AudioFeatures {
  if (shape === null || shape.length === 2) return 'waveform';
  if (shape.length === 3 && BANDS.includes(Number(shape[1]))) return 'whisper';
  if (shape.length === 3 && BANDS.includes(Number(shape[2]))) return 'kaldi';
  throw new UserError(
    'data.audio-features',
    `The model's input '${input}' of shape [${shape.join(', ')}] doesn't tell what it takes of audio. Say it: \`audio: { features: waveform }\` (${AUDIO_FEATURES.join(', ')}).`,
  );
}

/** Without the batch dimension; cut or filled up with silence where the model's shape fixes the length. */
export function featuresOf(
  samples: Float32Array,
  { shape }: Binding,
  { features, samplingRate }: { features: AudioFeatures; samplingRate: number },
): Tensor {
  const fixed = (axis: number) => {
    const dim = shape?.[axis];
    return typeof dim === 'number' && dim > 0 ? dim : null;
  };
  if (features === 'whisper') {
    const mels = fixed(1) ?? BANDS[0]!;
    const frames = fixed(2);
    const data = whisperFeatures(samples, frames === null ? { mels } : { mels, frames });
    return { type: 'float32', dims: [mels, data.length / mels], data };
  }
  if (features === 'kaldi') {
    const filters = fixed(2) ?? BANDS[0]!;
    const { data, frames } = kaldiFeatures(samples, { samplingRate, filters });
    const rows = fixed(1) ?? frames;
    return { type: 'float32', dims: [rows, filters], data: sized(data, rows * filters) };
  }
  const plain = features === 'normalized' ? standardized(samples) : samples;
  const length = fixed(1) ?? plain.length;
  return { type: 'float32', dims: [length], data: sized(plain, length) };
}

function sized(values: Float32Array, length: number): Float32Array {
  if (values.length === length) return values;
  const all = new Float32Array(length);
  all.set(values.subarray(0, length));
  return all;
}

/** As Wav2Vec2's feature extractor has it. */
const VARIANCE_FLOOR = 1e-7;

function standardized(samples: Float32Array): Float32Array {
  let sum = 0;
  let squares = 0;
  for (const value of samples) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / samples.length;
  const deviation = Math.sqrt(Math.max(0, squares / samples.length - mean * mean) + VARIANCE_FLOOR);
  return samples.map((value) => (value - mean) / deviation);
}
