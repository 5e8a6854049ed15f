/** What the kernels of convolutions see, as far as that is looked at: read by an observer, at places that depend on how large the tensors are. */
import type { Graph } from '../../../onnx/graph.js';
import type { Feeds } from '../../../tensor/tensor.js';
import type { ObservedValues, Observer } from '../../calibrate/observer.js';
import {
  type Image,
  indicesOf,
  type Places,
  placesOf,
  type Window,
  type WindowValues,
  windowValues,
} from './kernel-windows.js';

/** How a convolution's input is looked at. */
export interface Look {
  tensor: string;
  window: Window;
  /** Positions per sample, about. */
  wanted: number;
}

/** What an operator's kernel saw in a sample. */
export interface Seen {
  /** Of the first image of the batch, then the others: [channels, places]. */
  values: Float32Array;
  places: Places;
}

const NOWHERE: Places = new Int32Array(0);
/** One value of each channel: every image has that. */
const ONE_PLACE: Places = Int32Array.of(0);

export class SeenWindows {
  readonly observed: Pick<Observer, 'values' | 'initializers' | 'inputs'>;
  readonly #windows: readonly WindowValues[];
  readonly #looks: readonly Look[];
  /** By the dimensions of what is fed. */
  readonly #images = new Map<string, Image[]>();
  #places: Places[] = [];

  constructor(looks: readonly Look[], graph: Graph) {
    const { observer, of } = windowValues(
      looks.map(({ tensor }) => tensor),
      graph,
    );
    this.observed = observer;
    this.#windows = of;
    this.#looks = looks;
  }

  /** Where the next run looks. @param sample its number; other ones are looked at in other places. */
  async next(feeds: Feeds, sample: number, run: (beside: Feeds) => Promise<ObservedValues>): Promise<Feeds> {
    const images = await this.#imagesOf(feeds, run);
    this.#places = this.#looks.map(({ window, wanted }, index) =>
      placesOf(images[index]!, { window, wanted, sample }),
    );
    return this.#feeds(this.#places);
  }

  /** A run that looks nowhere. */
  nowhere(): Feeds {
    return this.#feeds(this.#looks.map(() => NOWHERE));
  }

  /** What the last run saw, in the order of the looks. */
  seen(values: ObservedValues): Seen[] {
    return this.#places.map((places, index) => ({
      values: values.get(this.#windows[index]!.values.value)!,
      places,
    }));
  }

  async #imagesOf(feeds: Feeds, run: (beside: Feeds) => Promise<ObservedValues>): Promise<Image[]> {
    const key = Object.entries(feeds)
      .map(([name, { dims }]) => `${name} ${dims}`)
      .join();
    let images = this.#images.get(key);
    if (!images) {
      const found = await run(this.#feeds(this.#looks.map(() => ONE_PLACE)));
      images = this.#windows.map(({ dims }) => {
        const [, , height, width] = found.get(dims.value)! as unknown as [number, number, number, number];
        return { height, width };
      });
      this.#images.set(key, images);
    }
    return images;
  }

  #feeds(places: readonly Places[]): Feeds {
    return Object.fromEntries(this.#windows.map(({ input }, index) => [input, indicesOf(places[index]!)]));
  }
}
