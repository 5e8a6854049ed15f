import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kaldiFeatures } from '../../../src/data/audio/kaldi.js';
import { whisperFeatures } from '../../../src/data/audio/whisper.js';

interface Features {
  shape: [number, number];
  /** Frames that are compared, and the 80 values of each. */
  frames: number[];
  values: number[][];
}

const EXPECTED = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', 'features.json'), 'utf8')) as {
  whisper: Features;
  kaldi: Features;
};

/** The same half second as in make-features.py: a rising tone and a steady one. */
const SAMPLES = Float32Array.from({ length: 8_000 }, (_, at) => {
  const seconds = at / 16_000;
  return (
    0.4 * Math.sin(2 * Math.PI * (300 + 900 * seconds) * seconds) +
    0.1 * Math.sin(2 * Math.PI * 3100 * seconds)
  );
});

function furthest(found: readonly number[], expected: readonly number[]): number {
  return Math.max(...found.map((value, at) => Math.abs(value - expected[at]!)));
}

describe('features of speech', () => {
  it("are Whisper's, as its feature extractor makes them", () => {
    const [mels, frames] = EXPECTED.whisper.shape;
    const features = whisperFeatures(SAMPLES, { mels, frames });
    EXPECTED.whisper.frames.forEach((frame, at) => {
      const found = Array.from({ length: mels }, (_, mel) => features[mel * frames + frame]!);
      expect(furthest(found, EXPECTED.whisper.values[at]!), `frame ${frame}`).toBeLessThan(2e-4);
    });
  });

  it("are Kaldi's filter banks", () => {
    const { data, frames } = kaldiFeatures(SAMPLES, { samplingRate: 16_000 });
    expect([frames, 80]).toEqual(EXPECTED.kaldi.shape);
    // The reference adds up in single precision: quiet bands differ in the second decimal of their logarithm.
    EXPECTED.kaldi.frames.forEach((frame, at) => {
      const found = Array.from(data.subarray(frame * 80, (frame + 1) * 80));
      expect(furthest(found, EXPECTED.kaldi.values[at]!), `frame ${frame}`).toBeLessThan(5e-2);
    });
  });
});
