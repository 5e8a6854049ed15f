/** Reads the weights of a CTranslate2 model (model.bin, version 6): variables one after the other, then other names of some of them. */
import { fromHalf } from '../../src/tensor/half.js';

export interface Variable {
  dims: number[];
  values: Float32Array;
}

const VERSION = 6;
/** Element types that weights have here, as CTranslate2 numbers them. */
const [FLOAT32, FLOAT16] = [0, 4];

/** Floating-point variables by name, aliases too. @throws Error for another version. */
export function readCTranslate2(bytes: Buffer): Map<string, Variable> {
  const reader = new Reader(bytes);
  const version = reader.uint32();
  if (version !== VERSION) throw new Error(`version ${version} of CTranslate2's format, not ${VERSION}`);
  reader.text();
  reader.uint32();
  const variables = new Map<string, Variable>();
  for (let left = reader.uint32(); left > 0; left--) {
    const name = reader.text();
    const dims = Array.from({ length: reader.uint8() }, () => reader.uint32());
    const type = reader.uint8();
    const raw = reader.bytes(reader.uint32());
    if (type === FLOAT16) variables.set(name, { dims, values: fromHalf(new Uint16Array(raw)) });
    else if (type === FLOAT32) variables.set(name, { dims, values: new Float32Array(raw) });
  }
  for (let left = reader.uint32(); left > 0; left--) {
    const alias = reader.text();
    variables.set(alias, variables.get(reader.text())!);
  }
  return variables;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  uint8(): number {
    return this.#bytes.readUInt8(this.#at++);
  }

  uint32(): number {
    this.#at += 4;
    return this.#bytes.readUInt32LE(this.#at - 4);
  }

  /** Its length in two bytes, a zero at its end. */
  text(): string {
    const length = this.#bytes.readUInt16LE(this.#at);
    const from = this.#at + 2;
    this.#at = from + length;
    return this.#bytes.toString('utf8', from, this.#at - 1);
  }

  /** A copy, aligned. */
  bytes(length: number): ArrayBuffer {
    const from = this.#bytes.byteOffset + this.#at;
    this.#at += length;
    return this.#bytes.buffer.slice(from, from + length) as ArrayBuffer;
  }
}
