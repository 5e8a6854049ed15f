/** How far quantized files are from their original on calibration samples: decides between calibrators, and whether a recovery step is kept. */
import type { Dataset } from '../../../data/samples/dataset.js';
import { readModelOutline } from '../../../onnx/file/read-outline.js';
import { modelInputs, modelOutputs } from '../../../onnx/query/interface.js';
import type { RunContext } from '../../../runtime/context.js';
import { DECIDING, type Session } from '../../../runtime/runtime.js';
import { sha256OfFile } from '../../../system/files/file-hash.js';
import { isFloatType } from '../../../tensor/elements.js';
import type { Feeds, Tensor } from '../../../tensor/tensor.js';
import type { ValueMeta } from '../../../tensor/value-meta.js';
import { batches } from '../../observe/batches.js';
import { refusedSample } from '../../observe/refused-sample.js';
import { ErrorSums, type FileError } from './file-error.js';
import { KnownErrors } from './known-errors.js';

export interface OutputErrorOptions {
  /** Path of the float model. */
  reference: string;
  dataset: Dataset;
  /** Samples of it that are at hand, as the model takes them; default: the first ones are read. */
  samples?: readonly Feeds[];
  /** Where the reference's outputs are kept for the next comparison; default: here. */
  known?: Map<Feeds, Feeds>;
  context: RunContext;
}

/** Samples compared where the caller names none. */
const SAMPLES = 16;

/** Bytes of samples that are read. */
const MOST_READ_BYTES = 2 ** 24;
/** Bytes of the reference's outputs that are kept for the next comparison: five follow, and what is not kept is computed in each. */
const MOST_KEPT_BYTES = 2 ** 26;

/** Compares files with one reference on the same samples, again and again: what the reference gave is kept, and what was found of a file. */
export class OutputErrors {
  readonly #options: OutputErrorOptions;
  readonly #expected: Map<Feeds, Feeds>;
  readonly #known = new KnownErrors();
  #samples: readonly Feeds[] | undefined;
  /** Of every file: they all take the place of one model. */
  #interface: Pick<Session, 'inputs' | 'outputs'> | undefined;
  #keptBytes = 0;

  constructor(options: OutputErrorOptions) {
    this.#options = options;
    this.#expected = options.known ?? new Map();
    const { samples } = options;
    this.#samples = samples && samples.length > SAMPLES ? samples.slice(0, SAMPLES) : samples;
  }

  /** The first of the samples that are at hand; undefined: none has been read. */
  get firstSample(): Feeds | undefined {
    return this.#samples?.[0];
  }

  /** The error of each file on these samples; default: a few of the data set. One file is open at a time, unless the outputs are too large to be kept for the next. */
  async of(files: readonly string[], samples?: readonly Feeds[]): Promise<FileError[]> {
    const open = new OpenFiles((file) => this.#open(file));
    try {
      this.#interface ??= await interfaceOf(files[0]!, open);
      const { inputs, outputs } = this.#interface;
      const names = outputs.filter(({ type }) => type !== null && isFloatType(type)).map(({ name }) => name);
      if (names.length === 0) return files.map(() => ({ all: 0, samples: [], noise: [] }));
      const compared = samples ?? (await this.#firstSamples(inputs));
      const hashes = await Promise.all(files.map(sha256OfFile));
      const known = await Promise.all(
        files.map((file, index) => this.#known.of({ file, sha256: hashes[index]! }, compared)),
      );
      const unknown = files.filter((_, index) => !known[index]);
      const found = unknown.length > 0 ? await this.#compare(unknown, compared, { names, open }) : [];
      return known.map((error, index) => {
        if (error) return error;
        const own = found.shift()!;
        this.#known.keep(hashes[index]!, compared, own);
        return own;
      });
    } finally {
      await open.closeAll();
    }
  }

  async #compare(
    files: readonly string[],
    samples: readonly Feeds[],
    { names, open }: { names: readonly string[]; open: OpenFiles },
  ): Promise<FileError[]> {
    const sums = files.map(() => new ErrorSums());
    for await (const { pairs, isLast } of this.#expectedParts(names, samples, open)) {
      for (const [i, file] of files.entries()) {
        const session = await open.session(file);
        for (const { feeds, expected } of pairs)
          sums[i]!.add(names, expected, await session.run(feeds, names));
        if (isLast) await open.close(file);
      }
    }
    return sums.map((sum) => sum.result());
  }

  async #open(file: string): Promise<Session> {
    return await this.#options.context.runtime.open(file, { ...DECIDING, givesMemoryBack: true });
  }

  async #firstSamples(inputs: readonly ValueMeta[]): Promise<readonly Feeds[]> {
    if (this.#samples) return this.#samples;
    const { dataset, context } = this.#options;
    const samples: Feeds[] = [];
    let bytes = 0;
    for await (const feeds of batches(dataset, inputs, context.signal)) {
      samples.push(feeds);
      bytes += Object.values(feeds).reduce((sum, { data }) => sum + byteLength(data), 0);
      if (samples.length >= SAMPLES || bytes > MOST_READ_BYTES) break;
    }
    this.#samples = samples;
    return samples;
  }

  /** The samples with what the reference gives for each: those that are known, or by a session that is opened when it is needed. Mostly all in one part; in
   *  several where they are too many bytes to be held at once. */
  async *#expectedParts(
    names: readonly string[],
    samples: readonly Feeds[],
    open: OpenFiles,
  ): AsyncGenerator<ExpectedPart> {
    const { reference, dataset } = this.#options;
    let pairs: ExpectedPart['pairs'] = [];
    let partBytes = 0;
    for (const [index, feeds] of samples.entries()) {
      const isLast = index === samples.length - 1;
      let expected = this.#expected.get(feeds);
      if (!expected || !names.every((name) => expected![name])) {
        const session = await open.session(reference);
        expected = await session.run(feeds, names).catch((error: unknown) => {
          throw refusedSample(error, dataset, feeds);
        });
        this.#keep(feeds, expected);
      }
      pairs.push({ feeds, expected });
      partBytes += bytesOf(expected);
      if (isLast) await open.close(reference);
      if (!isLast && partBytes <= MOST_KEPT_BYTES) continue;
      yield { pairs, isLast };
      [pairs, partBytes] = [[], 0];
    }
  }

  /** Lets go of what the reference gave for samples that only a choice was made on: not of those that are compared from then on, and not of the first
   *  ones, which prove the file. */
  forgetOthers(): void {
    const compared = new Set(this.#samples);
    for (const [feeds, expected] of [...this.#expected].slice(SAMPLES)) {
      if (compared.has(feeds)) continue;
      this.#expected.delete(feeds);
      this.#keptBytes = Math.max(0, this.#keptBytes - bytesOf(expected));
    }
  }

  #keep(feeds: Feeds, expected: Feeds): void {
    const bytes = bytesOf(expected);
    if (this.#keptBytes + bytes > MOST_KEPT_BYTES) return;
    this.#expected.set(feeds, expected);
    this.#keptBytes += bytes;
  }
}

/** What a file is fed and gives, as it declares; where it leaves types out, as the runtime sees it. */
async function interfaceOf(file: string, open: OpenFiles): Promise<Pick<Session, 'inputs' | 'outputs'>> {
  const outline = readModelOutline(file);
  const [inputs, outputs] = [modelInputs(outline), modelOutputs(outline)];
  const isTyped = [...inputs, ...outputs].every(({ type }) => type !== null);
  return isTyped ? { inputs, outputs } : await open.session(file);
}

/** Samples with what the reference gives for them. */
interface ExpectedPart {
  pairs: { feeds: Feeds; expected: Feeds }[];
  /** No more samples follow. */
  isLast: boolean;
}

/** Sessions of files, opened when they are needed. */
class OpenFiles {
  readonly #sessions = new Map<string, Session>();
  readonly #open: (file: string) => Promise<Session>;

  constructor(open: (file: string) => Promise<Session>) {
    this.#open = open;
  }

  async session(file: string): Promise<Session> {
    const known = this.#sessions.get(file);
    if (known) return known;
    const session = await this.#open(file);
    this.#sessions.set(file, session);
    return session;
  }

  async close(file: string): Promise<void> {
    const session = this.#sessions.get(file);
    this.#sessions.delete(file);
    await session?.release();
  }

  async closeAll(): Promise<void> {
    for (const file of [...this.#sessions.keys()]) await this.close(file);
  }
}

function bytesOf(outputs: Feeds): number {
  return Object.values(outputs).reduce((sum, { data }) => sum + byteLength(data), 0);
}

function byteLength(data: Tensor['data']): number {
  return Array.isArray(data) ? data.length : data.byteLength;
}
