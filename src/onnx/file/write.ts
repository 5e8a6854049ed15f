/** Writes a model: small parts encoded by the library, large tensors' bytes streamed to the file in place.
 *
 *  One graph message whose length is computed first (readers that don't merge repeated messages would see only the last part of
 *  a concatenation); no second copy of the weights. The file appears under its name only when it is complete. */
import { closeSync, fdatasync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { clearField, create, toBinary } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  TensorProto_DataLocation as Location,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from 'onnx-buf';
import { codeOf, messageOf, throwIfInterrupted, UserError, writeError } from '../../errors.js';
import { partialName, removePartials } from '../../system/files/partial-file.js';
import type { Model } from '../model.js';
import { tensorByteLength, tensorBytes } from '../tensor/tensor.js';
import { tensorsOf } from '../tensors.js';
import { MAX_PROTOBUF_BYTES } from './read.js';

export interface WriteOptions {
  /** When weights go to a file of their own beside the model. auto: when the model would pass 2 GiB. */
  externalData?: 'auto' | 'always' | 'never';
  /** For files that are read back at once and removed: they need not survive a crash of the machine. Default true. */
  durable?: boolean;
}

/** Tensors below this stay in the model file even when weights are external. */
const EXTERNAL_THRESHOLD_BYTES = 1024;
/** Alignment of external tensors, so that they can be memory-mapped (onnx.proto recommends it). */
const EXTERNAL_ALIGNMENT_BYTES = 4096;
/** Written at once: between two such pieces an interruption is heard. */
const PIECE_BYTES = 2 ** 26;
/** Room left for everything but weights when deciding whether 2 GiB will be passed. */
const HEADROOM_BYTES = 2 ** 24;

/** Field numbers of onnx.proto, all length-delimited (wire type 2). */
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR_RAW_DATA = 9;

/** Something to be written: bytes at hand, or a tensor's bytes fetched when their turn comes. */
type Chunk = Uint8Array | { byteLength: number; read: () => Uint8Array };

/** Where the external weights of the model that is written to `path` go. */
export function externalDataFile(path: string): string {
  return `${path}.data`;
}

/** Writes the model to `path` at once, replacing it atomically; external weights go to `<path>.data`. For small models of tests and benchmarks: the program
 *  itself writes by writeModelUnlessInterrupted.
 *  @throws UserError when the place can't be written, MachineError when the system doesn't let us. */
export function writeModel(model: Model, path: string, options: WriteOptions = {}): void {
  try {
    for (const _ of writing(model, path, options));
  } catch (error) {
    throw told(error, path);
  }
}

/** The same, looking at the signal between two pieces of a large model: the disk may take many seconds for all of them.
 *  @throws Interrupted once the signal is aborted: then there is no new file, and the one that was there stays. */
export async function writeModelUnlessInterrupted(
  model: Model,
  path: string,
  { signal, ...options }: WriteOptions & { signal?: AbortSignal | undefined },
): Promise<void> {
  throwIfInterrupted(signal);
  try {
    for (const { file } of writing(model, path, options)) {
      // On the disk piece by piece: all at once would be a call as long as the whole.
      if (options.durable !== false) await synchronize(file);
      await setImmediate();
      throwIfInterrupted(signal);
    }
  } catch (error) {
    throw told(error, path);
  }
}

const synchronize = promisify(fdatasync);

/** After each piece the file that it went to. */
type Pieces = Generator<{ file: number }, void>;

/** What is not written to its end leaves nothing behind. */
function* writing(model: Model, path: string, options: WriteOptions): Pieces {
  const directory = dirname(resolve(path));
  const dataName = basename(externalDataFile(path));
  const weights = [...model.graph.initializers.values()].reduce(
    (sum, tensor) => sum + tensorByteLength(tensor),
    0,
  );
  const mode = options.externalData ?? 'auto';
  const external = mode === 'always' || (mode === 'auto' && weights > MAX_PROTOBUF_BYTES - HEADROOM_BYTES);
  const targets = [resolve(path), resolve(directory, dataName)] as const;
  for (const target of targets) removePartials(target);
  const temporary = [partialName(targets[0]), partialName(targets[1])] as const;
  try {
    const sync = options.durable === false ? () => {} : fsyncSync;
    const located = external
      ? yield* writeExternal(model, { file: temporary[1], location: dataName, sync })
      : undefined;
    yield* writeChunks(temporary[0], modelChunks(model, located), sync);
    if (external) renameSync(temporary[1], targets[1]);
    renameSync(temporary[0], targets[0]);
  } finally {
    for (const file of temporary) rmSync(file, { force: true });
  }
}

/** What the system refused, in words. */
function told(error: unknown, path: string): unknown {
  if (error instanceof UserError || codeOf(error) === undefined) return error;
  return writeError(`Model ${path} can't be written: ${messageOf(error)}.`, error);
}

/** Encodes a model into memory: for sessions opened from bytes and for small models. */
export function encodeModel(model: Model): Uint8Array {
  const chunks = modelChunks(model, undefined);
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(bytesOf(chunk), offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function modelChunks(model: Model, located: ReadonlyMap<TensorProto, TensorProto> | undefined): Chunk[] {
  const graph = model.graph.commit();
  takeDataInside(model);
  const initializers = graph.initializer.map((tensor) =>
    tensorChunks(located?.get(tensor) ?? tensor, model.graph.directory),
  );
  const smallGraph = toBinary(GraphProtoSchema, without(graph, ['initializer']));
  const smallModel = toBinary(ModelProtoSchema, without(model.proto, ['graph']));
  const body: Chunk[] = [smallGraph];
  for (const chunks of initializers) body.push(fieldHeader(GRAPH_INITIALIZER, byteLength(chunks)), ...chunks);
  return [smallModel, fieldHeader(MODEL_GRAPH, byteLength(body)), ...body];
}

/** Tensors that are no initializers of the main graph are encoded with what holds them (bodies, attributes): external data would be
 *  looked for beside the new file. */
function takeDataInside({ proto, graph }: Model): void {
  for (const tensor of tensorsOf(proto)) {
    if (tensor.dataLocation !== Location.EXTERNAL || graph.initializers.get(tensor.name) === tensor) continue;
    tensor.rawData = new Uint8Array(tensorBytes(tensor, graph.directory));
    tensor.externalData = [];
    clearField(tensor, TensorProtoSchema.field.dataLocation);
  }
}

function tensorChunks(tensor: TensorProto, directory: string | null): Chunk[] {
  // A tensor whose external file was not rewritten for this output keeps its bytes inside the model.
  const external = tensor.dataLocation === Location.EXTERNAL && !ownLocation.has(tensor);
  if (!external && tensor.rawData.length === 0) return [toBinary(TensorProtoSchema, tensor)];
  const raw: Chunk = external
    ? { byteLength: tensorByteLength(tensor), read: () => tensorBytes(tensor, directory) }
    : tensor.rawData;
  const small = toBinary(TensorProtoSchema, without(tensor, ['rawData', 'externalData', 'dataLocation']));
  return [small, fieldHeader(TENSOR_RAW_DATA, raw.byteLength), raw];
}

/** A copy of a message with some fields unset. The prototype, which holds proto2 defaults, is kept: an own property means presence. */
function without<M extends object>(message: M, fields: readonly (keyof M)[]): M {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(message)), message) as M;
  for (const field of fields) {
    if (Array.isArray(copy[field])) copy[field] = [] as M[keyof M];
    else delete copy[field];
  }
  return copy;
}

/** Tensors that point into the data file being written (as opposed to one that was read). */
const ownLocation = new WeakSet<TensorProto>();

/** Streams large tensors to the data file; gives each a message that points there. */
function* writeExternal(
  model: Model,
  { file, location, sync }: { file: string; location: string; sync: (fd: number) => void },
): Generator<{ file: number }, Map<TensorProto, TensorProto>> {
  const located = new Map<TensorProto, TensorProto>();
  const fd = openSync(file, 'w');
  try {
    let offset = 0;
    for (const tensor of model.graph.initializers.values()) {
      const length = tensorByteLength(tensor);
      if (length < EXTERNAL_THRESHOLD_BYTES || tensor.stringData.length > 0) continue;
      offset = Math.ceil(offset / EXTERNAL_ALIGNMENT_BYTES) * EXTERNAL_ALIGNMENT_BYTES;
      yield* writeAll(fd, tensorBytes(tensor, model.graph.directory), offset);
      const entries = { location, offset: String(offset), length: String(length) };
      const pointer = create(TensorProtoSchema, {
        name: tensor.name,
        dims: tensor.dims,
        dataType: tensor.dataType,
        docString: tensor.docString,
        dataLocation: Location.EXTERNAL,
        externalData: Object.entries(entries).map(([key, value]) =>
          create(StringStringEntryProtoSchema, { key, value }),
        ),
      });
      ownLocation.add(pointer);
      located.set(tensor, pointer);
      offset += length;
    }
    sync(fd);
  } finally {
    closeSync(fd);
  }
  return located;
}

function* writeChunks(file: string, chunks: readonly Chunk[], sync: (fd: number) => void): Pieces {
  const fd = openSync(file, 'w');
  try {
    let offset = 0;
    for (const chunk of gathered(chunks)) {
      yield* writeAll(fd, bytesOf(chunk), offset);
      offset += chunk.byteLength;
    }
    sync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Joins neighbouring small chunks, so that thousands of small tensors don't cost as many system calls. */
function* gathered(chunks: readonly Chunk[]): Iterable<Chunk> {
  const limit = 65_536;
  let small: Uint8Array[] = [];
  let size = 0;
  for (const chunk of chunks) {
    if (chunk instanceof Uint8Array && chunk.length < limit) {
      small.push(chunk);
      size += chunk.length;
      if (size < limit) continue;
    }
    if (size > 0) yield Buffer.concat(small, size);
    small = [];
    size = 0;
    if (!(chunk instanceof Uint8Array && chunk.length < limit)) yield chunk;
  }
  if (size > 0) yield Buffer.concat(small, size);
}

/** A piece ends where PIECE_BYTES do: tensors smaller than that, by themselves, are none. */
function* writeAll(fd: number, bytes: Uint8Array, position: number): Pieces {
  for (let done = 0; done < bytes.length; ) {
    const before = Math.floor((position + done) / PIECE_BYTES);
    done += writeSync(fd, bytes, done, Math.min(bytes.length - done, PIECE_BYTES), position + done);
    if (Math.floor((position + done) / PIECE_BYTES) > before) yield { file: fd };
  }
}

function bytesOf(chunk: Chunk): Uint8Array {
  return chunk instanceof Uint8Array ? chunk : chunk.read();
}

function byteLength(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
}

/** Tag and length prefix of a length-delimited field (protobuf encoding). */
export function fieldHeader(field: number, length: number): Uint8Array {
  const bytes: number[] = [];
  for (let value of [field * 8 + 2, length]) {
    for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
    bytes.push(value);
  }
  return Uint8Array.from(bytes);
}
