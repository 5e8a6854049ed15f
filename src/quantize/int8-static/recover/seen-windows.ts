/** Runs a model and gives what the kernels of its convolutions see, as far as that is looked at. */
import type { Feeds } from '../../../tensor/tensor.js';
import type { ObservedValues, ObserverSession } from '../../calibrate/observer.js';
import {
  type Image,
  indicesOf,
  type Places,
  placesOf,
  type Window,
  type WindowValues,
} from './kernel-windows.js';

/** How a convolution's input is looked at. */
export interface Look {
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

/** Runs the model and takes what each kernel sees: at places that depend on how large the tensors are. */
export class SeenWindows {
  readonly #session: ObserverSession;
  readonly #windows: readonly WindowValues[];
  readonly #looks: readonly Look[];
  /** By the dimensions of what is fed. */
  readonly #images = new Map<string, Image[]>();

  constructor(session: ObserverSession, windows: readonly WindowValues[], looks: readonly Look[]) {
    this.#session = session;
    this.#windows = windows;
    this.#looks = looks;
  }

  /** In the order of the looks. */
  async at(feeds: Feeds, sample: number): Promise<Seen[]> {
    const images = await this.#imagesOf(feeds);
    const places = this.#looks.map(({ window, wanted }, index) =>
      placesOf(images[index]!, { window, wanted, sample }),
    );
    const found = await this.#run(feeds, places);
    return places.map((one, index) => ({
      values: found.get(this.#windows[index]!.values.value)!,
      places: one,
    }));
  }

  async #imagesOf(feeds: Feeds): Promise<Image[]> {
    const key = Object.entries(feeds)
      .map(([name, { dims }]) => `${name} ${dims}`)
      .join();
    let images = this.#images.get(key);
    if (!images) {
      // One value of each channel: every image has that.
      const found = await this.#run(
        feeds,
        this.#windows.map(() => Int32Array.of(0)),
      );
      images = this.#windows.map(({ dims }) => {
        const [, , height, width] = found.get(dims.value)! as unknown as [number, number, number, number];
        return { height, width };
      });
      this.#images.set(key, images);
    }
    return images;
  }

  async #run(feeds: Feeds, places: readonly Places[]): Promise<ObservedValues> {
    const indices = this.#windows.map(({ input }, index) => [input, indicesOf(places[index]!)] as const);
    return await this.#session.run({ ...feeds, ...Object.fromEntries(indices) });
  }
}
