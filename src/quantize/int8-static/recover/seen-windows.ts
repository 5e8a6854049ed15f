/** What the kernels of convolutions see, as far as that is looked at: read by an observer, at places that depend on how large the tensors are. */
import type { Graph } from '../../../onnx/graph.js';
import type { TensorType } from '../../../onnx/tensor/tensor-type.js';
import type { Feeds } from '../../../tensor/tensor.js';
import type { ObservedValues, Observer } from '../../observe/observer.js';
import {
  feedFor,
  type Image,
  type Places,
  placesOf,
  type SeenImage,
  seenImage,
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
  /** As large as the tensors were in the last run. */
  #planes: readonly number[] = [];

  /** @param types with a real sample's dimensions, where they are known: they say what is read whole. */
  constructor(looks: readonly Look[], graph: Graph, types?: ReadonlyMap<string, TensorType>) {
    const { observer, of } = windowValues(
      looks.map((look) => ({ tensor: look.tensor, isWhole: isSmall(look, types?.get(look.tensor)) })),
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
    this.#planes = images.map(({ height, width }) => height * width);
    return this.#feeds(this.#places);
  }

  /** A run that looks nowhere. */
  nowhere(): Feeds {
    return this.#feeds(this.#looks.map(() => NOWHERE));
  }

  /** What the last run saw, in the order of the looks. */
  seen(values: ObservedValues): SeenImage[] {
    return this.#places.map((places, index) => {
      const { isWhole, values: seen } = this.#windows[index]!;
      const { window } = this.#looks[index]!;
      return seenImage(values.get(seen.value)!, places, { isWhole, plane: this.#planes[index]!, window });
    });
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
    return Object.fromEntries(
      this.#windows.map((window, index) => [window.input, feedFor(places[index]!, window)]),
    );
  }
}

/** Whether a tensor has no more values than are looked at: taking them one by one inside the graph takes longer than all of them together. */
function isSmall({ window, wanted }: Look, type: TensorType | undefined): boolean {
  const [, , height, width] = type?.shape ?? [];
  if (typeof height !== 'number' || typeof width !== 'number') return false;
  return height * width <= placesOf({ height, width }, { window, wanted, sample: 0 }).length;
}
