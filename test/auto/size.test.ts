import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { quantizeVariant } from '../../src/auto/auto.js';
import { readPlan } from '../../src/auto/plan/plan.js';
import { SILENT } from '../../src/log.js';
import { intAttribute } from '../../src/onnx/attributes.js';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import { readModel } from '../../src/onnx/file/read.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { clockedRuntime } from '../quantize/clock.js';
import { scratch } from '../quantize/small-models.js';
import { PRODUCTS_SHAPE, products, requestFor } from './auto-request.js';

/** With the objective size, of a model with two products. */
function requestOf(directory: string, model = products(), samples = 8) {
  const request = requestFor(model, directory, { shape: PRODUCTS_SHAPE, samples });
  return { ...request, options: { ...request.options, objective: 'size' as const } };
}

/** Bits of each product's weights, sorted. */
const bitsOf = (file: string) =>
  readModel(file)
    .graph.nodes.map((node) => intAttribute(node, 'bits', 0))
    .filter((bits) => bits > 0)
    .toSorted();

afterEach(() => {
  vi.restoreAllMocks();
});

describe('method auto with objective size', () => {
  it('speaks of equal values where the outputs are classes, and asks no layers for a nearness in dB', async () => {
    using place = scratch();
    const classes = products();
    const [, , last] = classes.graph.nodes;
    classes.graph.setOutput(last!, 0, 'scores');
    classes.graph.addNode(makeNode('ArgMax', ['scores'], ['y'], { attributes: { axis: { int: -1 } } }));
    classes.graph.removeOutputs(() => true);
    classes.graph.addOutput(makeValue('y', DataType.INT64, [1, 1]));
    const { notes } = await quantizeVariant({
      ...requestOf(place.directory, classes, 64),
      context: { runtime: clockedRuntime(() => 5), log: SILENT, threads: 1 },
      // No file of 4 bits answers as the original does each time.
      checks: [{ id: 'q', metric: 'fidelity.cosine', level: 'error', where: {}, line: null, min: 0.9999 }],
    });
    expect(notes.map(({ code }) => code)).not.toContain('quantize.floor-not-reached');
    expect(notes[0]!.message).toMatch(/^auto chose .* of the values equal/);
    expect(notes[0]!.message).not.toMatch(/dB|cosine/);
  });

  it('keeps a bound on the divergence, with 8 bits in as many layers as that takes', async () => {
    const chosen = async (max: number) => {
      using place = scratch();
      const { notes, file } = await quantizeVariant({
        ...requestOf(place.directory),
        context: { runtime: clockedRuntime(() => 5), log: SILENT, threads: 1 },
        checks: [{ id: 'q', metric: 'fidelity.kl', level: 'error', where: {}, line: null, max }],
      });
      return { chosen: notes[0]!.message, bits: bitsOf(file) };
    };
    expect((await chosen(1)).bits).toEqual([4, 4]);
    const close = await chosen(0.06);
    expect(close.bits).toEqual([4, 8]);
    expect(close.chosen).toMatch(/^auto chose int4-weights with 8 bits where 4 lose most, for /);
  });

  it('judges the output that the config names', async () => {
    using place = scratch();
    const made = quantizeVariant({
      ...requestOf(place.directory),
      context: { runtime: clockedRuntime(() => 5), log: SILENT, threads: 1 },
      subject: {
        model: 'm',
        variant: 'v',
        scored: { output: 'none', labelOffset: 0, task: 'none' as const },
      },
    });
    await expect(made).rejects.toThrow("output 'none' is not an output of the model");
  });

  it('gives 8 bits to the layer that loses most where 4 everywhere break a limit, and plans it', async () => {
    using place = scratch();
    const isQuantized = (file: string) =>
      readModel(file).graph.nodes.some(({ opType }) => opType !== 'MatMul' && opType !== 'Relu');
    const said: string[] = [];
    const request = {
      ...requestOf(place.directory),
      context: {
        runtime: clockedRuntime((file) => (isQuantized(file) ? 5 : 10)),
        log: { ...SILENT, info: (message: string) => said.push(message) },
        threads: 1,
      },
      checks: [{ id: 'q', metric: 'fidelity.sqnr', level: 'error' as const, where: {}, line: null, min: 22 }],
    };
    const { notes, file, provenance } = await quantizeVariant(request);
    expect(notes[0]!.message).toMatch(
      /^auto chose int4-weights with 8 bits where 4 lose most, for 22\.3 dB: 0\.2\d ×/,
    );
    const own = (provenance.tried as { name: string; seen: string }[]).find(
      ({ name }) => name === 'int4-weights',
    );
    expect(own!.seen).toMatch(/; breaks the limits without 8 bits in some layers$/);
    expect(readPlan(`${file}.plan.yml`).stages).toEqual([
      { method: 'int4-weights', operators: ['first', 'second'], rounding: 'gptq', 'min-sqnr': 22.3 },
    ]);
    expect(bitsOf(file)).toEqual([4, 8]);
    // What 4 bits everywhere would give is seen on the way: they are not fitted for a file of their own.
    expect(said.filter((message) => message.startsWith('fitting '))).toHaveLength(1);
    const again = join(place.directory, 'again.onnx');
    await quantizeVariant({
      ...request,
      out: again,
      options: { ...request.options, plan: `${file}.plan.yml` },
    });
    expect(readFileSync(again).equals(readFileSync(file))).toBe(true);
  });

  it('says that nothing else was tried where 4 bits everywhere keep the limits: nothing else is smaller', async () => {
    using place = scratch();
    const { notes } = await quantizeVariant({
      ...requestOf(place.directory),
      context: { runtime: clockedRuntime(() => 5), log: SILENT, threads: 1 },
    });
    expect(notes[0]!.message).toMatch(
      /^auto chose int4-weights: .*\. No other method was tried: none makes a smaller file\.$/,
    );
  });
});

describe('method auto with a threshold on the size', () => {
  const chosenFor = async (checks: { metric: string; maxRatio: number }[]) => {
    using place = scratch();
    const request = requestFor(products(), place.directory, { shape: PRODUCTS_SHAPE });
    const { notes, file } = await quantizeVariant({
      ...request,
      // On a busy machine, too, there is time to try all.
      options: { ...request.options, budgetMs: 60_000 },
      context: { runtime: clockedRuntime(() => 5), log: SILENT, threads: 1 },
      checks: checks.map((check) => ({ id: 's', level: 'error' as const, where: {}, line: null, ...check })),
    });
    const { level, message } = notes[0]!;
    return { level, message, bits: bitsOf(file) };
  };

  it('takes 4 bits where no file with 8 is small enough', async () => {
    const without = await chosenFor([]);
    expect(without.bits).not.toContain(4);
    expect(without.message).not.toContain('int4-weights');
    const small = await chosenFor([{ metric: 'size.file', maxRatio: 0.2 }]);
    expect(small).toMatchObject({ level: 'info', bits: [4, 4] });
    expect(small.message).toMatch(/^auto chose int4-weights: 0\.1\d × the size/);
  });

  it('warns of thresholds on size and time that it could not keep', async () => {
    const { level, message } = await chosenFor([
      { metric: 'size.file', maxRatio: 0.01 },
      { metric: 'latency.p50', maxRatio: 0.1 },
    ]);
    expect(level).toBe('warn');
    expect(message).toMatch(
      /It breaks thresholds \(size 0\.\d+ × > 0\.01 ×, latency 1\.00 × > 0\.1 ×\): nothing tried keeps all\./,
    );
    expect(message).not.toContain('makes by itself');
  });
});
