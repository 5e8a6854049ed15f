import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultQuantize } from '../../../src/config/defaults.js';
import { SILENT } from '../../../src/log.js';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { NEEDS } from '../../../src/quantize/method/needed-runtime.js';
import { quantizeVerified } from '../../../src/verify/verified-variant.js';
import { runtime, scratch, smallModel, weight } from '../small-models.js';

/** A table of embeddings and a product of its rows. */
const model = () =>
  smallModel({
    inputs: [makeValue('ids', DataType.INT64, [1, 'tokens'])],
    nodes: [
      makeNode('Gather', ['table', 'ids'], ['rows'], { name: 'lookup' }),
      makeNode('MatMul', ['rows', 'w'], ['y'], { name: 'product' }),
    ],
    initializers: [weight('table', [2000, 256]), weight('w', [256, 256], 2)],
  });

async function needed(method: 'int8-weights' | 'int4-weights' | 'float16') {
  using place = scratch();
  const [file, out] = [join(place.directory, 'float.onnx'), join(place.directory, 'q.onnx')];
  writeModel(model(), file);
  const { provenance } = await quantizeVerified({
    ...{ model: file, out, target: 'cpu', calibration: null, verify: false, repair: false },
    ...{ options: defaultQuantize(method), context: { runtime, log: SILENT, threads: 1 } },
  });
  return provenance.neededRuntime;
}

describe('the ONNX Runtime that a file needs', () => {
  it('is that of the operators that hold its weights', async () => {
    expect(await needed('float16')).toBeUndefined();
    expect(await needed('int8-weights')).toBe('1.22');
    expect(await needed('int4-weights')).toBe('1.23');
  });

  it('is what the documentation says', () => {
    const faq = readFileSync('docs/faq.md', 'utf8').split('\n');
    for (const { opType, minor } of NEEDS)
      expect(faq.find((line) => line.startsWith('|') && line.includes(`\`${opType}\``))).toContain(
        `| 1.${minor} |`,
      );
  });
});
