import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { GraphProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import type { QuantizeConfig } from '../../src/config/config.js';
import { defaultQuantize } from '../../src/config/defaults.js';
import { UserError } from '../../src/errors.js';
import { SILENT } from '../../src/log.js';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import { readModel } from '../../src/onnx/file/read.js';
import { writeModel } from '../../src/onnx/file/write.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import type { Feeds } from '../../src/tensor/tensor.js';
import { quantizeVerified } from '../../src/verify/verified-variant.js';
import {
  conv,
  dataset,
  floats,
  floatValue,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  weight,
} from '../quantize/small-models.js';

async function verified(
  model: Model,
  place: { directory: string },
  { samples, ...options }: Partial<QuantizeConfig> & { samples?: Feeds[] } = {},
) {
  const file = join(place.directory, 'float.onnx');
  const out = join(place.directory, 'q.onnx');
  writeModel(model, file);
  const config = { ...defaultQuantize(options.method ?? 'float16'), ...options };
  const result = await quantizeVerified({
    model: file,
    out,
    options: config,
    target: 'cpu',
    calibration: samples ? dataset(samples) : null,
    context: { runtime, log: SILENT, threads: 1 },
    verify: true,
    repair: config.repair,
  });
  return { ...result, codes: result.notes.map(({ code }) => code), out, original: file };
}

/** Two convolutions. */
const plain = () =>
  smallModel({
    nodes: [conv('x', 'c', { weight: 'w' }), makeNode('Relu', ['c'], ['r']), conv('r', 'y', { weight: 'v' })],
    initializers: [weight('w', [16, 4, 3, 3]), weight('v', [8, 16, 3, 3])],
  });

/** Positions times a frequency, then a sine: half precision can't count that far. */
const positions = () =>
  smallModel({
    inputs: [floatValue('x', ['N', 64])],
    nodes: [
      makeNode('MatMul', ['x', 'w'], ['m'], { name: 'product' }),
      makeNode('Mul', ['m', 'large'], ['angle'], { name: 'angle' }),
      makeNode('Sin', ['angle'], ['s'], { name: 'sine' }),
      makeNode('MatMul', ['s', 'v'], ['y'], { name: 'last' }),
    ],
    initializers: [
      weight('w', [64, 64]),
      makeTensor('large', DataType.FLOAT, [], Float32Array.of(300)),
      weight('v', [64, 64], 2),
    ],
  });

/** A sum that leaves half precision few bits for what is taken out of it again. */
const farAndBack = () =>
  smallModel({
    inputs: [floatValue('x', ['N', 64])],
    nodes: [
      makeNode('MatMul', ['x', 'w'], ['m'], { name: 'first' }),
      makeNode('Tanh', ['m'], ['t'], { name: 'tanh' }),
      makeNode('Add', ['t', 'offset'], ['f'], { name: 'far' }),
      makeNode('Sub', ['f', 'offset'], ['b'], { name: 'back' }),
      makeNode('MatMul', ['b', 'v'], ['y'], { name: 'last' }),
    ],
    initializers: [
      weight('w', [64, 64]),
      makeTensor('offset', DataType.FLOAT, [], Float32Array.of(100)),
      weight('v', [64, 64], 2),
    ],
  });

describe('a file that is sound', () => {
  it('was opened at all four levels, run on the samples and compared', async () => {
    using place = scratch();
    const made = await verified(plain(), place, { samples: samplesOf([1, 4, 8, 8]) });
    expect(made.verification).toMatchObject({
      state: 'full',
      reason: null,
      levels: ['disabled', 'basic', 'extended', 'all'],
      samples: 8,
      floor: 30,
      worst: [],
      repaired: [],
    });
    expect(made.verification.sqnr).toBeGreaterThan(50);
    expect(readdirSync(place.directory).sort()).toEqual(['float.onnx', 'q.onnx']);
  });

  it('is compared by its whole numbers where no output is floating-point', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', [1, 64])],
      outputs: [makeValue('y', DataType.INT64, [1, 1])],
      nodes: [
        makeNode('MatMul', ['x', 'w'], ['p']),
        makeNode('ArgMax', ['p'], ['y'], { attributes: { axis: { int: 1 } } }),
      ],
      initializers: [weight('w', [64, 64])],
    });
    const made = await verified(model, place, { method: 'int8-weights', samples: samplesOf([1, 64]) });
    expect(made.verification).toMatchObject({ state: 'full', samples: 8, sqnr: null });
    expect(made.verification.equal).toBeGreaterThan(0.5);
  });

  it('states no bound for other samples where a loop feeds back what it chooses, and says so', async () => {
    using place = scratch();
    const turn = create(GraphProtoSchema, {
      name: 'turn',
      input: [
        makeValue('at', DataType.INT64, []),
        makeValue('go', DataType.BOOL, []),
        makeValue('state', DataType.FLOAT, [1, 64]),
      ],
      output: [makeValue('goes'), makeValue('next'), makeValue('logits')],
      node: [
        makeNode('Identity', ['go'], ['goes']),
        makeNode('MatMul', ['state', 'w'], ['logits'], { name: 'head' }),
        makeNode('ArgMax', ['logits'], ['token'], {
          name: 'likeliest',
          attributes: { axis: { int: 1 }, keepdims: { int: 0 } },
        }),
        makeNode('Gather', ['w', 'token'], ['next'], { name: 'embedding' }),
      ],
    });
    const model = smallModel({
      inputs: [floatValue('x', [1, 64])],
      nodes: [
        makeNode('Loop', ['turns', '', 'x'], ['end', 'y'], {
          name: 'decoder',
          attributes: { body: { graph: turn } },
        }),
      ],
      initializers: [weight('w', [64, 64]), makeTensor('turns', DataType.INT64, [], BigInt64Array.of(3n))],
    });
    const made = await verified(model, place, { samples: samplesOf([1, 64]), repair: false });
    expect(made.verification).toMatchObject({ samples: 8, sqnr: expect.any(Number) });
    expect(made.verification).not.toHaveProperty('bound');
    const note = made.notes.find(({ code }) => code === 'quantize.decision-fed-back');
    expect(note?.message).toMatch(
      /^The outputs follow the original's with \d+\.\d dB on 8 samples, and others may fare far worse: 'decoder' feeds back what ArgMax 'likeliest' chooses/,
    );
    expect(
      (await verified(plain(), place, { samples: samplesOf([1, 4, 8, 8]) })).verification,
    ).toHaveProperty('bound');
  });

  it('is compared on made-up inputs where there is no data', async () => {
    using place = scratch();
    const made = await verified(plain(), place);
    expect(made.verification).toMatchObject({ state: 'full', samples: 1 });
  });
});

describe('float16', () => {
  it('is judged as half precision is, not as a CPU that computes in float32 has it', async () => {
    using place = scratch();
    const samples = samplesOf([1, 64]);
    const made = await verified(positions(), place, { samples, repair: false });
    // The CPU provider computes half nodes in float32: by its outputs the file would pass.
    expect(made.verification.sqnr).toBeLessThan(30);
    expect(made.codes).toContain('quantize.low-fidelity');
    expect(made.verification.worst.map(({ node }) => node)).toContain('sine');
  });

  it('is repaired: the layers that lose most stay float32, and they are named', async () => {
    using place = scratch();
    const made = await verified(positions(), place, { samples: samplesOf([1, 64]) });
    expect(made.verification.sqnr).toBeGreaterThanOrEqual(30);
    expect(made.verification.repaired.length).toBeGreaterThan(0);
    expect(made.codes).toContain('quantize.repaired');
    expect(made.codes).not.toContain('quantize.low-fidelity');
  });

  it('is repaired up to 40 dB with the smallest set of layers that reaches it', async () => {
    using place = scratch();
    const made = await verified(farAndBack(), place, { samples: samplesOf([1, 64]) });
    const unrepaired = await verified(farAndBack(), place, { samples: samplesOf([1, 64]), repair: false });
    expect(unrepaired.verification.sqnr).toBeGreaterThan(30);
    expect(unrepaired.verification.sqnr).toBeLessThan(40);
    expect(unrepaired.notes.find(({ code }) => code === 'quantize.low-fidelity')?.level).toBe('info');
    expect(made.verification.sqnr).toBeGreaterThanOrEqual(40);
    expect(made.verification.repaired.toSorted()).toEqual(['back', 'far']);
    expect(made.decisions.filter(({ became }) => became === 'float').map(({ node }) => node)).toEqual([
      'far',
      'back',
    ]);
    expect(made.decisions.find(({ node }) => node === 'far')?.reason).toContain('repair');
  });

  it('is not repaired where `include` promises what is half', async () => {
    using place = scratch();
    const made = await verified(positions(), place, { samples: samplesOf([1, 64]), include: ['*'] });
    expect(made.verification.repaired).toEqual([]);
    expect(made.codes).toContain('quantize.low-fidelity');
  });

  it('on made-up inputs a low figure is information, and repairs nothing', async () => {
    using place = scratch();
    const made = await verified(positions(), place);
    expect(made.verification.repaired).toEqual([]);
    expect(
      made.notes.filter(({ code }) => code === 'quantize.low-fidelity').map(({ level }) => level),
    ).toEqual(['info']);
  });
});

describe('a spectrum that a model computes and takes the logarithm of', () => {
  /** Of 64 samples 16 bins, which are exactly 0 but for the tone's: their logarithm tells what rounding puts there. */
  const BINS = 16;
  const basis = Float32Array.from({ length: 64 * BINS }, (_, at) =>
    Math.cos((2 * Math.PI * Math.floor(at / BINS) * ((at % BINS) + 1)) / 64),
  );
  const tone = (bin: number) =>
    Float32Array.from({ length: 64 }, (_, at) => Math.cos((2 * Math.PI * at * bin) / 64));

  it('stays float32 as a whole, its weights too; the network behind it is half', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', [1, 64])],
      nodes: [
        makeNode('MatMul', ['x', 'basis'], ['bins'], { name: 'bins' }),
        makeNode('Mul', ['bins', 'bins'], ['power'], { name: 'power' }),
        makeNode('Add', ['power', 'small'], ['above'], { name: 'above' }),
        makeNode('Log', ['above'], ['log'], { name: 'log' }),
        makeNode('MatMul', ['log', 'w'], ['h'], { name: 'first' }),
        makeNode('Relu', ['h'], ['r'], { name: 'relu' }),
        makeNode('MatMul', ['r', 'v'], ['y'], { name: 'second' }),
      ],
      initializers: [
        makeTensor('basis', DataType.FLOAT, [64, BINS], basis),
        makeTensor('small', DataType.FLOAT, [], Float32Array.of(1e-7)),
        weight('w', [BINS, 128]),
        weight('v', [128, 64], 3),
      ],
    });
    const samples: Feeds[] = [1, 3, 6, 10].map((bin) => ({
      x: { type: 'float32', dims: [1, 64], data: tone(bin) },
    }));
    const bare = await verified(model, place, { samples, repair: false });
    expect(bare.verification.sqnr).toBeLessThan(30);
    expect(bare.notes.find(({ code }) => code === 'quantize.low-fidelity')).toMatchObject({ level: 'warn' });
    const made = await verified(model, place, { samples });
    expect(made.verification.sqnr).toBeGreaterThan(40);
    const became = Object.fromEntries(made.decisions.map(({ node, became }) => [node, became]));
    expect(became).toMatchObject({ bins: 'float', power: 'float', above: 'float', log: 'float' });
    expect(became).toMatchObject({ first: 'float16', relu: 'float16', second: 'float16' });
    expect(made.codes).not.toContain('quantize.low-fidelity');
  });
});

describe('what has no half form', () => {
  it('by definition stays float32: windows whose type is an attribute, the mean of a LayerNormalization', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', ['N', 64]), makeValue('size', DataType.INT64, [])],
      outputs: [makeValue('y'), makeValue('mean')],
      nodes: [
        makeNode('HannWindow', ['size'], ['window'], { name: 'window' }),
        makeNode('MatMul', ['x', 'w'], ['p'], { name: 'product' }),
        makeNode('Mul', ['p', 'window'], ['m'], { name: 'mul' }),
        makeNode('LayerNormalization', ['m', 'scale'], ['y', 'mean'], { name: 'norm' }),
      ],
      initializers: [weight('w', [64, 64], 2), weight('scale', [64])],
    });
    const size = { type: 'int64' as const, dims: [], data: BigInt64Array.of(64n) };
    const samples = samplesOf([1, 64]).map((feeds) => ({ ...feeds, size }));
    const made = await verified(model, place, { samples });
    expect(made.verification.state).toBe('full');
    const became = Object.fromEntries(made.decisions.map(({ node, became }) => [node, became]));
    expect(became).toMatchObject({ window: 'float', mul: 'float16', norm: 'float' });
  });

  it('on this machine is found by running it, and stays float32', async () => {
    using place = scratch();
    const model = smallModel({
      opset: 18,
      inputs: [floatValue('x', [4, 32])],
      nodes: [
        makeNode('MatMul', ['x', 'w'], ['h'], { name: 'product' }),
        makeNode('ScatterND', ['base', 'at', 'h'], ['y'], {
          name: 'scatter',
          attributes: { reduction: { string: 'add' } },
        }),
      ],
      initializers: [
        weight('w', [32, 32]),
        makeTensor('base', DataType.FLOAT, [8, 32], floats(8 * 32, 3)),
        makeTensor('at', DataType.INT64, [4, 1], BigInt64Array.of(0n, 2n, 4n, 2n)),
      ],
    });
    const made = await verified(model, place);
    expect(made.verification).toMatchObject({ state: 'full', repaired: ['scatter'] });
    expect(made.codes).toContain('quantize.repaired');
  });
});

describe('a form that crashes the runtime', () => {
  it('is not written for CPUs: a Transpose before a product by a constant stays float32', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', ['b', 's', 64])],
      nodes: [
        makeNode('Transpose', ['x'], ['t'], { name: 'turn', attributes: { perm: { ints: [1, 0, 2] } } }),
        makeNode('MatMul', ['t', 'w'], ['y'], { name: 'product' }),
      ],
      initializers: [weight('w', [64, 64])],
    });
    const made = await verified(model, place);
    expect(made.verification).toMatchObject({ state: 'full', repaired: [] });
    const became = Object.fromEntries(made.decisions.map(({ node, became }) => [node, became]));
    expect(became).toEqual({ turn: 'float', product: 'float16' });
  });
});

describe('names', () => {
  it('of nodes that are added differ from those that are there', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', ['N', 8])],
      nodes: [
        makeNode('MatMul', ['x', 'w'], ['h'], { name: 'x_half' }),
        makeNode('Relu', ['h'], ['r'], { name: 'y_cast' }),
        makeNode('MatMul', ['r', 'w'], ['y'], { name: 'w_half' }),
      ],
      initializers: [weight('w', [8, 8])],
    });
    const made = await verified(model, place, { samples: samplesOf([1, 8]) });
    const names = readModel(made.out).graph.nodes.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(made.verification.state).toBe('full');
  });
});

describe('a file that is larger than the original', () => {
  /** A float table that is read twice, and once must stay float: stored twice, it grows. */
  const tied = () =>
    smallModel({
      inputs: [makeValue('ids', DataType.INT64, ['N'])],
      nodes: [
        makeNode('Gather', ['table', 'ids'], ['rows'], { name: 'embed' }),
        makeNode('MatMul', ['rows', 'transposed'], ['y'], { name: 'head' }),
        makeNode('Transpose', ['table'], ['transposed'], { name: 'turn' }),
      ],
      initializers: [makeTensor('table', DataType.FLOAT, [512, 64], floats(512 * 64))],
    });

  it('is not kept', async () => {
    using place = scratch();
    const samples = [
      { ids: { type: 'int64' as const, dims: [4], data: BigInt64Array.of(1n, 5n, 9n, 400n) } },
    ];
    for (const method of ['float16', 'int8-weights', 'int8-dynamic'] as const) {
      const made = await verified(tied(), place, { method, samples, exclude: ['head'] });
      expect(readFileSync(made.out).length).toBeLessThanOrEqual(readFileSync(made.original).length);
    }
  });
});

describe('a file that would be larger than the original', () => {
  it('is the original, and no decision says otherwise', async () => {
    using place = scratch();
    const tiny = smallModel({
      inputs: [floatValue('x', ['N', 4])],
      nodes: [makeNode('MatMul', ['x', 'w'], ['y'], { name: 'product' })],
      initializers: [weight('w', [4, 4])],
    });
    const made = await verified(tiny, place, { samples: samplesOf([1, 4]) });
    expect(made.codes).toEqual(['quantize.larger']);
    const [, more, whole] = /would have (\d+) bytes more than the original \((\d+)\)/.exec(
      made.notes[0]!.message,
    )!;
    expect(Number(more)).toBeGreaterThan(0);
    expect(Number(whole)).toBe(readFileSync(made.original).length);
    expect(made.groups.quantized).toBe(0);
    expect(made.decisions).toEqual([
      expect.objectContaining({
        node: 'product',
        became: 'float',
        reason: expect.stringContaining('larger'),
      }),
    ]);
  });
});

describe('a file that fails', () => {
  it('leaves what was there, and nothing beside it', async () => {
    using place = scratch();
    const out = join(place.directory, 'q.onnx');
    writeFileSync(out, 'what was there');
    const refused = smallModel({ nodes: [makeNode('Nothing', ['x'], ['y'])] });
    await expect(verified(refused, place)).rejects.toThrow(/refuses/);
    expect(readFileSync(out, 'utf8')).toBe('what was there');
    expect(readdirSync(place.directory).sort()).toEqual(['float.onnx', 'q.onnx']);
    expect(existsSync(`${out}.data`)).toBe(false);
  });
});

describe('calibration data that the model itself does not take', () => {
  const lookup = () =>
    smallModel({
      inputs: [makeValue('ids', DataType.INT64, [1, 8])],
      nodes: [
        makeNode('Gather', ['table', 'ids'], ['rows'], { name: 'rows' }),
        makeNode('MatMul', ['rows', 'w'], ['y'], { name: 'product' }),
      ],
      initializers: [weight('table', [100, 128]), weight('w', [128, 128], 2)],
    });
  const beyond: Feeds[] = [
    { ids: { type: 'int64', dims: [1, 8], data: BigInt64Array.from({ length: 8 }, () => 99_999n) } },
  ];

  it.each(['int8-static', 'int8-dynamic', 'int8-weights', 'int4-weights', 'float16'] as const)(
    '%s: ids beyond the table are an error of the data, with the input, the id and the size of the table',
    async (method) => {
      using place = scratch();
      const made = verified(lookup(), place, { method, samples: beyond });
      await expect(made).rejects.toThrow(UserError);
      await expect(made).rejects.toThrow(
        "'ids' holds 99999, but the model's vocabulary has 100 ids, 0 to 99. Are these ids of another vocabulary?",
      );
    },
  );
});

describe('an output that is zero on all samples', () => {
  it('is no loss where it is zero in the file too', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', ['N', 64])],
      outputs: [makeValue('y'), makeValue('z')],
      nodes: [
        makeNode('MatMul', ['x', 'w'], ['y'], { name: 'product' }),
        makeNode('Mul', ['y', 'nothing'], ['z'], { name: 'mul' }),
      ],
      initializers: [weight('w', [64, 64]), makeTensor('nothing', DataType.FLOAT, [], Float32Array.of(0))],
    });
    const made = await verified(model, place, { method: 'int8-weights', samples: samplesOf([1, 64]) });
    expect(made.verification.sqnr).toBeGreaterThan(30);
    expect(made.verification.repaired).toEqual([]);
  });
});

describe('a bfloat16 model, which the CPU provider does not run', () => {
  const narrow = () =>
    smallModel({
      inputs: [floatValue('x', ['n', 128])],
      nodes: [
        makeNode('Cast', ['x'], ['b'], { name: 'in', attributes: { to: { int: DataType.BFLOAT16 } } }),
        makeNode('MatMul', ['b', 'w'], ['m'], { name: 'product' }),
        makeNode('Cast', ['m'], ['y'], { name: 'out', attributes: { to: { int: DataType.FLOAT } } }),
      ],
      initializers: [
        makeTensor(
          'w',
          DataType.BFLOAT16,
          [128, 128],
          Uint16Array.from(new Uint32Array(floats(128 * 128, 3, 0.3).buffer), (word) => word >>> 16),
        ),
      ],
    });

  it.each(['int8-weights', 'int8-static'] as const)(
    'is compared with the same in float32: %s',
    async (method) => {
      using place = scratch();
      const made = await verified(narrow(), place, { method, samples: samplesOf([2, 128]) });
      expect(made.verification).toMatchObject({ state: 'full', samples: 8 });
      expect(made.verification.sqnr).toBeGreaterThan(25);
    },
  );

  it('is made half by float16, or left as it is where that is larger: no failure either way', async () => {
    using place = scratch();
    const made = await verified(narrow(), place, { samples: samplesOf([2, 128]) });
    expect(made.verification.state).toBe(made.groups.quantized > 0 ? 'full' : 'partly');
    if (made.groups.quantized === 0) expect(made.verification.reason).toMatch(/CPU does not run it.*[^.]$/);
  });
});

describe('a model of which nothing takes 4 bits', () => {
  /** Of the convolution's sixteen channels the first has by far the largest weights, and nothing is fed to it: 8 bits are too few for the others. */
  const loud = () => {
    const weights = floats(64 * 16 * 9, 3, 0.3).map((value, index) =>
      index % (16 * 9) < 9 ? 200 * value : value,
    );
    return smallModel({
      inputs: [floatValue('x', [1, 16, 12, 12])],
      nodes: [makeNode('Conv', ['x', 'w'], ['y'], { name: 'convolution' })],
      initializers: [makeTensor('w', DataType.FLOAT, [64, 16, 3, 3], weights)],
    });
  };
  const quiet = samplesOf([1, 16, 12, 12]);
  for (const { x } of quiet) (x!.data as Float32Array).fill(0, 0, 12 * 12);

  it('is repaired by int4-weights as by int8-weights: both make the same file', async () => {
    const [four, eight] = await Promise.all(
      (['int4-weights', 'int8-weights'] as const).map(async (method) => {
        using place = scratch();
        const { verification, out } = await verified(loud(), place, { method, samples: quiet });
        return { verification, bytes: readFileSync(out) };
      }),
    );
    expect(four).toEqual(eight);
    expect(four!.verification).toMatchObject({ floor: 15, repaired: ['convolution'] });
    expect(four!.verification.sqnr).toBeGreaterThan(20);
  });
});

describe('a model that made-up inputs do not suit', () => {
  it('is opened at all four levels, and the check says what it could not do', async () => {
    using place = scratch();
    // The second dimension is open, and made up as 1: too little for this Reshape.
    const model = smallModel({
      inputs: [floatValue('x', [1, 'columns'])],
      nodes: [
        makeNode('Reshape', ['x', 'shape'], ['r'], { name: 'reshape' }),
        makeNode('MatMul', ['r', 'w'], ['y'], { name: 'product' }),
      ],
      initializers: [
        makeTensor('shape', DataType.INT64, [2], BigInt64Array.of(-1n, 64n)),
        weight('w', [64, 64]),
      ],
    });
    const made = await verified(model, place, { method: 'int8-weights' });
    expect(made.verification).toMatchObject({
      state: 'partly',
      levels: ['disabled', 'basic', 'extended', 'all'],
      reason: expect.stringContaining('on made-up inputs'),
    });
  });
});

describe('a model whose outputs are sequences', () => {
  it('is told to have nothing that could be compared', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', [1, 64])],
      outputs: [makeValue('y')],
      nodes: [
        makeNode('MatMul', ['x', 'w'], ['h'], { name: 'product' }),
        makeNode('SplitToSequence', ['h'], ['y'], { attributes: { axis: { int: 1 } } }),
      ],
      initializers: [weight('w', [64, 64])],
    });
    const made = await verified(model, place, { method: 'int8-weights', samples: samplesOf([1, 64]) });
    expect(made.verification?.reason).toMatch(/^none of the outputs is a tensor/);
    expect(made.groups.quantized).toBe(1);
  });
});
