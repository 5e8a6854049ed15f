/**
 * A decoder as Optimum merges them: one If whose then-branch goes on after a cache, and whose else-branch reads a whole text. Values and nodes have the
 * same names in both, and those of the If's outputs; weights stand around them, shapes and scalars in each.
 */
import { create } from '@bufbuild/protobuf';
import { type GraphProto, GraphProtoSchema, type NodeProto, type TensorProto } from 'onnx-buf';
import type { AttributeValue } from '../../src/onnx/attributes.js';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import type { Feeds, Tensor } from '../../src/tensor/tensor.js';
import { floats, floatValue, int64s, run, smallModel } from './small-models.js';

export const LAYERS = 2;
const HEADS = 2;
const HEAD = 64;
const WIDTH = HEADS * HEAD;
const INNER = 256;
const VOCABULARY = 2048;
const FAR = -10_000;

export interface MergedDecoderOptions {
  /** The head is the table of tokens, transposed in each branch. Default: a weight of its own. */
  tied?: boolean;
  /** Each branch has copies of the weights. Default: they stand around both. */
  copied?: boolean;
  /** Cross-attention's caches are outputs of the whole text alone: the step gives empty ones. */
  emptyOutputs?: boolean;
}

class Branch {
  readonly nodes: NodeProto[] = [];
  readonly own: TensorProto[] = [];
  readonly weights = new Map<string, TensorProto>();

  node(
    opType: string,
    inputs: readonly string[],
    output: string,
    attributes: Record<string, AttributeValue> = {},
  ): string {
    this.nodes.push(makeNode(opType, inputs, [output], { name: `/${output}/${opType}`, attributes }));
    return output;
  }

  constant(tensor: TensorProto): string {
    this.own.push(tensor);
    return tensor.name;
  }

  /** Out of its name, as loud as its depth asks for. */
  weight(name: string, dims: readonly number[], scale = Math.sqrt(3 / dims[0]!)): string {
    const length = dims.reduce((product, dim) => product * dim, 1);
    const seed = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 7);
    this.weights.set(name, makeTensor(name, DataType.FLOAT, dims, floats(length, seed, scale)));
    return name;
  }

  ones(name: string): string {
    this.weights.set(name, makeTensor(name, DataType.FLOAT, [WIDTH], new Float32Array(WIDTH).fill(1)));
    return name;
  }
}

function norm(branch: Branch, x: string, name: string): string {
  const inputs = [x, branch.ones(`${name}.weight`), branch.weight(`${name}.bias`, [WIDTH], 0.1)];
  return branch.node('LayerNormalization', inputs, `${name}_y`, { axis: { int: -1 } });
}

function linear(branch: Branch, x: string, name: string, dims: readonly [number, number]): string {
  const product = branch.node('MatMul', [x, branch.weight(`${name}.weight`, dims)], `${name}_product`);
  return branch.node('Add', [product, branch.weight(`${name}.bias`, [dims[1]], 0.1)], `${name}_y`);
}

function attention(branch: Branch, x: string, { layer, past }: { layer: number; past: boolean }): string {
  const at = `layers.${layer}.`;
  const heads = (name: string): string => {
    const flat = linear(branch, x, `${at}${name}`, [WIDTH, WIDTH]);
    const shape = branch.constant(int64s(`${at}${name}_shape`, [0, -1, HEADS, HEAD]));
    const split = branch.node('Reshape', [flat, shape], `${at}${name}_split`);
    return branch.node('Transpose', [split], `${at}${name}_heads`, { perm: { ints: [0, 2, 1, 3] } });
  };
  const query = heads('q');
  const [keys, values] = (['key', 'value'] as const).map((kind) => {
    const own = heads(kind === 'key' ? 'k' : 'v');
    const present = `present.${layer}.${kind}`;
    return past
      ? branch.node('Concat', [`past_key_values.${layer}.${kind}`, own], present, { axis: { int: 2 } })
      : branch.node('Identity', [own], present);
  }) as [string, string];
  const turned = branch.node('Transpose', [keys], `${at}turned`, { perm: { ints: [0, 1, 3, 2] } });
  const scores = branch.node('MatMul', [query, turned], `${at}scores`);
  const factor = branch.constant(
    makeTensor(`${at}factor`, DataType.FLOAT, [], Float32Array.of(HEAD ** -0.5)),
  );
  const scaled = branch.node('Mul', [scores, factor], `${at}scaled`);
  const masked = branch.node('Add', [scaled, 'mask'], `${at}masked`);
  const shares = branch.node('Softmax', [masked], `${at}shares`, { axis: { int: -1 } });
  const mixed = branch.node('MatMul', [shares, values], `${at}mixed`);
  const joined = branch.node('Transpose', [mixed], `${at}joined`, { perm: { ints: [0, 2, 1, 3] } });
  const shape = branch.constant(int64s(`${at}flat_shape`, [0, -1, WIDTH]));
  const flat = branch.node('Reshape', [joined, shape], `${at}flat`);
  return linear(branch, flat, `${at}o`, [WIDTH, WIDTH]);
}

/** Adds to scores what keeps padding, and tokens to come, from being looked at: `mask`. */
function mask(branch: Branch, past: boolean): void {
  const cast = branch.node('Cast', ['attention_mask'], 'mask_cast', { to: { int: DataType.FLOAT } });
  const one = branch.constant(makeTensor('one', DataType.FLOAT, [], Float32Array.of(1)));
  const far = branch.constant(makeTensor('far', DataType.FLOAT, [], Float32Array.of(FAR)));
  const axes = branch.constant(int64s('mask_axes', [1, 2]));
  const hidden = branch.node('Sub', [one, cast], 'mask_hidden');
  const loud = branch.node('Mul', [hidden, far], 'mask_loud');
  const padding = branch.node('Unsqueeze', [loud, axes], past ? 'mask' : 'mask_padding');
  if (past) return;
  const shape = branch.node('Shape', ['input_ids'], 'mask_shape');
  const length = branch.node('Gather', [shape, branch.constant(int64s('mask_last', [1]))], 'mask_length');
  const square = branch.node('Concat', [length, length], 'mask_square', { axis: { int: 0 } });
  const all = branch.node('Expand', [far, square], 'mask_all');
  const later = branch.constant(makeTensor('mask_next', DataType.INT64, [], BigInt64Array.of(1n)));
  const causal = branch.node('Trilu', [all, later], 'mask_causal', { upper: { int: 1 } });
  branch.node('Add', [padding, causal], 'mask');
}

function branchOf(past: boolean, { tied, emptyOutputs }: MergedDecoderOptions): Branch {
  const branch = new Branch();
  mask(branch, past);
  const table = branch.weight('embed_tokens.weight', [VOCABULARY, WIDTH], 1);
  let x = branch.node('Gather', [table, 'input_ids'], 'embedded');
  for (let layer = 0; layer < LAYERS; layer++) {
    const at = `layers.${layer}.`;
    const mixed = attention(branch, norm(branch, x, `${at}norm1`), { layer, past });
    x = branch.node('Add', [x, mixed], `${at}attended`);
    const wide = linear(branch, norm(branch, x, `${at}norm2`), `${at}fc1`, [WIDTH, INNER]);
    const bent = branch.node('Relu', [wide], `${at}bent`);
    x = branch.node('Add', [x, linear(branch, bent, `${at}fc2`, [INNER, WIDTH])], `${at}y`);
  }
  const last = norm(branch, x, 'norm');
  const head = tied
    ? branch.node('Transpose', [table], 'head', { perm: { ints: [1, 0] } })
    : branch.weight('head.weight', [WIDTH, VOCABULARY]);
  branch.node('MatMul', [last, head], 'logits');
  if (emptyOutputs) {
    const empty = makeTensor('const_tensor', DataType.FLOAT, [0, HEADS, 1, HEAD], new Float32Array(0));
    if (past) branch.node('Constant', [], 'present.encoder', { value: { tensor: empty } });
    else branch.node('Mul', ['present.0.key', 'present.0.key'], 'present.encoder');
  }
  return branch;
}

const caches = (of: string): string[] =>
  Array.from({ length: LAYERS }, (_, layer) => [`${of}.${layer}.key`, `${of}.${layer}.value`]).flat();

export function mergedDecoder(options: MergedDecoderOptions = {}): Model {
  const outputs = ['logits', ...caches('present'), ...(options.emptyOutputs ? ['present.encoder'] : [])];
  const around = new Map<string, TensorProto>();
  const graph = (name: string, past: boolean): GraphProto => {
    const branch = branchOf(past, options);
    if (!options.copied) for (const [key, tensor] of branch.weights) around.set(key, tensor);
    return create(GraphProtoSchema, {
      name,
      node: branch.nodes,
      output: outputs.map((output) => makeValue(output)),
      initializer: [...branch.own, ...(options.copied ? branch.weights.values() : [])],
    });
  };
  const attributes = {
    then_branch: { graph: graph('with_past', true) },
    else_branch: { graph: graph('no_past', false) },
  };
  return smallModel({
    inputs: [
      makeValue('input_ids', DataType.INT64, ['batch', 'sequence']),
      makeValue('attention_mask', DataType.INT64, ['batch', 'total']),
      ...caches('past_key_values').map((name) => floatValue(name, ['batch', HEADS, 'past', HEAD])),
      makeValue('use_cache_branch', DataType.BOOL, [1]),
    ],
    outputs: outputs.map((name) => makeValue(name)),
    nodes: [makeNode('If', ['use_cache_branch'], outputs, { name: 'optimum::if', attributes })],
    initializers: [...around.values()],
  });
}

const int64 = (values: readonly number[]): Tensor => ({
  type: 'int64',
  dims: [1, values.length],
  data: BigInt64Array.from(values, BigInt),
});

function tokens(count: number, seed: number): number[] {
  return Array.from(floats(count, seed), (value) => Math.floor(((value + 1) / 2) * VOCABULARY));
}

/** A text of its own. */
export function prompt(length: number, seed: number): Feeds {
  const empty: Tensor = { type: 'float32', dims: [1, HEADS, 0, HEAD], data: new Float32Array(0) };
  return {
    input_ids: int64(tokens(length, seed)),
    attention_mask: int64(new Array<number>(length).fill(1)),
    ...Object.fromEntries(caches('past_key_values').map((name) => [name, empty])),
    use_cache_branch: { type: 'bool', dims: [1], data: Uint8Array.of(0) },
  };
}

/** The token after a text. @param file of the decoder. */
export async function step(file: string, length: number, seed: number): Promise<Feeds> {
  const present = await run(file, prompt(length, seed));
  return {
    input_ids: int64(tokens(1, seed + 1)),
    attention_mask: int64(new Array<number>(length + 1).fill(1)),
    ...Object.fromEntries(
      caches('past_key_values').map((name) => [name, present[name.replace('past_key_values', 'present')]!]),
    ),
    use_cache_branch: { type: 'bool', dims: [1], data: Uint8Array.of(1) },
  };
}
