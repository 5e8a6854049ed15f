import { describe, expect, it } from 'vitest';
import { decodeWav, rateOf } from '../../../src/data/audio/wav.js';
import { tone, wav } from './recordings.js';

const VALUES = [0, 0.5, -0.5, 0.25, -1];

describe('a wav file', () => {
  it.each([
    { bits: 8 as const, close: 2 },
    { bits: 16 as const, close: 4 },
    { bits: 24 as const, close: 6 },
    { bits: 32 as const, close: 6 },
    { bits: 32 as const, float: true, close: 6 },
  ])('of $bits bits holds samples from −1 to 1 (float: $float)', ({ close, ...options }) => {
    const { samples } = decodeWav(wav(VALUES, options), 16_000);
    expect(samples).toHaveLength(VALUES.length);
    VALUES.forEach((value, at) => {
      expect(Math.abs(samples[at]! - value)).toBeLessThan(10 ** -close * 5);
    });
  });

  it('that ends before its header says is no recording, but one of unknown length is', () => {
    const whole = Buffer.from(wav(VALUES, { bits: 16 }));
    expect(() => decodeWav(whole.subarray(0, whole.length - 4), 16_000)).toThrow(
      /it is cut: its header promises 10 bytes of sound, and 6 are there/,
    );
    const streamed = Buffer.from(whole);
    streamed.writeUInt32LE(0xffffffff, streamed.indexOf('data') + 4);
    expect(() => decodeWav(streamed, 16_000)).not.toThrow(/cut/);
  });

  it('of two channels becomes their mean', () => {
    const { samples } = decodeWav(wav([0.5, -0.5, 0.5, 0.25], { channels: 2 }), 16_000);
    expect(samples[0]).toBeCloseTo(0, 3);
    expect(samples[1]).toBeCloseTo(0.375, 3);
  });

  it('at another rate is the same tone after resampling', () => {
    for (const rate of [8_000, 44_100]) {
      const { samples, storedRate } = decodeWav(wav(tone(440, { rate }), { rate }), 16_000);
      expect(storedRate).toBe(rate);
      expect(Math.abs(samples.length - 4_000)).toBeLessThanOrEqual(1);
      const expected = tone(440);
      // Away from the ends, where the filter has nothing to look at.
      for (let at = 500; at < 3_500; at++) expect(Math.abs(samples[at]! - expected[at]!)).toBeLessThan(1e-3);
    }
  });

  it.each([
    ['in MP3', { at: 20, value: 85 }, /coded as format 85; PCM and floating point are read/],
    ['of no channels', { at: 22, value: 0 }, /its header is damaged: 0 channels at 16000 Hz/],
    ['at one sample per second', { at: 24, value: 1 }, /its header is damaged: 1 channels at 1 Hz/],
  ])('%s is refused at once', (_, { at, value }, message) => {
    const file = wav(VALUES, { rate: 16_000 });
    file.writeUInt16LE(value, at);
    expect(() => decodeWav(file, 16_000)).toThrow(message);
  });

  it('of no samples is refused', () => {
    expect(() => decodeWav(wav([]), 16_000)).toThrow('it holds no samples');
  });

  it('says its rate in its header', () => {
    expect(rateOf(wav(VALUES, { rate: 22_050 }))).toBe(22_050);
    expect(rateOf(Buffer.from('not a recording at all, but a text'))).toBeNull();
  });
});
