/** What else an input's preprocessing is when it isn't what the configuration says: the field's usual ways. */
import type { InputConfig } from '../../config/data-config.js';
import type { Preparation } from '../samples/dataset.js';

export interface Alternative {
  /** `the channels swapped`: what is different, for a sentence. */
  words: string;
  changes: Partial<InputConfig>;
}

/** With the channels swapped besides. */
export interface Swapped extends Alternative {
  /** Words of the alternative that it adds to. */
  of: string;
}

/** Of the data as they are stored, before any normalization. */
export interface ValueStatistics {
  /** Per channel, or one for all. */
  mean: readonly number[];
  std: readonly number[];
  highest: number;
}

/** Of 0 … 1 images (torchvision.models, "transforms"). */
const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
/** Of 0 … 255 images in the order blue, green, red (Caffe's ImageNet models). */
const CAFFE_MEAN = [103.939, 116.779, 123.68];
/** Numbers above this are no shares: they are levels of 8 bits. */
const HIGHEST_SHARE = 2;
/** Images, or arrays of images. */
const IMAGE_AXES = 2;

/** Whether there is anything to normalize: images, and arrays that look like some or are normalized already. */
export function canBePreparedOtherwise({ stored, axes, config }: Preparation): boolean {
  const { scale, mean, std } = config;
  if (stored === 'fed') return false;
  if (stored === 'image' || stored === 'bytes') return true;
  return axes >= IMAGE_AXES || scale !== null || mean !== null || std !== null;
}

/** Without any normalization: what statistics are taken of. */
export const AS_STORED: Partial<InputConfig> = { scale: false, mean: null, std: null };

/**
 * Ways that differ from the configured one, the most frequent mistakes first. Some may come to the same values as the configured way, or not fit
 * the data.
 */
export function alternatives(
  preparation: Preparation,
  statistics: ValueStatistics,
): { single: Alternative[]; swapped: Swapped[] } {
  const { config } = preparation;
  const swap: Partial<InputConfig> = { channels: config.channels === 'bgr' ? 'rgb' : 'bgr' };
  const normalizations = normalizationsOf(preparation, statistics);
  const layout = config.layout === 'NHWC' ? 'NCHW' : 'NHWC';
  return {
    single: [
      { words: 'the channels swapped', changes: swap },
      ...normalizations,
      { words: `layout ${layout}`, changes: { layout } },
    ],
    swapped: normalizations.map(({ words, changes }) => ({
      of: words,
      words: `${words} and the channels swapped`,
      changes: { ...changes, ...swap },
    })),
  };
}

function normalizationsOf(
  { stored, config }: Preparation,
  { mean, std, highest }: ValueStatistics,
): Alternative[] {
  const levels = stored !== 'numbers' || highest > HIGHEST_SHARE;
  const unit = levels ? 255 : 1;
  // What the configuration says already is not said anew: 8-bit sources are divided unless it says otherwise.
  const divides = stored === 'numbers' ? config.scale === true : config.scale !== false;
  const divided = typeof config.scale === 'number' ? null : divides;
  const scale = (wanted: boolean) => (wanted === divided ? {} : { scale: wanted });
  const own = {
    mean: mean.map((value) => rounded(value / unit)),
    std: std.map((value) => rounded(value / unit)),
  };
  const from = (words: string, changes: Partial<InputConfig>, divide = levels): Alternative => ({
    words,
    changes: { ...scale(divide), mean: null, std: null, ...changes },
  });
  return [
    from('values from 0 to 1', {}),
    from('values from 0 to 255', levels ? {} : { std: [rounded(1 / 255)] }, false),
    from('values from −1 to 1', { mean: [0.5], std: [0.5] }),
    from("ImageNet's mean and std", IMAGENET),
    ...(own.std.every((value) => value > 0) ? [from("the data's own mean and std", own)] : []),
    ...(levels
      ? [from("Caffe's mean in the order blue, green, red", { mean: CAFFE_MEAN, channels: 'bgr' }, false)]
      : []),
  ];
}

/** To four significant digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** `write \`scale: false, mean: [127]\` and leave out \`std\``: what the changes are in the configuration of the input. */
export function changesAsWritten(changes: Partial<InputConfig>, config: InputConfig): string {
  const entries = Object.entries(changes).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(config[key as keyof InputConfig]),
  );
  const written = entries.flatMap(([key, value]) =>
    value === null ? [] : [`${key}: ${Array.isArray(value) ? `[${value.join(', ')}]` : value}`],
  );
  const gone = entries.flatMap(([key, value]) => (value === null ? [`\`${key}\``] : []));
  const source =
    config.preset === null
      ? config.preprocessor && 'the `preprocessor` file'
      : `\`preset: ${config.preset}\``;
  // Settings of a preset can't be left out: it would bring them back.
  if (source !== null && gone.length > 0) {
    const instead = written.length > 0 ? ` and with \`${written.join(', ')}\`` : '';
    return `write the settings of ${source} out by themselves, without ${gone.join(' and ')}${instead}`;
  }
  return [
    ...(written.length > 0 ? [`write \`${written.join(', ')}\``] : []),
    ...(gone.length > 0 ? [`leave out ${gone.join(' and ')}`] : []),
  ].join(' and ');
}
