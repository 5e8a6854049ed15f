import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../../src/data/open.js';
import { evaluate } from '../../../src/measure/accuracy/evaluate.js';
import { loadRuntime } from '../../../src/runtime/load.js';
import { dataConfig, input } from '../../data/samples.js';

const shared = process.env.QUANTGATE_TEST_DATA ?? 'nowhere';
const model = `${shared}/models/digits.onnx`;
const data = `${shared}/data/digits/evaluation.npz`;

describe('a real model on real data', () => {
  it.skipIf(!existsSync(model) || !existsSync(data))(
    'gets the accuracy it was trained to, 98.4 % of 2,000 digits (needs QUANTGATE_TEST_DATA with models/digits.onnx and data/digits)',
    async () => {
      const session = await (await loadRuntime()).open(model, { threads: 1 });
      const inputs = { '': input({ from: 'images', mean: [0.1307], std: [0.3081] }) };
      const dataset = await openDataset(dataConfig(data, { inputs }), session.inputs);
      const { measurements } = await evaluate({
        model: 'digits',
        task: 'classification',
        output: null,
        labelOffset: 0,
        dataset,
        original: {
          variant: 'original',
          outputs: session.outputs,
          run: (feeds, names) => session.run(feeds, names),
        },
        variants: [],
        provider: 'cpu',
        confidence: 0.95,
      });
      await session.release();
      expect(measurements.find(({ metric }) => metric === 'accuracy.top1')).toMatchObject({
        value: 0.984,
        n: 2000,
      });
    },
  );
});
