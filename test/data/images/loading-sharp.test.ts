/** sharp is loaded, and on a runner installed, when the first image is read. */
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readImage } from '../../../src/data/formats/image-folder.js';
import { setSharpLoader } from '../../../src/data/images/images.js';
import { bindInputs } from '../../../src/data/samples/binding.js';
import { EXIT, exitCodeOf, Interrupted } from '../../../src/errors.js';
import { dataConfig, input, meta } from '../samples.js';

const BINDING = bindInputs(dataConfig('data', { inputs: { '': input({}) } }), [
  meta('x', 'float32', [3, 1, 1]),
])[0]!;

/** What reading an image ends with when sharp can't be had for this reason. */
async function readingEndsWith(reason: Error): Promise<Error> {
  setSharpLoader(() => Promise.reject(reason));
  return readImage(join(import.meta.dirname, 'none.png'), 'none', BINDING).then(
    () => Promise.reject(new Error('it was read')),
    (error: Error) => error,
  );
}

afterEach(() => setSharpLoader(() => import('sharp')));

describe('reading the first image', () => {
  it('ends with exit code 130 when the installation of sharp is interrupted', async () => {
    const error = await readingEndsWith(new Interrupted('Interrupted by SIGINT.'));
    expect(error.message).toBe('Interrupted by SIGINT.');
    expect(exitCodeOf(error)).toBe(EXIT.interrupted);
  });

  it('ends with exit code 3 and the reason when sharp cannot be had', async () => {
    const error = await readingEndsWith(new Error('no network'));
    expect(error.message).toMatch(/sharp could not be loaded: no network/);
    expect(exitCodeOf(error)).toBe(EXIT.machineError);
  });
});
