import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { fitted } from '../../src/report/terminal/fold.js';

describe('text for a terminal', () => {
  it('keeps lines that fit, and folds others at spaces with their own indent', () => {
    const text = 'ok\n  float: Conv: its channels are too few to pay in 8 bits (12 operators)';
    expect(fitted(text, 40).split('\n')).toEqual([
      'ok',
      '  float: Conv: its channels are too few',
      '      to pay in 8 bits (12 operators)',
    ]);
    expect(fitted(text, 200)).toBe(text);
  });

  it('leaves a path that is longer than a line whole, so that it can be copied', () => {
    const path = `/home/${'a'.repeat(60)}/model.onnx`;
    expect(fitted(`Model file ${path} is empty: copy it again.`, 40).split('\n')).toContain(`    ${path}`);
  });

  it('is never wider than the terminal without such words', () => {
    const text = 'An option names something in a config, and no config is given. '.repeat(5).trim();
    for (let width = 20; width < 120; width++)
      for (const line of fitted(text, width).split('\n'))
        expect(stringWidth(line)).toBeLessThanOrEqual(width);
  });
});
