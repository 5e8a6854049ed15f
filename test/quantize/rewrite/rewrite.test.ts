import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { clone } from '@bufbuild/protobuf';
import { type NodeProto, NodeProtoSchema, type TensorProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../../src/errors.js';
import { SILENT } from '../../../src/log.js';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import type { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { inferTypes, prepareModel } from '../../../src/quantize/prepare/prepare.js';
import { applyRewrites } from '../../../src/quantize/rewrite/rewrite.js';
import { loadRuntime } from '../../../src/runtime/load.js';
import { scratch } from '../small-models.js';
import { floats, noise, random, rewrite, run, signalToNoise } from './equivalence.js';

/** The float rounding that folding costs at most. */
const EXACT_DB = 100;

interface Parts {
  shape?: (number | string)[];
  nodes: NodeProto[];
  constants?: TensorProto[];
  opset?: number;
  outputs?: string[];
}

function model({ shape = [2, 4, 6, 6], nodes, constants = [], opset = 13, outputs = ['y'] }: Parts): Model {
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, shape)],
    outputs: outputs.map((name) => makeValue(name)),
    nodes: nodes.map((node) => clone(NodeProtoSchema, node)),
    initializers: constants,
    opsets: { '': opset },
  });
}

const conv = (input: string, output: string, attributes = {}) =>
  makeNode('Conv', [input, 'w', 'b'], [output], { attributes });
const pads = (...values: number[]) => ({ pads: { ints: values } });
const weights = [random('w', [5, 4, 3, 3]), random('b', [5], 3)];
const perInput = random('channel', [4, 1, 1], 11);
const perOutput = random('channel', [1, 5, 1, 1], 11);

/** name, model, operators left */
const FOLDED: [string, Parts, string][] = [
  [
    'a scale and an offset behind Conv',
    {
      nodes: [conv('x', 'c'), makeNode('Mul', ['c', 's'], ['m']), makeNode('Add', ['channel', 'm'], ['y'])],
      constants: [...weights, floats('s', [1], [-1.5]), perOutput],
    },
    'Conv',
  ],
  [
    'a division and a difference behind a Conv without bias',
    {
      nodes: [
        makeNode('Conv', ['x', 'w'], ['c']),
        makeNode('Div', ['c', 'channel'], ['m']),
        makeNode('Sub', ['s', 'm'], ['y']),
      ],
      constants: [weights[0]!, perOutput, floats('s', [], [0.7])],
    },
    'Conv',
  ],
  [
    'a positive scale behind Relu and pooling',
    {
      nodes: [
        conv('x', 'c'),
        makeNode('Relu', ['c'], ['r']),
        makeNode('MaxPool', ['r'], ['p'], { attributes: { kernel_shape: { ints: [2, 2] } } }),
        makeNode('Mul', ['p', 'channel'], ['y']),
      ],
      constants: [...weights, floats('channel', [5, 1, 1], [1, 2, 0.5, 3, 0.1])],
    },
    'Conv Relu MaxPool',
  ],
  [
    'a scale and an offset before an unpadded Conv',
    {
      nodes: [makeNode('Mul', ['x', 'channel'], ['m']), makeNode('Add', ['m', 's'], ['a']), conv('a', 'y')],
      constants: [...weights, perInput, floats('s', [1, 1, 1, 1], [0.25])],
    },
    'Conv',
  ],
  [
    'the scale before a padded Conv, whose offset stays',
    {
      nodes: [
        makeNode('Mul', ['x', 's'], ['m']),
        makeNode('Add', ['m', 'channel'], ['a']),
        conv('a', 'y', pads(1, 1, 1, 1)),
      ],
      constants: [...weights, floats('s', [], [0.5]), perInput],
    },
    'Add Conv',
  ],
  [
    'what surrounds a grouped Conv',
    {
      nodes: [
        makeNode('Mul', ['x', 'channel'], ['m']),
        makeNode('Add', ['m', 'shift'], ['a']),
        makeNode('Conv', ['a', 'w'], ['c'], { attributes: { group: { int: 2 } } }),
        makeNode('Mul', ['c', 'after'], ['y']),
      ],
      constants: [
        random('w', [6, 2, 3, 3]),
        perInput,
        random('shift', [4, 1, 1], 2),
        random('after', [6, 1, 1], 5),
      ],
    },
    'Conv',
  ],
  [
    'what surrounds a grouped ConvTranspose, offsets before it excepted',
    {
      nodes: [
        makeNode('Mul', ['x', 'channel'], ['m']),
        makeNode('ConvTranspose', ['m', 'w'], ['c'], { attributes: { group: { int: 2 } } }),
        makeNode('Mul', ['c', 'after'], ['d']),
        makeNode('Add', ['d', 'after'], ['y']),
      ],
      constants: [random('w', [4, 3, 2, 2]), perInput, random('after', [6, 1, 1], 5)],
    },
    'ConvTranspose',
  ],
  [
    'what surrounds a Gemm with alpha and beta',
    {
      shape: [3, 4],
      nodes: [
        makeNode('Mul', ['x', 's'], ['m']),
        makeNode('Add', ['m', 'v'], ['a']),
        makeNode('Gemm', ['a', 'w', 'b'], ['g'], {
          attributes: { alpha: { float: 0.5 }, beta: { float: 2 }, transB: { int: 1 } },
        }),
        makeNode('Mul', ['g', 'after'], ['h']),
        makeNode('Add', ['h', 's'], ['y']),
      ],
      constants: [
        random('w', [5, 4]),
        random('b', [5], 4),
        floats('s', [], [3]),
        random('v', [4]),
        random('after', [5], 8),
      ],
    },
    'Gemm',
  ],
  [
    'scales around a MatMul, which has no bias',
    {
      shape: [2, 3, 4],
      nodes: [
        makeNode('Mul', ['x', 'v'], ['m']),
        makeNode('MatMul', ['m', 'w'], ['g']),
        makeNode('Mul', ['g', 'after'], ['h']),
        makeNode('Add', ['h', 'after'], ['y']),
      ],
      constants: [random('w', [4, 5]), random('v', [4]), random('after', [5], 8)],
    },
    'MatMul Add',
  ],
  [
    'BatchNormalization before a Conv',
    {
      nodes: [makeNode('BatchNormalization', ['x', 'g', 'o', 'm', 'v'], ['n']), conv('n', 'y')],
      constants: [
        ...weights,
        random('g', [4]),
        random('o', [4], 2),
        random('m', [4], 3),
        floats('v', [4], [1, 0.2, 3, 4]),
      ],
    },
    'Conv',
  ],
  [
    'a chain of constants into two operators',
    {
      nodes: [
        makeNode('Sub', ['x', 's'], ['a']),
        makeNode('Div', ['a', 's'], ['d']),
        makeNode('Add', ['d', 's'], ['e']),
        makeNode('Mul', ['e', 's'], ['y']),
      ],
      constants: [floats('s', [1], [1.7])],
    },
    'Add',
  ],
  [
    'Pad with zeros before a Conv',
    {
      nodes: [makeNode('Pad', ['x', 'p'], ['q']), conv('q', 'y', pads(0, 1, 1, 0))],
      constants: [
        ...weights,
        makeTensor('p', DataType.INT64, [8], BigInt64Array.from([0, 0, 1, 0, 0, 0, 2, 1], BigInt)),
      ],
    },
    'Conv',
  ],
  [
    'h-swish between convolutions',
    {
      nodes: [
        conv('x', 'c'),
        makeNode('Add', ['c', 'three'], ['a']),
        makeNode('Clip', ['a', 'zero', 'six'], ['k']),
        makeNode('Mul', ['c', 'k'], ['m']),
        makeNode('Div', ['m', 'six'], ['d']),
        makeNode('Mul', ['d', 'three'], ['e']),
        makeNode('Conv', ['e', 'w2'], ['y']),
      ],
      constants: [
        ...weights,
        random('w2', [3, 5, 1, 1], 6),
        floats('three', [], [3]),
        floats('zero', [], [0]),
        floats('six', [], [6]),
      ],
    },
    'Conv HardSigmoid Mul Conv',
  ],
  [
    'ImageScaler before an unpadded Conv',
    {
      nodes: [
        makeNode('ImageScaler', ['x'], ['i'], {
          attributes: { scale: { float: 0.5 }, bias: { floats: [-1, 2, 0.5, 0] } },
        }),
        conv('i', 'y'),
      ],
      constants: weights,
      opset: 9,
    },
    'Conv',
  ],
  [
    'LayerNormalization spelled out',
    {
      shape: [2, 3, 8],
      nodes: layerNormalization(),
      constants: [floats('two', [], [2]), floats('eps', [], [1e-5]), random('g', [8]), random('o', [8], 5)],
      opset: 17,
    },
    'LayerNormalization',
  ],
  [
    'GELU spelled out',
    {
      shape: [2, 3, 8],
      nodes: gelu(),
      constants: [floats('root', [], [Math.SQRT2]), floats('one', [], [1]), floats('half', [], [0.5])],
      opset: 20,
    },
    'Gelu',
  ],
];

function layerNormalization(): NodeProto[] {
  const mean = { attributes: { axes: { ints: [-1] } } };
  return [
    makeNode('ReduceMean', ['x'], ['mean'], mean),
    makeNode('Sub', ['x', 'mean'], ['d']),
    makeNode('Pow', ['d', 'two'], ['sq']),
    makeNode('ReduceMean', ['sq'], ['var'], mean),
    makeNode('Add', ['var', 'eps'], ['ve']),
    makeNode('Sqrt', ['ve'], ['sd']),
    makeNode('Div', ['d', 'sd'], ['n']),
    makeNode('Mul', ['n', 'g'], ['ng']),
    makeNode('Add', ['ng', 'o'], ['y']),
  ];
}

function gelu(): NodeProto[] {
  return [
    makeNode('Div', ['x', 'root'], ['r']),
    makeNode('Erf', ['r'], ['e']),
    makeNode('Add', ['e', 'one'], ['p']),
    makeNode('Mul', ['x', 'p'], ['m']),
    makeNode('Mul', ['m', 'half'], ['y']),
  ];
}

/** name, model: nothing may change but constants' names */
/** name, model, what is said of it */
const KEPT: [string, Parts, string[]][] = [
  [
    'a convolution that something else reads too',
    {
      nodes: [conv('x', 'c'), makeNode('Mul', ['c', 's'], ['y'])],
      constants: [...weights, floats('s', [], [2])],
      outputs: ['y', 'c'],
    },
    ["affine-into-previous leaves Mul 'y': what Conv 'c' writes is read by others too"],
  ],
  [
    'a negative scale behind Relu',
    {
      nodes: [conv('x', 'c'), makeNode('Relu', ['c'], ['r']), makeNode('Mul', ['r', 's'], ['y'])],
      constants: [...weights, floats('s', [], [-2])],
    },
    ["affine-into-previous leaves Mul 'y': only a positive scale passes Relu 'r'"],
  ],
  [
    'an offset before a padded Conv',
    {
      nodes: [makeNode('Add', ['x', 's'], ['a']), conv('a', 'y', { auto_pad: { string: 'SAME_UPPER' } })],
      constants: [...weights, floats('s', [], [2])],
    },
    ["affine-into-next leaves Add 'a': Conv pads its input with zeros, to which nothing is added"],
  ],
  [
    'a constant that varies over space',
    {
      nodes: [conv('x', 'c'), makeNode('Mul', ['c', 's'], ['y'])],
      constants: [...weights, random('s', [4, 1])],
    },
    [],
  ],
  [
    'a constant that widens a single channel',
    {
      shape: [2, 1, 3, 3],
      nodes: [makeNode('Mul', ['x', 'channel'], ['m']), conv('m', 'y')],
      constants: [...weights, perInput],
    },
    [],
  ],
  [
    'Pad with another value',
    {
      nodes: [makeNode('Pad', ['x', 'p', 's'], ['q']), conv('q', 'y')],
      constants: [
        ...weights,
        floats('s', [], [1]),
        makeTensor('p', DataType.INT64, [8], BigInt64Array.from([0, 0, 1, 1, 0, 0, 1, 1], BigInt)),
      ],
    },
    ["pad-into-conv leaves Pad 'q': it pads with 1, Conv with zeros"],
  ],
  [
    'the pieces of a LayerNormalization that the opset lacks, before a MatMul',
    {
      shape: [2, 3, 8],
      nodes: [
        ...layerNormalization().map((node) =>
          node.output[0] === 'y' ? makeNode('Add', ['ng', 'o'], ['l']) : node,
        ),
        makeNode('MatMul', ['l', 'w'], ['y']),
      ],
      constants: [
        floats('two', [], [2]),
        floats('eps', [], [1e-5]),
        random('g', [8]),
        random('o', [8], 5),
        random('w', [8, 3]),
      ],
    },
    [
      "fuse-patterns leaves Add 'l': it ends a spelled-out LayerNormalization, which opset 13 doesn't have as one operator (17 does)",
    ],
  ],
  [
    'arithmetic on a dimension that stays open',
    {
      shape: ['batch', 'length'],
      nodes: [
        makeNode('Shape', ['x'], ['shape']),
        makeNode('Gather', ['shape', 'index'], ['n']),
        makeNode('Concat', ['rest', 'n'], ['wanted'], { attributes: { axis: { int: 0 } } }),
        makeNode('Reshape', ['x', 'wanted'], ['y']),
      ],
      constants: [
        makeTensor('index', DataType.INT64, [1], BigInt64Array.of(0n)),
        makeTensor('rest', DataType.INT64, [2], BigInt64Array.of(1n, -1n)),
      ],
    },
    ["constant-reshape leaves Reshape 'y': several of its dimensions are neither numbers nor copied"],
  ],
  [
    "attention's mask, (1 − x) · −10000",
    {
      nodes: [makeNode('Sub', ['one', 'x'], ['s']), makeNode('Mul', ['s', 'low'], ['y'])],
      constants: [floats('one', [], [1]), floats('low', [], [-10000])],
    },
    ["merge-affine leaves Mul 'y': merged with what comes before, it would be as many operators"],
  ],
  [
    "attention's scale, and a bias of zeros behind MatMul",
    {
      shape: [2, 3, 4],
      nodes: [
        makeNode('MatMul', ['x', 'w'], ['m']),
        makeNode('Add', ['m', 'zeros'], ['q']),
        makeNode('Transpose', ['q'], ['k'], { attributes: { perm: { ints: [0, 2, 1] } } }),
        makeNode('MatMul', ['q', 'k'], ['p']),
        makeNode('Div', ['p', 'root'], ['y']),
      ],
      constants: [random('w', [4, 4]), floats('zeros', [4], [0, 0, 0, 0]), floats('root', [], [2])],
    },
    ["affine-into-previous leaves Add 'q': MatMul has no bias"],
  ],
  [
    'the pieces of a GELU that the opset lacks, before a MatMul',
    {
      shape: [2, 3, 8],
      nodes: [
        ...gelu().map((node) => (node.output[0] === 'y' ? makeNode('Mul', ['m', 'half'], ['l']) : node)),
        makeNode('MatMul', ['l', 'w'], ['y']),
      ],
      constants: [
        floats('root', [], [Math.SQRT2]),
        floats('one', [], [1]),
        floats('half', [], [0.5]),
        random('w', [8, 3]),
      ],
    },
    [
      "fuse-patterns leaves Mul 'l': it ends a spelled-out Gelu, which opset 13 doesn't have as one operator (20 does)",
    ],
  ],
  [
    'h-swish without its division',
    {
      nodes: [
        makeNode('Add', ['x', 'three'], ['a']),
        makeNode('Clip', ['a', 'zero', 'six'], ['g']),
        makeNode('Mul', ['x', 'g'], ['y']),
      ],
      constants: [floats('three', [], [3]), floats('zero', [], [0]), floats('six', [], [6])],
    },
    ["hard-swish leaves Clip 'g': nothing divides by 6 what it lets through"],
  ],
  [
    'h-swish whose gate is read by others',
    {
      nodes: [
        makeNode('Add', ['x', 'three'], ['a']),
        makeNode('Clip', ['a', 'zero', 'six'], ['g']),
        makeNode('Mul', ['x', 'g'], ['p']),
        makeNode('Mul', ['p', 'sixth'], ['y']),
      ],
      constants: [
        floats('three', [], [3]),
        floats('zero', [], [0]),
        floats('six', [], [6]),
        floats('sixth', [], [1 / 6]),
      ],
      outputs: ['y', 'g'],
    },
    ["hard-swish leaves Clip 'g': parts of its h-swish are read by others too"],
  ],
  [
    'a BatchNormalization among operators without weights',
    {
      nodes: [
        makeNode('Relu', ['x'], ['r']),
        makeNode('BatchNormalization', ['r', 'gamma', 'beta', 'mean', 'variance'], ['n']),
        makeNode('Sigmoid', ['n'], ['y']),
      ],
      constants: [
        random('gamma', [4], 1),
        random('beta', [4], 2),
        random('mean', [4], 3),
        floats('variance', [4], [1, 2, 3, 4]),
      ],
    },
    ["batch-norm leaves BatchNormalization 'n': no operator with weights beside it could take it"],
  ],
  [
    'a scale that a Conv and something else read',
    {
      nodes: [
        makeNode('Mul', ['x', 's'], ['m']),
        conv('m', 'y'),
        makeNode('Sigmoid', ['m'], ['z'], { name: 'gate' }),
      ],
      constants: [...weights, floats('s', [], [2])],
      outputs: ['y', 'z'],
    },
    ["affine-into-next leaves Mul 'm': Sigmoid 'gate' reads it too"],
  ],
  [
    'a scale of channels before a MatMul over the last axis',
    {
      shape: [2, 4, 6],
      nodes: [makeNode('Mul', ['x', 'rows'], ['m']), makeNode('MatMul', ['m', 'w'], ['y'])],
      constants: [random('rows', [4, 1]), random('w', [6, 3])],
    },
    ["affine-into-next leaves Mul 'm': its constants vary along another axis than the channels of MatMul"],
  ],
];

describe('exact rewriting', () => {
  it.each(FOLDED)('folds %s', async (_name, parts, operators) => {
    const result = await rewrite(() => model(parts));
    expect(result.operators).toBe(operators);
    expect(result.sqnr).toBeGreaterThan(EXACT_DB);
  });

  it.each(KEPT)('leaves alone %s, and says why', async (_name, parts, left) => {
    const result = await rewrite(() => model(parts));
    expect(result.changes).toEqual({});
    expect(result.left).toEqual(left.map((message) => `Rewrite ${message}.`));
    expect(result.sqnr).toBe(Number.POSITIVE_INFINITY);
  });

  it('leaves a large weight to all its readers: a copy would cost more than the operator that goes into it', async () => {
    const result = await rewrite(() =>
      model({
        nodes: [
          makeNode('Conv', ['x', 'large'], ['c']),
          makeNode('Mul', ['c', 's'], ['y']),
          makeNode('Conv', ['x', 'large'], ['z']),
        ],
        constants: [random('large', [512, 4, 1, 1]), floats('s', [], [2])],
        outputs: ['y', 'z'],
      }),
    );
    expect(result.changes).toEqual({});
    expect([...result.model.graph.initializers.keys()]).toEqual(['large', 's']);
  });

  it('gives each node its own weights where they were shared and are small', async () => {
    const result = await rewrite(() =>
      model({
        nodes: [conv('x', 'c'), makeNode('Mul', ['c', 's'], ['y']), conv('x', 'z')],
        constants: [...weights, floats('s', [], [2])],
        outputs: ['y', 'z'],
      }),
    );
    expect(result.operators).toBe('Conv Conv');
    expect(result.sqnr).toBeGreaterThan(EXACT_DB);
  });

  it('ends between two weights when it is interrupted', async () => {
    const network = model({
      nodes: [makeNode('Mul', ['x', 's'], ['a'], { name: 'scaled' }), conv('a', 'y')],
      constants: [...weights, random('s', [1, 4, 1, 1])],
    });
    const types = await inferTypes(network, { context: { runtime: await loadRuntime() } });
    const stop = new AbortController();
    // A signal of the system comes between two turns of the event loop.
    setImmediate(() => stop.abort());
    await expect(applyRewrites(network, types, { signal: stop.signal })).rejects.toThrow(Interrupted);
  });

  it('makes one of equal constants, and does nothing the second time', async () => {
    const result = await rewrite(() =>
      model({
        nodes: [makeNode('Max', ['x', 's', 't'], ['y'])],
        constants: [random('s', [4, 1, 1]), random('t', [4, 1, 1])],
      }),
    );
    expect(result.changes).toEqual({ dedupe: 1 });
    expect([...result.model.graph.initializers.keys()]).toEqual(['s']);
  });

  it('never touches operators of other domains', async () => {
    const build = () =>
      model({
        nodes: [conv('x', 'c'), makeNode('Mul', ['c', 's'], ['y'], { domain: 'custom' })],
        constants: [...weights, floats('s', [], [2])],
      });
    const types = new Map(
      ['x', 'c', 'y'].map(
        (name) => [name, { dataType: DataType.FLOAT, shape: [2, 4, 6, 6] as number[] }] as const,
      ),
    );
    expect(await applyRewrites(build(), types)).toEqual({});
  });
});

const int64s = (name: string, ...values: number[]) =>
  makeTensor(name, DataType.INT64, [values.length], BigInt64Array.from(values, BigInt));

describe('Reshape to a shape that is computed', () => {
  /** [batch, length, 8] → heads of 4, as exporters of transformers write it. */
  const heads = (rest: number[], { from = 'x' } = {}) =>
    model({
      shape: ['batch', 'length', 8],
      nodes: [
        makeNode('Shape', [from], ['shape']),
        makeNode('Gather', ['shape', 'zero'], ['b']),
        makeNode('Gather', ['shape', 'one'], ['l']),
        makeNode('Concat', ['b', 'l', 'rest'], ['asked'], { attributes: { axis: { int: 0 } } }),
        makeNode('MatMul', ['x', 'w'], ['m']),
        makeNode('Reshape', ['m', 'asked'], ['y']),
        makeNode('Concat', ['x', 'x'], ['double'], { attributes: { axis: { int: 1 } } }),
      ],
      constants: [random('w', [8, 8]), int64s('zero', 0), int64s('one', 1), int64s('rest', ...rest)],
    });

  it('copies the dimensions instead, the batch and the length staying open', async () => {
    const { operators, model: made, sqnr, changes } = await rewrite(() => heads([-1, 4]));
    expect(operators).toBe('MatMul Reshape');
    expect(changes['constant-reshape']).toBe(1);
    const reshape = made.graph.producer('y')!;
    expect([...made.graph.constantValues(reshape.input[1]!)!]).toEqual([0n, 0n, 2n, 4n]);
    expect(sqnr).toBe(Number.POSITIVE_INFINITY);
  });

  it('stays computed where a dimension is not the input’s own', async () => {
    const { operators } = await rewrite(() => heads([-1, 4], { from: 'double' }));
    expect(operators).toContain('Shape');
  });
});

describe('what is joined and taken apart again', () => {
  const decoder = (from: number, to: number) =>
    model({
      shape: ['batch', 6, 2],
      nodes: [
        makeNode('Mul', ['x', 'priors'], ['size']),
        makeNode('Add', ['x', 'priors'], ['centre']),
        makeNode('Concat', ['centre', 'size'], ['box'], { attributes: { axis: { int: 2 } } }),
        makeNode('Slice', ['box', 'from', 'to', 'last'], ['part']),
        makeNode('Exp', ['part'], ['y']),
      ],
      constants: [random('priors', [1, 6, 2]), int64s('from', from), int64s('to', to), int64s('last', -1)],
    });

  it('is what was there before', async () => {
    const result = await rewrite(() => decoder(2, 2 ** 40));
    expect(result.operators).toBe('Mul Exp');
    expect(result.sqnr).toBe(Number.POSITIVE_INFINITY);
  });

  it('stays where the cut goes elsewhere', async () => {
    expect((await rewrite(() => decoder(1, 3))).operators).toContain('Concat Slice');
  });
});

describe('padding computed from shapes', () => {
  it('ends up in the convolution, the batch staying open', async () => {
    using place = scratch();
    const index = (name: string, ...values: number[]) =>
      makeTensor(
        name,
        DataType.INT64,
        values.length === 1 ? [1] : [values.length],
        BigInt64Array.from(values, BigInt),
      );
    const scalar = (name: string, value: number) =>
      makeTensor(name, DataType.INT64, [], BigInt64Array.of(BigInt(value)));
    // ceil(height / 2) · 2 − height + 1, as exporters of "same" padding leave it in the graph.
    const file = join(place.directory, 'padded.onnx');
    writeModel(
      model({
        shape: ['batch', 4, 9, 9],
        nodes: [
          makeNode('Shape', ['x'], ['shape']),
          makeNode('Gather', ['shape', 'height'], ['h']),
          makeNode('Add', ['h', 'one'], ['more']),
          makeNode('Div', ['more', 'two'], ['half']),
          makeNode('Mul', ['half', 'two'], ['even']),
          makeNode('Sub', ['even', 'h'], ['rest']),
          makeNode('Unsqueeze', ['rest', 'first'], ['pad']),
          makeNode('Concat', ['zeros', 'pad', 'pad', 'zeros', 'pad', 'pad'], ['pads'], {
            attributes: { axis: { int: 0 } },
          }),
          makeNode('Pad', ['x', 'pads'], ['padded']),
          conv('padded', 'y'),
        ],
        constants: [
          ...weights,
          scalar('height', 2),
          scalar('one', 1),
          scalar('two', 2),
          index('first', 0),
          index('zeros', 0, 0),
        ],
      }),
      file,
    );
    const prepared = await prepareModel(file, { context: { runtime: await loadRuntime(), log: SILENT } });
    await applyRewrites(prepared.model, prepared.types);
    expect(prepared.model.graph.topologicalNodes().map(({ opType }) => opType)).toEqual(['Conv']);
    const feeds = { x: { type: 'float32' as const, dims: [3, 4, 9, 9], data: noise(972) } };
    const [before, after] = [await run(readModel(file), feeds), await run(prepared.model, feeds)];
    expect(signalToNoise(before.y!, after.y!)).toBeGreaterThan(EXACT_DB);
  });
});

const SHARED = `${process.env.QUANTGATE_TEST_DATA ?? 'nowhere'}/models/`;

/** Model, inputs, and what must be found in it. */
const REAL: [string, Record<string, number[]>, Record<string, number>][] = [
  ['digits', { image: [2, 1, 28, 28] }, {}],
  ['efficientnet-lite0', { input: [1, 3, 224, 224] }, {}],
  [
    'ppocr-rec',
    { x: [1, 3, 48, 320] },
    { 'hard-swish': 28, 'affine-into-previous': 56, 'affine-into-next': 37 },
  ],
  ['ultraface', { input: [1, 3, 240, 320] }, {}],
];

describe('exact rewriting of real models', () => {
  it.skipIf(!existsSync(SHARED)).each(REAL)(
    '%s computes the same (needs QUANTGATE_TEST_DATA, a folder with models)',
    async (name, inputs, expected) => {
      const runtime = await loadRuntime();
      const { model, types } = await prepareModel(`${SHARED}${name}.onnx`, {
        context: { runtime, log: SILENT },
      });
      const feeds = Object.fromEntries(
        Object.entries(inputs).map(([input, dims]) => [
          input,
          { type: 'float32' as const, dims, data: noise(dims.reduce((a, b) => a * b, 1)).map((v) => v / 4) },
        ]),
      );
      const before = await run(model, feeds);
      expect(await applyRewrites(model, types)).toMatchObject(expected);
      const after = await run(model, feeds);
      for (const [output, tensor] of Object.entries(before)) {
        expect(signalToNoise(tensor, after[output]!), output).toBeGreaterThan(EXACT_DB);
      }
    },
  );
});
