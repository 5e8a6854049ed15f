/** What a detector's decoder gives. */

/** Left, top, right, bottom in pixels. */
export type Corners = readonly [number, number, number, number];

export interface Detection {
  /** Index of the class, counted from 0 as the labels are. */
  class: number;
  /** Higher is surer; only the order counts. */
  score: number;
  corners: Corners;
}
