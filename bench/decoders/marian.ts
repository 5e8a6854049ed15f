/** Reads the weights of a Marian model (its binary format, version 1) whose matrices are 8-bit integers in no machine's own order, as translators in browsers have them. */
import type { Variable } from './ctranslate2.js';
import { turned } from './graph-writer.js';

const VERSION = 1;
/** Element types that weights have here, as Marian numbers them. */
const [FLOAT32, INT8] = [0x404, 0x4101];
/** The one matrix that lies as its shape says; the others lie turned. */
const TABLE = 'Wemb';
/** Scales of activations, which a float model has no use for. */
const SCALES = '_QuantMultA';

interface Header {
  name: string;
  type: number;
  dims: number[];
  bytes: number;
}

/** Floating-point variables by name; of integers the values that they stand for. @throws Error for another version. */
export function readMarian(bytes: Buffer): Map<string, Variable> {
  const reader = new Reader(bytes);
  const version = reader.uint64();
  if (version !== VERSION) throw new Error(`version ${version} of Marian's format, not ${VERSION}`);
  const lengths = Array.from({ length: reader.uint64() }, () => [0, 1, 2, 3].map(() => reader.uint64()));
  const names = lengths.map(([length]) => reader.bytes(length!).toString('utf8').replace(/\0$/, ''));
  const shapes = lengths.map(([, , rank]) => Array.from({ length: rank! }, () => reader.int32()));
  reader.bytes(reader.uint64());
  const variables = new Map<string, Variable>();
  for (const [index, [, type, , size]] of lengths.entries()) {
    const header = { name: names[index]!, type: type!, dims: shapes[index]!, bytes: size! };
    const values = valuesOf(header, reader.bytes(size!));
    if (values) variables.set(header.name, { dims: header.dims, values });
  }
  return variables;
}

function valuesOf({ name, type, dims }: Header, raw: Buffer): Float32Array | null {
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (type === FLOAT32) return Float32Array.from({ length: count }, (_, at) => raw.readFloatLE(4 * at));
  if (type !== INT8 || name.endsWith(SCALES)) return null;
  const scale = raw.readFloatLE(count);
  const values = Float32Array.from({ length: count }, (_, at) => raw.readInt8(at) / scale);
  const [rows, columns] = dims as [number, number];
  return name === TABLE ? values : turned(values, columns, rows);
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  uint64(): number {
    return Number(this.bytes(8).readBigUInt64LE());
  }

  int32(): number {
    return this.bytes(4).readInt32LE();
  }

  bytes(length: number): Buffer {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
