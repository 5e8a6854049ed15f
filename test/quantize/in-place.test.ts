import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { QuantizeResult } from '../../src/quantize/method/result.js';
import { inPlace } from '../../src/quantize/quantize.js';
import { scratch } from './small-models.js';

it('notes of a file that is made beside its place name the place', async () => {
  using place = scratch();
  const out = join(place.directory, 'q.onnx');
  const { file, notes } = await inPlace(out, [], async (made): Promise<QuantizeResult> => {
    writeFileSync(made, '');
    const note = {
      level: 'info',
      code: 'quantize.not-fully-verified',
      message: `can't run ${made}`,
    } as const;
    return {
      ...{ file: made, method: 'float16', target: 'cuda', groups: { quantized: 0, float: 0 } },
      ...{ decisions: [], notes: [note], provenance: {} },
    };
  });
  expect(file).toBe(out);
  expect(notes.map(({ message }) => message)).toEqual([`can't run ${out}`]);
});
