import { describe, expect, it } from 'vitest';
import { ctcGreedy, ctcSymbols } from '../../../../src/measure/accuracy/decode/ctc.js';

/** Scores whose highest class per frame is given. */
function frames(path: readonly number[], classes: number): Float32Array {
  const scores = new Float32Array(path.length * classes).fill(-3);
  path.forEach((best, frame) => {
    scores[frame * classes + best] = 2;
  });
  return scores;
}

describe('the greedy path of CTC', () => {
  it('merges repeats and leaves blanks out, so that a blank parts a doubled letter', () => {
    expect(ctcGreedy(frames([0, 2, 2, 0, 2, 3, 3, 0], 4), 4)).toEqual([2, 2, 3]);
  });

  it('takes the blank where the vocabulary has it', () => {
    expect(ctcGreedy(frames([3, 0, 0, 3, 0, 1], 4), 4, { blank: 3 })).toEqual([0, 0, 1]);
  });

  it('reads only the frames that count', () => {
    expect(ctcGreedy(frames([1, 0, 2, 3], 4), 4, { frames: 3 })).toEqual([1, 2]);
  });

  it('reads the batch of one before or after the frames', () => {
    const data = frames([1, 0, 2], 4);
    for (const dims of [
      [1, 3, 4],
      [3, 1, 4],
      [3, 4],
    ])
      expect(ctcSymbols({ type: 'float32', dims, data }, { sample: 'a.wav' })).toEqual([1, 2]);
  });

  it('refuses an output that holds no frames of scores', () => {
    const output = { type: 'float32', dims: [2, 3, 4], data: new Float32Array(24) } as const;
    expect(() => ctcSymbols(output, { sample: 'a.wav' })).toThrow(
      'Sample a.wav: the scored output has shape [2, 3, 4]; CTC reads [1, frames, classes]. Choose another `output`.',
    );
  });

  it('refuses classes that the vocabulary has no symbols for', () => {
    const output = { type: 'float32', dims: [1, 3, 4], data: frames([1, 0, 2], 4) } as const;
    expect(() => ctcSymbols(output, { sample: 'a.wav', vocabulary: 3 })).toThrow(
      'the scored output has 4 classes, but the vocabulary only 3',
    );
  });
});
