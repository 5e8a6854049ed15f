import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../src/auto/candidates/candidate.js';
import { makeFinal } from '../../../src/auto/candidates/final-file.js';
import type { SearchRequest } from '../../../src/auto/candidates/search-request.js';
import { type Fold, foldsOf } from '../../../src/auto/judging/held-out.js';
import { applyStages } from '../../../src/auto/plan/apply-plan.js';
import type { PlanStage } from '../../../src/auto/plan/plan.js';
import { SILENT } from '../../../src/log.js';
import { makeNode } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { quantizeModel } from '../../../src/quantize/quantize.js';
import { floatValue, scratch, smallModel, weight } from '../../quantize/small-models.js';
import { requestFor } from '../auto-request.js';

const SHAPE = [1, 8, 16, 16];

/** A convolution, and behind it a product that is large enough to be quantized. */
const network = () =>
  smallModel({
    inputs: [floatValue('x', SHAPE)],
    nodes: [
      makeNode('Conv', ['x', 'k'], ['c'], { name: 'conv', attributes: { pads: { ints: [1, 1, 1, 1] } } }),
      makeNode('Relu', ['c'], ['r']),
      makeNode('GlobalAveragePool', ['r'], ['p']),
      makeNode('Flatten', ['p'], ['f']),
      makeNode('MatMul', ['f', 'w'], ['y'], { name: 'product' }),
    ],
    initializers: [weight('k', [256, 8, 3, 3], 1), weight('w', [256, 256], 2)],
  });

function made(directory: string, foldsFrom: (folds: readonly Fold[]) => readonly Fold[] = (folds) => folds) {
  const said: string[] = [];
  const passes: string[] = [];
  const asked = requestFor(network(), directory, { shape: SHAPE, samples: 12 });
  const progress = (step: string, done: number, total: number) => {
    if (done === total) passes.push(step);
  };
  const log = { ...SILENT, info: (text: string) => said.push(text), progress };
  const request = { ...asked, context: { ...asked.context, log } };
  const folds = foldsFrom(foldsOf(request.calibration).folds);
  const search = { request, folds, makePlain: quantizeModel };
  let count = 0;
  const options = {
    search: search as unknown as SearchRequest,
    isLate: () => false,
    newFile: () => join(directory, `${count++}.onnx`),
  };
  const final = async (stages: PlanStage[]) =>
    await makeFinal({ name: 'tried', stages, isPlain: false } as unknown as Candidate, request.out, options);
  return { request, said, passes, final };
}

/** The same samples, of which nobody knows that they are some of others. */
const ofTheirOwn = ({ makes: { description, length, labelled, classes, samples }, judges }: Fold): Fold => ({
  makes: { description, length, labelled, classes, samples },
  judges,
});

describe('a candidate as the final file will be', () => {
  it('is made for each fold with the ranges of its samples, and fits products that are dynamic only once', async () => {
    using place = scratch();
    const { request, said, final } = made(place.directory);
    const stages: PlanStage[] = [
      { method: 'int8-dynamic', operators: ['product'] },
      { method: 'int8-static', operators: ['conv'] },
    ];
    const found = await final(stages);
    expect(found!.judged!.map(({ folds }) => folds)).toEqual([[0], [1]]);
    expect(said.filter((text) => text.startsWith('fitting '))).toHaveLength(1);
    const [first, second] = found!.judged!.map(({ file }) => readFileSync(file));
    expect(first!.equals(second!)).toBe(false);
    for (const { file } of found!.judged!) {
      const types = readModel(file).graph.nodes.map(({ opType }) => opType);
      expect(types).toContain('DequantizeLinear');
      expect(types.some((type) => type.endsWith('Integer') || type.startsWith('Dynamic'))).toBe(true);
    }
    const again = join(place.directory, 'again.onnx');
    await applyStages({ ...request, out: again }, found!.stages);
    expect(readFileSync(again).equals(readFileSync(request.out))).toBe(true);
  });

  it('takes the ranges of each fold from the pass over all samples, and they are those of a pass of its own', async () => {
    const files: Buffer[][] = [];
    const passes: string[][] = [];
    for (const foldsFrom of [undefined, (folds: readonly Fold[]) => folds.map(ofTheirOwn)]) {
      using place = scratch();
      const tried = made(place.directory, foldsFrom);
      const found = await tried.final([{ method: 'int8-static', operators: ['conv'] }]);
      files.push(found!.judged!.map(({ file }) => readFileSync(file)));
      passes.push(tried.passes.filter((step) => step === 'calibrating'));
    }
    expect(files[0]).toHaveLength(2);
    expect(files[0]![0]!.equals(files[0]![1]!)).toBe(false);
    expect(files[0]).toEqual(files[1]);
    expect(passes[0]).toHaveLength(passes[1]!.length - 2);
  });

  it('judges itself where samples decide of 8-bit integers alone', async () => {
    using place = scratch();
    const { request, said, final } = made(place.directory);
    const found = await final([{ method: 'int8-weights', operators: ['product'] }]);
    expect(found!.judged).toEqual([{ file: request.out, folds: [0, 1] }]);
    expect(said.filter((text) => text.startsWith('fitting '))).toHaveLength(1);
  });
});
