/** Judges files by how closely their outputs follow the original's on samples that no weight was fitted to. */
import type { Dataset, Sample } from '../../../data/samples/dataset.js';
import type { Model } from '../../../onnx/model.js';
import { DECIDING, type Session } from '../../../runtime/runtime.js';
import type { Feeds } from '../../../tensor/tensor.js';
import { type SqnrOfSamples, sqnrOfSamples } from '../../method/lowest-sqnr.js';
import type { QuantizeRequest } from '../../method/request.js';
import { batches } from '../../observe/batches.js';
import { openObserved } from '../../observe/observed-model.js';
import { refusedSample } from '../../observe/refused-sample.js';
import type { PreparedModel } from '../../prepare/prepare.js';

/** Where the samples come from that judge. */
export type JudgedOn = 'held-out' | 'calibration' | 'made-up';

export interface JudgedData {
  /** What weights may be fitted to. */
  fit: Dataset;
  judge: Dataset;
  on: JudgedOn;
}

/** Of these first samples every fourth judges, the others are fitted to. */
export const JUDGES = 8;
const EVERY = 4;

/** Sets samples aside for judging; fewer than four are fitted to and judge. */
export function setAside(dataset: Dataset): JudgedData {
  if (dataset.length < EVERY) return { fit: dataset, judge: dataset, on: 'calibration' };
  const judges = (index: number) => index % EVERY === EVERY - 1 && index < JUDGES * EVERY;
  return {
    fit: partOf(dataset, (index) => !judges(index)),
    judge: partOf(dataset, judges),
    on: 'held-out',
  };
}

function partOf(dataset: Dataset, takes: (index: number) => boolean): Dataset {
  const { description, length, labelled, classes } = dataset;
  return {
    description,
    length: Array.from({ length }, (_, index) => index).filter(takes).length,
    labelled,
    classes,
    async *samples(): AsyncGenerator<Sample> {
      let index = 0;
      for await (const sample of dataset.samples()) if (takes(index++)) yield sample;
    },
  };
}

export class OutputJudge {
  readonly #request: QuantizeRequest;
  readonly #samples: readonly Feeds[];
  readonly #expected: readonly Feeds[];

  private constructor(request: QuantizeRequest, samples: readonly Feeds[], expected: readonly Feeds[]) {
    this.#request = request;
    this.#samples = samples;
    this.#expected = expected;
  }

  /** Runs the model on the samples, before anything in it is quantized; what it gives is known to the check that follows. */
  static async open(
    { model, widened }: PreparedModel,
    request: QuantizeRequest,
    { judge, on }: JudgedData,
  ): Promise<OutputJudge> {
    const { context, evidence } = request;
    const outputs = [...model.graph.outputs];
    const session = widened
      ? await openObserved(model, { nodes: [], initializers: [], outputs }, { context })
      : await context.runtime.open(request.model, DECIDING);
    const [samples, expected]: [Feeds[], Feeds[]] = [[], []];
    try {
      for await (const feeds of batches(judge, session.inputs, context.signal)) {
        samples.push(feeds);
        expected.push(
          await session.run(feeds).catch((error: unknown) => {
            throw refusedSample(error, judge, feeds);
          }),
        );
        if (samples.length === JUDGES) break;
      }
    } finally {
      await session.release();
    }
    if (!widened && on !== 'made-up' && evidence && evidence.originals.size === 0) {
      for (const [index, feeds] of samples.entries()) evidence.originals.set(feeds, expected[index]!);
      evidence.heldOut = on === 'held-out';
    }
    return new OutputJudge(request, samples, expected);
  }

  /** Lowest SQNR of the file's floating-point outputs, in dB; null: it has none. */
  async sqnr(file: string): Promise<number | null> {
    const { runtime } = this.#request.context;
    return (await this.#judged(await runtime.open(file, DECIDING)))?.sqnr ?? null;
  }

  /** The same of a model that is no file yet, and what each sample adds to its noise. */
  async ofModel(model: Model): Promise<SqnrOfSamples | null> {
    const outputs = [...model.graph.outputs];
    const { context } = this.#request;
    return await this.#judged(
      await openObserved(model, { nodes: [], initializers: [], outputs }, { context }),
    );
  }

  async #judged(session: Session): Promise<SqnrOfSamples | null> {
    try {
      const actual: Feeds[] = [];
      for (const feeds of this.#samples) actual.push(await session.run(feeds));
      return sqnrOfSamples(this.#expected, actual);
    } finally {
      await session.release();
    }
  }
}
