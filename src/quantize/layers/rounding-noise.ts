/** Whether integers stand for certain values: rounded to the nearest, adaptively, or fitted to what a product reads. */

/** Rounding up or down at will moves a value by a third of a squared step on average, rounding to the nearest by a twelfth. */
const LARGEST_NOISE = 4;

export class RoundingNoise {
  #noise = 0;
  #nearest = 0;

  /** So many values of this step will be added. */
  expect(count: number, step: number): void {
    this.#nearest += (count * step ** 2) / 12;
  }

  add(difference: number): void {
    this.#noise += difference ** 2;
  }

  /** Whether the differences are no larger than rounding makes them. */
  get isOfRounding(): boolean {
    return this.#noise <= LARGEST_NOISE * this.#nearest;
  }
}
