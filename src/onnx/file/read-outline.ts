/** Reads what a model is but not its weights, or leaves them where they are: of a large file only the part that isn't tensors' bytes is touched. */
import { closeSync, fstatSync, openSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { type ModelProto, StringStringEntryProtoSchema } from 'onnx-buf';
import type { Model } from '../model.js';
import { MessageFile, type Span } from './message-file.js';
import { decodeModel, decodeProto, readModel } from './read.js';
import { fieldHeader } from './write.js';

/** Smaller files are read whole: that takes no longer. */
const SMALLEST_FILE_BYTES = 2 ** 20;
/** Values of a tensor below this are kept: shapes and axes are among them. */
const LARGEST_KEPT_BYTES = 1024;
/** Data below this are read with the model: opening the file for each would take longer. */
const SMALLEST_LEFT_BYTES = 65_536;

/** Field numbers of onnx.proto. */
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
/** float_data, int32_data, int64_data, raw_data, double_data, uint64_data */
const TENSOR_DATA: ReadonlySet<number> = new Set([4, 5, 7, 9, 10, 11]);
const TENSOR_RAW_DATA = 9;
const TENSOR_EXTERNAL_DATA = 13;
/** data_location (field 14, a varint): EXTERNAL */
const EXTERNAL = Uint8Array.of(14 * 8, 1);

/** The model at `path` with the data of large initializers left out: their names, types and shapes are there, their values are not.
 *  @throws UserError as readModel does. */
export function readModelOutline(path: string): Model {
  return readPart(path, withoutData);
}

/** The message of `readModelOutline`, for what asks nothing of its graph: it is not looked whether that is valid. */
export function readOutlineProto(path: string): ModelProto {
  const bytes = partBytes(path, withoutData);
  return bytes ? decodeProto(bytes, path) : readModel(path).proto;
}

function withoutData(file: MessageFile, tensor: Span): Uint8Array {
  return file.filtered(tensor, (field, { start, end }) =>
    TENSOR_DATA.has(field) && end - start > LARGEST_KEPT_BYTES ? new Uint8Array() : null,
  );
}

/** The model at `path` with the raw data of large initializers left in the file: they are external data there, read when they are asked for.
 *  @throws UserError as readModel does. */
export function readModelInPlace(path: string): Model {
  // External data are not looked for behind links.
  if (isLink(path)) return readModel(path);
  return readPart(path, (file, tensor) => {
    const raw: Span[] = [];
    const small = file.filtered(tensor, (field, value) => {
      if (field !== TENSOR_RAW_DATA || value.end - value.start < SMALLEST_LEFT_BYTES) return null;
      raw.push(value);
      return new Uint8Array();
    });
    if (raw.length === 0) return null;
    if (raw.length > 1) throw new RangeError('a tensor holds its data twice');
    return Buffer.concat([small, pointerTo(raw[0]!, basename(path))]);
  });
}

function isLink(path: string): boolean {
  try {
    return realpathSync(path) !== join(realpathSync(dirname(path)), basename(path));
  } catch {
    // Whoever reads the file says what is wrong with it.
    return true;
  }
}

/** Fields of a TensorProto that say where its data are. */
function pointerTo({ start, end }: Span, location: string): Uint8Array {
  const entries = { location, offset: String(start), length: String(end - start) };
  const fields = Object.entries(entries).flatMap(([key, value]) => {
    const entry = toBinary(
      StringStringEntryProtoSchema,
      create(StringStringEntryProtoSchema, { key, value }),
    );
    return [fieldHeader(TENSOR_EXTERNAL_DATA, entry.length), entry];
  });
  return Buffer.concat([...fields, EXTERNAL]);
}

/** @param ofTensor bytes in place of those of an initializer; null: as they are. */
function readPart(path: string, ofTensor: (file: MessageFile, tensor: Span) => Uint8Array | null): Model {
  const bytes = partBytes(path, ofTensor);
  return bytes ? decodeModel(bytes, path, dirname(resolve(path))) : readModel(path);
}

/** The encoded message without some of the weights; null where the file must be read whole: to say what is wrong with it, or because it is small. */
function partBytes(
  path: string,
  ofTensor: (file: MessageFile, tensor: Span) => Uint8Array | null,
): Uint8Array | null {
  const part = filteredBytes(path, ofTensor);
  // A plain array: what is sliced off a Buffer shares its memory.
  return part && new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
}

function filteredBytes(
  path: string,
  ofTensor: (file: MessageFile, tensor: Span) => Uint8Array | null,
): Uint8Array | null {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    const { size } = fstatSync(fd);
    if (size < SMALLEST_FILE_BYTES) return null;
    const file = new MessageFile(fd, size);
    return file.filtered({ start: 0, end: size }, (field, model) =>
      field !== MODEL_GRAPH
        ? null
        : file.filtered(model, (inGraph, tensor) =>
            inGraph === GRAPH_INITIALIZER ? ofTensor(file, tensor) : null,
          ),
    );
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}
