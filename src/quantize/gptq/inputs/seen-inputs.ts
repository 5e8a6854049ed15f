/** What layers read, in short: how loud each input is, and some of the vectors themselves, a few of every sample. */
import type { Matrix } from '../matrices/matrices.js';
import { type InputsRequest, readInputs, type Vectors, type VectorTaker } from './read-inputs.js';

export interface SeenInputs {
  /** Of each input, over all vectors. */
  meanSquare: Float64Array;
  /** [rows, inputs]. */
  vectors: Matrix;
}

/** Vectors kept of each tensor, of all samples together. */
const VECTORS = 256;
/** Inputs that are read in one pass: what they take of a sample is held at once. */
const INPUTS_AT_ONCE = 2 ** 17;

/** By the tensor's name; without those that no sample reached. */
export async function seenInputs(request: InputsRequest): Promise<Map<string, SeenInputs>> {
  const expected = Math.max(1, Math.min(request.samples, request.dataset.length));
  const seen = new Map<string, SeenInputs>();
  for (const tensors of groupsOf(request.tensors)) {
    const takers = new Map(
      [...tensors].map(([name, size]) => [name, new InputSum(size, Math.ceil(VECTORS / expected))]),
    );
    await readInputs({ ...request, tensors }, takers);
    for (const [name, taker] of takers) {
      const inputs = taker.result();
      if (inputs !== null) seen.set(name, inputs);
    }
  }
  return seen;
}

function groupsOf(tensors: ReadonlyMap<string, number>): Map<string, number>[] {
  const groups: Map<string, number>[] = [];
  let together = Number.POSITIVE_INFINITY;
  for (const [name, size] of tensors) {
    if (together + size > INPUTS_AT_ONCE) {
      groups.push(new Map());
      together = 0;
    }
    groups.at(-1)!.set(name, size);
    together += size;
  }
  return groups;
}

class InputSum implements VectorTaker {
  readonly full = false;
  readonly #size: number;
  readonly #perSample: number;
  readonly #squares: Float64Array;
  readonly #kept: Float32Array[] = [];
  #rows = 0;

  constructor(size: number, perSample: number) {
    this.#size = size;
    this.#perSample = perSample;
    this.#squares = new Float64Array(size);
  }

  async add({ values, counts, factor }: Vectors): Promise<void> {
    const size = this.#size;
    const rows = Array.from({ length: values.length / size }, (_, row) => row).filter(counts);
    for (const row of rows) {
      const share = factor(row) ** 2;
      for (let k = 0, at = row * size; k < size; k++, at++) this.#squares[k]! += share * values[at]! ** 2;
    }
    this.#rows += rows.length;
    const kept = Math.min(this.#perSample, rows.length, VECTORS - this.#kept.length);
    for (let at = 0; at < kept; at++) {
      const row = rows[Math.floor(((at + 0.5) * rows.length) / kept)]!;
      const vector = values.slice(row * size, (row + 1) * size);
      this.#kept.push(vector.map((value) => value * factor(row)));
    }
  }

  /** null: nothing was read. */
  result(): SeenInputs | null {
    if (this.#rows === 0) return null;
    const [size, rows] = [this.#size, this.#kept.length];
    const data = new Float32Array(rows * size);
    for (const [row, vector] of this.#kept.entries()) data.set(vector, row * size);
    return {
      meanSquare: this.#squares.map((square) => square / this.#rows),
      vectors: { rows, columns: size, data },
    };
  }
}
