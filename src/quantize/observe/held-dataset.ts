/** Samples with the lengths that the original chooses for them (onnx/convert/held-lengths.ts), so that whoever is given them chooses the same. */
import type { Dataset, Sample } from '../../data/samples/dataset.js';
import { makeValue } from '../../onnx/build.js';
import type { HeldLength } from '../../onnx/convert/held-lengths.js';
import { readModel } from '../../onnx/file/read.js';
import type { RunContext } from '../../runtime/context.js';
import type { Session } from '../../runtime/runtime.js';
import type { Feeds, Tensor } from '../../tensor/tensor.js';
import { openObserved } from './observed-model.js';

/** Asks the original for lengths, each sample once. */
export class LengthSource {
  readonly #session: Session;
  readonly #lengths: readonly HeldLength[];
  readonly #known = new Map<string, Feeds>();

  private constructor(session: Session, lengths: readonly HeldLength[]) {
    this.#session = session;
    this.#lengths = lengths;
  }

  /** @param file of the original. */
  static async open(
    file: string,
    lengths: readonly HeldLength[],
    context: Pick<RunContext, 'runtime'>,
  ): Promise<LengthSource> {
    const outputs = lengths.map(({ tensor }) => makeValue(tensor));
    const observation = { nodes: [], initializers: [], outputs };
    return new LengthSource(await openObserved(readModel(file), observation, { context }), lengths);
  }

  /** The same samples, each with an input more for every length. */
  dataset(from: Dataset): Dataset {
    const held = async (sample: Sample): Promise<Sample> => ({
      ...sample,
      feeds: { ...sample.feeds, ...(await this.#of(sample)) },
    });
    const { description, length, labelled, classes, classIndices, classNames, preparations } = from;
    return {
      ...{ description, length, labelled, classes },
      ...(classIndices && { classIndices }),
      ...(classNames && { classNames }),
      ...(preparations && { preparations }),
      async *samples() {
        for await (const sample of from.samples()) yield await held(sample);
      },
      readEarly: () => from.readEarly?.(),
      lateWarnings: () => from.lateWarnings?.() ?? [],
    };
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  async #of({ id, feeds }: Sample): Promise<Feeds> {
    const known = this.#known.get(id);
    if (known) return known;
    const outputs = await this.#session.run(feeds);
    const lengths = Object.fromEntries(
      this.#lengths.map(({ tensor, input }): [string, Tensor] => [input, outputs[tensor]!]),
    );
    this.#known.set(id, lengths);
    return lengths;
  }
}
