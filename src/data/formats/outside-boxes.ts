/** Boxes that lie outside of their image: told, and refused where they are too many to be slips. */
import { UserError } from '../../errors.js';
import { shownPath } from '../../system/files/shown-path.js';

/** Pixels that a box may stick out: rounding. */
export const SLACK_PIXELS = 1;
const OUTSIDE_ALLOWED = 0.1;

export class OutsideBoxes {
  #count = 0;
  #boxes = 0;
  #first = '';

  /** @param where names the image. */
  add(where: string, outside: boolean): void {
    this.#boxes++;
    if (!outside) return;
    if (this.#count === 0) this.#first = where;
    this.#count++;
  }

  /** Throws UserError where more than one in ten lies outside. */
  warnings(path: string): string[] {
    if (this.#count === 0) return [];
    const text = `${this.#count} of ${this.#boxes} boxes of ${shownPath(path)} reach out of their image, the first in ${this.#first}.`;
    if (this.#count > OUTSIDE_ALLOWED * this.#boxes) {
      throw new UserError(
        'data.boxes',
        `${text} Are they in pixels of the images as they are stored (coco: left, top, width, height)?`,
      );
    }
    return [text];
  }
}
