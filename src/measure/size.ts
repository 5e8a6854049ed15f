/** Size on disk (external data included), compressed size, and the number of weights. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type GraphProto, TensorProto_DataLocation as Location, type TensorProto } from 'onnx-buf';
import { intAttribute, subgraphsOf, tensorAttribute } from '../onnx/attributes.js';
import { DataType } from '../onnx/element-type.js';
import { externalLocation, externalPath } from '../onnx/external-data.js';
import type { Model } from '../onnx/model.js';
import { readModelOutline } from '../onnx/read-outline.js';
import { elementCount } from '../onnx/tensor.js';

export interface ModelSize {
  /** The model file and every external data file it refers to. */
  fileBytes: number;
  /** The same files, each through gzip at level 6: what a download of them carries. */
  compressedBytes: number;
  /** Elements of all weights: numeric constants, but not int64 and bool ones, which hold shapes and indices. Packed 4-bit weights count singly. */
  parameters: number;
}

const GZIP_LEVEL = 6;

/** Bytes on disk: the model file and every external data file it refers to. Throws UserError when one can't be read.
 *  @param outline the model, where it was read already. */
export async function modelBytes(
  file: string,
  outline: Pick<Model, 'proto'> = readModelOutline(file),
): Promise<number> {
  let bytes = 0;
  for (const path of filesOf(file, outline.proto.graph!)) bytes += (await stat(path)).size;
  return bytes;
}

/** Measures a model on disk. Throws UserError when it is missing, not ONNX, or its external data is. */
export async function measureSize(file: string): Promise<ModelSize> {
  const graph = readModelOutline(file).proto.graph!;
  let parameters = 0;
  for (const { tensor, elements } of weightsOf(graph)) {
    if (!NOT_WEIGHTS.has(tensor.dataType)) parameters += elements;
  }
  let fileBytes = 0;
  let compressedBytes = 0;
  for (const path of filesOf(file, graph)) {
    fileBytes += (await stat(path)).size;
    compressedBytes += await gzipSize(path);
  }
  return { fileBytes, compressedBytes, parameters };
}

/** The model file and its external data files, absolute. */
function filesOf(file: string, graph: GraphProto): Set<string> {
  const files = new Set([resolve(file)]);
  for (const { tensor } of weightsOf(graph)) {
    if (tensor.dataLocation !== Location.EXTERNAL) continue;
    files.add(externalPath(externalLocation(tensor).location, dirname(resolve(file))));
  }
  return files;
}

const NOT_WEIGHTS: ReadonlySet<number> = new Set([DataType.INT64, DataType.BOOL, DataType.STRING]);

interface Weights {
  tensor: TensorProto;
  /** Logical elements: more than stored ones where bits are packed. */
  elements: number;
}

/** Every constant tensor of a graph and its subgraphs. */
function* weightsOf(graph: GraphProto): Generator<Weights> {
  const packed = new Map<string, number>();
  for (const node of graph.node) {
    if (node.opType === 'MatMulNBits' && node.input[1]) {
      packed.set(node.input[1], intAttribute(node, 'K', 0) * intAttribute(node, 'N', 0));
    }
  }
  for (const tensor of graph.initializer) {
    yield { tensor, elements: packed.get(tensor.name) ?? elementCount(tensor.dims) };
  }
  for (const node of graph.node) {
    const constant = node.opType === 'Constant' ? tensorAttribute(node, 'value') : undefined;
    if (constant) {
      yield { tensor: constant, elements: packed.get(node.output[0]!) ?? elementCount(constant.dims) };
    }
    for (const subgraph of subgraphsOf(node)) yield* weightsOf(subgraph);
  }
}

async function gzipSize(path: string): Promise<number> {
  let bytes = 0;
  const count = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  await pipeline(createReadStream(path), createGzip({ level: GZIP_LEVEL }), count);
  return bytes;
}
