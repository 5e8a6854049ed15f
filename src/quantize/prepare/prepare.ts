/** Preparation is ONNX Runtime's job: its `basic` dump folds constants and BatchNorm and leaves ordinary ONNX behind. */

import { create } from '@bufbuild/protobuf';
import { GraphProtoSchema, ModelProtoSchema, type NodeProto, type ValueInfoProto } from 'onnx-buf';
import { subgraphsOf } from '../../onnx/attributes.js';
import { makeValue } from '../../onnx/build.js';
import { OVERRIDABLE_INITIALIZERS_IR, raiseIrVersion } from '../../onnx/convert/opset.js';
import type { NarrowFloat } from '../../onnx/convert/widen.js';
import { mergeEqualInitializers } from '../../onnx/edit/equal-initializers.js';
import { encodeModel } from '../../onnx/file/write.js';
import type { Graph } from '../../onnx/graph.js';
import { canonicalDomain, Model } from '../../onnx/model.js';
import { dataTypeOf } from '../../onnx/tensor/element-type.js';
import { dimsOf, renamedTensor, tensorByteLength } from '../../onnx/tensor/tensor.js';
import { TensorStore } from '../../onnx/tensor/tensor-store.js';
import { type TensorType, tensorType } from '../../onnx/tensor/tensor-type.js';
import type { RunContext } from '../../runtime/context.js';
import type { Runtime, Session } from '../../runtime/runtime.js';
import { basicDump, type DumpOptions } from './basic-dump.js';
import { restoreGenerated } from './generated-constants.js';

export interface PreparedModel {
  model: Model;
  /** Element type and shape of every tensor of the main graph: inputs, initializers, every node's outputs. */
  types: Map<string, TensorType>;
  /** The type in which the original holds its weights, where they are float32 here: what stays float goes back to it. */
  widened?: NarrowFloat | null;
}

export interface PrepareOptions extends DumpOptions {
  /** Shapes of a real sample by input name: symbolic dimensions of inner tensors become numbers. */
  inputShapes?: ReadonlyMap<string, readonly number[]>;
}

/** Types need no log. */
export interface TypeOptions extends Pick<PrepareOptions, 'inputShapes'> {
  context: Pick<RunContext, 'runtime'>;
}

/** Initializers above this become inputs of the session that infers types: their values don't matter for shapes. */
const SHAPE_CONSTANT_BYTES = 65_536;

/** What is made of models with larger weights is kept in a file until the result is written. */
const MOST_BYTES_IN_MEMORY = 2 ** 30;

function weightBytes({ graph }: Model): number {
  return [...graph.initializers.values()].reduce((sum, tensor) => sum + tensorByteLength(tensor), 0);
}

/** Opens the model at `basic`, reads the dump back, and infers types and shapes of every tensor.
 *
 *  Models that ONNX Runtime can't dump (over 2 GiB of weights that can't be kept out of it) are taken as they are.
 *  @throws UserError when the file is no model, or ONNX Runtime refuses it. */
export async function prepareModel(path: string, options: PrepareOptions): Promise<PreparedModel> {
  const { model, widened, inlined } = await basicDump(path, options);
  if (weightBytes(model) > MOST_BYTES_IN_MEMORY) model.graph.keepOutside(new TensorStore());
  raiseIrVersion(model, OVERRIDABLE_INITIALIZERS_IR);
  shortenDomains(model.graph.nodes);
  renameInsertedCasts(model.graph);
  liftConstants(model.graph);
  if (inlined) mergeEqualInitializers(model, { largestBytes: Number.POSITIVE_INFINITY });
  if (widened === null) restoreGenerated(model.graph, path);
  cleanOpsets(model);
  return { model, types: await inferTypes(model, options), widened };
}

/** Turns Constant nodes of a graph (not of its nodes' subgraphs) into initializers. */
export function liftConstants(graph: Graph): void {
  for (const node of graph.nodes) {
    const name = node.output[0];
    if (node.opType !== 'Constant' || node.domain !== '' || !name || graph.isOutput(name)) continue;
    const tensor = graph.constant(name);
    if (!tensor) continue;
    graph.removeNode(node);
    graph.setInitializer(tensor.name === name ? tensor : renamedTensor(tensor, name));
  }
}

/** 'ai.onnx' is written as '', bodies included, so that nobody else has to know both spellings. */
function shortenDomains(nodes: readonly NodeProto[]): void {
  for (const node of nodes) {
    node.domain = canonicalDomain(node.domain);
    for (const body of subgraphsOf(node)) shortenDomains(body.node);
  }
}

/** Where a model holds float16, ONNX Runtime puts Casts for its CPU kernels into the dump. It will do so again, under the same names,
 *  when it loads what becomes of it: those in the dump get others. */
function renameInsertedCasts(graph: Graph): void {
  for (const node of graph.nodes) {
    for (const [index, name] of node.output.entries()) {
      if (!name.startsWith('InsertedPrecisionFreeCast_') || graph.isOutput(name)) continue;
      const renamed = graph.freshName(name.replace('InsertedPrecisionFreeCast', 'Cast'));
      graph.setOutput(node, index, renamed);
      graph.replaceUses(name, renamed);
    }
  }
}

/** Drops the imports of operator sets that no node uses: the dump names every domain that ONNX Runtime knows. */
function cleanOpsets(model: Model): void {
  const used = new Set<string>(['']);
  const visit = (node: NodeProto): void => {
    used.add(canonicalDomain(node.domain));
    for (const graph of subgraphsOf(node)) for (const inner of graph.node) visit(inner);
  };
  for (const node of model.graph.nodes) visit(node);
  for (const { node } of model.proto.functions) for (const inner of node) visit(inner);
  model.dropUnusedOpsets(used);
}

/** Types and shapes of every tensor: each is named as an output, and the session says what it is.
 *  Weights are left out of that session (declared as inputs instead), so that it costs next to nothing. */
export async function inferTypes(
  model: Model,
  { context: { runtime }, inputShapes }: TypeOptions,
): Promise<Map<string, TensorType>> {
  const { graph } = model;
  const types = new Map<string, TensorType>();
  for (const tensor of graph.initializers.values()) {
    types.set(tensor.name, { dataType: tensor.dataType, shape: dimsOf(tensor) });
  }
  const session = await openProbe(model, { runtime, inputShapes });
  for (const { name, type, shape } of [...session.inputs, ...session.outputs]) {
    if (type !== null) types.set(name, { dataType: dataTypeOf(type), shape: shape ? [...shape] : null });
  }
  await session.release();
  return types;
}

async function openProbe(
  model: Model,
  { runtime, inputShapes }: { runtime: Runtime; inputShapes: PrepareOptions['inputShapes'] },
): Promise<Session> {
  const open = (largestConstantBytes: number, shapes: PrepareOptions['inputShapes']) =>
    runtime.open(encodeModel(typeProbe(model, { largestConstantBytes, inputShapes: shapes })), PROBE_SESSION);
  try {
    return await open(SHAPE_CONSTANT_BYTES, inputShapes);
  } catch {
    // Some operators insist on constant weights when they are made.
    try {
      return await open(Number.POSITIVE_INFINITY, inputShapes);
    } catch (error) {
      if (!inputShapes) throw error;
      // The sample's shapes suit the branch that it takes; others, which have their own, may not bear them.
      return await openProbe(model, { runtime, inputShapes: undefined });
    }
  }
}

const PROBE_SESSION = { graphOptimizationLevel: 'disabled', threads: 1 } as const;

interface ProbeOptions {
  largestConstantBytes: number;
  inputShapes: PrepareOptions['inputShapes'];
}

/** A copy of the model's skeleton in which every value is an output and large initializers are inputs. */
function typeProbe(model: Model, { largestConstantBytes, inputShapes }: ProbeOptions): Model {
  const { graph } = model;
  const committed = graph.commit();
  const weights = committed.initializer.filter((tensor) => tensorByteLength(tensor) > largestConstantBytes);
  const declared = new Set(committed.output.map((value) => value.name));
  const inner = committed.node
    .flatMap((node) => node.output)
    .filter((name) => name !== '' && !declared.has(name));
  const weightNames = new Set(weights.map((tensor) => tensor.name));
  const probe = create(ModelProtoSchema, {
    irVersion: model.proto.irVersion,
    opsetImport: model.proto.opsetImport,
    functions: model.proto.functions,
    graph: create(GraphProtoSchema, {
      name: committed.name,
      node: committed.node,
      input: [
        ...committed.input
          .filter((value) => !weightNames.has(value.name))
          .map((value) => withShape(value, inputShapes?.get(value.name))),
        ...weights.map((tensor) => makeValue(tensor.name, tensor.dataType, dimsOf(tensor))),
      ],
      output: [...committed.output, ...inner.map((name) => makeValue(name))],
      initializer: committed.initializer.filter((tensor) => !weightNames.has(tensor.name)),
    }),
  });
  return new Model(probe, graph.directory);
}

function withShape(value: ValueInfoProto, shape: readonly number[] | undefined): ValueInfoProto {
  const type = tensorType(value);
  return shape && type ? makeValue(value.name, type.dataType, shape) : value;
}
