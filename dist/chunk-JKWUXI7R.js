import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  shownPath
} from "./chunk-XUJYCSQL.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";

// src/data/formats/outside-boxes.ts
var SLACK_PIXELS = 1;
var OUTSIDE_ALLOWED = 0.1;
var OutsideBoxes = class {
  #count = 0;
  #boxes = 0;
  #first = "";
  /** @param where names the image. */
  add(where, outside) {
    this.#boxes++;
    if (!outside) return;
    if (this.#count === 0) this.#first = where;
    this.#count++;
  }
  /** Throws UserError where more than one in ten lies outside. */
  warnings(path) {
    if (this.#count === 0) return [];
    const text = `${this.#count} of ${this.#boxes} boxes of ${shownPath(path)} reach out of their image, the first in ${this.#first}.`;
    if (this.#count > OUTSIDE_ALLOWED * this.#boxes) {
      throw new UserError(
        `${text} Are they in pixels of the images as they are stored (coco: left, top, width, height)?`
      );
    }
    return [text];
  }
};

export {
  SLACK_PIXELS,
  OutsideBoxes
};
