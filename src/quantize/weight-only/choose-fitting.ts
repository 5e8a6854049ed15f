/** How large weights are rounded: to the nearest codes, or fitted to their layers' outputs (gptq/), and what is said of it. */
import { UserError } from '../../errors.js';
import type { QuantizeNote, QuantizeRequest } from '../method/request.js';
import { type FittedResult, fittingWork } from './fitted-weights.js';
import type { LargeWeight } from './large-weights.js';

export type FittingChoice =
  | { rounding: 'gptq'; dataset: NonNullable<QuantizeRequest['calibration']> }
  | { rounding: 'nearest' /** Of a model too large to be fitted unasked. */; skippedSeconds: number | null };

/** K² · N per second on two cores, roughly: MiniLM's 8.2e9 take half a minute. */
const WORK_PER_SECOND = 2.5e8;
/** About five minutes. A constant, and no clock: the same file comes of every machine. */
const MOST_WORK_UNASKED = 300 * WORK_PER_SECOND;

/** Fitted where there is calibration data, up to a fixed amount of work; beyond it only when asked for.
 *  @param forms in which each weight is fitted. @throws UserError for gptq without data. */
export function chooseFitting(
  weights: readonly LargeWeight[],
  { options, calibration, context }: QuantizeRequest,
  forms = 1,
): FittingChoice {
  const asked = options.rounding;
  if (asked === 'gptq' && !calibration) {
    throw new UserError(
      'quantize.needs-calibration',
      'rounding gptq fits the weights to calibration data: give some, or take rounding nearest.',
    );
  }
  if (asked === 'nearest' || !calibration || weights.length === 0)
    return { rounding: 'nearest', skippedSeconds: null };
  const work = fittingWork(weights) * forms;
  const seconds = work / WORK_PER_SECOND;
  if (asked !== 'gptq' && work > MOST_WORK_UNASKED)
    return { rounding: 'nearest', skippedSeconds: Math.round(seconds) };
  context.log.info(
    `fitting ${weights.length} weights to the calibration data: about ${duration(seconds)} on two cores`,
  );
  return { rounding: 'gptq', dataset: calibration };
}

export function fittingNotes(choice: FittingChoice, fitted: FittedResult | null): QuantizeNote[] {
  if (choice.rounding === 'nearest') {
    if (choice.skippedSeconds === null) return [];
    return [
      {
        level: 'info',
        code: 'quantize.rounding-nearest',
        message: `The weights are rounded to the nearest codes: fitting them to the calibration data would take about ${duration(choice.skippedSeconds)}. Ask for it with \`rounding: gptq\`.`,
      },
    ];
  }
  return fitted ? [...gainNotes(fitted), ...unseenNotes(fitted)] : [];
}

function gainNotes({ layers }: FittedResult): QuantizeNote[] {
  const gains = layers
    .filter(({ nearest, error }) => nearest > 0 && error > 0)
    .map(({ nearest, error }) => 10 * Math.log10(nearest / error))
    .sort((a, b) => a - b);
  if (gains.length === 0) return [];
  const median = gains[Math.floor(gains.length / 2)]!;
  return [
    {
      level: 'info',
      code: 'quantize.weights-fitted',
      message: `The weights are fitted to the calibration data (GPTQ): on it the layers' outputs are ${median.toFixed(1)} dB nearer to the original's than with weights rounded to the nearest (median of ${gains.length} layers).`,
    },
  ];
}

/** Named in a note. */
const NAMED = 3;

function unseenNotes({ unseen }: FittedResult): QuantizeNote[] {
  if (unseen.length === 0) return [];
  const named = unseen.slice(0, NAMED).map((name) => `'${name}'`);
  const more = unseen.length > NAMED ? ` and ${unseen.length - NAMED} more` : '';
  return [
    {
      level: 'warn',
      code: 'quantize.weights-unseen',
      message: `No calibration sample reached ${unseen.length === 1 ? 'the weight' : 'the weights'} ${named.join(', ')}${more}: rounded to the nearest codes. Give samples that use them.`,
    },
  ];
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
