/** Samples whose decoding begins before anyone asks for them: it goes on in libuv's threads while this one does something else. */
import type { RawSample, RawValue, Source } from './samples/source.js';

/** Decoded and waiting, at most. */
const MOST_BYTES = 20 * 2 ** 20;
const MOST_SAMPLES = 128;

export class EarlyReads {
  readonly #source: Source;
  readonly #started = new Map<number, Promise<RawSample>>();

  constructor(source: Source) {
    this.#source = source;
  }

  /** Begins to read the first samples of `order`, as many as may wait if all are as large as `sampleBytes`. */
  start(order: Uint32Array, sampleBytes: number): void {
    const most = Math.min(MOST_SAMPLES, Math.floor(MOST_BYTES / Math.max(1, sampleBytes)));
    for (const index of order.subarray(0, most)) {
      if (this.#started.has(index)) continue;
      const reading = this.#source.read(index);
      // A rejection is thrown when its turn comes; until then it must not count as unhandled.
      reading.catch(() => {});
      this.#started.set(index, reading);
    }
  }

  /** What was begun, once; else it is read now. */
  async read(index: number): Promise<RawSample> {
    const started = this.#started.get(index);
    this.#started.delete(index);
    return await (started ?? this.#source.read(index));
  }
}

/** Bytes that a sample takes before preprocessing. */
export function rawBytes({ values }: RawSample): number {
  return Object.values(values).reduce((sum, value) => sum + bytesOf(value), 0);
}

function bytesOf(value: RawValue): number {
  const { data } = value.kind === 'image' ? value.pixels : value.tensor;
  return 'byteLength' in data ? data.byteLength : 0;
}
