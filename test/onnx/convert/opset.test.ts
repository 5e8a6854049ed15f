import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { TensorProto } from 'onnx-buf';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AttributeValue } from '../../../src/onnx/attributes.js';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import { irVersionOf, knownOperators, NEWEST_OPSET } from '../../../src/onnx/convert/operators.js';
import { upgradeOpset } from '../../../src/onnx/convert/opset.js';
import { OPSET_STEPS } from '../../../src/onnx/convert/opset-steps.js';
import { encodeModel } from '../../../src/onnx/file/write.js';
import type { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { loadRuntime } from '../../../src/runtime/load.js';
import type { Runtime } from '../../../src/runtime/runtime.js';
import type { Feeds } from '../../../src/tensor/tensor.js';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await loadRuntime();
});

/** Deterministic values with signs, fractions and ties. */
function sample(shape: readonly number[]): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  return Float32Array.from({ length: count }, (_, i) => ((i * 37) % 23) / 4 - 2.5);
}

interface Case {
  op: string;
  shape?: number[];
  attributes?: Record<string, AttributeValue>;
  constants?: TensorProto[];
  outputs?: string[];
  from: number;
  to: number;
}

function single({
  op,
  shape = [2, 3, 4, 5],
  attributes = {},
  constants = [],
  outputs = ['y'],
  from,
}: Case): Model {
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, shape)],
    outputs: outputs.map((name) => makeValue(name)),
    nodes: [makeNode(op, ['x', ...constants.map((tensor) => tensor.name)], outputs, { attributes })],
    initializers: constants,
    opsets: { '': from },
    irVersion: irVersionOf(from),
  });
}

async function run(model: Model, shape: readonly number[]): Promise<Feeds> {
  const session = await runtime.open(encodeModel(model), { graphOptimizationLevel: 'disabled', threads: 1 });
  const output = await session.run({ x: { type: 'float32', dims: shape, data: sample(shape) } });
  await session.release();
  return output;
}

const scales = (values: number[]) => makeTensor('s', DataType.FLOAT, [4], Float32Array.from(values));
const channel = (name: string) => makeTensor(name, DataType.FLOAT, [3], Float32Array.of(0.5, 1.5, 2));

const CASES: [string, Case][] = [
  [
    'Squeeze',
    { op: 'Squeeze', shape: [1, 3, 1, 2], attributes: { axes: { ints: [0, 2] } }, from: 11, to: 13 },
  ],
  ['Squeeze of every 1', { op: 'Squeeze', shape: [1, 3, 1, 2], from: 7, to: 21 }],
  ['Unsqueeze', { op: 'Unsqueeze', shape: [2, 3], attributes: { axes: { ints: [0, 3] } }, from: 9, to: 24 }],
  [
    'ReduceSum',
    { op: 'ReduceSum', attributes: { axes: { ints: [1, 2] }, keepdims: { int: 0 } }, from: 11, to: 13 },
  ],
  ['ReduceMean', { op: 'ReduceMean', attributes: { axes: { ints: [-1] } }, from: 11, to: 18 }],
  ['ReduceMax of everything', { op: 'ReduceMax', from: 7, to: 20 }],
  ['Clip', { op: 'Clip', attributes: { min: { float: -1 }, max: { float: 1.25 } }, from: 7, to: 13 }],
  ['Clip above only', { op: 'Clip', attributes: { max: { float: 1.25 } }, from: 10, to: 11 }],
  [
    'Pad',
    {
      op: 'Pad',
      attributes: { pads: { ints: [0, 0, 1, 2, 0, 1, 0, 3] }, value: { float: 1.5 } },
      from: 9,
      to: 19,
    },
  ],
  [
    'Pad by reflection',
    {
      op: 'Pad',
      attributes: { mode: { string: 'reflect' }, pads: { ints: [0, 0, 1, 2, 0, 0, 1, 2] } },
      from: 7,
      to: 11,
    },
  ],
  [
    'Slice',
    {
      op: 'Slice',
      attributes: { starts: { ints: [1, -3] }, ends: { ints: [3, 1000] }, axes: { ints: [1, 3] } },
      from: 9,
      to: 13,
    },
  ],
  [
    'Slice of the first axes',
    { op: 'Slice', attributes: { starts: { ints: [1, 0] }, ends: { ints: [2, 2] } }, from: 7, to: 10 },
  ],
  [
    'TopK',
    { op: 'TopK', attributes: { k: { int: 2 }, axis: { int: 2 } }, outputs: ['y', 'i'], from: 9, to: 13 },
  ],
  [
    'Split',
    {
      op: 'Split',
      attributes: { axis: { int: 3 }, split: { ints: [2, 3] } },
      outputs: ['y', 'z'],
      from: 11,
      to: 18,
    },
  ],
  [
    'Split in equal parts',
    { op: 'Split', attributes: { axis: { int: 2 } }, outputs: ['y', 'z'], from: 7, to: 18 },
  ],
  ['Softmax over several axes', { op: 'Softmax', from: 7, to: 13 }],
  ['Softmax over the last axis', { op: 'Softmax', attributes: { axis: { int: 3 } }, from: 11, to: 13 }],
  ['LogSoftmax over axes of size 1', { op: 'LogSoftmax', shape: [2, 6, 1, 1], from: 9, to: 17 }],
  ['Hardmax from a negative axis', { op: 'Hardmax', attributes: { axis: { int: -2 } }, from: 11, to: 13 }],
  ['Dropout', { op: 'Dropout', attributes: { ratio: { float: 0.3 } }, from: 7, to: 13 }],
  [
    'BatchNormalization',
    {
      op: 'BatchNormalization',
      attributes: { spatial: { int: 1 }, epsilon: { float: 1e-3 } },
      constants: [channel('scale'), channel('bias'), channel('mean'), channel('variance')],
      from: 7,
      to: 15,
    },
  ],
  [
    'Upsample by scales',
    { op: 'Upsample', attributes: { scales: { floats: [1, 1, 2, 1.5] } }, from: 7, to: 18 },
  ],
  [
    'Upsample, linear',
    {
      op: 'Upsample',
      attributes: { mode: { string: 'linear' } },
      constants: [scales([1, 1, 2.5, 2])],
      from: 9,
      to: 19,
    },
  ],
  ['Resize, nearest, larger', { op: 'Resize', constants: [scales([1, 1, 1.7, 2])], from: 10, to: 11 }],
  ['Resize, nearest, smaller', { op: 'Resize', constants: [scales([1, 1, 0.6, 0.4])], from: 10, to: 13 }],
  [
    'Resize, linear, smaller',
    {
      op: 'Resize',
      attributes: { mode: { string: 'linear' } },
      constants: [scales([1, 1, 0.6, 0.7])],
      from: 10,
      to: 18,
    },
  ],
  [
    'AveragePool',
    {
      op: 'AveragePool',
      attributes: {
        kernel_shape: { ints: [2, 2] },
        pads: { ints: [1, 1, 0, 0] },
        count_include_pad: { int: 1 },
      },
      from: 7,
      to: 19,
    },
  ],
];

describe('raising the opset', () => {
  it.each(CASES)('gives the same bits: %s', async (_name, definition) => {
    const { shape = [2, 3, 4, 5], to } = definition;
    const before = await run(single(definition), shape);
    const model = single(definition);
    expect(upgradeOpset(model, to)).toEqual({ upgraded: true, blockers: [] });
    expect(model.opset()).toBe(to);
    expect(model.proto.irVersion).toBe(BigInt(irVersionOf(to)));
    expect(await run(model, shape)).toEqual(before);
  });

  it.each<[string, Case, RegExp]>([
    [
      'a mask that is read',
      { op: 'Dropout', outputs: ['y', 'm'], from: 9, to: 13 },
      /Dropout 'y': its mask is read \(opset 10\)/,
    ],
    [
      'spatial = 0',
      { op: 'BatchNormalization', attributes: { spatial: { int: 0 } }, from: 7, to: 9 },
      /spatial/,
    ],
    [
      'rounding that depends on the dimension',
      { op: 'Resize', constants: [scales([1, 1, 0.5, 2])], from: 10, to: 13 },
      /Resize 'y'.*\(opset 11\)/,
    ],
    [
      'an operator that ONNX never had',
      { op: 'ImageScaler', from: 7, to: 13 },
      /ImageScaler 'y': opset 7 doesn't have/,
    ],
    ['an operator newer than the model', { op: 'Gelu', from: 12, to: 20 }, /Gelu 'y': opset 12 doesn't have/],
    ['negative indices', { op: 'OneHot', from: 9, to: 11 }, /OneHot/],
    ['an opset before the table', { op: 'Relu', from: 6, to: 13 }, /opset 6 is older than 7/],
    ['an opset after the table', { op: 'Relu', from: 17, to: NEWEST_OPSET + 1 }, /newer than/],
  ])('is refused, and the model left alone: %s', (_name, definition, reason) => {
    const model = single(definition);
    const bytes = encodeModel(model);
    const result = upgradeOpset(model, definition.to);
    expect(result.upgraded).toBe(false);
    expect(result.blockers.join('\n')).toMatch(reason);
    expect(encodeModel(model)).toEqual(bytes);
  });

  it('leaves a model alone that is there already', () => {
    const model = single({ op: 'Relu', from: 17, to: 17 });
    expect(upgradeOpset(model, 13)).toEqual({ upgraded: true, blockers: [] });
    expect(model.opset()).toBe(17);
  });

  it('rewrites nodes of subgraphs, which read the new constants from the outer graph', async () => {
    const branch = (name: string, axes: number[]) =>
      makeModel({
        inputs: [],
        outputs: [makeValue(name)],
        nodes: [makeNode('Unsqueeze', ['x'], [name], { attributes: { axes: { ints: axes } } })],
      }).graph.commit();
    const build = () =>
      makeModel({
        inputs: [makeValue('x', DataType.FLOAT, [2, 3])],
        outputs: [makeValue('y')],
        nodes: [
          makeNode('If', ['c'], ['y'], {
            attributes: {
              then_branch: { graph: branch('a', [0]) },
              else_branch: { graph: branch('b', [0]) },
            },
          }),
        ],
        initializers: [makeTensor('c', DataType.BOOL, [], Uint8Array.of(1))],
        opsets: { '': 11 },
      });
    const model = build();
    expect(upgradeOpset(model, 13).upgraded).toBe(true);
    model.graph.prune();
    expect(await run(model, [2, 3])).toEqual(await run(build(), [2, 3]));
  });

  it('keeps initializers constant that had to be inputs before IR 4', () => {
    const model = makeModel({
      inputs: [makeValue('x', DataType.FLOAT, [3]), makeValue('scale', DataType.FLOAT, [3])],
      outputs: [makeValue('y')],
      nodes: [makeNode('Mul', ['x', 'scale'], ['y'])],
      initializers: [channel('scale')],
      opsets: { '': 7 },
      irVersion: 3,
    });
    upgradeOpset(model, 8);
    expect(model.proto.graph?.input.map(({ name }) => name)).toEqual(['x', 'scale']);
    upgradeOpset(model, 13);
    expect(model.proto.graph?.input.map(({ name }) => name)).toEqual(['x']);
  });

  it('names only operators and versions that exist', () => {
    for (const key of OPSET_STEPS.keys()) {
      const [operator, version] = key.split('@') as [string, string];
      expect(knownOperators().get(operator), key).toBeLessThan(Number(version));
    }
  });
});

/** Changes that look like more than a wider type in the schemas but keep the meaning of every valid older node. */
const REVIEWED = new Map([
  ['Erf@13', 'integer inputs, which ONNX Runtime never had'],
  ['Constant@11', 'value became one of several attributes'],
]);

/** Lists operators with their first opset, and versions whose schema changed by more than wider types and optional additions. */
const SCHEMAS = `
import json, onnx.defs as defs, onnx.helper as helper
history = {}
for schema in defs.get_all_schemas_with_history():
    if schema.domain == '' and schema.since_version <= ${NEWEST_OPSET}:
        history.setdefault(schema.name, []).append(schema)
def attributes(schema):
    return {name: (str(a.type), a.required, str(helper.get_attribute_value(a.default_value)) if a.default_value.name else None)
            for name, a in schema.attributes.items()}
def changed(old, new):
    if new.deprecated: return True
    before, after = attributes(old), attributes(new)
    if any(after.get(name) != value for name, value in before.items()): return True
    if any(value[1] for name, value in after.items() if name not in before): return True
    types = [{t.type_param_str: set(t.allowed_type_strs) for t in s.type_constraints} for s in (old, new)]
    for a, b in ((old.inputs, new.inputs), (old.outputs, new.outputs)):
        if len(b) < len(a): return True
        for x, y in zip(a, b):
            if x.option != y.option and y.option != defs.OpSchema.FormalParameterOption.Optional: return True
            if not types[0].get(x.type_str, {x.type_str}) <= types[1].get(y.type_str, {y.type_str}): return True
        if any(y.option == defs.OpSchema.FormalParameterOption.Single for y in b[len(a):]): return True
    return False
introduced, changes = {}, []
for name, schemas in history.items():
    schemas.sort(key=lambda schema: schema.since_version)
    introduced[name] = max(schemas[0].since_version, 7)
    changes += [f'{name}@{new.since_version}' for old, new in zip(schemas, schemas[1:]) if new.since_version > 7 and changed(old, new)]
ir = {row[2]: row[1] for row in reversed(helper.VERSION_TABLE) if 7 <= row[2] <= ${NEWEST_OPSET}}
print(json.dumps({'introduced': introduced, 'changes': changes, 'ir': ir}))
`;

const python = pythonWithOnnx();
describe('the operator table', () => {
  it.skipIf(python === null)(
    'agrees with the schemas of ONNX (needs Python with onnx; QUANTGATE_PYTHON names it)',
    () => {
      const schemas = JSON.parse(execFileSync(python!, ['-c', SCHEMAS], { encoding: 'utf8' })) as {
        introduced: Record<string, number>;
        changes: string[];
        ir: Record<string, number>;
      };
      expect(Object.fromEntries(knownOperators())).toEqual(schemas.introduced);
      expect(schemas.changes.filter((key) => !OPSET_STEPS.has(key) && !REVIEWED.has(key))).toEqual([]);
      for (const [opset, irVersion] of Object.entries(schemas.ir))
        expect(irVersionOf(Number(opset))).toBe(irVersion);
    },
  );
});

function pythonWithOnnx(): string | null {
  for (const candidate of [process.env.QUANTGATE_PYTHON, 'python3']) {
    if (!candidate || (candidate.includes('/') && !existsSync(candidate))) continue;
    try {
      execFileSync(candidate, ['-c', 'import onnx; assert onnx.defs.onnx_opset_version() >= 24'], {
        stdio: 'ignore',
      });
      return candidate;
    } catch {
      // Not this one.
    }
  }
  return null;
}
