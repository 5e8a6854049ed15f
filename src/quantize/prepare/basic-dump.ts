/** ONNX Runtime's own preparation: constants and BatchNorm folded at the optimization level `basic`, which leaves ordinary ONNX behind. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { create } from '@bufbuild/protobuf';
import {
  type GraphProto,
  ModelProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from 'onnx-buf';
import { MachineError, messageOf } from '../../errors.js';
import { densify, holdsSparse } from '../../onnx/convert/densify.js';
import { type NarrowFloat, narrowFloatOf, widen } from '../../onnx/convert/widen.js';
import { readModel } from '../../onnx/file/read.js';
import { readModelInPlace, readModelOutline } from '../../onnx/file/read-outline.js';
import { encodeModel } from '../../onnx/file/write.js';
import type { Graph } from '../../onnx/graph.js';
import { Model } from '../../onnx/model.js';
import { externalLocation } from '../../onnx/tensor/external-data.js';
import { tensorByteLength } from '../../onnx/tensor/tensor.js';
import type { RunContext } from '../../runtime/context.js';
import type { Runtime } from '../../runtime/runtime.js';
import { scratchFolder } from '../../system/files/scratch.js';
import { renameGenerated } from './generated-names.js';
import { TRANSPOSE_OPTIMIZER, transposesMoveNothing } from './idle-transposes.js';
import {
  alignInPlace,
  foldedWeights,
  hasBodies,
  liftableWeights,
  withoutWeights,
  withWeights,
} from './lifted-weights.js';
import { NORMALIZATION_FUSION, wouldCopyConvolutions } from './shared-convolutions.js';

export interface DumpOptions {
  context: Pick<RunContext, 'runtime' | 'log'>;
  /** Weights that convolutions share stay shared, even if a BatchNormalization then stays behind each. Default: it is folded. */
  keepsSharing?: boolean;
  /** What becomes of half and bfloat16. float32: all is computed in float32, as the CPU provider does anyway. kept (default): it stays, and so do
   *  the nodes around it, for ONNX Runtime's dump would hold what its CPU provider needs. */
  narrowFloats?: 'float32' | 'kept';
}

export interface Dump {
  model: Model;
  /** The type of the floats that were made float32; null: none were. */
  widened: NarrowFloat | null;
  /** Whether the file defines functions, each call of which holds constants of its own once it is inlined. */
  inlined: boolean;
}

/** Opens the model at `basic` and reads what ONNX Runtime dumps.
 *  @throws UserError when the file is no model, or ONNX Runtime refuses it. */
export async function basicDump(path: string, options: DumpOptions): Promise<Dump> {
  const { proto } = outlineOf(path);
  return { ...(await dumpAs(narrowFloatOf(proto), path, options)), inlined: proto.functions.length > 0 };
}

async function dumpAs(
  narrow: NarrowFloat | null,
  path: string,
  options: DumpOptions,
): Promise<Omit<Dump, 'inlined'>> {
  if (narrow === null) return { model: await dumped(path, options), widened: null };
  const model = readModel(path);
  if (options.narrowFloats !== 'float32') return { model, widened: null };
  densify(model.proto.graph!, model.graph.directory);
  const wide = new Model(model.proto, model.graph.directory);
  widen(wide);
  if (isTooLargeToDump(wide)) return { model: wide, widened: narrow };
  const { runtime } = options.context;
  const without = unwantedOptimizers(wide.graph, options);
  const { directory } = wide.graph;
  return {
    model: await dump(encodeModel(wide), { runtime, apart: false, without, directory }),
    widened: narrow,
  };
}

interface Apart {
  /** Large weights go to a file of their own. */
  apart: boolean;
  /** ONNX Runtime's optimizers that are left out. */
  without: readonly string[];
}

function unwantedOptimizers(graph: Graph, { keepsSharing = false }: DumpOptions): string[] {
  return [
    ...(keepsSharing && wouldCopyConvolutions(graph) ? [NORMALIZATION_FUSION] : []),
    ...(transposesMoveNothing(graph) ? [TRANSPOSE_OPTIMIZER] : []),
  ];
}

/** A file that is no model is told of by whoever reads it whole. */
function outlineOf(path: string): Pick<Model, 'proto'> {
  try {
    return readModelOutline(path);
  } catch {
    return { proto: create(ModelProtoSchema, {}) };
  }
}

async function dumped(path: string, options: DumpOptions): Promise<Model> {
  try {
    const outline = readModelOutline(path);
    const { runtime } = options.context;
    if (holdsSparse(outline.proto.graph!)) return await dumpDense(path, runtime);
    const apart = mayPartWeights(outline);
    const without = unwantedOptimizers(outline.graph, options);
    return (
      (await dumpWithoutWeights(path, outline, { ...options, apart, without })) ??
      (await dump(path, { runtime, apart, without, directory: dirname(resolve(path)) }))
    );
  } catch (error) {
    // Says what is wrong with the file (missing, truncated, an LFS pointer) where ONNX Runtime would speak of protobuf.
    const model = readModel(path);
    if (!isTooLargeToDump(model)) throw error;
    options.context.log.debug(
      `${path} can't be prepared by ONNX Runtime (${messageOf(error)}): it is taken as it is.`,
    );
    return model;
  }
}

/** The dump of a model whose sparse constants ONNX Runtime would leave out of it. */
async function dumpDense(path: string, runtime: Runtime): Promise<Model> {
  const { proto, graph } = readModel(path);
  densify(proto.graph!, graph.directory);
  const { directory } = graph;
  return await dump(encodeModel(new Model(proto, directory)), { runtime, apart: false, directory });
}

/** The same dump, but what needs no looking into stays here; null where that is nothing, or can't be. */
async function dumpWithoutWeights(
  path: string,
  outline: Model,
  { context: { runtime, log }, apart, without }: DumpOptions & Apart,
): Promise<Model | null> {
  const names = liftableWeights(outline);
  if (names.size === 0) return null;
  const model = readModelInPlace(path);
  const lifted = new Map([...model.graph.initializers].filter(([name]) => names.has(name)));
  for (const tensor of lifted.values()) alignInPlace(tensor);
  const { directory } = model.graph;
  try {
    while (lifted.size > 0) {
      const skeleton = encodeModel(withoutWeights(model, lifted));
      const dumped = await dump(skeleton, { runtime, apart, without, directory });
      const folded = foldedWeights(dumped, lifted);
      if (folded.length === 0) return withWeights(dumped, lifted);
      for (const name of folded) lifted.delete(name);
    }
    return null;
  } catch (error) {
    log.debug(`${path} can't be prepared without its weights (${messageOf(error)}).`);
    return null;
  }
}

/** @param directory the folder of the model's file: weights that were external still are, relative to it. */
async function dump(
  model: string | Uint8Array,
  {
    runtime,
    apart,
    without = [],
    directory,
  }: { runtime: Runtime; directory: string | null } & Partial<Apart> & Pick<Apart, 'apart'>,
): Promise<Model> {
  const scratch = scratchFolder('prepare');
  try {
    const optimizedModelPath = join(scratch, 'basic.onnx');
    const session = await runtime.open(model, {
      graphOptimizationLevel: 'basic',
      optimizedModelPath,
      threads: 1,
      configEntries: {
        // Nothing is ever run: weights need not be rearranged for the kernels.
        'session.disable_prepacking': '1',
        ...(apart ? WEIGHTS_APART : {}),
        ...(without.length > 0 ? { 'optimization.disable_specified_optimizers': without.join(';') } : {}),
      },
    });
    const inputs = new Set(session.inputs.map(({ name }) => name));
    await session.release();
    const { proto } = readModel(optimizedModelPath);
    if (apart) takeWeightsIn(proto.graph!, join(scratch, WEIGHTS_FILE));
    renameGenerated(proto.graph!);
    return withInputs(new Model(proto, directory), inputs);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const WEIGHTS_FILE = 'basic.data';

/** Weights of this size and more go to a file of their own, which ONNX Runtime writes faster than it encodes them. */
const WEIGHTS_APART = {
  'session.optimized_model_external_initializers_file_name': WEIGHTS_FILE,
  'session.optimized_model_external_initializers_min_size_in_bytes': '1024',
};

/** Not where weights are external already: they stay where they are, and there may be more of them than fit in memory. Nor beside
 *  bodies (If, Loop, Scan, which functions may bring too): ONNX Runtime 1.30 writes their weights twice, and refuses the result. */
function mayPartWeights(model: Model): boolean {
  return (
    !hasBodies(model) &&
    [...model.graph.initializers.values()].every(
      ({ dataLocation }) => dataLocation !== TensorProto_DataLocation.EXTERNAL,
    )
  );
}

/** Reads the weights back into the model: views of one buffer, which begin where their type wants it. */
function takeWeightsIn(graph: GraphProto, file: string): void {
  if (!existsSync(file)) return;
  const buffer = readFileSync(file);
  const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  graph.initializer = graph.initializer.map((tensor) => takenIn(tensor, bytes));
}

function takenIn(tensor: TensorProto, bytes: Uint8Array<ArrayBuffer>): TensorProto {
  if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) return tensor;
  const { name, dims, dataType, docString } = tensor;
  const { location, offset } = externalLocation(tensor);
  const end = offset + tensorByteLength(tensor);
  // ONNX Runtime doesn't look whether all of it could be written.
  if (end > bytes.length) {
    throw new MachineError(
      'machine.no-room',
      `ONNX Runtime could not write all weights of the model that it prepared (${location}): make room for a copy of the model in the ` +
        'temporary folder, or name another one with TMPDIR.',
    );
  }
  const rawData = bytes.subarray(offset, end);
  return create(TensorProtoSchema, { name, dims, dataType, rawData, docString: docString || undefined });
}

/** Before IR 4 weights are inputs too, and the dump keeps those whose weight was folded away: nobody could feed them. */
function withInputs(model: Model, inputs: ReadonlySet<string>): Model {
  const { graph, proto } = model;
  const stray = new Set(graph.inputs.map(({ name }) => name).filter((name) => !inputs.has(name)));
  if (stray.size === 0 || !proto.graph) return model;
  proto.graph.input = proto.graph.input.filter(({ name }) => !stray.has(name));
  return new Model(proto, graph.directory);
}

/** ONNX Runtime writes its dump as one protobuf message, which ends at 2 GiB. */
function isTooLargeToDump(model: Model): boolean {
  let bytes = 0;
  for (const tensor of model.graph.initializers.values()) bytes += tensorByteLength(tensor);
  return bytes > 2 ** 30;
}
