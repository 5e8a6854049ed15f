/** A detector's decoder by its name in the configuration. */
import type { Size } from '../../../data/samples/placement.js';
import { UserError } from '../../../errors.js';
import type { Feeds } from '../../../tensor/tensor.js';
import type { Detection } from './detection.js';
import { detr, ownBoxes, rtDetr, ssd } from './two-heads.js';
import { yolov5, yolov8, yolox } from './yolo.js';

/** From a sample's outputs to boxes in pixels of the canvas (what the model saw), classes counted as the labels are. */
export type Decoder = (outputs: Feeds, canvas: Size) => Detection[];

const DETECTORS = {
  yolov5,
  yolov8,
  yolox,
  ssd,
  detr,
  'rt-detr': rtDetr,
  boxes: ownBoxes,
} as const satisfies Record<
  string,
  (outputs: Feeds, roles: Readonly<Record<string, string>>, canvas: Size) => Detection[]
>;

export const DETECTOR_NAMES = Object.keys(DETECTORS) as readonly (keyof typeof DETECTORS)[];

export interface DecoderChoice {
  /** One of DETECTOR_NAMES; null: nothing says it. */
  decoder?: string | null;
  /** Names of outputs by what they hold. */
  roles?: Readonly<Record<string, string>>;
  /** Index of the class that label 0 is: 1 for models with a background class at 0. Default 0. */
  labelOffset?: number;
}

/** Throws UserError for a name that no detector has, or none, with what the outputs look like. */
export function decoderOf(
  { decoder = null, roles = {}, labelOffset = 0 }: DecoderChoice,
  outputs: Feeds,
): Decoder {
  const found = DETECTOR_NAMES.find((name) => name === decoder);
  if (found === undefined) throw unknown(decoder, outputs);
  return (given, canvas) =>
    DETECTORS[found](given, roles, canvas).flatMap((one) =>
      one.class < labelOffset ? [] : { ...one, class: one.class - labelOffset },
    );
}

function unknown(decoder: string | null, outputs: Feeds): UserError {
  const names = DETECTOR_NAMES.join(', ');
  const guess = guessDecoder(outputs);
  const shapes = Object.entries(outputs)
    .map(([name, { dims }]) => `'${name}' [${dims.join(', ')}]`)
    .join(', ');
  const looks = guess === null ? '' : `; these look like \`decoder: ${guess}\``;
  return new UserError(
    'accuracy.decoder',
    decoder === null
      ? `Task detection needs a \`decoder\`, one of ${names}: how the outputs become boxes. The model's outputs are ${shapes}${looks}.`
      : `There is no detection decoder '${decoder}': use one of ${names}. The model's outputs are ${shapes}${looks}.`,
  );
}

/** What the outputs look like by names and shapes; null: like nothing known. */
export function guessDecoder(outputs: Readonly<Record<string, { dims: readonly number[] }>>): string | null {
  const entries = Object.entries(outputs);
  const names = entries.map(([name]) => name).join(' ');
  if (/pred_boxes/.test(names)) return 'detr';
  if (entries.length >= 3 && /label|class/i.test(names)) return 'boxes';
  if (entries.length === 2 && entries.some(([, { dims }]) => dims.at(-1) === 4)) return 'ssd';
  // PaddleDetection's: a table of boxes, and how many of its rows count.
  if (entries.length === 2 && entries.some(([, { dims }]) => dims.length === 2 && dims[1] === 6))
    return 'boxes';
  const dims = entries[0]?.[1].dims ?? [];
  if (entries.length !== 1 || dims.length !== 3) return null;
  const [first = 0, second = 0] = dims.slice(-2);
  if (first < second || (second === 6 && first <= 1_000)) return 'yolov8';
  return second > 5 ? 'yolov5' : null;
}
