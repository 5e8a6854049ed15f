/** Reads a model file: weights stay views of the file's bytes, or references to external files. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema } from 'onnx-buf';
import { codeOf, messageOf, UserError } from '../../errors.js';
import { FETCH_LFS, isLfsPointer } from '../../system/files/lfs-pointer.js';
import { Model } from '../model.js';
import { assertValidGraph } from '../query/valid-graph.js';

/** Protobuf messages end at 2 GiB; a larger model keeps its weights in external files. */
export const MAX_PROTOBUF_BYTES = 2 ** 31 - 1;

/** Reads and decodes a model. @throws UserError when the file is missing, not ONNX, truncated, or a Git LFS pointer. */
export function readModel(path: string): Model {
  return decodeModel(readModelBytes(path), path, dirname(resolve(path)));
}

/** The file's bytes, after the checks that don't need decoding. */
function readModelBytes(path: string): Uint8Array<ArrayBuffer> {
  let size: number;
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) {
      throw new UserError(
        'model.not-onnx',
        `${path} is a folder, not an ONNX model: name the .onnx file in it.`,
      );
    }
    size = stat.size;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      'model.not-found',
      `Model file ${path} can't be read: ${reasonOf(error)}. Check the path.`,
    );
  }
  if (size === 0) {
    throw new UserError('model.not-onnx', `Model file ${path} is empty: copy, download or export it again.`);
  }
  if (size > MAX_PROTOBUF_BYTES) {
    throw new UserError(
      'model.too-large',
      `Model file ${path} is over 2 GiB: protobuf can't hold that. Save its weights as external data.`,
    );
  }
  const buffer = readFileSync(path);
  const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  if (isLfsPointer(bytes)) {
    throw new UserError(
      'file.lfs-pointer',
      `Model file ${path} is a Git LFS pointer, not the model. Fetch it: ${FETCH_LFS}.`,
    );
  }
  return bytes;
}

/** Decodes a model from bytes. @param name how messages call it. */
export function decodeModel(bytes: Uint8Array, name: string, directory: string | null): Model {
  const model = new Model(decodeProto(bytes, name), directory);
  assertValidGraph(model.graph, name);
  return model;
}

/** The message alone. @throws UserError as `decodeModel`, unless the graph is not valid. */
export function decodeProto(bytes: Uint8Array, name: string): ModelProto {
  let proto: ModelProto;
  try {
    proto = fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    throw new UserError(
      'model.not-onnx',
      `${name} is not a readable ONNX model (truncated or another format): ${messageOf(error)}. ${NEXT_STEP}`,
    );
  }
  if (!proto.graph || proto.irVersion <= 0n || proto.opsetImport.length + proto.graph.node.length === 0) {
    throw new UserError(
      'model.not-onnx',
      `${name} is not an ONNX model (truncated or another format): it decodes to no graph. ${NEXT_STEP}`,
    );
  }
  return proto;
}

const NEXT_STEP =
  'Compare its size with the original and copy, download or export it again; other formats (PyTorch, TensorFlow, ORT) must be exported to ONNX first.';

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES') return 'permission denied';
  return messageOf(error);
}
